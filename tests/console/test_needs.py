from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from console.needs import waiting
from database.reading import OpenIncident
from incidents.incident import Task
from incidents.steps import Roles
from playbooks.playbook import Severity
from tests.database.incident_rows import opening
from tests.installations import NOON

ROLES = Roles({"dana": "comms lead", "lee": "legal counsel"})


def test_what_is_real_comes_before_drills_however_mild_and_whoever_has_it() -> None:
    incident = opening().incident
    drill = OpenIncident(replace(incident, id=1, drill=True, owner="dana"), ())
    late = incident.acknowledge_by + timedelta(days=1)
    real = OpenIncident(replace(incident, id=2, severity=Severity.SEV4, owner="lee", acknowledge_by=late), ())
    assert [one.incident.id for one in waiting([drill, real], "dana", NOON)] == [2, 1]


def test_a_task_of_somebody_who_left_the_settings_waits_for_whoever_comes_first() -> None:
    incident = replace(opening().incident, id=1, acknowledged_at=NOON)
    task = Task(1, "Call the airport", "gone", NOON, "dana", NOON)
    (found,) = waiting([OpenIncident(incident, (), (task,))], "dana", NOON, {"dana", "lee"})
    assert [(need.text, need.yours) for need in found.needs] == [("Task: Call the airport", False)]
    assert waiting([OpenIncident(incident, (), (replace(task, assignee="lee"),))], "dana", NOON, {"dana", "lee"}) == ()


def asked_of(one: OpenIncident, you: str | None) -> list[tuple[str, bool, bool]]:
    """What waits, whether it has a deadline, and whether it waits for the person who looks."""
    found = waiting([one], you, NOON, {"dana", "lee"}, ROLES)
    return [(need.text, need.due_at is not None, need.yours) for waits in found for need in waits.needs]


@pytest.mark.parametrize(
    ("assignee", "due_in", "you", "told"),
    [
        ("dana", None, "dana", [("Task: Call", False, True)]),
        ("dana", 5, "dana", [("Task: Call", True, True)]),
        ("dana", 0, "dana", [("Task: Call", True, True)]),
        ("dana", None, "lee", []),
        ("dana", 0, "lee", []),
        ("dana", None, None, []),
        (None, 5, "dana", []),
        (None, None, None, []),
        (None, 0, "dana", [("Task: Call", True, False)]),
    ],
)
def test_a_task_waits_for_the_person_who_was_given_it_and_in_a_hurry_for_anybody(
    assignee: str | None, due_in: int | None, you: str | None, told: list[tuple[str, bool, bool]]
) -> None:
    incident = replace(opening().incident, id=1, acknowledged_at=NOON)
    due_at = None if due_in is None else NOON + timedelta(hours=due_in)
    task = Task(1, "Call", assignee, due_at, "dana", NOON)
    assert asked_of(OpenIncident(incident, (), (task,)), you) == told
    assert asked_of(OpenIncident(incident, (), (replace(task, done_at=NOON),)), you) == []


def test_what_is_due_comes_before_what_is_in_no_hurry() -> None:
    incident = replace(opening().incident, id=1, acknowledged_at=NOON)
    hours = {"Some day": None, "Late": -1, "Soon": 3}
    tasks = (
        Task(n, title, "dana", None if due is None else NOON + timedelta(hours=due), "lee", NOON)
        for n, (title, due) in enumerate(hours.items())
    )
    told = [text for text, _, _ in asked_of(OpenIncident(incident, (), tuple(tasks)), "dana")]
    assert told == ["Task: Late", "Task: Soon", "Task: Some day"]


def test_a_step_that_needs_a_yes_asks_those_who_may_give_it() -> None:
    made = opening()
    first, second, *_ = made.steps
    steps = (replace(first, approval="legal", due_at=NOON + timedelta(hours=3)), replace(second, approval="legal"))
    one = OpenIncident(replace(made.incident, id=1, acknowledged_at=NOON), steps)
    assert asked_of(one, "lee") == [(f"Step 1 waits for your yes: {first.title}", True, True)]
    assert asked_of(one, "dana") == asked_of(one, None) == []
    assert asked_of(replace(one, steps=(replace(steps[0], approved_at=NOON), steps[1])), "lee") == []
