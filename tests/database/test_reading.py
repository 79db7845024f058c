from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as some
from sqlalchemy import Connection, insert

from database import incidents as store
from database import reading
from database.listening import About, Heard
from database.listening import store as store_mentions
from database.reading_mentions import Place, Wanted, count_mentions, list_mentions
from database.session import Database
from database.tables import BucketRow, TickRow
from database.visits import save_source
from incidents import lifecycle, ownership
from incidents.incident import Actor, Change
from mentions.matching import Match, MatchReason
from sentiment.score import Label, Score
from tests.database.incident_rows import opening, signal
from tests.installations import NOON, said

DAY = timedelta(days=1)
DANA = Actor("dana", "Dana Reyes")


def count(connection: Connection, days_ago: float, mentions: int, scored: int = 0, negative: int = 0) -> None:
    values = {"brand": "northwind", "start": NOON - days_ago * DAY, "mentions": mentions}
    connection.execute(insert(BucketRow).values(**values, scored=scored, negative=negative, positive=0))


def heard(number: int, *brands: str, minutes: float = 0, text: str = "so late", label: Label = Label.NEUTRAL) -> Heard:
    mention = said(text, NOON - timedelta(minutes=minutes), number=number, author=f"author{number}")
    score = Score(0.0, label, "test")
    matches = (Match(brand, MatchReason.PHRASE, brand) for brand in brands or ("northwind",))
    return Heard(mention, tuple(About(match, score) for match in matches))


def test_a_day_is_the_last_24_hours(database: Database) -> None:
    with database.writing() as connection:
        count(connection, 0, 10, scored=8, negative=3)
        count(connection, 0.99, 5)
        count(connection, 1, 4)
        day = reading.brand_days(connection, NOON)["northwind"]
    assert (day.mentions, day.negative, day.neutral, day.positive, day.unscored) == (15, 3, 5, 0, 7)
    with database.reading() as connection:
        assert reading.brand_days(connection, NOON + 30 * DAY) == {}


def test_open_incidents_come_worst_first_and_resolved_ones_newest_first(database: Database) -> None:
    with database.writing() as connection:
        first = store.add(connection, opening())
        done = lifecycle.resolve(store.find(connection, first), (), DANA, NOON)
        assert isinstance(done, Change)
        store.change(connection, done)
        mild = store.add(connection, opening("volume_wave"))
        bad = store.add(connection, opening())
        opened = reading.open_incidents(connection)
        resolved = reading.resolved_incidents(connection, None, 10)
        assert reading.resolved_incidents(connection, first, 10) == ()
    assert [one.incident.id for one in opened] == [bad, mild]
    assert len(opened[0].steps) == 8
    assert [one.id for one in resolved] == [first]


def test_the_figures_are_those_of_the_last_signal_of_its_own_kind(database: Database) -> None:
    with database.writing() as connection:
        number = store.add(connection, opening())
        incident = store.find(connection, number)
        assert reading.figures(connection, incident) is None
        for raised in (signal(observed=40), signal(observed=90), signal("volume_wave", observed=200)):
            store.record_signal(connection, raised, number)
        figures = reading.figures(connection, incident)
    assert figures
    assert (figures.observed, figures.window) == (90, timedelta(hours=1))


def test_ticks_tell_when_the_last_one_ended(database: Database) -> None:
    with database.writing() as connection:
        assert reading.last_tick(connection) is None
        connection.execute(insert(TickRow).values(started_at=NOON, finished_at=NOON + timedelta(seconds=4)))
        connection.execute(insert(TickRow).values(started_at=NOON + timedelta(minutes=1), finished_at=None))
        assert reading.last_tick(connection) == NOON + timedelta(seconds=4)


def _acknowledge(connection: Connection) -> None:
    change = ownership.acknowledge(store.find(connection, 1), DANA, NOON)
    assert isinstance(change, Change)
    store.change(connection, change)


def _hear(connection: Connection) -> None:
    store_mentions(connection, "forum", [heard(1)], NOON)


def _tick(connection: Connection) -> None:
    connection.execute(insert(TickRow).values(started_at=NOON, finished_at=NOON))


def _fail(connection: Connection) -> None:
    save_source(connection, "forum", failures=1)


def _stop(connection: Connection) -> None:
    save_source(connection, "forum", stopped_at=NOON)


def _open(connection: Connection) -> None:
    store.add(connection, opening("volume_wave"))


@pytest.mark.parametrize("change", [_acknowledge, _hear, _tick, _fail, _stop, _open])
def test_the_pulse_changes_with_whatever_a_page_shows_and_with_nothing_else(
    database: Database, change: Callable[[Connection], None]
) -> None:
    with database.writing() as connection:
        store.add(connection, opening())
        before = reading.pulse(connection)
        assert reading.pulse(connection) == before
        change(connection)
        assert reading.pulse(connection) != before


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"label": Label.NEGATIVE}, [2]),
        ({"source": "forum"}, [1, 2, 3, 4]),
        ({"source": "elsewhere"}, []),
        ({"since": NOON - timedelta(minutes=2)}, [1, 2]),
        ({"until": NOON - timedelta(minutes=2)}, [3, 4]),
        ({"text": "LATE"}, [1, 2, 4]),
        ({"text": "100%"}, [3]),
        ({"text": "1_0"}, []),
        ({"text": "back\\slash"}, [3]),
        ({"text": "author4"}, [4]),
        ({"brands": ()}, []),
    ],
)
def test_filters_choose_and_the_count_agrees(database: Database, wanted: dict[str, object], numbers: list[int]) -> None:
    said_things = [
        heard(1, minutes=1),
        heard(2, minutes=2, label=Label.NEGATIVE),
        heard(3, minutes=3, text="100% back\\slash"),
        heard(4, minutes=4),
    ]
    asked = Wanted(**{"brands": ("northwind",), **wanted})  # type: ignore[arg-type]  # a table of fields
    with database.writing() as connection:
        store_mentions(connection, "forum", said_things, NOON)
        found = list_mentions(connection, asked, None, 10)
        assert count_mentions(connection, asked, 3) == min(len(numbers), 3)
    assert [int((one.author or "")[-1]) for one in found] == numbers


def test_a_place_survives_its_way_through_an_address() -> None:
    place = Place(NOON + timedelta(microseconds=7), 42, "northwind")
    assert Place.read(str(place)) == place
    assert Place.read(f"{place}'; DROP TABLE mentions") is None
    assert Place.read("99999999T999999.000000~1~northwind") is None


@limits(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=some.lists(
        some.tuples(some.integers(0, 3), some.sets(some.sampled_from("abc"), min_size=1)), min_size=1, max_size=12
    ),
    limit=some.integers(1, 4),
)
def test_page_by_page_every_mention_comes_once_and_in_order(
    database: Database, posts: list[tuple[int, set[str]]], limit: int
) -> None:
    """Many at the same moment, some about several brands."""
    made = [heard(number, *sorted(brands), minutes=at) for number, (at, brands) in enumerate(posts)]
    with database.reading() as connection:
        store_mentions(connection, "forum", made, NOON)
        pages: list[Place] = []
        while page := list_mentions(connection, Wanted(("a", "b", "c")), pages[-1] if pages else None, limit):
            pages += [one.place for one in page]
        connection.rollback()
    assert pages == sorted(pages, reverse=True)
    assert len(pages) == len(set(pages)) == sum(len(brands) for _, brands in posts)
