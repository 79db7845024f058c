"""Planned events as people write them: local times, or times with an offset, or whole days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from detection.planned import PlannedEvent
from settings.rules import Line, refused
from settings.section import Model

_DAY = r"2[0-9]{3}-[0-9]{2}-[0-9]{2}"
_WRITTEN = re.compile(
    rf"(?P<day>{_DAY})(?:(?:[Tt]| +)(?P<hour>[0-9]{{1,2}})(?P<rest>:[0-9]{{2}}(?::[0-9]{{2}})?)"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_RIGHT = "Write it as 2026-12-01 09:00, with an offset as 2026-12-01 09:00 +01:00, or as a day: 2026-12-01."


def start_of(text: str) -> datetime:
    """The moment a text names, without a zone where it has no offset; a day is its beginning.

    Raises:
        ValueError: the text is no time, or a day that does not exist.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError("not a time")
    if written["hour"] is None:
        return datetime.fromisoformat(written["day"])
    offset = (written["offset"] or "").upper()
    return datetime.fromisoformat(f"{written['day']} {written['hour']:0>2}{written['rest']}{offset}")


def end_of(text: str) -> datetime:
    """As :func:`start_of`; a day is its end, since whoever writes "until Sunday" means Sunday, too."""
    return start_of(text) + timedelta(days=1) if is_day(text) else start_of(text)


def is_day(text: str) -> bool:
    """Whether a text is a date without a time."""
    return re.fullmatch(_DAY, text.strip()) is not None


def in_utc(written: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment in UTC; without an offset it is meant in the zone.

    A local time that comes twice, when clocks are put back, is the first of the two, or the second where ``last``; one
    that is left out, when clocks are put forward, counts as if they had not been yet (:func:`is_left_out`).
    """
    return written.replace(tzinfo=written.tzinfo or zone, fold=int(last and not _in_gap(written, zone))).astimezone(UTC)


def is_left_out(text: str, zone: ZoneInfo) -> bool:
    """Whether a text names a local time that no clock of the zone shows, because clocks are put forward over it.

    Of a day that is without its midnight the beginning is known all the same.
    """
    return not is_day(text) and _in_gap(start_of(text), zone)


def _in_gap(written: datetime, zone: ZoneInfo) -> bool:
    if written.tzinfo is not None:
        return False
    return written.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != written


def _start(value: object) -> object:
    return _read(value, last=False)


def _end(value: object) -> object:
    return _read(value, last=True)


def _read(value: object, *, last: bool) -> object:
    if not isinstance(value, str):
        return value
    try:
        return end_of(value) if last else start_of(value)
    except ValueError:
        raise refused("is not a time.", _RIGHT) from None


class Event(Model):
    """Something planned that people will talk about: a launch, a match, a sale.

    It lasts from ``from`` until ``until``, in the settings' time zone where no offset is written. ``expect`` is how
    many times as much talk as on an ordinary day.
    """

    name: Line
    start: Annotated[datetime, BeforeValidator(_start)] = Field(alias="from")
    until: Annotated[datetime, BeforeValidator(_end)]
    expect: float = Field(ge=1, le=1000, allow_inf_nan=False)

    def planned(self, zone: ZoneInfo) -> PlannedEvent:
        """The same as detection has it, in UTC."""
        return PlannedEvent(self.name, in_utc(self.start, zone), in_utc(self.until, zone, last=True), self.expect)


def faults(event: Mapping[str, Any], zone: ZoneInfo) -> dict[str, tuple[str, str]]:
    """What is wrong with how the times of a written event fit the zone and each other: key to problem and remedy.

    What is wrong with a time by itself is left to the model.
    """
    times = {key: text for key in ("from", "until") if isinstance(text := event.get(key), str)}
    try:
        left_out = [key for key, text in times.items() if is_left_out(text, zone)]
        backwards = {"from", "until"} <= times.keys() and _ends_too_soon(times["from"], times["until"], zone)
    except ValueError:
        return {}
    if left_out:
        remedy = "Write a time before or after, or one with an offset, as 2026-12-01 09:00 +01:00."
        return dict.fromkeys(left_out, (f"is left out in {zone}: clocks are put forward over it.", remedy))
    if backwards:
        return {"until": ("is not after its beginning.", 'Write a time later than that of "from".')}
    return {}


def _ends_too_soon(begins: str, ends: str, zone: ZoneInfo) -> bool:
    return in_utc(end_of(ends), zone, last=True) <= in_utc(start_of(begins), zone)
