from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from database import incidents as store
from incidents.incident import Change, Refusal, StepChange
from services import response
from services.installation import Installation
from tests.database.incident_rows import opening
from tests.installations import HandClock, installation


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
        (lambda inst, number: response.hand_over(inst, number, "dana", "lee"), "handed_over"),
        (lambda inst, number: response.add_note(inst, number, "dana", "Press called.\x00"), "note"),
        (lambda inst, number: response.complete_step(inst, number, 1, "lee"), "step_done"),
        (lambda inst, number: response.resolve(inst, number, "dana"), "resolved"),
    ],
)
def test_every_action_is_stored_with_its_row(
    inst: Installation, number: int, act: Callable[[Installation, int], object], last_row: str
) -> None:
    assert isinstance(act(inst, number), Change | StepChange)
    with inst.database.reading() as connection:
        assert store.timeline(connection, number)[-1].kind == last_row
        assert store.find(connection, number).version == 2


def test_a_refused_action_changes_nothing(inst: Installation, number: int) -> None:
    response.complete_step(inst, number, 1, "lee")
    with inst.database.reading() as connection:
        before = store.find(connection, number), store.timeline(connection, number)
    refused = response.complete_step(inst, number, 1, "dana")
    assert isinstance(refused, Refusal)
    assert "Lee Okafor" in refused.text
    with inst.database.reading() as connection:
        assert (store.find(connection, number), store.timeline(connection, number)) == before


def test_an_incident_can_only_be_handed_to_somebody_in_the_settings(inst: Installation, number: int) -> None:
    assert isinstance(response.hand_over(inst, number, "dana", "nobody"), Refusal)


def test_a_step_can_be_undone(inst: Installation, number: int) -> None:
    response.complete_step(inst, number, 2, "lee")
    assert isinstance(response.undo_step(inst, number, 2, "lee"), StepChange)
    with inst.database.reading() as connection:
        assert store.steps(connection, number)[1].done_at is None


def test_of_many_people_who_press_the_same_button_one_gets_a_change_and_the_others_are_told(
    inst: Installation, number: int
) -> None:
    start, answers = threading.Barrier(4), list[object]()

    def press(person: str) -> None:
        start.wait()
        answers.append(response.complete_step(inst, number, 1, person))

    people = [threading.Thread(target=press, args=(person,)) for person in ("dana", "lee", "dana", "lee")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(type(answer).__name__ for answer in answers) == ["Refusal"] * 3 + ["StepChange"]
    with inst.database.reading() as connection:
        assert [event.kind for event in store.timeline(connection, number)].count("step_done") == 1  # type: ignore[arg-type]


def test_an_incident_that_is_not_there_is_said_so(inst: Installation) -> None:
    with pytest.raises(store.UnknownIncidentError):
        response.acknowledge(inst, 404, "dana")
