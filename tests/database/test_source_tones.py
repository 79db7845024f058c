from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from database.reading_voices import Span
from database.source_tones import tones_by_source
from tests.console.seeding import hear
from tests.installations import NOON, installation, outcry, said
from voices.crowd import Tones

SPAN = Span("northwind", NOON - timedelta(hours=1), NOON)


def test_mentions_are_counted_by_source_and_tone_most_first(tmp_path: Path, database_address: str) -> None:
    with (inst := installation(tmp_path, database=SecretStr(database_address))).database:
        hear(inst, [said("Northwind Air flies.", NOON, number=n) for n in range(2)], source="calls")
        hear(inst, outcry(NOON, people=3))
        hear(inst, [said("Northwind Air flew.", NOON - timedelta(hours=2), number="old")], source="north")
        with inst.database.reading() as connection:
            found = tones_by_source(connection, SPAN)
    assert list(found.items()) == [("forum", Tones(negative=3)), ("calls", Tones(neutral=2))]


def test_where_nobody_spoke_there_is_no_source(tmp_path: Path) -> None:
    with (inst := installation(tmp_path)).database, inst.database.reading() as connection:
        assert tones_by_source(connection, SPAN) == {}
