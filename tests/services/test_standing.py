from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from services.installation import Installation
from services.standing import past_windows, standing_of, standing_on
from settings.model import Brand
from tests.console.seeding import hear
from tests.installations import BRAND, NOON, calm_weeks, installation, said

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RIVAL = Brand(id="southwind", name="Southwind", phrases=("Southwind",), competitor=True)


@pytest.fixture
def inst(tmp_path: Path) -> Iterator[Installation]:
    made = installation(tmp_path, brands=(BRAND, RIVAL))
    with made.database:
        yield made


def test_a_brand_stands_beside_others_and_against_the_time_before(inst: Installation) -> None:
    hear(inst, calm_weeks(NOON))
    hear(inst, [said("Southwind was late, awful", NOON - HOUR, number=f"r{n}", author=f"r{n % 3}") for n in range(9)])
    hear(inst, [said("Southwind was late, awful", NOON - 3 * DAY, number="early")])
    found = standing_of(inst, "northwind", NOON - DAY, NOON)
    ours, theirs = found.shares.parts
    assert (ours.brand, ours.heard.tones.mentions, ours.heard.voices) == ("northwind", 48, 48)
    assert (theirs.heard.tones.negative, theirs.heard.voices) == (9, 3)
    assert ours.change == pytest.approx(48 / 57 - 1)
    assert found.before is not None
    assert found.before.tones.mentions == 48


def test_mentions_without_an_author_are_voices_of_their_own(inst: Installation) -> None:
    hear(inst, [said("Northwind Air", NOON - HOUR, number=n, author=None) for n in range(4)])
    assert standing_of(inst, "northwind", NOON - DAY, NOON).now.voices == 4


def test_sources_are_told_with_what_is_usual_of_them(inst: Installation) -> None:
    weeks = calm_weeks(NOON)
    hear(inst, weeks[::2])
    hear(inst, weeks[1::2], source="north")
    hear(inst, [said("Northwind Air lost my bag, terrible", NOON - HOUR, number=f"x{n}") for n in range(9)], "north")
    found = standing_of(inst, "northwind", NOON - DAY, NOON)
    assert [(one.source, one.tones.mentions) for one in found.sources] == [("north", 33), ("forum", 24)]
    assert [one.usual for one in found.sources] == pytest.approx([24, 24], abs=0.1)


def test_languages_are_counted_with_their_tone(inst: Installation) -> None:
    hear(inst, [said("Northwind Air was awful and terrible", NOON, number=n, language="en") for n in range(3)])
    hear(inst, [said("Northwind Air est bien", NOON, number="fr", language="fr")])
    found = standing_of(inst, "northwind", NOON - DAY, NOON).languages
    assert [(one.language, one.tones.mentions, one.tones.negative) for one in found] == [("en", 3, 3), ("fr", 1, 0)]


@pytest.mark.parametrize("length", [6 * HOUR, DAY, 7 * DAY, 30 * DAY])
def test_windows_of_the_past_are_as_long_and_touch_neither_each_other_nor_the_present(length: timedelta) -> None:
    windows = past_windows(NOON - length, NOON)
    assert len(windows) == (14 if length <= DAY else 1)
    ends = [NOON - length, *(start for start, _ in windows)]
    assert all(until <= later for (_, until), later in zip(windows, ends, strict=False))
    assert {round((until - since) / length, 6) for since, until in windows} == {1}


def test_the_number_of_queries_does_not_grow_with_brands_and_sources(inst: Installation, tmp_path: Path) -> None:
    hear(inst, calm_weeks(NOON, days=3))
    many = tuple(Brand(id=f"b{n}", name=f"Brand {n}", phrases=(f"Brand {n}",)) for n in range(9))
    (tmp_path / "many").mkdir()
    wide = installation(tmp_path / "many", brands=(BRAND, *many))
    with wide.database:
        hear(wide, calm_weeks(NOON, days=3))
        for n in range(6):
            hear(wide, [said(f"Brand {n}", NOON, number=f"{n}")], source=f"s{n}", brand=f"b{n}")
        assert queries(inst) == queries(wide)


def queries(inst: Installation) -> int:
    """How many statements it takes to say how a brand stands."""
    asked: list[object] = []
    with inst.database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
        standing_on(connection, inst, "northwind", NOON - DAY, NOON)
    return len(asked)
