from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents import proposals
from incidents.deciding import REASON_LIMIT
from incidents.incident import Change, EventKind, Incident, Statement
from incidents.proposals import (
    HOURS_LIMIT,
    OPEN_LIMIT,
    Around,
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
from incidents.remarks import add_note
from incidents.tasks import TITLE_LIMIT
from playbooks.playbook import Severity, StatementKind
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, RESOLVED, made, refused, steps

PROGRAM = Author("Desk assistant", "ben")
NAMES = {"dana": "Dana Reyes", "ben": "Ben Ortiz"}
NOTE = Note("The hotline is down.")


def proposed(what: What = NOTE, because: str = "Three posts say so.", *before: Proposal) -> Proposal:
    found = proposals.propose(ACKNOWLEDGED, before, what, because, PROGRAM, LATER)
    assert isinstance(found, Proposal), found
    return found


def after(proposal: Proposal, state: State) -> Proposal:
    found = proposals.decided(proposal, state, DANA, LATER)
    assert isinstance(found, Proposal)
    return found


def test_a_proposal_says_who_proposes_what_and_why_and_waits() -> None:
    found = proposed(because="  Three posts\nsay so. ")
    assert found == Proposal(1, NOTE, "Three posts say so.", PROGRAM, LATER)
    assert proposals.state_of(found, ACKNOWLEDGED, LATER) is State.PROPOSED
    assert proposals.refuse_deciding(found, ACKNOWLEDGED, LATER) is None


def test_a_proposal_keeps_the_severity_and_category_that_it_would_replace() -> None:
    assert proposed(NewSeverity(Severity.SEV1)).what == NewSeverity(Severity.SEV1, Severity.SEV3)
    assert proposed(NewCategory("safety")).what == NewCategory("safety", "")
    assert proposed(NewSeverity(Severity.SEV1, Severity.SEV4)).what == NewSeverity(Severity.SEV1, Severity.SEV4)


@pytest.mark.parametrize(
    ("what", "because", "told"),
    [
        (NOTE, " ", "Say why"),
        (NOTE, "x" * (REASON_LIMIT + 1), f"{REASON_LIMIT + 1} characters"),
        (NewStatement(StatementKind.UPDATE, "Sorry.", "x" * (TITLE_LIMIT + 1)), "Why.", f"{TITLE_LIMIT}"),
        (NewTask("Call", hours=0), "Why.", "1 to"),
        (NewTask("Call", hours=HOURS_LIMIT + 1), "Why.", "1 to"),
    ],
)
def test_what_is_badly_formed_is_refused_with_what_to_do(what: What, because: str, told: str) -> None:
    assert told in refused(proposals.propose(ACKNOWLEDGED, (), what, because, PROGRAM, LATER))


def test_nothing_is_proposed_for_what_has_ended() -> None:
    assert "resolved already" in refused(proposals.propose(RESOLVED, (), NOTE, "Why.", PROGRAM, LATER))


def test_the_same_is_proposed_once_while_it_waits_and_again_after_it_was_decided_against() -> None:
    first = proposed()
    again = proposals.propose(ACKNOWLEDGED, (first,), NOTE, "Other words.", PROGRAM, LATER)
    assert "Proposal 1 says the same" in refused(again)
    assert proposed(NOTE, "Other words.", after(first, State.DECLINED)).number == 2


def test_so_many_wait_at_once_and_no_more() -> None:
    waiting = [replace(proposed(), number=n + 1, what=Note(f"Note {n}.")) for n in range(OPEN_LIMIT)]
    assert "wait for an answer" in refused(
        proposals.propose(ACKNOWLEDGED, waiting, Note("Another."), "Why.", PROGRAM, LATER)
    )
    assert proposed(Note("Another."), "Why.", *waiting[1:], after(waiting[0], State.DECLINED)).number == OPEN_LIMIT + 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Desk\u202eeel\u2066 \x00assistant", "Deskeel assistant"),
        ("  ", "A program"),
        ("\u202e", "A program"),
        ("x" * 500, "x" * 60),
    ],
)
def test_the_name_of_a_program_holds_nothing_that_cannot_be_seen(name: str, shown: str) -> None:
    found = proposals.propose(ACKNOWLEDGED, (), NOTE, "Why.", Author(name, "ben"), LATER)
    assert isinstance(found, Proposal)
    assert found.author.program == shown


@pytest.mark.parametrize(
    ("proposal", "incident", "hours", "state", "told"),
    [
        (proposed(), ACKNOWLEDGED, 23.9, State.PROPOSED, ""),
        (proposed(), ACKNOWLEDGED, 24, State.EXPIRED, "It was proposed for a day"),
        (proposed(), RESOLVED, 1, State.WITHDRAWN, "It is resolved already"),
        (proposed(), RESOLVED, 30, State.WITHDRAWN, "It is resolved already"),
        (after(proposed(), State.ACCEPTED), ACKNOWLEDGED, 1, State.ACCEPTED, "Dana Reyes did it already"),
        (after(proposed(), State.ACCEPTED), RESOLVED, 30, State.ACCEPTED, "Dana Reyes did it already"),
        (after(proposed(), State.DECLINED), ACKNOWLEDGED, 1, State.DECLINED, "Dana Reyes decided against it"),
    ],
)
def test_a_proposal_is_decided_once_within_a_day_and_while_the_incident_goes_on(  # the columns of the table
    proposal: Proposal, incident: Incident, hours: float, state: State, told: str
) -> None:
    now = LATER + timedelta(hours=hours)
    assert proposals.state_of(proposal, incident, now) is state
    refusal = proposals.refuse_deciding(proposal, incident, now, NAMES)
    assert (refusal.text if refusal else "").startswith(told)
    assert bool(refusal) is bool(told)
    assert (proposal in proposals.standing([proposal], incident, now)) is not bool(told)


def test_who_decides_against_it_may_say_why_in_a_line() -> None:
    found = proposals.decided(proposed(), State.DECLINED, DANA, LATER, " Legal has\nto see it. ")
    assert isinstance(found, Proposal)
    assert (found.decided_by, found.decided_at, found.declined_because) == ("dana", LATER, "Legal has to see it.")
    assert "shorten" in refused(proposals.decided(proposed(), State.DECLINED, DANA, LATER, "x" * 301))


def test_what_is_done_has_a_row_before_it_that_says_which_program_proposed_it_and_who_did_it() -> None:
    change = made(add_note(ACKNOWLEDGED, DANA, "The hotline is down.", LATER))
    done = proposals.told(change, proposed(), DANA, NAMES)
    said, row = done.events
    assert row == change.event
    assert (said.kind, said.actor, said.at) == (EventKind.PROPOSED, "dana", change.event.at)
    assert said.text == (
        "Proposed by Desk assistant (a program, for which Ben Ortiz answers), done by Dana Reyes. "
        "Why it was proposed: Three posts say so."
    )
    assert said.facts["proposal"] == "1"
    assert done.incident.version == ACKNOWLEDGED.version + 1
    reworded = proposals.told(change, proposed(), DANA, NAMES, reworded=True)
    assert isinstance(reworded, Change)
    assert "done by Dana Reyes with changes." in reworded.preceded_by[0].text


STEPS = steps()
SAID = Statement(2, "holding", StatementKind.HOLDING, "Holding statement", "Sorry.", 1, BEN.id, LATER)
AROUND = Around(STEPS, (SAID,), NAMES, {"safety": "Safety"})


@pytest.mark.parametrize(
    ("what", "sentence", "words"),
    [
        (NOTE, "Write this note into the timeline.", "The hotline is down."),
        (Update("All is well."), "Send this internal update by mail to everybody who reads along.", "All is well."),
        (NewSeverity(Severity.SEV1, Severity.SEV3), "Change the severity from SEV3 to SEV1.", ""),
        (NewCategory("safety", ""), "Change the category from none to Safety.", ""),
        (NewCategory("", "odd"), "Change the category from odd to none.", ""),
        (StepDone(STEPS[0].key, "A link."), f"Tick step 1, “{STEPS[0].title}”, as done.", "A link."),
        (StepSkipped(STEPS[1].key), f"Skip step 2, “{STEPS[1].title}”.", ""),
        (StepSkipped("gone"), "Skip the step gone.", ""),
        (
            NewStatement(StatementKind.HOLDING, "Sorry."),
            "Draft this holding statement, for people to read and approve.",
            "Sorry.",
        ),
        (
            NewStatement(StatementKind.UPDATE, "Sorry.", "At noon"),
            "Draft this update statement, “At noon”, for people to read and approve.",
            "Sorry.",
        ),
        (StatementEdit(2, 1, "So sorry."), "Make this version 2 of “Holding statement”.", "So sorry."),
        (StatementEdit(9, 1, "So sorry."), "Make this version 2 of statement 9.", "So sorry."),
        (NewTask("Call Oslo"), "Add a task: Call Oslo", ""),
        (NewTask("Call Oslo", "ben", 1), "Add a task for Ben Ortiz, due an hour after it is added: Call Oslo", ""),
        (NewTask("Call Oslo", "", 4), "Add a task, due 4 hours after it is added: Call Oslo", ""),
        (Resolved(), "Declare the incident resolved.", ""),
        (Dismissed(), "Dismiss the incident as noise.", ""),
    ],
)
def test_a_sentence_says_what_exactly_would_happen(what: What, sentence: str, words: str) -> None:
    assert proposals.would(what, AROUND) == sentence
    assert proposals.words_of(what) == words


def test_only_what_is_written_can_be_put_into_other_words() -> None:
    assert proposals.in_words(NOTE, "Mine.") == Note("Mine.")
    assert proposals.in_words(NOTE, None) == NOTE
    assert proposals.in_words(Note("One.\nTwo."), "One.\r\nTwo.") == Note("One.\nTwo.")
    assert proposals.in_words(StepDone("verify", "A link."), "Mine.") == StepDone("verify", "A link.")
    assert proposals.in_words(Resolved(), "Mine.") == Resolved()
