from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from database import incidents as store
from database.response_tables import IncidentRow
from detection.signal import Reason, Verdict
from reports.wave import Mark, MarkKind, WaveChart
from services import response
from services.installation import Installation
from services.marked import brand_picture
from settings.model import Brand
from settings.planning import Event
from tests.console.seeding import hear, open_incident
from tests.database.incident_rows import opening, signal
from tests.installations import BRAND, NOON, HandClock, calm_weeks, installation

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RIVAL = Brand(id="southwind", name="Southwind", phrases=("Southwind",))


def event(name: str, start: datetime, end: datetime) -> Event:
    moments = {"from": f"{start:%Y-%m-%d %H:%M}", "until": f"{end:%Y-%m-%d %H:%M}"}
    return Event.model_validate({"name": name, "expect": "3", **moments})


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Installation:
    events = (event("Sale", NOON - 2 * DAY, NOON + HOUR), event("Long ago", NOON - 9 * DAY, NOON - 8 * DAY))
    return installation(tmp_path, clock, brands=(BRAND.model_copy(update={"events": events}), RIVAL))


def hold(inst: Installation, at: datetime, brand: str = "northwind", sentence: str = "Held: only 2 people.") -> None:
    held = replace(signal(brand=brand), verdict=Verdict.HELD, reason=Reason.TOO_FEW_AUTHORS, at=at, sentence=sentence)
    with inst.database.writing() as connection:
        store.record_signal(connection, held, None)


def drawn(inst: Installation, since: datetime, until: datetime, brand: str = "northwind") -> WaveChart:
    with inst.database.reading() as connection:
        return brand_picture(connection, inst, brand, since, until)


def marks(inst: Installation, since: datetime, until: datetime, *kinds: MarkKind) -> list[Mark]:
    return [mark for mark in drawn(inst, since, until).marks if mark.kind in (kinds or tuple(MarkKind))]


def test_alarms_held_ones_actions_and_what_was_planned_stand_on_one_axis(inst: Installation, clock: HandClock) -> None:
    hold(inst, NOON - 3 * HOUR)
    number = open_incident(inst)
    clock.advance(minutes=5)
    response.acknowledge(inst, number, "dana")
    found = [(mark.kind, mark.label, mark.address) for mark in marks(inst, NOON - DAY, clock())]
    assert found == [
        (MarkKind.PLANNED, "Sale", ""),
        (MarkKind.HELD, "Held", "/signals?brand=northwind&show=held#decision-1"),
        (MarkKind.ALARM, "Alarm", "/incidents/1"),
        (MarkKind.ACTION, "Acknowledged", "/incidents/1"),
    ]
    assert marks(inst, NOON - DAY, clock(), MarkKind.HELD)[0].detail == "Held: only 2 people."


def test_an_incident_that_is_over_is_marked_as_long_as_the_picture_shows_its_time(
    inst: Installation, clock: HandClock
) -> None:
    number = open_incident(inst)
    clock.advance(minutes=5)
    response.acknowledge(inst, number, "dana")
    clock.advance(hours=4)
    response.resolve(inst, number, "dana")
    now = clock.advance(days=3)
    found = marks(inst, now - 7 * DAY, now, MarkKind.ALARM, MarkKind.ACTION)
    assert [mark.label for mark in found] == ["Alarm", "Acknowledged", "Resolved"]
    assert marks(inst, now - DAY, now, MarkKind.ALARM, MarkKind.ACTION) == []


def test_what_is_usual_is_judged_before_a_wave_that_goes_on_and_with_one_that_is_over(inst: Installation) -> None:
    hear(inst, [*calm_weeks(NOON), *calm_weeks(NOON - DAY / 99, days=5, every=timedelta(minutes=9))[1::2]])
    before = [point.expected for point in drawn(inst, NOON - 12 * DAY, NOON).points]
    with inst.database.writing() as connection:
        made = opening()
        first = replace(made.events[0], at=NOON - 10 * DAY)
        store.add(connection, replace(made, incident=replace(made.incident, opened_at=first.at), events=(first,)))
    assert [point.expected for point in drawn(inst, NOON - 12 * DAY, NOON).points] != before
    with inst.database.writing() as connection:
        connection.execute(update(IncidentRow).values(resolved_at=NOON - 9 * DAY))
    assert [point.expected for point in drawn(inst, NOON - 12 * DAY, NOON).points] == before


def test_only_what_is_of_the_brand_and_of_the_time_is_marked(inst: Installation) -> None:
    hold(inst, NOON - 2 * DAY)
    hold(inst, NOON - HOUR, brand="southwind")
    open_incident(inst)
    assert [mark.label for mark in marks(inst, NOON - DAY, NOON - HOUR)] == ["Sale"]
    assert [mark.label for mark in drawn(inst, NOON - DAY, NOON, "southwind").marks] == ["Held"]


def test_a_month_is_drawn_by_the_day_and_its_last_day_is_whole(inst: Installation, clock: HandClock) -> None:
    clock.advance(minutes=2)
    month = drawn(inst, clock() - 30 * DAY, clock())
    assert (month.step, len(month.points), len(month.whole)) == (DAY, 31, 31)
    assert month.points[-1].start + DAY == NOON + timedelta(minutes=5)
