"""Programs propose, people do: with the services of their own buttons, once, and with a row that says so."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from alerts.incident_alert import IncidentAlert
from database import incidents as store
from database import outbox, responses
from database.columns import Table
from database.proposals import UnknownProposalError, find_proposal, proposals_of
from incidents.incident import Change, EventKind, Refusal, Status
from incidents.proposals import (
    OPEN_LIMIT,
    Author,
    Dismissed,
    NewCategory,
    NewSeverity,
    NewStatement,
    NewTask,
    Note,
    Proposal,
    Resolved,
    State,
    StatementEdit,
    StepDone,
    StepSkipped,
    Update,
    What,
)
from incidents.statements import Edit
from playbooks.playbook import Severity, StatementKind
from services import checklists, proposing, response, statements
from services.installation import Installation
from tests.database.incident_rows import opening, signal
from tests.installations import NOON, HandClock, installation
from tests.services.test_at_once import MeetingClock

PROGRAM = Author("Desk assistant", "lee")
EVERYTHING: tuple[What, ...] = (
    Note("The hotline is down."),
    Update("Crew is at the gate."),
    NewSeverity(Severity.SEV1),
    NewCategory("safety"),
    StepDone("verify", "https://forum.example/t/1"),
    StepSkipped("pause-scheduled"),
    NewStatement(StatementKind.HOLDING, "We are sorry.", "First words"),
    StatementEdit(1, 1, "We are very sorry."),
    NewTask("Call Oslo", "lee", 4),
    Resolved(),
    Dismissed(),
)
DID = {
    "note": "note",
    "update": "update",
    "severity": "severity",
    "category": "category",
    "step_done": "step_done",
    "step_skipped": "step_skipped",
    "statement": "statement",
    "statement_edit": "statement",
    "task": "task",
    "resolved": "resolved",
    "dismissed": "dismissed",
}


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    """Incident 1, which Dana has, with a statement that she drafted."""
    made = installation(tmp_path, MeetingClock(), database=SecretStr(database_address))
    with made.database.writing() as connection:
        store.record_signal(connection, signal(), store.add(connection, opening()))
    statements.draft(made, 1, "dana", StatementKind.UPDATE, "Sorry.")
    return made


def proposed(inst: Installation, what: What, because: str = "Three posts say so.") -> Proposal:
    found = proposing.propose(inst, 1, PROGRAM, what, because)
    assert isinstance(found, Proposal), found
    return found


def everything_but_proposals(inst: Installation) -> dict[str, object]:
    tables = [table for table in Table.metadata.sorted_tables if table.name != "proposals"]
    with inst.database.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}


def state_of(inst: Installation, number: int = 1) -> State:
    with inst.database.reading() as connection:
        return find_proposal(connection, 1, number).state


def keys(inst: Installation) -> list[str]:
    with inst.database.reading() as connection:
        return [step.key for step in responses.steps(connection, 1)]


@pytest.mark.parametrize("what", EVERYTHING, ids=lambda what: what.kind)
def test_proposing_changes_nothing_else_and_doing_it_is_what_the_person_would_have_done(
    inst: Installation, what: What
) -> None:
    before = everything_but_proposals(inst)
    proposal = proposed(inst, what)
    assert everything_but_proposals(inst) == before
    with inst.database.reading() as connection:
        assert proposals_of(connection, 1) == (proposal,)
    assert isinstance(proposing.accept(inst, 1, 1, "dana"), Change)
    with inst.database.reading() as connection:
        rows = store.timeline(connection, 1)
    told, done = (next(row for row in rows[::-1] if row.kind == kind) for kind in (EventKind.PROPOSED, DID[what.kind]))
    assert (told.actor, done.actor) == ("dana", "dana")
    assert told.text.startswith("Proposed by Desk assistant (a program, for which Lee Okafor answers), done by Dana")
    assert state_of(inst) is State.ACCEPTED


def test_every_kind_of_proposal_is_tried() -> None:
    assert {type(what) for what in EVERYTHING} == set(What.__args__)


def test_the_reason_of_a_proposal_is_the_reason_of_what_is_done(inst: Installation) -> None:
    proposed(inst, NewSeverity(Severity.SEV1), "A child is hurt.")
    proposing.accept(inst, 1, 1, "dana")
    with inst.database.reading() as connection:
        assert store.timeline(connection, 1)[-1].facts["reason"] == "A child is hurt."
        assert store.find(connection, 1).severity is Severity.SEV1
        letters = [IncidentAlert.from_json(letter.content) for letter in outbox.due(connection, NOON, 10)]
    assert {letter.recipient_id for letter in letters} == {"dana", "lee"}


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (Note(""), "The note is empty"),
        (Note("x" * 4001), "4001 characters"),
        (NewSeverity(Severity.SEV2), "SEV2 already"),
        (NewCategory("nonsense"), "There is no category nonsense"),
        (StepDone("resolve-and-learn"), "asks for evidence"),
        (StepDone("nonsense"), "no step called nonsense. It has: verify"),
        (StatementEdit(7, 1, "Sorry."), "no statement 7"),
        (StatementEdit(1, 9, "So sorry."), "Read it first"),
        (NewTask("Call", "nobody"), "nobody called nobody"),
        (NewTask("Call", hours=10**12), "hours after"),
    ],
)
def test_what_a_person_could_not_do_now_is_not_proposed_and_it_is_said_why(
    inst: Installation, what: What, told: str
) -> None:
    refusal = proposing.propose(inst, 1, PROGRAM, what, "Why not.")
    assert isinstance(refusal, Refusal)
    assert told in refusal.text
    with inst.database.reading() as connection:
        assert proposals_of(connection, 1) == ()


def test_words_can_be_put_into_ones_own_before_it_is_done(inst: Installation) -> None:
    proposed(inst, NewStatement(StatementKind.HOLDING, "We apologise for any inconvenience."))
    proposing.accept(inst, 1, 1, "dana", "We are sorry. Ask at gate 12.")
    with inst.database.reading() as connection:
        drafted = responses.statements(connection, 1)[-1]
        told, _ = store.timeline(connection, 1)[-2:]
    assert (drafted.text, drafted.author, drafted.approved_by) == ("We are sorry. Ask at gate 12.", "dana", None)
    assert "done by Dana Reyes with changes." in told.text


def test_words_that_are_left_empty_are_refused_and_the_proposal_still_waits(inst: Installation) -> None:
    proposed(inst, EVERYTHING[0])
    refusal = proposing.accept(inst, 1, 1, "dana", " ")
    assert isinstance(refusal, Refusal)
    assert "empty" in refusal.text
    assert state_of(inst) is State.PROPOSED


def test_what_has_changed_since_is_not_done_and_the_proposal_still_waits(inst: Installation) -> None:
    proposed(inst, NewSeverity(Severity.SEV1))
    proposed(inst, StatementEdit(1, 1, "So sorry."))
    response.change_severity(inst, 1, "lee", Severity.SEV3, "Calmer.")
    statements.edit(inst, 1, "lee", Edit(1, 1, "Sorry for that."))
    before = everything_but_proposals(inst)
    for number, told in ((1, "changed it from SEV2 to SEV3"), (2, "wrote version 2")):
        refusal = proposing.accept(inst, 1, number, "dana")
        assert isinstance(refusal, Refusal)
        assert told in refusal.text
        assert state_of(inst, number) is State.PROPOSED
    assert everything_but_proposals(inst) == before


def test_a_step_is_found_by_its_key_wherever_it_has_gone(inst: Installation) -> None:
    key = keys(inst)[1]
    proposed(inst, StepDone(key))
    response.change_severity(inst, 1, "lee", Severity.SEV1, "Worse.")
    assert isinstance(proposing.accept(inst, 1, 1, "dana"), Change)
    with inst.database.reading() as connection:
        assert [step.key for step in responses.steps(connection, 1) if step.done_at] == [key]


def test_declining_leaves_the_incident_as_it_is(inst: Installation) -> None:
    proposed(inst, Resolved())
    before = everything_but_proposals(inst)
    declined = proposing.decline(inst, 1, 1, "lee", "Not before noon.")
    assert isinstance(declined, Proposal)
    assert (declined.state, declined.declined_because) == (State.DECLINED, "Not before noon.")
    assert everything_but_proposals(inst) == before
    for again in (proposing.accept(inst, 1, 1, "dana"), proposing.decline(inst, 1, 1, "dana")):
        assert isinstance(again, Refusal)
        assert "Lee Okafor decided against it" in again.text


def test_a_proposal_is_gone_after_a_day_and_with_the_incident(inst: Installation) -> None:
    proposed(inst, EVERYTHING[0])
    clock = inst.clock
    assert isinstance(clock, HandClock)
    clock.advance(hours=24)
    late = proposing.accept(inst, 1, 1, "dana")
    assert isinstance(late, Refusal)
    assert "for a day" in late.text
    proposed(inst, EVERYTHING[0])
    response.resolve(inst, 1, "dana")
    ended = proposing.accept(inst, 1, 2, "dana")
    assert isinstance(ended, Refusal)
    assert "resolved already" in ended.text
    assert isinstance(proposing.propose(inst, 1, PROGRAM, EVERYTHING[0], "Why not."), Refusal)


def test_whoever_only_reads_along_may_let_a_program_propose_and_does_nothing(inst: Installation) -> None:
    response.follow(inst, 1, "dana", "lee")
    proposed(inst, EVERYTHING[0])
    refusal = proposing.accept(inst, 1, 1, "lee")
    assert isinstance(refusal, Refusal)
    assert "read along" in refusal.text
    assert state_of(inst) is State.PROPOSED


@pytest.mark.parametrize("person", ["nobody", ""])
def test_nobody_unknown_proposes_or_decides(inst: Installation, person: str) -> None:
    assert isinstance(proposing.propose(inst, 1, Author("x", person), EVERYTHING[0], "Why not."), Refusal)
    proposed(inst, EVERYTHING[0])
    assert isinstance(proposing.accept(inst, 1, 1, person), Refusal)
    assert isinstance(proposing.decline(inst, 1, 1, person), Refusal)
    assert state_of(inst) is State.PROPOSED


@pytest.mark.parametrize(("incident", "number"), [(1, 2), (1, 0), (1, 2**70), (2**70, 1), (404, 1)])
def test_what_is_not_there_is_said_so(inst: Installation, incident: int, number: int) -> None:
    with pytest.raises((UnknownProposalError, store.UnknownIncidentError)):
        proposing.accept(inst, incident, number, "dana")
    with pytest.raises((UnknownProposalError, store.UnknownIncidentError)):
        proposing.decline(inst, incident, number, "dana")


@pytest.mark.parametrize("what", EVERYTHING, ids=lambda what: what.kind)
def test_of_two_who_do_it_at_once_one_does_it_and_the_other_is_told(inst: Installation, what: What) -> None:
    proposed(inst, what)
    with inst.database.reading() as connection:
        before = len(store.timeline(connection, 1))
    clock = inst.clock
    assert isinstance(clock, MeetingClock)
    clock.meeting = None if inst.database.is_sqlite else threading.Barrier(2)
    with ThreadPoolExecutor(2) as both:
        done = [one.result() for one in [both.submit(proposing.accept, inst, 1, 1, who) for who in ("dana", "lee")]]
    assert sorted(type(one).__name__ for one in done) == ["Change", "Refusal"]
    with inst.database.reading() as connection:
        kinds = [row.kind for row in store.timeline(connection, 1)[before:]]
        assert (kinds.count(EventKind.PROPOSED), kinds.count(EventKind(DID[what.kind]))) == (1, 1)
        assert find_proposal(connection, 1, 1).state is State.ACCEPTED


def test_of_one_who_does_it_and_one_who_decides_against_it_one_is_heard(inst: Installation) -> None:
    proposed(inst, EVERYTHING[0])
    with ThreadPoolExecutor(2) as both:
        did, said_no = (
            both.submit(proposing.accept, inst, 1, 1, "dana"),
            both.submit(proposing.decline, inst, 1, 1, "lee"),
        )
        done, declined = did.result(), said_no.result()
    assert isinstance(done, Refusal) != isinstance(declined, Refusal)
    with inst.database.reading() as connection:
        noted = EventKind.NOTE in {row.kind for row in store.timeline(connection, 1)}
    assert noted is isinstance(done, Change)


def test_however_many_propose_at_once_no_more_wait_than_may(inst: Installation) -> None:
    with ThreadPoolExecutor(4) as programs:
        asked = [
            programs.submit(proposing.propose, inst, 1, PROGRAM, Note(f"Note {n}."), "Why not.")
            for n in range(OPEN_LIMIT + 5)
        ]
        made = [one.result() for one in asked]
    assert sum(isinstance(one, Proposal) for one in made) == OPEN_LIMIT
    with inst.database.reading() as connection:
        assert [one.number for one in proposals_of(connection, 1)] == [*range(1, OPEN_LIMIT + 1)]


def test_what_no_database_takes_is_left_out_of_what_is_kept(inst: Installation) -> None:
    proposed(inst, Note("Null\0 and half \ud800."), "So\0.")
    with inst.database.reading() as connection:
        (kept,) = proposals_of(connection, 1)
    assert (kept.what, kept.because) == (Note("Null and half ?."), "So.")


def test_a_proposal_does_not_leak_into_what_others_do_after_it(inst: Installation) -> None:
    with suppress(store.UnknownIncidentError):
        proposing.propose(inst, 404, PROGRAM, EVERYTHING[0], "Why not.")
    assert isinstance(checklists.complete_step(inst, 1, 2, "dana"), Change)
    with inst.database.reading() as connection:
        assert store.find(connection, 1).status is Status.ACKNOWLEDGED
