from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from database import incidents as store
from database import responses
from database.proposals import find_proposal
from incidents.incident import EventKind
from incidents.proposals import Author, NewStatement, Note, Proposal, Resolved, State, StepDone, Update, What
from playbooks.playbook import StatementKind
from services import proposing, response
from services.installation import Installation
from tests.console.seeding import open_incident
from tests.console.test_incident_pages import told
from tests.installations import HandClock

PROGRAM = Author("Desk assistant", "lee")
HOLDING = NewStatement(StatementKind.HOLDING, "We are sorry.", "First words")


@pytest.fixture
def number(inst: Installation) -> int:
    return open_incident(inst)


def propose(inst: Installation, number: int, what: What, because: str = "Nothing was said for 20 minutes.") -> Proposal:
    found = proposing.propose(inst, number, PROGRAM, what, because)
    assert isinstance(found, Proposal), found
    return found


def block(client: TestClient, number: int) -> str:
    """The part of the page that says what is proposed, empty where nothing is."""
    found = re.search(r'<section class="proposed".*?</section>', client.get(f"/incidents/{number}").text, re.DOTALL)
    return found[0] if found else ""


def test_what_a_program_proposes_stands_above_the_checklist_with_who_what_and_why(
    dana: TestClient, inst: Installation, number: int
) -> None:
    assert block(dana, number) == ""
    propose(inst, number, HOLDING)
    shown = block(dana, number)
    assert "Draft this holding statement, “First words”, for people to read and approve." in shown
    assert re.search(r'<p class="words suggested"[^>]*><bdi>We are sorry.</bdi></p>', shown)
    assert "Nothing was said for 20 minutes." in shown
    assert "Suggested by a program, <bdi>Desk assistant</bdi>, for which Lee Okafor answers" in shown
    assert "Do it" in shown
    assert "Not now" in shown
    page = dana.get(f"/incidents/{number}").text
    assert page.index('class="proposed"') < page.index('class="checklist"')
    assert "proposed" not in re.search(r'<ol data-live="timeline">.*?</ol>', page, re.DOTALL)[0].lower()  # type: ignore[index]


def test_doing_it_does_it_in_ones_own_name_and_the_timeline_says_who_proposed_it(
    dana: TestClient, inst: Installation, number: int
) -> None:
    propose(inst, number, HOLDING)
    page = dana.post(f"/incidents/{number}/proposals/1/do").text
    assert told(page) == "Done, in your name. The timeline says who proposed it."
    assert "Proposed by Desk assistant (a program, for which Lee Okafor answers), done by Dana Reyes." in page
    assert block(dana, number) == ""
    with inst.database.reading() as connection:
        (drafted,) = responses.statements(connection, number)
    assert (drafted.text, drafted.author) == ("We are sorry.", "dana")


def test_words_are_edited_before_it_is_done(dana: TestClient, inst: Installation, number: int) -> None:
    propose(inst, number, Note("The hotline is down."))
    dana.post(f"/incidents/{number}/proposals/1/do", data={"text": "The hotline was down."})
    with inst.database.reading() as connection:
        said, row = store.timeline(connection, number)[-2:]
    assert (row.kind, row.text) == (EventKind.NOTE, "The hotline was down.")
    assert "with changes" in said.text


def test_words_that_cannot_be_taken_are_kept_to_be_sent_again(
    dana: TestClient, inst: Installation, number: int
) -> None:
    propose(inst, number, Note("The hotline is down."))
    answer = dana.post(f"/incidents/{number}/proposals/1/do", data={"text": "x" * 4001})
    assert answer.status_code == 409
    assert "What was proposed is not done." in answer.text
    assert "x" * 4001 in answer.text


@pytest.mark.parametrize("reason", ["", "Legal first."])
def test_not_now_takes_it_off_the_page_and_changes_nothing(
    dana: TestClient, inst: Installation, number: int, reason: str
) -> None:
    propose(inst, number, Resolved())
    with inst.database.reading() as connection:
        before = store.find(connection, number), store.timeline(connection, number)
    assert "nothing was changed" in told(
        dana.post(f"/incidents/{number}/proposals/1/not-now", data={"reason": reason}).text
    )
    assert block(dana, number) == ""
    with inst.database.reading() as connection:
        assert (store.find(connection, number), store.timeline(connection, number)) == before
        found = find_proposal(connection, number, 1)
    assert (found.state, found.decided_by, found.declined_because) == (State.DECLINED, "dana", reason)


def test_whoever_comes_second_is_told_who_was_first(dana: TestClient, inst: Installation, number: int) -> None:
    propose(inst, number, HOLDING)
    proposing.accept(inst, number, 1, "lee")
    assert "Lee Okafor did it already" in told(dana.post(f"/incidents/{number}/proposals/1/do").text)
    assert "Lee Okafor did it already" in told(dana.post(f"/incidents/{number}/proposals/1/not-now").text)


@pytest.mark.parametrize("path", ["/incidents/{}/proposals/9/do", "/incidents/404/proposals/1/not-now"])
def test_a_proposal_that_is_not_there_is_no_page(dana: TestClient, number: int, path: str) -> None:
    assert dana.post(path.format(number)).status_code == 404


def test_what_is_proposed_is_shown_inert_whatever_it_holds(dana: TestClient, inst: Installation, number: int) -> None:
    hostile = "<script>alert(1)</script> {{ 7 * 7 }} \u202egnp.exe"
    propose(inst, number, Update(hostile), "<img src=x onerror=alert(2)>")
    proposing.propose(inst, number, Author("<b>Dana Reyes</b>", "lee"), Note(hostile), "So.")
    shown = block(dana, number)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>Dana" not in shown
    assert "{{ 7 * 7 }}" in shown
    assert "<bdi>&lt;script&gt;" in shown


def test_what_is_proposed_for_too_long_or_for_what_is_over_is_not_shown(
    dana: TestClient, inst: Installation, number: int, clock: HandClock
) -> None:
    propose(inst, number, HOLDING)
    clock.advance(hours=24)
    assert block(dana, number) == ""
    propose(inst, number, HOLDING)
    assert block(dana, number) != ""
    response.resolve(inst, number, "dana")
    assert block(dana, number) == ""


def test_of_many_proposals_three_are_there_in_full_and_nothing_is_done_unread(
    dana: TestClient, inst: Installation, number: int
) -> None:
    for n in range(20):
        propose(inst, number, NewStatement(StatementKind.UPDATE, f"Words {n}. {'x' * 9_900}"))
    before, more = block(dana, number).split('<details class="edit" id="proposals-more">')
    assert "17 more, in full once those above are answered</summary>" in more
    assert [f"Words {n}." in before for n in range(4)] == [True, True, True, False]
    assert (before.count(">Do it</button>"), before.count(">Not now</button>")) == (3, 6)
    assert (more.count(">Do it"), more.count(">Not now</button>"), "Words" in more) == (0, 17, False)
    assert len(dana.get(f"/incidents/{number}").content) < 200_000
    dana.post(f"/incidents/{number}/proposals/1/not-now")
    assert "Words 3." in block(dana, number)


def test_evidence_is_no_text_to_be_edited_and_readers_get_no_buttons(
    dana: TestClient, inst: Installation, number: int
) -> None:
    propose(inst, number, StepDone("verify", "https://forum.example/t/1"))
    shown = block(dana, number)
    assert "https://forum.example/t/1" in shown
    assert "Edit first" not in shown
    response.follow(inst, number, "dana", "lee")
    dana.cookies.set("groundswell_you", "lee")
    assert "Do it" not in block(dana, number)


def test_a_page_is_renewed_when_something_is_proposed_and_when_it_is_answered(
    dana: TestClient, inst: Installation, number: int
) -> None:
    def pulse() -> str:
        found = re.search(r'data-pulse="([^"]*)"', dana.get(f"/incidents/{number}").text)
        assert found
        return found[1]

    first = pulse()
    propose(inst, number, HOLDING)
    second = pulse()
    proposing.decline(inst, number, 1, "dana")
    assert len({first, second, pulse()}) == 3
