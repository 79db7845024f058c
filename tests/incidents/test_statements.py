"""Words for the public: read by a second pair of eyes, put out once, and from then on as they were said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.incident import EventKind, Incident, Statement, Status
from incidents.remarks import refuse_promise
from incidents.statements import Edit, Publication, approve, edit, next_promise, publish
from playbooks.playbook import Severity, StatementKind
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, OPENED, made, opened, refused

NAMES = {"dana": "Dana Reyes", "ben": "Ben Ortiz"}
DRAFT = Statement(1, "holding", StatementKind.HOLDING, "Holding statement", "We are sorry.", 2, "dana", LATER)
APPROVED = replace(DRAFT, approved_by="ben", approved_at=LATER)
OUT = replace(APPROVED, published_by="dana", published_at=LATER)
NEXT = LATER + timedelta(hours=1)


def at(severity: Severity) -> Incident:
    return replace(ACKNOWLEDGED, severity=severity)


def test_an_edit_takes_the_yes_of_the_words_before_away() -> None:
    change = made(edit(ACKNOWLEDGED, [APPROVED], Edit(1, 2, "We are very sorry."), BEN, LATER))
    assert change.also == (replace(DRAFT, text="We are very sorry.", version=3, author="ben"),)
    assert change.event.text == "Ben Ortiz wrote version 3 of “Holding statement”. It is to be read again."


@pytest.mark.parametrize(
    ("statement", "edited", "says"),
    [
        (DRAFT, Edit(1, 1, "So."), "Dana Reyes wrote version 2 on 2031-05-06 at 13:58 UTC. Read it first."),
        (DRAFT, Edit(1, 2, " We are sorry. "), "The words are the same as before."),
        (DRAFT, Edit(1, 2, " "), "The statement is empty; write something first."),
        (DRAFT, Edit(2, 2, "So."), "There is no statement 2 here. There is one, number 1."),
        (
            OUT,
            Edit(1, 2, "So."),
            "It is public since 2031-05-06 at 13:58 UTC. What was wrong in it needs a correction.",
        ),
    ],
)
def test_an_edit_is_refused_with_its_reason(statement: Statement, edited: Edit, says: str) -> None:
    assert refused(edit(ACKNOWLEDGED, [statement], edited, BEN, LATER, NAMES)) == says


def test_the_second_pair_of_eyes_says_yes_to_the_version_it_has_read() -> None:
    assert made(approve(ACKNOWLEDGED, [DRAFT], 1, BEN, LATER, seen=2)).also == (APPROVED,)
    assert refused(approve(ACKNOWLEDGED, [DRAFT], 1, DANA, LATER, seen=2)).startswith("You wrote these words")
    assert refused(approve(ACKNOWLEDGED, [DRAFT], 1, BEN, LATER, NAMES, seen=1)).startswith(
        "Dana Reyes wrote version 2"
    )
    assert refused(approve(ACKNOWLEDGED, [APPROVED], 1, BEN, LATER, NAMES, seen=2)) == "Ben Ortiz approved it already."


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("statement", [DRAFT, APPROVED])
def test_at_the_two_worst_severities_nothing_goes_out_that_only_its_author_has_read(
    severity: Severity, statement: Statement
) -> None:
    decided = publish(at(severity), [statement], Publication(1, 2), DANA, LATER)
    if severity.rank <= 2 and statement is DRAFT:
        assert refused(decided).startswith(f"At {severity} a second person reads every word before it goes out.")
    else:
        assert made(decided).incident.first_public_at == LATER


def test_what_is_out_stops_the_clock_and_begins_the_promise() -> None:
    change = made(publish(opened(), [APPROVED], Publication(1, 2, "https://example.com/1", NEXT), DANA, LATER))
    assert (change.incident.status, change.incident.update_due_at) == (Status.RESPONDING, NEXT)
    assert [row.kind for row in change.events] == [EventKind.ACKNOWLEDGED, EventKind.STATEMENT]
    assert change.event.text == "Dana Reyes published “Holding statement”. https://example.com/1"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (Publication(1, 1), "There is a version 2 of it by now. Read that one first."),
        (Publication(1, 2, blanks=("[place]",)), "Fill in what is still open: [place]."),
        (Publication(1, 2, next_at=OPENED), "The next update is promised for a moment that has passed."),
    ],
)
def test_what_is_not_ready_does_not_go_out(said: Publication, says: str) -> None:
    assert refused(publish(ACKNOWLEDGED, [APPROVED], said, DANA, LATER)).startswith(says)


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=2)), st.timedeltas(timedelta(0), timedelta(days=1)))
def test_a_promise_that_is_made_by_the_clock_can_be_made(cadence: timedelta, after: timedelta) -> None:
    due = next_promise(cadence, OPENED + after)
    assert due
    assert due <= OPENED + after + cadence
    assert refuse_promise(due, OPENED + after) is None
