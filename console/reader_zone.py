"""The time zone that somebody reads the pages in: their browser's, which its cookie names, else the team's.

``static/console.js`` writes the cookie: the name of the browser's zone, or ``team`` for who wants to read the team's.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "groundswell_zone"
_asked: ContextVar[ZoneInfo | None] = ContextVar("zone that the reader's browser asks for", default=None)


def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the IANA database, None where there is none of that name."""
    return ZoneInfo(name) if name in _names() else None


def readers_zone(team: ZoneInfo) -> ZoneInfo:
    """The zone of whoever reads the answer that is being made."""
    return _asked.get() or team


class ReadersZone:
    """Lets everything that answers a request know in which zone it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the zone and answer."""
        if scope["type"] == "http":
            _asked.set(zone_named(HTTPConnection(scope).cookies.get(COOKIE, "")))
        await self._app(scope, receive, send)


@cache
def _names() -> frozenset[str]:
    # Names decide about files that are opened: only those that are known are ever looked for.
    return frozenset(available_timezones())
