"""Two replays side by side, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from cli.output import counted
from cli.replaying.telling import ASSUMED, alarm_line, length
from services.replay.comparing import APART, Compared
from services.replay.replaying import Finished


def comparison_lines(first: Finished, other: Finished, compared: Compared, name: str, zone: ZoneInfo) -> Iterator[str]:
    """What both would have raised, what only one of them, and how many a week.

    Args:
        name: of the other settings.
    """
    yield f"Both ({counted(len(compared.both), 'alarm')} of the same brand within {length(APART)} of each other):"
    for one, two in compared.both:
        yield f"  {alarm_line(one, first.settings, zone)}{_shifted(one.at, two.at)}"
    yield ""
    yield f"Only the first ({len(compared.only_first):,}):"
    yield from (f"  {alarm_line(one, first.settings, zone)}" for one in compared.only_first)
    yield ""
    yield f"Only {name} ({len(compared.only_other):,}):"
    yield from (f"  {alarm_line(one, other.settings, zone)}" for one in compared.only_other)
    yield ""
    yield f"The first: {_totals(first)}."
    yield f"{name}: {_totals(other)}."
    yield ASSUMED
    yield f"Times are {zone}."


def _shifted(here: datetime, there: datetime) -> str:
    if here == there:
        return ""
    return f" (the other {length(abs(there - here))} {'later' if there > here else 'earlier'})"


def _totals(done: Finished) -> str:
    walked = done.walked
    rate = f"{len(walked.alarms) / walked.weeks:.2f} alarms a week" if walked.weeks else "no time at all"
    return f"{counted(len(walked.incidents), 'incident')}, {counted(len(walked.alarms), 'alarm')}; {rate}"
