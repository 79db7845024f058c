from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.incident_alert import IncidentAlert
from database import incidents as store
from database import outbox, responses
from incidents.incident import Change, Refusal
from playbooks.playbook import Severity
from services import checklists, response
from services.installation import Installation
from tests.database.incident_rows import opening, signal
from tests.installations import NOON, HandClock, installation


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    return installation(tmp_path, HandClock(), database=SecretStr(database_address))


@pytest.fixture
def number(inst: Installation) -> int:
    with inst.database.writing() as connection:
        return store.add(connection, opening())


@pytest.mark.parametrize(
    ("act", "last_row"),
    [
        (lambda inst, number: response.acknowledge(inst, number, "lee"), "acknowledged"),
        (lambda inst, number: response.hand_over(inst, number, "dana", "lee"), "offered"),
        (lambda inst, number: response.add_note(inst, number, "dana", "Press called.\x00"), "note"),
        (lambda inst, number: checklists.complete_step(inst, number, 1, "lee"), "step_done"),
        (lambda inst, number: response.resolve(inst, number, "dana"), "resolved"),
        (lambda inst, number: response.change_severity(inst, number, "dana", Severity.SEV4, "One post."), "severity"),
    ],
)
def test_every_action_is_stored_with_its_row(
    inst: Installation, number: int, act: Callable[[Installation, int], object], last_row: str
) -> None:
    assert isinstance(act(inst, number), Change)
    with inst.database.reading() as connection:
        assert store.timeline(connection, number)[-1].kind == last_row
        assert store.find(connection, number).version == 2


def test_a_refused_action_changes_nothing(inst: Installation, number: int) -> None:
    checklists.complete_step(inst, number, 1, "lee")
    with inst.database.reading() as connection:
        before = store.find(connection, number), store.timeline(connection, number)
    refused = checklists.complete_step(inst, number, 1, "dana")
    assert isinstance(refused, Refusal)
    assert "Lee Okafor" in refused.text
    with inst.database.reading() as connection:
        assert (store.find(connection, number), store.timeline(connection, number)) == before


def test_an_incident_can_only_be_handed_to_somebody_in_the_settings(inst: Installation, number: int) -> None:
    assert isinstance(response.hand_over(inst, number, "dana", "nobody"), Refusal)


def test_a_step_can_be_undone(inst: Installation, number: int) -> None:
    checklists.complete_step(inst, number, 2, "lee")
    assert isinstance(checklists.undo_step(inst, number, 2, "lee"), Change)
    with inst.database.reading() as connection:
        assert responses.steps(connection, number)[1].done_at is None


def test_of_many_people_who_press_the_same_button_one_gets_a_change_and_the_others_are_told(
    inst: Installation, number: int
) -> None:
    start, answers = threading.Barrier(4), list[object]()

    def press(person: str) -> None:
        start.wait()
        answers.append(checklists.complete_step(inst, number, 1, person))

    people = [threading.Thread(target=press, args=(person,)) for person in ("dana", "lee", "dana", "lee")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(type(answer).__name__ for answer in answers) == ["Change"] + ["Refusal"] * 3
    with inst.database.reading() as connection:
        assert [event.kind for event in store.timeline(connection, number)].count("step_done") == 1  # type: ignore[arg-type]


def test_an_incident_that_is_not_there_is_said_so(inst: Installation) -> None:
    with pytest.raises(store.UnknownIncidentError):
        response.acknowledge(inst, 404, "dana")


def test_a_severity_raised_by_people_moves_the_deadlines_and_tells_whoever_the_routing_names(
    inst: Installation, number: int
) -> None:
    with inst.database.writing() as connection:
        store.record_signal(connection, signal(), number)
        before = responses.steps(connection, number)
    assert isinstance(response.change_severity(inst, number, "lee", Severity.SEV1, "A child is hurt."), Change)
    with inst.database.reading() as connection:
        incident = store.find(connection, number)
        assert (incident.severity, incident.owner) == (Severity.SEV1, "dana")
        assert incident.acknowledge_by == NOON + timedelta(minutes=15)
        assert all(
            new.due_at <= old.due_at for new, old in zip(responses.steps(connection, number), before, strict=True)
        )
        assert responses.steps(connection, number)[3].due_at == NOON + timedelta(minutes=20)
        letters = [IncidentAlert.from_json(letter.content) for letter in outbox.due(connection, NOON, 10)]
    assert [(letter.recipient_id, letter.severity, letter.raised_from) for letter in letters] == [
        ("dana", Severity.SEV1, Severity.SEV2),
        ("lee", Severity.SEV1, Severity.SEV2),
    ]


def test_a_severity_that_people_lower_wakes_nobody(inst: Installation, number: int) -> None:
    with inst.database.writing() as connection:
        store.record_signal(connection, signal(), number)
    assert isinstance(response.change_severity(inst, number, "dana", Severity.SEV3, "Two people, many posts."), Change)
    with inst.database.reading() as connection:
        assert outbox.waiting(connection) == 0


@pytest.mark.parametrize(
    ("severity", "reason", "says"),
    [
        (Severity.SEV2, "Still bad.", "SEV2 already"),
        (Severity.SEV1, " ", "Say why"),
        (Severity.SEV1, "x" * 301, "shorten"),
    ],
)
def test_a_severity_is_changed_only_for_a_reason(
    inst: Installation, number: int, severity: Severity, reason: str, says: str
) -> None:
    refused = response.change_severity(inst, number, "dana", severity, reason)
    assert isinstance(refused, Refusal)
    assert says in refused.text
