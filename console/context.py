"""What every route works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment

from console.live import LiveFeed
from console.recent import Recent
from console.recent_topics import RecentTopics
from services.installation import Installation
from services.previewing import Previews
from services.summing_up import Sum
from voices.standing import Standing


@dataclass(frozen=True, slots=True)
class Console:
    """The installation that the console shows, its templates and the feed that keeps its pages live."""

    installation: Installation
    templates: Environment
    feed: LiveFeed
    topics: RecentTopics
    standing: Recent[Standing]
    sums: Recent[Sum]
    previews: Previews

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
