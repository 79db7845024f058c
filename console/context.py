"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment

from console.live import LiveFeed
from console.recent_topics import RecentTopics
from services.installation import Installation


@dataclass(frozen=True, slots=True)
class Console:
    """The installation that the console shows, its templates and the feed that keeps its pages live."""

    installation: Installation
    templates: Environment
    feed: LiveFeed
    topics: RecentTopics

    @property
    def zone(self) -> ZoneInfo:
        """The readers' time zone."""
        return self.installation.settings.time_zone

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
