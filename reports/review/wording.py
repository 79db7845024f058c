"""How a review puts lengths of time, moments and text that strangers wrote."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reports.wave import moment

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SHORT = {"minute": "min", "hour": "h", "day": "d"}
_UNITS = re.compile("(minute|hour|day)s?")
# Control characters and lone surrogates break documents; direction overrides and invisible characters let a stranger's
# text rewrite the words around it (Unicode UTS 39).
_NOT_TEXT = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_LINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")


def length(time: timedelta) -> str:
    """``12 minutes``, ``2 hours 5 minutes``, ``3 days 4 hours``: two units at most, rounded down."""
    if time < _MINUTE:
        return "under a minute"
    if time < _HOUR:
        return counted(time // _MINUTE, "minute")
    large, unit, rest, smaller = (
        (time // _HOUR, "hour", time % _HOUR // _MINUTE, "minute")
        if time < _DAY
        else (time // _DAY, "day", time % _DAY // _HOUR, "hour")
    )
    return counted(large, unit) + (f" {counted(rest, smaller)}" if rest else "")


def short_length(time: timedelta) -> str:
    """As :func:`length`, for where there is little room: ``12 min``, ``2 h 5 min``, ``3 d 4 h``."""
    words = length(time).replace("under a minute", "under 1 minute")
    return _UNITS.sub(lambda unit: _SHORT[unit[1]], words)


def counted(count: int, one: str, many: str = "") -> str:
    """``1 step``, ``1,204 steps``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def date_and_time(at: datetime, zone: ZoneInfo) -> str:
    """``Tuesday 12 May 2026 at 14:20 CEST``."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M} {zone_name(at, zone)}"


def zone_name(at: datetime, zone: ZoneInfo) -> str:
    """``CEST``, or ``UTC+03`` where a zone has no letters."""
    name = f"{at.astimezone(zone):%Z}"
    return f"UTC{name}" if name[:1] in {"+", "-"} else name


def time_on(at: datetime, day: datetime, zone: ZoneInfo) -> str:
    """``14:20`` on the day of another moment, ``Wed 13 May 09:00`` on any other."""
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == day.astimezone(zone).date() else moment(at, zone)


def clean(text: str) -> str:
    """Text as it can stand on paper: its characters as they are, without those that are none or hide others."""
    return _NOT_TEXT.sub("\ufffd", _INVISIBLE.sub("", _LINES.sub("\n", text))).strip()


def one_line(text: str) -> str:
    """As :func:`clean`, on one line."""
    return " ".join(clean(text).split())


def quoted(title: str) -> str:
    """A title inside a sentence, without the full stop that would end it."""
    return f"“{one_line(title).rstrip('.')}”"


def listed(text: str) -> tuple[str, ...]:
    """The lines of a text that say something; the marks of a list that people typed are left out."""
    lines = (line.strip().removeprefix("- ").removeprefix("* ").strip() for line in clean(text).splitlines())
    return tuple(filter(None, lines))


def sentence(text: str) -> str:
    """The text with its first letter large and one full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
