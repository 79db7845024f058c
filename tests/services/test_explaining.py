from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from database.reading_mentions import BrandMention
from sentiment.score import Carrier, Explanation, Label, Score
from sentiment.scorer import Scorer
from services.explaining import MOST_SHOWN, Carried, Explained, Place, explain
from services.installation import Installation
from tests.installations import NOON, installation


def mention(text: str, compound: float | None = -0.5, title: str = "", flags: str = "") -> BrandMention:
    label = Label.UNSCORED if compound is None else Label.NEGATIVE
    about = ("northwind", NOON, "forum", "ann", label, compound, "phrase", "Northwind Air", flags, "vader")
    nothing = (None,) * 9
    return BrandMention(*about, 1, title, text, *nothing)


@dataclass
class Says:
    """A scorer that gives one answer."""

    carriers: Sequence[Carrier]
    compound: float | None = -0.5
    emphasis: float = 0.0

    def explain(self, _text: str, _language: str | None) -> Explanation:
        return Explanation(Score(self.compound, Label.NEGATIVE, "fake"), tuple(self.carriers), self.emphasis)


@pytest.fixture
def inst(tmp_path: Path) -> Installation:
    return installation(tmp_path)


def explained(inst: Installation, says: Says, one: BrandMention) -> Explained | None:
    return explain(replace(inst, scorers={"northwind": cast("Scorer", says)}), "northwind", one)


def test_the_scorer_of_the_brand_tells_which_words_carried_the_score(inst: Installation) -> None:
    one = mention("Northwind Air is awful, a terrible terrible airline!", compound=-0.5)
    found = explain(inst, "northwind", one)
    assert found
    assert {carried.words for carried in found.carried} == {"awful", "terrible"}
    assert found.carried[0].words == "terrible"
    assert found.carried[0].times == 2
    assert found.emphasis < 0
    assert found.changed
    assert [one.text[place.start : place.end] for place in found.places] == ["awful", "terrible", "terrible"]
    assert explain(inst, "northwind", replace(one, compound=found.compound)) == replace(found, changed=False)


def test_the_strongest_words_stand_first_equal_ones_together_and_those_without_weight_not_at_all(
    inst: Installation,
) -> None:
    counted = {"late": -1.0, "Never again": -2.5, "fine": 0.0, "told": -0.2, "by": -0.01, "LATE": -1.8}
    carriers = [Carrier(words, -1, weight, "x") for words, weight in counted.items()]
    found = explained(inst, Says(carriers), mention("late. Never again fine told by LATE"))
    assert found
    assert found.carried == (Carried("late", -2.8, 2), Carried("never again", -2.5, 1), Carried("told", -0.2, 1))
    assert found.places == (Place(0, 4, negative=True), Place(6, 17, negative=True), Place(31, 35, negative=True))


def test_words_are_marked_whole_and_in_order_across_title_and_text(inst: Installation) -> None:
    carriers = [Carrier("bad", -2, -2.0, "x"), Carrier("nowhere", -1, -1.0, "x"), Carrier("bad", -2, 1.5, "x")]
    found = explained(inst, Says(carriers), mention("A badge, not bad", title="So bad"))
    assert found
    assert found.places == (Place(3, 6, negative=True), Place(20, 23, negative=False))


def test_more_words_than_a_reader_wants_are_counted(inst: Installation) -> None:
    carriers = [Carrier(f"word{n}", -1, -1.0 - n, "x") for n in range(MOST_SHOWN + 3)]
    found = explained(inst, Says(carriers), mention("words"))
    assert found
    assert (len(found.carried), found.more) == (MOST_SHOWN, 3)


def test_flags_are_told_in_words_but_for_those_the_page_tells_itself(inst: Installation) -> None:
    found = explained(inst, Says([]), mention("words", flags="truncated multi_brand learned corrected foreign"))
    assert found
    assert [note.split()[0] for note in found.notes] == ["Cut", "It", "The"]


@pytest.mark.parametrize(
    "one",
    [mention("hola", compound=None), replace(mention(""), erased_at=NOON)],
    ids=["not scored", "erased"],
)
def test_what_has_no_score_or_no_words_any_more_has_no_explanation(inst: Installation, one: BrandMention) -> None:
    assert explain(inst, "northwind", one) is None


def test_what_would_not_be_scored_today_has_no_explanation(inst: Installation) -> None:
    assert explained(inst, Says([], compound=None), mention("hola")) is None
    assert explain(inst, "gone", mention("awful")) is None
