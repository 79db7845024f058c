"""Two people press the same button at the same moment: one change, and one clear word for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from database import incidents as store
from database import responses
from incidents.incident import REPORTED, Change, Refusal
from incidents.statements import Edit
from playbooks.playbook import Severity, StatementKind
from services import checklists, response, statements
from services.installation import Installation
from settings.model import Person
from tests.database.incident_rows import opening
from tests.installations import DANA, LEE, HandClock, installation

PEOPLE = (
    DANA,
    LEE,
    Person(id="ben", name="Ben Ortiz", email="ben@example.com"),
    Person(id="cleo", name="Cleo Park", email="cleo@example.com"),
)
Press = Callable[[Installation, str], Change | Refusal]


@dataclass
class MeetingClock(HandClock):
    """Whoever asks it for the time, to decide on what they have read, waits once for the other one."""

    meeting: threading.Barrier | None = None
    met: threading.local = field(default_factory=threading.local)

    def __call__(self) -> datetime:
        if self.meeting and not hasattr(self.met, "already"):
            self.met.already = True
            with suppress(threading.BrokenBarrierError):  # the other one waits for a lock
                self.meeting.wait(1)
        return super().__call__()


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    """Incident 1, which Dana has, and incident 2 of the same brand; a statement of Dana's that Lee approved."""
    made = installation(tmp_path, MeetingClock(), people=PEOPLE, database=SecretStr(database_address))
    with made.database.writing() as connection:
        store.add(connection, opening())
        store.add(connection, opening(kind=REPORTED))
    statements.draft(made, 1, "dana", StatementKind.HOLDING, "We are sorry.")
    return made


BUTTONS: dict[str, tuple[Press, str]] = {
    "acknowledge": (lambda inst, who: response.acknowledge(inst, 1, who), "acknowledged already"),
    "accept": (lambda inst, _: response.accept(inst, 1, "lee"), "You have it already"),
    "offer": (lambda inst, who: response.hand_over(inst, 1, who, "lee"), "was asked already"),
    "step done": (lambda inst, who: checklists.complete_step(inst, 1, 1, who), "was done already"),
    "skip": (lambda inst, who: checklists.skip_step(inst, 1, 1, who, "Not needed."), "was skipped already"),
    "agree": (lambda inst, who: checklists.approve_step(inst, 1, 4, who), "said yes to step 4 already"),
    "edit": (lambda inst, who: statements.edit(inst, 1, who, Edit(1, 1, f"So says {who}.")), "wrote version 2"),
    "approve": (lambda inst, who: statements.approve(inst, 1, who, 1, 1), "approved it already"),
    "publish": (lambda inst, who: statements.publish(inst, 1, who, 1, 1), "It is public since"),
    "resolve": (lambda inst, who: response.resolve(inst, 1, who), "It is resolved already"),
    "dismiss": (lambda inst, who: response.dismiss(inst, 1, who, "A joke."), "It is dismissed as noise already"),
    "merge": (lambda inst, who: response.merge(inst, 1, who, 2), "It is a part of incident 2 already"),
    "severity": (
        lambda inst, who: response.change_severity(
            inst, 1, who, {"ben": Severity.SEV1, "cleo": Severity.SEV3}[who], "News.", Severity.SEV2
        ),
        "Somebody changed it from SEV2 to",
    ),
}
BEFORE: dict[str, Callable[[Installation], object]] = {
    "accept": lambda inst: response.hand_over(inst, 1, "dana", "lee"),
    "publish": lambda inst: statements.approve(inst, 1, "lee", 1, 1),
}


def at_once(inst: Installation, first: Press, second: Press) -> list[Change | Refusal]:
    """Both decide on what both have seen, where the database lets them."""
    clock = inst.clock
    assert isinstance(clock, MeetingClock)
    clock.meeting = None if inst.database.is_sqlite else threading.Barrier(2)
    with ThreadPoolExecutor(2) as both:
        pressed = [both.submit(first, inst, "ben"), both.submit(second, inst, "cleo")]
        return [one.result() for one in pressed]


@pytest.mark.parametrize("button", BUTTONS)
def test_the_same_button_pressed_by_two_gives_one_change_and_one_clear_refusal(inst: Installation, button: str) -> None:
    press, told = BUTTONS[button]
    BEFORE.get(button, bool)(inst)
    with inst.database.reading() as connection:
        before, rows = store.find(connection, 1), store.timeline(connection, 1)
    answers = at_once(inst, press, press)
    (refusal,) = [one for one in answers if isinstance(one, Refusal)]
    (change,) = [one for one in answers if isinstance(one, Change)]
    assert told in refusal.text
    with inst.database.reading() as connection:
        assert store.find(connection, 1) == change.incident
        assert change.incident.version == before.version + 1
        after = store.timeline(connection, 1)
        assert after[: len(rows)] == rows
        assert [row.text for row in after[len(rows) :]] == [row.text for row in change.events]


def test_two_who_take_it_over_at_once_have_it_one_after_the_other(inst: Installation) -> None:
    response.acknowledge(inst, 1, "dana")
    take: Press = lambda inst, who: response.hand_over(inst, 1, who, who)  # noqa: E731
    answers = at_once(inst, take, take)
    owners = [one.incident.owner for one in answers if isinstance(one, Change)]
    assert sorted(owners) == ["ben", "cleo"]
    with inst.database.reading() as connection:
        last = store.timeline(connection, 1)[-2:]
        assert {row.facts["owner"] for row in last} == {"ben", "cleo"}
        assert last[1].facts == {"owner": store.find(connection, 1).owner, "previous_owner": last[0].facts["owner"]}


def test_two_who_merge_two_incidents_into_each_other_merge_one(inst: Installation) -> None:
    answers = at_once(
        inst,
        lambda inst, who: response.merge(inst, 1, who, 2),
        lambda inst, who: response.merge(inst, 2, who, 1),
    )
    (refusal,) = [one for one in answers if isinstance(one, Refusal)]
    assert "over since" in refusal.text
    with inst.database.reading() as connection:
        both = [store.find(connection, number) for number in (1, 2)]
        assert sorted(one.ended for one in both) == [False, True]
        assert [one.version for one in both].count(2) >= 1


def test_what_two_do_that_has_nothing_to_do_with_each_other_is_both_done(inst: Installation) -> None:
    answers = at_once(
        inst,
        lambda inst, who: checklists.complete_step(inst, 1, 1, who),
        lambda inst, who: checklists.complete_step(inst, 1, 2, who),
    )
    assert all(isinstance(one, Change) for one in answers)
    with inst.database.reading() as connection:
        assert [step.done_by for step in responses.steps(connection, 1)[:2]] == ["ben", "cleo"]
