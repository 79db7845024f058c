"""A team's own past, judged by one candidate after the other; it is copied once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from database.copying import clear_judged
from services.installation import system_clock
from services.replay.rehearsal import Rehearsal, rehearsal
from services.replay.replaying import Progress, TeamPast, judge
from services.replay.tuning import Candidate, Tried
from settings.model import Settings


def try_all(
    settings: Settings, past: TeamPast, candidates: Sequence[Candidate], progress: Progress = lambda *_: None
) -> tuple[Tried, ...]:
    """What each candidate would have raised, in their order.

    Raises:
        ReplayError: there is nothing to judge.
    """
    with rehearsal(settings, system_clock()) as rehearsed:
        past.fill(rehearsed, progress)
        return tuple(_try(rehearsed, past, one, progress) for one in candidates)


def _try(rehearsed: Rehearsal, past: TeamPast, candidate: Candidate, progress: Progress) -> Tried:
    changed = replace(rehearsed.inst, settings=candidate.of(rehearsed.inst.settings))
    with changed.database.writing() as connection:
        clear_judged(connection)
    walked = judge(replace(rehearsed, inst=changed), past.since, past.until, progress)
    return Tried(candidate, tuple(walked.alarms))
