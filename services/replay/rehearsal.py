"""A second installation beside the team's, in which the past happens again: nothing in it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from alerts.contract import load as load_channel
from services.installation import Installation, install
from settings.model import Brand, Mail, Person, Routing, Settings

_NOBODY = Person(id="nobody", name="Nobody", email="nobody@localhost.localdomain")


@dataclass(slots=True)
class ReplayedClock:
    """A clock that shows the moment that is replayed."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment."""
        return self.now


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An installation with a database of its own, a clock that is set by hand, and a folder that goes with it."""

    inst: Installation
    clock: ReplayedClock
    folder: Path


@contextmanager
def rehearsal(settings: Settings, now: datetime) -> Iterator[Rehearsal]:
    """Set one up by the settings of a team; it is gone when the block ends.

    Letters that it writes stay in its outbox. What the team wants to be forgotten or made unknown is its own matter:
    nothing leaves the folder.
    """
    with TemporaryDirectory(prefix="groundswell-replay-") as name:
        folder = Path(name)
        clock = ReplayedClock(now)
        address = SecretStr(f"sqlite:///{folder / 'replay.db'}")
        inst = install(settings.model_copy(update={"database": address, "data_folder": folder, "sources": ()}), clock)
        with inst.database:
            yield Rehearsal(inst, clock, folder)


def settings_for(brands: tuple[Brand, ...], folder: Path) -> Settings:
    """Settings of somebody who has none yet: everything as it comes, for these brands."""
    options = load_channel("file").Options.model_validate({"folder": folder})
    return Settings(
        path=folder / "groundswell.yaml",
        brands=brands,
        sources=(),
        people=(_NOBODY,),
        routing=Routing(owner=_NOBODY.id),
        mail=Mail(transport="file", sender="groundswell@localhost.localdomain", options=options),
        data_folder=folder,
        database=SecretStr("sqlite://"),
    )
