from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mentions.nearby import NEAR, SENTENCE, SHORT, Named, Nearby
from mentions.query.parsing import parse
from mentions.query.terms import of_phrases
from tests.installations import NOON, said

ACME = Named(of_phrases(["Acme", "@acme"]), parse('acme OR "road runner" OR (=Anvil NOT music)'))
BOLT = Named(of_phrases(["Bolt Co.", "@bolt"]), parse('"Bolt Co." OR @bolt'))
NEARBY = Nearby({"acme": ACME, "bolt": BOLT})
FILL = " ".join(f"w{number}" for number in range(SHORT))


def near(text: str, brand: str = "acme", title: str = "") -> list[str] | None:
    pieces = NEARBY.parts(replace(said(text, NOON, number=1), title=title), [brand])[brand]
    return None if pieces is None else [*pieces]


@pytest.mark.parametrize(
    "text",
    [
        "Acme again. Nobody answers. Three people died!",
        "Three people died. Nobody answers. Ask @acme why",
        "Three people died, and nobody is named",
        "The road runner. Three people died",
        "",
        "\N{FIRE}",
    ],
)
def test_a_short_text_is_about_the_one_brand_that_it_names_or_comes_from(text: str) -> None:
    assert near(text) is None


@pytest.mark.parametrize(
    ("text", "acme", "bolt"),
    [
        ("Acme is fine. Bolt Co. had a fire", ["Acme is fine"], ["Bolt Co. had a fire"]),
        ("Acme and @bolt burn. Three died", None, None),
        ("A fire at @acme. Three died. @bolt helps", ["A fire at @acme. Three died"], ["@bolt helps"]),
        ("Three died. Acme burns; @bolt is fine", ["Three died. Acme burns"], ["@bolt is fine"]),
        ("Acme | @bolt", ["Acme"], ["@bolt"]),
        ("@bolt burns. Three died. All safe", [], None),
        ("#fire at @bolt\n#acme is fine", ["#acme is fine"], ["#fire at @bolt"]),
    ],
)
def test_where_two_are_named_each_sentence_is_about_those_it_names_or_who_was_named_last(
    text: str, acme: list[str] | None, bolt: list[str] | None
) -> None:
    assert (near(text), near(text, "bolt")) == (acme, bolt)


def test_in_a_long_text_the_sentence_that_names_it_and_a_dozen_words_beside_are_near() -> None:
    words = FILL.split()
    text = f"{FILL}. We asked Acme about it. {FILL}."
    before, after = " ".join(words[-(NEAR - 2) :]), " ".join(words[: NEAR - 2])
    assert near(text) == [f"{before}. We asked Acme about it. {after}"]


def test_a_sentence_without_an_end_is_near_for_forty_words_on_either_side() -> None:
    words = [f"w{number}" for number in range(200)]
    text = " ".join([*words[:100], "Acme", *words[100:]])
    assert near(text) == [" ".join([*words[100 - SENTENCE : 100], "Acme", *words[100 : 100 + SENTENCE]])]


def test_in_a_long_text_who_is_named_next_has_what_is_too_far_from_who_was_named_before() -> None:
    text = f"@bolt opens a shop. {FILL}. Three died. Acme is silent. {FILL}"
    bolt, acme = near(text, "bolt"), near(text)
    assert bolt
    assert "died" not in bolt[0]
    assert acme
    assert "Three died. Acme is silent" in acme[0]


def test_of_a_long_text_that_names_no_brand_the_headline_and_the_first_words_are_near() -> None:
    assert near(f"{FILL} {FILL}", title="Fire in the north") == [f"Fire in the north\n{FILL}"]
    assert near(f"{FILL}. {FILL}") == [FILL]


def test_of_a_text_that_names_only_others_their_sentences_are_not_about_the_brand_of_its_source() -> None:
    assert near("Here all is well. A fire at @bolt") == ["Here all is well"]


def test_what_finds_a_brand_names_it_only_where_its_name_does_not_stand() -> None:
    assert near(f"An Anvil fell. {FILL}. {FILL}") == [f"An Anvil fell. {' '.join(FILL.split()[: NEAR - 1])}"]
    text = f"An Anvil fell. {FILL}. {FILL}. Acme"
    assert near(text) == [f"{' '.join(FILL.split()[-NEAR:])}. Acme"]
    assert near(f"anvil here. {FILL}") == [f"anvil here. {' '.join(FILL.split()[: SHORT - 2])}"]


def test_a_name_is_not_parted_where_it_has_the_sign_of_an_end() -> None:
    assert near("@acme. At Bolt Co. Three died", "bolt") == ["At Bolt Co. Three died"]


@pytest.mark.parametrize("text", ["!" * 200_000 + "x", "Acme. Bolt Co. x. " * 10_000, "Acme " * 40_000])
def test_what_a_stranger_writes_costs_no_more_than_its_length(text: str) -> None:
    began = process_time()
    near(text)
    assert process_time() - began < 3  # a fraction of a second; minutes where each sign is compared with each


PIECES = some.sampled_from(["Acme", "@bolt", "Bolt Co.", "died", ".", "!\n", "ß", "\u0345\u0399", "死", "ﷺ", " ", "½"])


@given(some.text(max_size=80) | some.lists(PIECES, max_size=90).map(" ".join) | some.lists(PIECES).map("".join))
def test_whatever_stands_in_a_text_its_pieces_are_of_it(text: str) -> None:
    for brand in ("acme", "bolt", "stranger"):
        pieces = near(text, brand)
        assert pieces is None or all(piece for piece in pieces)
