from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment.score import Flag, Label
from sentiment.scorer import Scorer

STOCK = SentimentIntensityAnalyzer()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("This is terrible, I hate it.", Label.NEGATIVE),
        ("Lovely crew, thank you!", Label.POSITIVE),
        ("The flight leaves at nine.", Label.NEUTRAL),
        ("", Label.NEUTRAL),
    ],
)
def test_the_tone_of_plain_texts(text: str, label: Label) -> None:
    assert Scorer().score_batch([text], ["en"])[0].label is label


@pytest.mark.parametrize("text", ["Nothing to strip here, just awful service", "GREAT!!! but late :("])
def test_plain_texts_score_exactly_as_the_package_scores_them(text: str) -> None:
    assert Scorer().score_batch([text], [None])[0].compound == STOCK.polarity_scores(text)["compound"]


def test_the_name_of_a_brand_carries_no_feeling_for_that_brand() -> None:
    text = "Terrific Air flies from gate nine. terrific"
    assert Scorer().score_batch([text], [None])[0].label is Label.POSITIVE
    assert Scorer(["Terrific Air"]).score_batch([text], [None])[0].compound == 0


@pytest.mark.parametrize(
    "text", ["see @happy.love now", "see https://example.com/love-great now", "see @love@great.example now"]
)
def test_handles_and_links_are_not_words(text: str) -> None:
    assert Scorer().score_batch([text], [None])[0].compound == 0


def test_entities_are_undone_before_scoring() -> None:
    assert Scorer().score_batch(["I don&#39;t like it"], [None])[0].label is Label.NEGATIVE


def test_a_text_that_is_not_english_is_not_scored() -> None:
    german, unknown = Scorer().score_batch(["die schlimme Lage", "terrible"], ["de", None])
    assert (german.compound, german.label, german.flags) == (None, Label.UNSCORED, (Flag.FOREIGN,))
    assert unknown.label is Label.NEGATIVE


def test_equal_texts_in_two_languages_are_told_apart() -> None:
    scores = Scorer().score_batch(["die", "die", "die"], ["en", "de", "en"])
    assert [score.label for score in scores] == [Label.NEGATIVE, Label.UNSCORED, Label.NEGATIVE]


@pytest.mark.parametrize("text", ["good but bad " * 40_000, "\U0001f621" * 50_000, "x" * 500_000, "&amp;" * 100_000])
def test_an_endless_text_is_cut_and_says_so(text: str) -> None:
    assert Scorer().score_batch([text], [None])[0].flags == (Flag.TRUNCATED,)


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=[])), max_size=5))
def test_no_string_makes_scoring_fail_and_the_order_is_kept(texts: list[str]) -> None:
    together = Scorer(["some brand"]).score_batch(texts, [None] * len(texts))
    assert together == [Scorer(["some brand"]).score_batch([text], [None])[0] for text in texts]
    assert all(-1 <= (score.compound or 0) <= 1 for score in together)
