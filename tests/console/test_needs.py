from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from console.needs import waiting
from database.reading import OpenIncident
from incidents.incident import Task
from playbooks.playbook import Severity
from tests.database.incident_rows import opening
from tests.installations import NOON


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
