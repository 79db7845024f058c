"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment

from console.live import LiveFeed
from console.reader_zone import readers_zone
from console.remembered import Remembered
from services.installation import Installation
from services.previewing import Previews
from services.provider import Provider


@dataclass(frozen=True, slots=True)
class Console:
    """The installation that the console shows, its templates and the feed that keeps its pages live.

    Attributes:
        opened_at: when it was opened with the settings it has.
        provider: the company's own sign-in; None where the settings name none.
    """

    installation: Installation
    templates: Environment
    feed: LiveFeed
    opened_at: datetime
    provider: Provider | None
    previews: Previews
    remembered: Remembered

    @property
    def zone(self) -> ZoneInfo:
        """The zone of whoever reads the answer that is being made."""
        return readers_zone(self.installation.settings.time_zone)

    @property
    def brands(self) -> tuple[str, ...]:
        """Ids of the brands of the settings."""
        return tuple(one.id for one in self.installation.settings.brands)

    def now(self) -> datetime:
        """The time now, in UTC."""
        return self.installation.clock()


def console_of(request: Request) -> Console:
    """The console that a request came to."""
    console: Console = request.app.state.console
    return console
