"""Moments that lie ahead, as somebody writes them who is in a hurry: ``30m``, ``14:30``, ``2026-05-12 14:30``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from cli.output import plain
from incidents.statements import next_promise
from services.marking import read_moment
from settings import durations

WRITTEN = "30m, 14:30 or 2026-05-12 14:30"
# What is promised further ahead is promised for a time that can be said aloud.
_ROUNDED_FROM = timedelta(minutes=10)
_DAY = timedelta(days=1)


def ahead(written: str, now: datetime, zone: ZoneInfo, where: str) -> datetime:
    """The moment that is meant, in UTC.

    A time without a date is that of today or tomorrow, whichever comes next in the team's zone.

    Args:
        where: the option or argument it stands in, for the message that says what is wrong.
    """
    at = _in_length(written, now) or _by_clock(written, now, zone) or read_moment(written, zone)
    if at is None:
        told = f'"{plain(written)}" is no time. Write it as {WRITTEN}; it is read in {zone}.'
        raise click.BadParameter(told, param_hint=where)
    if at <= now:
        raise click.BadParameter(f'"{plain(written)}" has passed already. Choose a later time.', param_hint=where)
    return at


def promised(written: str, now: datetime, zone: ZoneInfo, where: str) -> datetime | None:
    """As :func:`ahead`, for the next word that is promised: ``none`` is no promise, and ``30m`` a full five minutes."""
    if written.strip().casefold() == "none":
        return None
    length = _length(written)
    if length is not None and length >= _ROUNDED_FROM:
        return next_promise(length, now)
    return ahead(written, now, zone, where)


def _length(written: str) -> timedelta | None:
    try:
        return durations.parse(written)
    except ValueError:
        return None


def _in_length(written: str, now: datetime) -> datetime | None:
    length = _length(written)
    return now + length if length is not None else None


def _by_clock(written: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        clock = datetime.strptime(written.strip(), "%H:%M").time()  # noqa: DTZ007  # the zone comes with the day
    except ValueError:
        return None
    today = now.astimezone(zone).date()
    # When the clocks are put back, the same time comes twice in a night.
    days = ((today, clock), (today, clock.replace(fold=1)), (today + _DAY, clock))
    return next((at for day, one in days if (at := _moment(day, one, zone)) > now), None)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
