from __future__ import annotations

from datetime import timedelta

from database.corrections import corrected
from database.reading import heard_anything
from database.reading_standing import counts_by_source, heard_of, told_since, tones_by_language, tones_by_source
from database.reading_voices import Span
from database.session import Database
from incidents.drills import drill_brand
from sentiment.score import Label
from tests.database.test_reading_voices import heard, keep
from tests.installations import NOON
from voices.crowd import Tones
from voices.standing import Heard

DAY, HOUR, INSTANT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
TODAY = Span("northwind", NOON - DAY, NOON)


def test_brands_are_heard_by_voices_of_which_each_nameless_post_is_one(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(1, Label.NEGATIVE), heard(2), heard(3, author=None), heard(4, author=""))
        keep(connection, heard(5, Label.POSITIVE), heard(6, author="bo", brand="southwind"), source="north")
        keep(connection, heard(7, at=NOON - 2 * DAY), heard(8, brand="eastwind"))
        found = heard_of(connection, ["northwind", "southwind", "westwind"], NOON - DAY, NOON)
    assert found == {"northwind": Heard(Tones(1, 3, 1), 4), "southwind": Heard(Tones(0, 1), 1)}


def test_sources_and_languages_are_told_with_their_tone_the_loudest_source_first(database: Database) -> None:
    some = (heard(1, Label.NEGATIVE, language="en"), heard(2, language="en"), heard(3, Label.UNSCORED))
    with database.writing() as connection:
        keep(connection, *some, source="zine")
        keep(connection, heard(4, Label.POSITIVE, language="de"), heard(5, brand="southwind"), source="north")
        assert [*tones_by_source(connection, TODAY).items()] == [
            ("zine", Tones(1, 1, 0, 1)),
            ("north", Tones(0, 0, 1)),
        ]
        assert dict(tones_by_language(connection, TODAY)) == {
            "en": Tones(1, 1),
            "de": Tones(0, 0, 1),
            None: Tones(0, 0, 0, 1),
        }


def test_windows_of_the_past_are_counted_by_source_from_after_their_beginning_to_their_end(database: Database) -> None:
    windows = [(NOON - 2 * DAY, NOON - DAY), (NOON - 3 * DAY, NOON - 2 * DAY)]
    moments = [NOON - DAY, NOON - 2 * DAY + INSTANT, NOON - 2 * DAY, NOON - 3 * DAY, NOON]
    with database.writing() as connection:
        keep(connection, *(heard(n, at=at) for n, at in enumerate(moments)))
        keep(connection, heard(9, at=NOON - 1.5 * DAY), heard(10, at=NOON - 1.5 * DAY, brand="a"), source="north")
        found = counts_by_source(connection, "northwind", windows)
        assert [(since, dict(counts)) for since, counts in found] == [
            (NOON - 2 * DAY, {"forum": 2, "north": 1}),
            (NOON - 3 * DAY, {"forum": 1}),
        ]
        assert counts_by_source(connection, "northwind", []) == []


def test_since_when_a_source_tells_of_a_brand_is_known_by_both(database: Database) -> None:
    with database.writing() as connection:
        assert not heard_anything(connection)
        keep(connection, heard(1, at=NOON - DAY), heard(2, brand="southwind"))
        keep(connection, heard(3), source="north")
        assert heard_anything(connection)
        found = told_since(connection)
    assert {brand: {*sources} for brand, sources in found.items()} == {
        "northwind": {"forum", "north"},
        "southwind": {"forum"},
    }
    assert NOON - DAY - timedelta(minutes=5) < found["northwind"]["forum"] <= NOON - DAY


def test_what_was_heard_in_drills_alone_is_nothing_heard(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(1, brand=drill_brand(1, "northwind")))
        assert not heard_anything(connection)
        assert corrected(connection) == "0.0"
