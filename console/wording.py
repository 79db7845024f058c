"""Figures and times in words for people.

``static/console.js`` counts on in the browser with the same words; a change here needs one there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from incidents.incident import Refusal, Status

# Where an incident stands.
STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPEN: "Not acknowledged",
        Status.ACKNOWLEDGED: "Acknowledged",
        Status.RESPONDING: "Responding",
        Status.MONITORING: "Being watched",
        Status.RESOLVED: "Resolved",
        Status.REVIEWED: "Reviewed",
        Status.DISMISSED: "Dismissed as noise",
        Status.MERGED: "Part of another one",
    }
)

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_JUST_NOW = timedelta(seconds=5)
# Below this a count is easier to grasp than a multiple of what is usual.
_MULTIPLE = 1.5
_TEN, _MILLION = 10, 1_000_000


def duration(length: timedelta) -> str:
    """``40 s``, ``12 min``, ``2 h 5 min``, ``3 d 4 h``: two units at most, rounded down."""
    length = max(length, timedelta())
    if length < _MINUTE:
        return f"{length.seconds} s"
    if length < _HOUR:
        return f"{length // _MINUTE} min"
    large, unit, rest, smaller = (
        (length // _HOUR, "h", length % _HOUR // _MINUTE, "min")
        if length < _DAY
        else (length // _DAY, "d", length % _DAY // _HOUR, "h")
    )
    return f"{large} {unit} {rest} {smaller}" if rest else f"{large} {unit}"


def ago(at: datetime, now: datetime) -> str:
    """``12 min ago``."""
    return "just now" if now - at < _JUST_NOW else f"{duration(now - at)} ago"


def due(at: datetime, now: datetime) -> str:
    """``due in 12 min`` before, ``due now`` for a minute, ``late by 4 min`` after."""
    if now - _MINUTE < at <= now:
        return "due now"
    return f"due in {duration(at - now)}" if at > now else f"late by {duration(now - at)}"


def until(at: datetime, now: datetime) -> str:
    """``in 12 min``, or ``now`` once it has come."""
    return f"in {duration(at - now)}" if at > now else "now"


def clock(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """``14:30`` today, ``Tue 12 May, 14:30`` on another day; the reader's zone."""
    local = at.astimezone(zone)
    day = "" if local.date() == now.astimezone(zone).date() else f"{local:%a} {local.day} {local:%b}, "
    return f"{day}{local:%H:%M}"


def exact(at: datetime, zone: ZoneInfo) -> str:
    """``Tuesday 12 May 2026, 14:30:05 CEST``."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}"


def number(value: float) -> str:
    """``1,204``; one decimal below ten where it is not whole."""
    return f"{value:,.0f}" if value >= _TEN else f"{value:.1f}".removesuffix(".0")


def signed(value: float, digits: int = 1) -> str:
    """A figure with its sign, ``+2.6``; a minus is as wide as the plus."""
    return f"{value:+.{digits}f}".replace("-", "−")  # noqa: RUF001  # a minus


def followers(count: int) -> str:
    """``950 followers``, ``12k followers``, ``1.2M followers``."""
    if count == 1:
        return "1 follower"
    if count >= _MILLION:
        return f"{number(count / _MILLION)}M followers"
    if count >= _TEN * 1_000:
        return f"{count // 1_000}k followers"
    return f"{count:,} followers"


def against_usual(observed: float, usual: float | None) -> str:
    """``3.2 times usual``, ``as usual``, ``no usual yet``; in short what a count means."""
    if usual is None:
        return "no usual yet"
    ratio = observed / max(usual, 1.0)
    if ratio >= _MULTIPLE:
        return f"{number(round(ratio, 1))} times usual"
    if usual >= 1 and ratio <= 1 / _MULTIPLE:
        return "less than usual"
    return "as usual"


def plural(count: int, one: str, many: str) -> str:
    """``1 step``, ``3 steps``."""
    return f"{count:,} {one if count == 1 else many}"


def instructions(how: str) -> tuple[str, ...]:
    """The instructions of a step one by one; a line that does not end a sentence goes on in the next."""
    joined: list[str] = []
    open_sentence = False
    for line in filter(None, map(str.strip, how.splitlines())):
        if open_sentence:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        open_sentence = not line.endswith((".", "!", "?", ":"))
    return tuple(joined)


def refused(refusal: Refusal, now: datetime, zone: ZoneInfo) -> str:
    """Why something was not done, with the reader's time in place of UTC."""
    text, at = refusal.text, _moment(refusal.facts)
    if at is not None:
        for before, after in (("on ", "at "), ("since ", "since ")):
            text = text.replace(f"{before}{at:%Y-%m-%d at %H:%M} UTC", f"{after}{clock(at, now, zone)}")
    return f"{text} Nothing was changed."


def _moment(facts: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(facts["at"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None
