from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from console.needs import waiting
from database.reading import OpenIncident
from playbooks.playbook import Severity
from tests.database.incident_rows import opening
from tests.installations import NOON


def test_what_is_real_comes_before_drills_however_mild_and_whoever_has_it() -> None:
    incident = opening().incident
    drill = OpenIncident(replace(incident, id=1, drill=True, owner="dana"), ())
    late = incident.acknowledge_by + timedelta(days=1)
    real = OpenIncident(replace(incident, id=2, severity=Severity.SEV4, owner="lee", acknowledge_by=late), ())
    assert [one.incident.id for one in waiting([drill, real], "dana", NOON)] == [2, 1]
