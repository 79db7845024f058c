from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from detection.silence import Hearing, Silence
from detection.source_state import Allowance, SourceFacts, SourceState, SourceView, judge_source
from tests.installations import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FAILED = "The server answered 503."
WELL = SourceFacts(asked_at=NOON, succeeded_at=NOON, brought_at=NOON - 20 * MINUTE)
QUIET = replace(WELL, brought_at=NOON - 9 * HOUR)
FAILING = replace(WELL, succeeded_at=NOON - 2 * HOUR, problem=FAILED, remedy="Wait.", failures=7)
ASKED_TOO_OFTEN = "it asked for that"


def view(
    facts: SourceFacts = WELL, *, every: timedelta = 5 * MINUTE, now: datetime = NOON, **given: object
) -> SourceView:
    return SourceView("forum", facts, now, every, **given)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("seen", "state", "deaf"),
    [
        (view(), SourceState.SPEAKING, False),
        (view(QUIET), SourceState.QUIET_AS_USUAL, False),
        (view(replace(WELL, brought_at=None)), SourceState.QUIET_AS_USUAL, False),
        (view(replace(QUIET, interval_seconds=6 * 3600)), SourceState.SPEAKING, False),
        (view(SourceFacts()), SourceState.NEW, False),
        (view(replace(WELL, added_at=NOON - 6 * DAY)), SourceState.NEW, False),
        (view(replace(WELL, added_at=NOON - 8 * DAY)), SourceState.SPEAKING, False),
        (view(replace(QUIET, silent_since=NOON - 9 * HOUR)), SourceState.SILENT, True),
        (view(replace(FAILING, failing_since=NOON - 59 * MINUTE)), SourceState.FAILING, False),
        (view(replace(FAILING, failing_since=NOON - 60 * MINUTE)), SourceState.FAILING, True),
        (view(replace(FAILING, failing_since=NOON - 89 * MINUTE), every=30 * MINUTE), SourceState.FAILING, False),
        (view(replace(FAILING, failing_since=NOON - 90 * MINUTE), every=30 * MINUTE), SourceState.FAILING, True),
        (view(FAILING), SourceState.FAILING, True),
        (view(replace(FAILING, silent_since=NOON - DAY)), SourceState.FAILING, True),
        (view(replace(FAILING, stopped_at=NOON)), SourceState.STOPPED, True),
        (view(rest=ASKED_TOO_OFTEN), SourceState.SPEAKING, False),
        (view(replace(WELL, succeeded_at=NOON - 11 * MINUTE), rest=ASKED_TOO_OFTEN), SourceState.RESTING, False),
        (view(FAILING, rest=ASKED_TOO_OFTEN), SourceState.RESTING, True),
        (view(replace(FAILING, failing_since=NOON), rest=ASKED_TOO_OFTEN), SourceState.RESTING, False),
        (view(SourceFacts(), rest=ASKED_TOO_OFTEN), SourceState.RESTING, False),
        (view(allowance=Allowance(99, 100, "posts")), SourceState.SPEAKING, False),
        (view(allowance=Allowance(100, 100, "posts")), SourceState.BUDGET_SPENT, True),
        (view(now=NOON + 11.5 * HOUR, allowance=Allowance(103, 100, "posts")), SourceState.BUDGET_SPENT, False),
    ],
)
def test_each_source_has_one_state_and_is_deaf_where_that_will_not_pass_in_a_moment(
    seen: SourceView, state: SourceState, *, deaf: bool
) -> None:
    health = judge_source(seen)
    assert (health.state, health.deaf) == (state, deaf)


def test_the_words_say_what_is_the_matter_since_when_and_what_to_do() -> None:
    silence = Silence(Hearing.SILENT, NOON - DAY, 24, 48.0, 12.0, "Nothing new in 1 d of listening.")
    silent = judge_source(view(replace(QUIET, silent_since=NOON - DAY), silence=silence))
    assert (silent.since, silent.sentence) == (NOON - DAY, "Nothing new in 1 d of listening.")
    forgotten = replace(silence, reason=Hearing.STILL_LEARNING, sentence="What is usual is not known.")
    long_silent = judge_source(view(replace(QUIET, silent_since=NOON - 60 * DAY), silence=forgotten))
    assert long_silent.sentence == "Nothing new, although it usually speaks."
    failing = judge_source(view(FAILING))
    assert (failing.since, failing.sentence, failing.remedy) == (NOON - 2 * HOUR, FAILED, "Wait.")
    spent = judge_source(view(allowance=Allowance(1200, 1000, "posts")))
    assert spent.sentence == "Its budget of today is used up: 1,200 of 1,000 posts."
    assert "per_day" in (spent.remedy or "")


def test_states_come_worst_first() -> None:
    ranks = [state.rank for state in SourceState]
    assert ranks == sorted(ranks)
    assert min(SourceState, key=lambda state: state.rank) is SourceState.STOPPED
