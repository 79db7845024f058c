"""How a source fares, in words for people: whether it is heard, and if not, why and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from detection.silence import HOUR, Silence

# A source that is away for less than this, or for fewer visits, is not worth a letter.
PATIENCE = HOUR
PATIENT_VISITS = 3
# Every day of the week has been seen; what is usual of a source is not known before.
_LEARNED = timedelta(weeks=1)
# So many intervals may pass without a post, and still it speaks.
_SPEAKING_VISITS = 2


class SourceState(StrEnum):
    """States of a source, the worst first."""

    STOPPED = "stopped"
    FAILING = "failing"
    SILENT = "silent"
    BUDGET_SPENT = "budget spent"
    RESTING = "resting"
    NEW = "new"
    QUIET_AS_USUAL = "quiet as usual"
    SPEAKING = "speaking"

    @property
    def rank(self) -> int:
        """Place in the order, 0 for the worst."""
        return list(SourceState).index(self)

    @property
    def well(self) -> bool:
        """Whether it is heard, or will be in the next round."""
        return self in {SourceState.NEW, SourceState.QUIET_AS_USUAL, SourceState.SPEAKING}

    @property
    def can_be_woken(self) -> bool:
        """Whether it is not asked, ever or for a while, unless somebody says so."""
        return self in {SourceState.STOPPED, SourceState.RESTING}


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is remembered of a source; every field is None or 0 before it was first asked.

    Attributes:
        added_at: when it was first visited; None where that was before anybody wrote it down.
        brought_at: when it last showed something new.
        newest_at: when its newest post was published.
        interval_seconds: how often it is asked now.
        failing_since: when the first of its failures in a row was.
        stopped_at: when it said that it is gone for good.
        silent_since: when it last spoke before it fell silent.
        told_at: when people were last told that it went deaf or is well again.
        told_of: the state that they were told of, None where it is well as far as they know.
    """

    added_at: datetime | None = None
    asked_at: datetime | None = None
    succeeded_at: datetime | None = None
    brought_at: datetime | None = None
    newest_at: datetime | None = None
    next_at: datetime | None = None
    interval_seconds: int | None = None
    failures: int = 0
    problem: str | None = None
    remedy: str | None = None
    warning: str | None = None
    failing_since: datetime | None = None
    stopped_at: datetime | None = None
    silent_since: datetime | None = None
    told_at: datetime | None = None
    told_of: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a source that costs may use in a day (UTC), and what it has used today."""

    used: int
    per_day: int
    unit: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """All that its state depends on.

    Attributes:
        every: how often it is asked while it speaks.
        rest: why its host wants to be left alone now, None where it does not.
        allowance: None where nobody counts what is read of it.
        silence: the judgement behind ``facts.silent_since``, None where it is not silent.
    """

    source: str
    facts: SourceFacts
    now: datetime
    every: timedelta
    rest: str | None = None
    allowance: Allowance | None = None
    silence: Silence | None = None

    @property
    def interval(self) -> timedelta:
        """How often it is asked now."""
        return timedelta(seconds=self.facts.interval_seconds) if self.facts.interval_seconds else self.every

    @property
    def patience(self) -> timedelta:
        """How long it may be away before people are told."""
        return max(PATIENCE, PATIENT_VISITS * self.interval)


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares.

    Attributes:
        since: since when, None where that is unknown or says nothing.
        sentence: what is the matter.
        remedy: what to do, None where nothing is to be done.
        deaf: a crisis there would not be noticed, and that will not pass by itself in a moment.
    """

    state: SourceState
    since: datetime | None
    sentence: str
    remedy: str | None = None
    deaf: bool = False


def judge_source(view: SourceView) -> Health:
    """The state of a source; of several that apply, the one to deal with first."""
    for judge in (_stopped, _resting, _budget_spent, _failing, _silent, _new):
        if health := judge(view):
            return health
    return _well(view)


def _stopped(view: SourceView) -> Health | None:
    facts = view.facts
    if not facts.stopped_at:
        return None
    sentence = facts.problem or "Its service said that it is gone for good (410)."
    remedy = facts.remedy or "Remove it from the settings, or give its new address."
    return Health(SourceState.STOPPED, facts.stopped_at, sentence, f"{remedy} It is not asked any more.", deaf=True)


def _resting(view: SourceView) -> Health | None:
    """Left alone for longer than its own pauses; a source that may be asked every 15 minutes is well in between."""
    facts = view.facts
    overdue = facts.succeeded_at is None or view.now - facts.succeeded_at > _SPEAKING_VISITS * view.interval
    if not view.rest or not (facts.problem or overdue):
        return None
    # Refused once after a night in which nobody listened, it has been away since the refusal and not since the evening.
    since = facts.failing_since or facts.succeeded_at
    deaf = since is not None and view.now - since >= view.patience
    sentence = f"Its host is left alone for now: {view.rest}."
    remedy = "It is asked again by itself. Ask it less often (every) if this lasts."
    return Health(SourceState.RESTING, since, sentence, remedy, deaf)


def _budget_spent(view: SourceView) -> Health | None:
    allowance = view.allowance
    if not allowance or allowance.used < allowance.per_day:
        return None
    tomorrow = datetime.combine(view.now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    sentence = f"Its budget of today is used up: {allowance.used:,} of {allowance.per_day:,} {allowance.unit}."
    remedy = "It goes on at midnight UTC. Ask it less often (every), or raise per_day if the cost is right."
    deaf = tomorrow - view.now >= view.patience
    return Health(SourceState.BUDGET_SPENT, view.facts.succeeded_at, sentence, remedy, deaf)


def _failing(view: SourceView) -> Health | None:
    facts = view.facts
    if not facts.problem:
        return None
    since = facts.failing_since or facts.succeeded_at or facts.asked_at
    deaf = since is not None and view.now - since >= view.patience
    return Health(SourceState.FAILING, since, facts.problem, facts.remedy, deaf)


def _silent(view: SourceView) -> Health | None:
    since = view.facts.silent_since
    if not since:
        return None
    sentence = (
        view.silence.sentence if view.silence and view.silence.silent else "Nothing new, although it usually speaks."
    )
    remedy = (
        "It answers, but shows nothing new. Open it in a browser: has it moved, changed its search or its access? "
        "If it is truly quiet there is nothing to do."
    )
    return Health(SourceState.SILENT, since, sentence, remedy, deaf=True)


def _new(view: SourceView) -> Health | None:
    facts = view.facts
    if facts.succeeded_at is None:
        return Health(SourceState.NEW, None, "Not asked yet; the next round of listening asks it.")
    if facts.added_at is None or view.now - facts.added_at >= _LEARNED:
        return None
    return Health(SourceState.NEW, None, "Heard. What is usual for it is known after a week of listening.")


def _well(view: SourceView) -> Health:
    spoke_at = view.facts.brought_at
    if spoke_at and view.now - spoke_at <= max(HOUR, _SPEAKING_VISITS * view.interval):
        return Health(SourceState.SPEAKING, None, "It brings new posts.")
    return Health(SourceState.QUIET_AS_USUAL, spoke_at, "Nothing new at the moment, which is not unusual for it.")
