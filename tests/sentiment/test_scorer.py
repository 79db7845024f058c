from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment.packs import Pack
from sentiment.score import Flag, Label
from sentiment.scorer import STOCK as STOCK_VERSION
from sentiment.scorer import Scorer, Thresholds

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


@pytest.mark.parametrize("text", ["@flyair.Worst day", "@flyair...terrible"])
def test_what_stands_right_behind_a_handle_is_a_word(text: str) -> None:
    assert Scorer().score_batch([text], [None])[0].label is Label.NEGATIVE


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


WORDS = {
    "stranded": -2.0,
    "please": 0.0,
    "\U0001f621": -3.0,
    "\U0001f44d": 2.0,
    "never again": -2.6,
    "no problems": 1.8,
    "not the worst": 0.5,
    "worst ever": -3.2,
}
PACK = Pack("complaints", "1", "en", WORDS)


def compound(text: str) -> float:
    return Scorer(packs=[PACK]).score_batch([text], ["en"])[0].compound or 0.0


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("We are stranded here", -1),
        ("Please tell me the gate", 0),
        ("Never again!", -1),
        ("I will never fly again", 0),
        ("never. Again the gate", 0),
        ("There were NO PROBLEMS at all", 1),
        ("no problems but the worst ever food", -1),
        ("not the worst day", 1),
        ("never again, worst ever", -1),
        ("never again never again", -1),
        ("again never", 0),
        ("the gate\U0001f621", -1),
        ("\U0001f44d\U0001f3fd", 1),
        ("the gate \u2764\ufe0f", 1),
        ("\U0001f926\u200d\u2640\ufe0f", 0),
        ("I don\u2019t like it", -1),
    ],
)
def test_packs_add_words_phrases_and_emoji(text: str, sign: int) -> None:
    assert (compound(text) > 0) - (compound(text) < 0) == sign


@pytest.mark.parametrize(
    "text",
    [
        "\u201cterrible\u201d",
        "terrible\u2026",
        "Thanks\u2026 terrible",
        "<b>terrible</b>",
        "&lt;b&gt;terrible&lt;/b&gt;",
        "terrible/awful",
        "service:terrible",
        "flight.Terrible",
        "waiting...terrible",
        "\u00a1Terrible!",
        "\u2014terrible\u2014",
        "\u00abterrible\u00bb",
        "terri\u200bble",
        "no answer\u2014never again",
    ],
)
def test_marks_and_tags_hide_no_word(text: str) -> None:
    assert compound(text) < 0


@pytest.mark.parametrize("text", ["t e r r i b l e", "24/7", "ratio 3:2", "v2.0.1", "L", "p.m."])
def test_letters_and_figures_by_themselves_are_no_feeling(text: str) -> None:
    assert compound(text) == 0


@pytest.mark.parametrize("text", ["never \u2014 again", "never\u2026 again", "never; again"])
def test_a_phrase_does_not_reach_over_a_dash_or_an_end(text: str) -> None:
    assert compound(text) == 0


def test_a_heart_is_no_tag() -> None:
    assert compound("the crew <3 and the gate >") > 0


def test_later_packs_outweigh_earlier_ones_and_both_the_lexicon() -> None:
    calm = Pack("calm", "1", "en", {"stranded": 1.0, "terrible": 2.0})
    stranded, terrible = Scorer(packs=[PACK, calm]).score_batch(["stranded", "terrible"], ["en", "en"])
    assert (stranded.label, terrible.label) == (Label.POSITIVE, Label.POSITIVE)


def test_a_brands_own_words_outweigh_packs() -> None:
    assert Scorer(["Stranded Cafe"], [PACK]).score_batch(["stranded"], ["en"])[0].compound == 0


def test_a_pack_in_another_language_lets_texts_in_it_be_scored_by_its_words_alone() -> None:
    german = Pack("deutsch", "1", "de", {"furchtbar": -2.5})
    scorer = Scorer(packs=[PACK, german])
    bad, neutral, english = scorer.score_batch(["furchtbar", "die terrible", "furchtbar"], ["de", "de", "en"])
    assert (bad.label, neutral.label, english.label) == (Label.NEGATIVE, Label.NEUTRAL, Label.NEUTRAL)


def test_a_text_of_unknown_language_is_taken_for_the_scorers() -> None:
    assert Scorer(language="de").score_batch(["terrible"], [None])[0].language == "de"
    assert Scorer(language="de").score_batch(["terrible"], ["en"])[0].label is Label.NEGATIVE


def test_scores_of_other_words_or_thresholds_have_another_version() -> None:
    other = Pack("complaints", "1", "en", {**WORDS, "stranded": -2.1})
    versions = {
        Scorer().version,
        Scorer(packs=[PACK]).version,
        Scorer(packs=[other]).version,
        Scorer(packs=[PACK], thresholds=Thresholds(-0.2, 0.2)).version,
    }
    assert len(versions) == 4
    assert Scorer().version == STOCK_VERSION
    assert all(len(version) <= 32 for version in versions)


@pytest.mark.parametrize(("given", "label"), [(None, Label.NEUTRAL), (b"terrible", Label.NEGATIVE), (7, Label.NEUTRAL)])
def test_what_is_no_text_is_scored_as_far_as_it_is_one(given: object, label: Label) -> None:
    assert Scorer().score_batch([given], [None])[0].label is label


def test_an_explanation_names_the_words_as_written_what_they_came_to_and_where_they_are_from() -> None:
    explained = Scorer(packs=[PACK]).explain("NEVER again, it was not good & @love was late!")
    assert [(one.words, one.valence, one.pack) for one in explained.carriers] == [
        ("NEVER again", -2.6, "complaints"),
        ("good", 1.9, "vader"),
    ]
    assert explained.carriers[1].counted < 0
    assert explained.emphasis < 0


@given(st.text(max_size=60))
def test_an_explanation_explains_the_score(text: str) -> None:
    scorer = Scorer(packs=[PACK])
    explained = scorer.explain(text, "en")
    assert explained.score == scorer.score_batch([text], ["en"])[0]
    total = sum(one.counted for one in explained.carriers) + explained.emphasis
    assert explained.score.compound == round(total / (total * total + 15) ** 0.5, 4)


def test_what_is_not_scored_has_no_words_that_carried_it() -> None:
    assert Scorer().explain("die Lage ist furchtbar", "de").carriers == ()


def hostile(count: int) -> list[object]:
    """Values that nobody should pass and somebody will; the same at each run."""
    dice = Random(21)  # noqa: S311  texts, not secrets
    pieces = (
        *("\0", "\ud800", "\udfff", "\u202e\u0645", "Z\u0351\u036b\u0343a\u0321l", "\u200d", "\U0001f469\u200d"),
        *("never", "again", "but", "n't", "<a", "&#", "&#x110000;", "http://", "@", "www.", "?", "!", " ", "terrible"),
    )
    odd: tuple[object, ...] = (None, b"\xff\x00awful", 7, -1.5, float("nan"), 10**5000, [], {}, object(), True)
    texts = ["".join(dice.choices(pieces, k=dice.randrange(60))) for _ in range(count - len(odd) - 6)]
    long = [
        *("terrible " * 111_000, "\ud83d" * 1_000_000, "@a" * 500_000),
        *("<" * 1_000_000, "a.b" * 333_000, "never again " * 83_000),
    ]
    return [*texts, *odd, *long]


def test_ten_thousand_hostile_values_are_all_answered_in_their_order() -> None:
    given = hostile(10_000)
    scores = Scorer(["Northwind"], [PACK]).score_batch(given, [None] * len(given))
    assert len(scores) == 10_000
    assert all(score.compound is not None and -1 <= score.compound <= 1 for score in scores)
    assert scores[-1].flags == (Flag.TRUNCATED,)
    assert scores[-1].label is Label.NEGATIVE
