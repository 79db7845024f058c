from __future__ import annotations

from pathlib import Path

import pytest

from mentions.matching import MatchReason
from mentions.mention import Mention
from sentiment.score import Flag, Label
from services.understanding import understand
from settings.model import Brand
from settings.understanding import Topics
from tests.installations import BRAND, NOON, installation, said
from topics.tag import CRITICAL, is_critical

RIVAL = Brand(id="southwind", name="Southwind Air", phrases=("Southwind Air",), competitor=True)
SPANISH = "El vuelo de Northwind Air sale de la puerta nueve a las ocho de la tarde y llega por la noche."


def mention(text: str, language: str | None = None) -> Mention:
    return said(text, NOON, number=text[:40], language=language)


def test_a_mention_comes_with_why_it_matched_how_it_felt_and_what_it_is_about(tmp_path: Path) -> None:
    inst = installation(tmp_path, topics=Topics(tags={"trip": {"luggage": "bag* OR suitcase*"}}))
    (heard,) = understand(inst, "forum", (), [mention("My bags are lost, this is terrible, Northwind Air")])
    (about,) = heard.about
    assert (about.match.brand, about.match.reason) == ("northwind", MatchReason.PHRASE)
    assert about.score.label is Label.NEGATIVE
    assert ("trip", "luggage") in {(tag.kind, tag.name) for tag in about.tags}


def test_what_is_about_no_brand_is_left_out(tmp_path: Path) -> None:
    assert understand(installation(tmp_path), "forum", (), [mention("A terrible day at sea")]) == []


def test_the_language_that_its_words_tell_is_kept_where_the_source_says_none(tmp_path: Path) -> None:
    (heard,) = understand(installation(tmp_path), "forum", (), [mention(SPANISH)])
    assert heard.mention.language == "es"
    assert heard.about[0].score.label is Label.UNSCORED


def test_what_the_source_says_of_the_language_is_believed(tmp_path: Path) -> None:
    (heard,) = understand(installation(tmp_path), "forum", (), [mention(SPANISH, language="en")])
    assert heard.mention.language == "en"
    assert heard.about[0].score.label is not Label.UNSCORED


def test_a_text_too_short_to_tell_is_taken_for_the_language_of_the_brand(tmp_path: Path) -> None:
    german = BRAND.model_copy(update={"language": "de"})
    short = mention("Northwind Air: awful")
    (english,) = understand(installation(tmp_path / "en"), "forum", (), [short])
    (foreign,) = understand(installation(tmp_path / "de", brands=(german,)), "forum", (), [short])
    assert english.about[0].score.label is Label.NEGATIVE
    assert foreign.about[0].score.label is Label.UNSCORED
    assert foreign.mention.language is None


def test_a_text_that_names_two_brands_says_so_of_both_and_one_that_names_one_does_not(tmp_path: Path) -> None:
    inst = installation(tmp_path, brands=(BRAND, RIVAL))
    texts = ["Northwind Air was awful, Southwind Air is great", "Southwind Air was on time"]
    both, one = understand(inst, "forum", (), map(mention, texts))
    assert [about.match.brand for about in both.about] == ["northwind", "southwind"]
    assert all(Flag.MULTI_BRAND in about.score.flags for about in both.about)
    assert one.about[0].score.flags == ()


def test_a_text_that_names_one_brand_names_no_second_because_its_source_is_about_it(tmp_path: Path) -> None:
    inst = installation(tmp_path, brands=(BRAND, RIVAL))
    (heard,) = understand(inst, "forum", ("southwind",), [mention("Northwind Air was awful")])
    assert [about.score.flags for about in heard.about] == [(), ()]


def test_each_brand_gets_the_score_in_which_its_own_words_carry_nothing(tmp_path: Path) -> None:
    proud = Brand(id="proud", name="Terrific Cargo", phrases=("Terrific Cargo",))
    inst = installation(tmp_path, brands=(BRAND, proud))
    (heard,) = understand(inst, "forum", (), [mention("Terrific Cargo and Northwind Air share a hangar")])
    felt = {about.match.brand: about.score.label for about in heard.about}
    assert felt == {"northwind": Label.POSITIVE, "proud": Label.NEUTRAL}


@pytest.mark.parametrize("about", [(), ("northwind",)])
def test_what_comes_from_a_source_about_a_brand_is_about_it_once(tmp_path: Path, about: tuple[str, ...]) -> None:
    (heard,) = understand(installation(tmp_path), "forum", about, [mention("Northwind Air again")])
    assert [one.match.brand for one in heard.about] == ["northwind"]


def test_critical_words_count_for_the_brand_they_stand_near(tmp_path: Path) -> None:
    inst = installation(tmp_path, brands=(BRAND, RIVAL))
    text = "Two passengers were killed on a flight of Southwind Air. Northwind Air helps their families"
    (heard,) = understand(inst, "forum", (), [mention(text)])
    assert {about.match.brand: is_critical(about.tags) for about in heard.about} == {
        "northwind": False,
        "southwind": True,
    }


def test_critical_words_count_for_the_brand_of_a_source_that_need_not_name_it(tmp_path: Path) -> None:
    (heard,) = understand(installation(tmp_path), "forum", ("northwind",), [mention("Two passengers were killed")])
    assert [tag.name for tag in heard.about[0].tags if tag.kind == CRITICAL] == ["death"]
