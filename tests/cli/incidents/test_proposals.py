from __future__ import annotations

import pytest

from incidents.proposals import Author, NewStatement, Note, Proposal, What
from playbooks.playbook import StatementKind
from services import proposing
from services.installation import Installation
from tests.cli.incidents.conftest import Terminal

PROGRAM = Author("Desk assistant", "kim")


def propose(inst: Installation, what: What) -> None:
    assert isinstance(proposing.propose(inst, 1, PROGRAM, what, "Three posts say so."), Proposal)


def test_what_is_proposed_is_listed_with_who_proposes_it_and_why(type_: Terminal, inst: Installation) -> None:
    assert type_.done("", "proposals", 1) == "Nothing is proposed.\n"
    assert "Proposed" not in type_.done("", "show", 1)
    propose(inst, NewStatement(StatementKind.HOLDING, "We are sorry.\nAsk at gate 12.\x1b[2J"))
    shown = type_.done("", "proposals", 1)
    assert shown.splitlines()[:4] == [
        "1  Draft this holding statement, for people to read and approve.",
        "     > We are sorry.",
        "     > Ask at gate 12. [2J",
        "     Why: Three posts say so.",
    ]
    assert "Suggested by a program, Desk assistant, for which Kim Sato answers" in shown
    assert "1 proposal waits: groundswell incidents proposals 1" in type_.done("", "show", 1)
    told = type_.record("proposals", 1)["proposals"]
    assert [(one["number"], one["state"], one["what"]["statement_kind"]) for one in told] == [
        (1, "proposed", "holding")
    ]


@pytest.mark.parametrize(("given", "written"), [((), "It is down."), (("--text", "It was down."), "It was down.")])
def test_it_is_done_in_ones_own_name_and_words(
    type_: Terminal, inst: Installation, given: tuple[str, ...], written: str
) -> None:
    propose(inst, Note("It is down."))
    assert "Done, in your name." in type_.done("lee", "do", 1, 1, *given)
    rows = type_.record("show", 1)["timeline"][-2:]
    assert [(row["kind"], row["by"]["id"]) for row in rows] == [("proposed", "lee"), ("note", "lee")]
    assert rows[1]["text"] == written
    assert "Lee Okafor did it already" in type_.refused("dana", "do", 1, 1)
    assert type_.done("", "proposals", 1) == "Nothing is proposed.\n"
    assert "(accepted by Lee Okafor)" in type_.done("", "proposals", 1, "--all")


def test_it_is_declined_and_nothing_else_is_changed(type_: Terminal, inst: Installation) -> None:
    propose(inst, Note("It is down."))
    before = type_.record("show", 1)
    assert "Proposal 1 is declined." in type_.done("lee", "not-now", 1, 1, "--reason", "Not sure yet.")
    assert type_.record("show", 1)["timeline"] == before["timeline"]
    assert type_.record("proposals", 1, "--all")["proposals"][0]["declined_because"] == "Not sure yet."
    assert "decided against it" in type_.refused("dana", "not-now", 1, 1)


def test_a_program_that_declines_is_told_how_the_incident_stands(type_: Terminal, inst: Installation) -> None:
    propose(inst, Note("It is down."))
    told = type_("lee", "not-now", 1, 1, "--json")
    assert told.code == 0
    assert '"done": []' in told.out


@pytest.mark.parametrize("what", ["do", "not-now"])
def test_a_proposal_that_is_not_there_is_said_so(type_: Terminal, inst: Installation, what: str) -> None:
    propose(inst, Note("It is down."))
    assert "there is no such proposal" in type_.refused("lee", what, 1, 9)
