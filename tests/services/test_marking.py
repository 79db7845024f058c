from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from database import incidents as store
from database.marks import all_marks
from database.reading_signals import Asked, Shown, list_decisions
from detection.marks import Mark, MarkVerdict
from detection.signal import Reason, Verdict
from incidents.incident import Refusal
from incidents.outcome import Outcome
from services import response
from services.evaluating import evaluate
from services.installation import Installation
from services.marking import mark_missed, mark_noise, mark_wrongly_held, read_moment, seen_as, unmark
from settings.model import Brand
from tests.database.incident_rows import opening, signal
from tests.installations import BRAND, NOON, HandClock, installation, outcry
from tests.services.traces import hear

HOUR = timedelta(hours=1)
RIVAL = Brand(id="southwind", name="Southwind", phrases=("Southwind",), competitor=True)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock, database_address: str) -> Iterator[Installation]:
    """An incident that signal 1 opened; signal 2 was held."""
    made = installation(tmp_path, clock, brands=(BRAND, RIVAL), database=SecretStr(database_address))
    with made.database:
        with made.database.writing() as connection:
            store.record_signal(connection, signal(), store.add(connection, opening()), opened=True, told=True)
            held = replace(signal("volume_wave"), verdict=Verdict.HELD, reason=Reason.ONE_LOUD_AUTHOR)
            store.record_signal(connection, held, None)
        yield made


def marks(inst: Installation) -> tuple[Mark, ...]:
    with inst.database.reading() as connection:
        return all_marks(connection, None, None)


def said(done: Mark | Refusal) -> str:
    assert isinstance(done, Refusal)
    return done.text


def test_an_alarm_is_marked_as_noise_and_its_incident_is_not_touched(inst: Installation) -> None:
    with inst.database.reading() as connection:
        before = (store.find(connection, 1), store.timeline(connection, 1))
    done = mark_noise(inst, 1, "dana", "  only our sale  ")
    assert done == Mark(1, "northwind", MarkVerdict.NOISE, NOON, 1, "dana", NOON, "only our sale", "negative_wave")
    assert marks(inst) == (done,)
    with inst.database.reading() as connection:
        assert (store.find(connection, 1), store.timeline(connection, 1)) == before


def test_the_second_one_is_told_who_said_it_and_when(inst: Installation, clock: HandClock) -> None:
    mark_noise(inst, 1, "dana")
    clock.advance(hours=1)
    assert said(mark_noise(inst, 1, "lee")) == "Dana Reyes marked it as noise already, on 2026-03-04 at 12:00 UTC."
    assert [one.by for one in marks(inst)] == ["dana"]


def test_of_many_who_press_at_once_one_is_heard(inst: Installation) -> None:
    done: list[Mark | Refusal] = []
    acts: list[Callable[[], Mark | Refusal]] = [
        lambda: mark_noise(inst, 1, "dana"),
        lambda: mark_missed(inst, "northwind", NOON - HOUR, "lee"),
    ] * 6
    threads = [threading.Thread(target=lambda act=act: done.append(act())) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 12
    assert sum(isinstance(one, Mark) for one in done) == 2
    assert {one.verdict for one in marks(inst)} == {MarkVerdict.NOISE, MarkVerdict.MISSED}


def test_what_was_held_can_be_marked_as_missed_and_not_as_noise(inst: Installation) -> None:
    assert said(mark_noise(inst, 2, "dana")).startswith("It was held")
    assert said(mark_wrongly_held(inst, 1, "dana")).startswith("It was not held")
    done = mark_wrongly_held(inst, 2, "dana")
    assert done == Mark(1, "northwind", MarkVerdict.MISSED, NOON, 2, "dana", NOON, "", "volume_wave")


def test_what_evaluation_opens_an_incident_for_is_an_alarm_and_what_comes_later_joined_it(
    inst: Installation, clock: HandClock
) -> None:
    response.resolve(inst, 1, "dana")
    clock.advance(days=2)
    hear(inst, outcry(clock()))
    (number,) = [one.incident_id for one in evaluate(inst) if one.opened]
    hear(inst, [replace(one, key=f"more {one.key}") for one in outcry(clock.advance(minutes=5), people=300)])
    evaluate(inst)
    with inst.database.reading() as connection:
        found = list_decisions(connection, Asked(shown=Shown.ALARMS, since=NOON + HOUR), None, 9)
    assert {one.incident_id for one in found} == {number}
    assert [one.outcome for one in found].count(Outcome.ALARM) == 1
    assert found[-1].outcome is Outcome.ALARM
    assert Outcome.JOINED in {one.outcome for one in found}


def test_a_moment_is_marked_as_missed_once(inst: Installation) -> None:
    done = mark_missed(inst, "northwind", NOON - HOUR, "dana", "heard on the radio")
    assert done == Mark(1, "northwind", MarkVerdict.MISSED, NOON - HOUR, None, "dana", NOON, "heard on the radio")
    again = said(mark_missed(inst, "northwind", NOON - HOUR, "lee"))
    assert again == "Dana Reyes marked it as missed already, on 2026-03-04 at 12:00 UTC."


@pytest.mark.parametrize(
    ("brand", "moment", "note", "says"),
    [
        ("northwind", NOON + HOUR, "", "has not come yet"),
        ("nobody", NOON, "", "There is no brand nobody in the settings. There are: northwind."),
        ("southwind", NOON, "", "Southwind is a competitor, about which no alarms are raised."),
        ("northwind", NOON, "x" * 301, "Shorten it."),
    ],
)
def test_what_cannot_be_missed_says_why(inst: Installation, brand: str, moment: datetime, note: str, says: str) -> None:
    assert says in said(mark_missed(inst, brand, moment, "dana", note))
    assert marks(inst) == ()


def test_a_signal_that_is_not_there_and_a_long_note_are_refused(inst: Installation) -> None:
    assert said(mark_noise(inst, 99, "dana")) == "There is no decision 99. Look at the list of decisions."
    assert "Shorten it." in said(mark_noise(inst, 1, "dana", "x" * 301))


def test_a_mark_is_taken_back_and_can_be_made_anew(inst: Installation, clock: HandClock) -> None:
    first = mark_noise(inst, 1, "dana")
    assert isinstance(first, Mark)
    assert unmark(inst, first.id) == first
    assert said(unmark(inst, first.id)) == "There is no mark 1 any more: somebody has taken it back."
    clock.advance(hours=1)
    second = mark_noise(inst, 1, "lee")
    assert isinstance(second, Mark)
    assert "any more" in said(unmark(inst, second.id, seen_as(first))), "it may have the number of the first"
    assert unmark(inst, second.id, seen_as(second)) == second


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-05-12 14:30", datetime(2026, 5, 12, 12, 30, tzinfo=UTC)),
        (" 2026-05-12T14:30:05 ", datetime(2026, 5, 12, 12, 30, 5, tzinfo=UTC)),
        ("2026-05-12T14:30-04:00", datetime(2026, 5, 12, 18, 30, tzinfo=UTC)),
        ("2026-05-12T14:30Z", datetime(2026, 5, 12, 14, 30, tzinfo=UTC)),
        ("2026-05-12", None),
        ("0001-01-01T00:00", None),
        ("yesterday at noon", None),
        ("", None),
    ],
)
def test_a_moment_is_a_day_and_a_time_in_the_zone_of_the_settings(written: str, moment: datetime | None) -> None:
    assert read_moment(written, ZoneInfo("Europe/Berlin")) == moment
