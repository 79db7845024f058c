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
    topics: RecentTopics
    opened_at: datetime
    provider: Provider | None

    @property
    def zone(self) -> ZoneInfo:
        """The readers' time zone."""
        return self.installation.settings.time_zone

    def now(self) -> datetime:
        """The time now, in UTC."""
        return self.installation.clock()


def console_of(request: Request) -> Console:
    """The console that a request came to."""
    console: Console = request.app.state.console
    return console
