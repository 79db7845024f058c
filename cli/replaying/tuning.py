"""What tuning found, in words and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cli.output import counted
from cli.replaying.records import alarm_record
from cli.replaying.telling import ASSUMED, alarm_line
from detection.marks import Mark, MarkVerdict
from services.replay.replaying import TeamPast
from services.replay.tuning import NEAR, PRESENT, Candidate, Rated
from settings.model import Settings

_HEAD = ("settings", "alarms", "a week", "noise kept", "missed found", "added", "removed")
_UNMARKED = (
    "Nobody has marked anything in this time, so that nothing can be proposed. Say what alarms were worth: "
    "groundswell signals list shows them; groundswell signals noise ID --by PERSON, and "
    'groundswell signals missed BRAND "2026-05-12 14:30" --by PERSON.'
)


def lines_of(
    settings: Settings, past: TeamPast, rated: Sequence[Rated], best: Rated, marks: Sequence[Mark]
) -> Iterator[str]:
    """The table, what each candidate changes, and the one that fits best."""
    noise = sum(mark.verdict is MarkVerdict.NOISE for mark in marks)
    missed = len(marks) - noise
    yield f"From {past.since:%Y-%m-%d} to {past.until:%Y-%m-%d}; marked: {noise} noise, {missed} missed."
    yield ""
    weeks = (past.until - past.since).total_seconds() / 604_800
    yield from _table([_HEAD, *(_row(one, weeks, noise, missed) for one in rated)])
    for one in rated:
        yield from _changes(settings, one)
    yield ""
    yield from _proposal(settings, best, marks)
    yield f"A mark is met by an alarm about its brand within {NEAR.total_seconds() / 3600:g} hours. {ASSUMED}"


def record_of(rated: Sequence[Rated], best: Rated) -> dict[str, Any]:
    """All of it for programs."""
    return {
        "candidates": [_record(one) for one in rated],
        "proposed": name_of(best.candidate),
        "lines": [*best.candidate.lines],
    }


def name_of(candidate: Candidate) -> str:
    """A candidate in a few words."""
    if candidate == PRESENT:
        return "as they are"
    if candidate.least_people is not None:
        return f"least_people: {candidate.least_people}"
    return f"sensitivity: {candidate.sensitivity}"


def _record(one: Rated) -> dict[str, Any]:
    return {
        "settings": name_of(one.candidate),
        "lines": [*one.candidate.lines],
        "alarms": len(one.alarms),
        "noise_kept": [mark.id for mark in one.noise],
        "missed_found": [mark.id for mark in one.found],
        "missed_not_found": [mark.id for mark in one.missed],
        "added": [alarm_record(alarm) for alarm in one.added],
        "removed": [alarm_record(alarm) for alarm in one.removed],
    }


def _row(one: Rated, weeks: float, noise: int, missed: int) -> tuple[str, ...]:
    is_present = one.candidate == PRESENT
    return (
        name_of(one.candidate),
        f"{len(one.alarms):,}",
        f"{len(one.alarms) / weeks:.2f}",
        f"{len(one.noise)} of {noise}",
        f"{len(one.found)} of {missed}",
        "" if is_present else f"{len(one.added):,}",
        "" if is_present else f"{len(one.removed):,}",
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{first.strip():<{widths[0]}}  {'  '.join(others)}".rstrip()


def _changes(settings: Settings, one: Rated) -> Iterator[str]:
    if not one.changes:
        return
    yield ""
    yield f"With {name_of(one.candidate)}:"
    for sign, alarms in (("+", one.added), ("-", one.removed)):
        yield from (f"  {sign} {alarm_line(alarm, settings, settings.time_zone)}" for alarm in alarms)


def _proposal(settings: Settings, best: Rated, marks: Sequence[Mark]) -> Iterator[str]:
    if not marks:
        yield _UNMARKED
    elif best.candidate == PRESENT:
        yield "The settings fit your marks best as they are."
    else:
        kept = f"{len(best.noise)} noise kept, {counted(len(best.missed), 'missed alarm')} not found"
        yield f"These fit your marks best ({kept}). To have it so, let {settings.path.name} say:"
        yield ""
        yield from (f"    {line}" for line in best.candidate.lines)
        yield ""
