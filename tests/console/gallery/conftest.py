"""The rich team's console, seeded once for all that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from access.sessions import Means
from services.installation import Installation
from services.inviting import invite
from services.signing_in import open_session
from tests.console.conftest import Servers
from tests.console.gallery.rich_team import rich_team
from tests.console.signed_in import asking_who
from tests.installations import HandClock


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The installation; nothing may change it."""
    made = rich_team(tmp_path_factory.mktemp("rich"), HandClock())
    with made.database:
        yield made


@dataclass(frozen=True, slots=True)
class Door:
    """The same team's console where people have to sign in.

    Attributes:
        session: token of a session of Dana's.
        link: path of an invitation for Lee.
    """

    inst: Installation
    session: str
    link: str


@pytest.fixture(scope="session")
def door(rich: Installation) -> Door:
    asking = asking_who(rich)
    session = open_session(asking, "dana", Means.PASSWORD, "127.0.0.1", "Firefox on Linux")
    return Door(asking, session, urlsplit(invite(asking, "lee")).path)


@pytest.fixture(scope="session")
def door_address(door: Door) -> Iterator[str]:
    """Where it is served."""
    servers = Servers()
    yield servers.start(door.inst)
    servers.stop()


@pytest.fixture(scope="session")
def rich_address(rich: Installation) -> Iterator[str]:
    """Where its console is served."""
    servers = Servers()
    yield servers.start(rich)
    servers.stop()
