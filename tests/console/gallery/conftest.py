"""The rich team's console, seeded once for all that only look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.gallery.rich_team import rich_team
from tests.installations import HandClock


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The installation; nothing may change it."""
    made = rich_team(tmp_path_factory.mktemp("rich"), HandClock())
    with made.database:
        yield made


@pytest.fixture(scope="session")
def rich_address(rich: Installation) -> Iterator[str]:
    """Where its console is served."""
    servers = Servers()
    yield servers.start(rich)
    servers.stop()
