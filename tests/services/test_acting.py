"""How a person acts on an incident: what is true of all actions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete

from database import incidents as store
from database import responses
from database.marks import all_marks
from database.response_tables import PlaybookRow
from incidents.incident import REPORTED, Change, Opening, Refusal
from playbooks.playbook import Severity
from services import checklists, plans, response
from services.installation import Installation
from services.marking import mark_noise
from services.settling import find_owners
from settings.model import Routing
from tests.database.incident_rows import opening, signal
from tests.installations import HandClock, installation


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    return installation(tmp_path, HandClock(), database=SecretStr(database_address))


def stored(inst: Installation, decided: Opening) -> int:
    with inst.database.writing() as connection:
        connection.execute(delete(PlaybookRow))
        return store.add(connection, decided)


def test_an_incident_whose_version_of_the_playbook_is_lost_keeps_its_steps(inst: Installation) -> None:
    """As those that were open when Groundswell was brought up to date."""
    whole = opening()
    old = tuple(replace(step, key=f"old-{step.key}", title=f"Old {step.title}") for step in whole.steps)
    number = stored(inst, Opening(replace(whole.incident, playbook_version="of long ago"), old, whole.events))
    assert isinstance(checklists.complete_step(inst, number, 1, "dana"), Change)
    assert isinstance(response.change_severity(inst, number, "dana", Severity.SEV1, "The press called."), Change)
    with inst.database.reading() as connection:
        steps = responses.steps(connection, number)
    assert [(step.key, step.title) for step in steps] == [(step.key, step.title) for step in old]
    assert [step.position for step in steps if step.done_at] == [1]


def test_whoever_gets_an_incident_because_its_owner_has_left_acts_also_where_they_read_along(
    inst: Installation, tmp_path: Path
) -> None:
    whole = opening()
    number = stored(inst, replace(whole, incident=replace(whole.incident, owner="gone")))
    assert isinstance(response.follow(inst, number, "dana", "lee"), Change)
    later = installation(tmp_path, HandClock(), database=inst.settings.database, routing=Routing(owner="lee"))
    find_owners(later)
    assert isinstance(response.acknowledge(later, number, "lee"), Change)
    with inst.database.reading() as connection:
        told = [row.text for row in store.timeline(connection, number)]
    assert "Lee Okafor reads along no more." in told


def test_whoever_only_reads_along_makes_nothing_a_part_of_it(inst: Installation) -> None:
    number = stored(inst, opening())
    with inst.database.writing() as connection:
        into = store.add(connection, opening(kind=REPORTED))
    response.follow(inst, into, "dana", "lee")
    refused = response.merge(inst, number, "lee", into)
    assert isinstance(refused, Refusal)
    assert f"incident {into}" in refused.text


def test_nobody_ticks_another_step_than_they_saw_where_somebody_changed_the_playbook(inst: Installation) -> None:
    number = stored(inst, opening())
    with inst.database.reading() as connection:
        seen = responses.steps(connection, number)[2]
        other = inst.playbooks.shelf(connection).playbooks["outage"]
    assert isinstance(plans.move(inst, number, "dana", "outage", other.version), Change)
    at = (inst, number, seen.position, "lee")
    answers = (
        checklists.complete_step(*at, "A link.", seen.key),
        checklists.skip_step(*at, "Not needed.", seen.key),
        checklists.approve_step(*at, seen.key),
        checklists.undo_step(*at, seen.key),
    )
    for answer in answers:
        assert isinstance(answer, Refusal)
        assert f"step {seen.position} is now “{other.steps[2].title}”" in answer.text


def test_alarms_of_a_dismissed_incident_that_was_real_after_all_are_noise_no_more(inst: Installation) -> None:
    number = stored(inst, opening())
    with inst.database.writing() as connection:
        store.record_signal(connection, signal(), number, opened=True, told=True)
        store.record_signal(connection, signal(), number, told=True)
    mark_noise(inst, 1, "lee", "A test of ours.")
    response.dismiss(inst, number, "dana", "A joke.")
    with inst.database.reading() as connection:
        assert [mark.note for mark in all_marks(connection, "northwind", None)] == ["A test of ours.", "A joke."]
    assert isinstance(response.reopen(inst, number, "lee", "It is in the papers."), Change)
    with inst.database.reading() as connection:
        assert [mark.note for mark in all_marks(connection, "northwind", None)] == ["A test of ours."]
