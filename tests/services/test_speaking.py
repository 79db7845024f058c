from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from database.tables import BrandMentionRow, MentionRow
from mentions.mention import Mention
from sentiment.score import Label
from services.installation import Installation
from services.speaking import MOST_READ, speaking_for
from settings.model import Brand
from tests.console.seeding import hear
from tests.installations import BRAND, NOON, installation, said
from tests.topics.talk import PLACES

GONE = Brand(id="contoso", name="Contoso", phrases=("Contoso",))
HOUR = timedelta(hours=1)
HOLD = [f"Awful, on hold for hours and nobody at {place} answers the phone" for place in PLACES]
BAGS = [f"Awful, my luggage never left the carousel in {place}, ask the baggage desk" for place in PLACES[:5]]
GATE = [f"Awful, stuck on the tarmac in {place} without a gate, crew silent" for place in PLACES[:4]]
RANT = "Horrible, terrible, disgusting, the worst, I hate hate hate that purple giraffe"


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    return installation(tmp_path, brands=(BRAND, GONE), database=SecretStr(database_address))


def wave(*texts: str, **given: Any) -> list[Mention]:
    """Each by a voice of its own, with the name of the brand."""
    return [said(f"{text}, Northwind Air", NOON - HOUR / 2, number=text, author=text, **given) for text in texts]


def spoken(inst: Installation, label: Label | None = Label.NEGATIVE, brand: str = "northwind") -> Sequence[str]:
    with inst.database.reading() as connection:
        return [row.text for row in speaking_for(connection, inst, brand, NOON - HOUR, NOON, label=label)]


def test_posts_that_say_what_many_say_speak_and_not_the_angriest_one(inst: Installation) -> None:
    hear(inst, wave(RANT, *HOLD, *BAGS, *GATE))
    texts = spoken(inst)
    faces = ("on hold", "luggage", "tarmac")
    assert sorted(next(face for face in faces if face in text) for text in texts) == ["luggage", "on hold", "tarmac"]


def test_only_the_tone_that_is_asked_for_speaks(inst: Installation) -> None:
    hear(inst, wave("Awful, on hold for hours", "Lovely crew, great flight, thank you"))
    assert [text.partition(",")[0] for text in spoken(inst)] == ["Awful"]
    assert len(spoken(inst, None)) == 2


def test_what_was_said_before_after_or_of_others_or_was_erased_does_not_speak(inst: Installation) -> None:
    hear(inst, [said("Awful, Northwind Air", NOON - 2 * HOUR, number=1), said("Awful", NOON + HOUR, number=2)])
    hear(inst, [said("Awful bags", NOON - HOUR / 2, number=3)], brand="contoso")
    hear(inst, wave("Awful, erased since"))
    with inst.database.writing() as connection:
        connection.execute(update(MentionRow).where(MentionRow.text.contains("erased")).values(text="", erased_at=NOON))
    assert spoken(inst) == []
    left = replace(inst, settings=inst.settings.model_copy(update={"brands": (BRAND,)}))
    assert spoken(left, brand="contoso") == ["Awful bags"]  # an incident may outlast its brand in the settings


def test_of_very_many_posts_a_part_is_read_and_speaks_for_them(inst: Installation) -> None:
    hear(inst, wave(*(f"{text} {number}" for number in range(60) for text in (*HOLD, *BAGS, *GATE))))
    with inst.database.writing() as connection:
        connection.execute(update(BrandMentionRow).values(label=Label.NEGATIVE))
    assert MOST_READ < 60 * 16
    assert len(set(spoken(inst))) == 3
