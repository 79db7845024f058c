"""Moments of the past as options: how long ago, or a day or a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from cli.output import plain
from settings import durations

Ago = timedelta | datetime
_YEARS = range(1970, 9000)
_WEEKS = re.compile(r"(?P<count>[1-9][0-9]?) ?w")


class Moment(click.ParamType[Ago]):
    """``8w``, ``30d``, ``12h``, or ``2026-01-01``, ``2026-01-01T12:00``; what names no zone is read in the reader's."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Ago:
        """Read it, or say how it is written."""
        if isinstance(value, timedelta | datetime):
            return value
        text = str(value).strip()
        if weeks := _WEEKS.fullmatch(text):
            return timedelta(weeks=int(weeks["count"]))
        try:
            return _within(datetime.fromisoformat(text))
        except ValueError:
            try:
                return durations.parse(text)
            except ValueError:
                self.fail(
                    f"{plain(text)!r} is no moment. Write it as 8w, 30d, 2026-01-01 or 2026-01-01T12:00.", param, ctx
                )


def _within(at: datetime) -> datetime:
    """A moment around which Python can count: a fortnight before it, or in another zone."""
    if at.year not in _YEARS:
        raise ValueError(f"in the year {at.year}")
    return at


def moment_of(said: Ago, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that was meant, in the zone of ``now``."""
    if isinstance(said, timedelta):
        return now - said
    return (said if said.tzinfo else said.replace(tzinfo=zone)).astimezone(now.tzinfo)
