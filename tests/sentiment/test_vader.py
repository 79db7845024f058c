"""The linear scorer gives the package's scores, to the last digit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from sentiment.vader import Vader

STOCK = SentimentIntensityAnalyzer()
VADER = Vader(STOCK.lexicon, STOCK.emojis)
# Words that rules ask for, far more often than chance would have them.
RULES = [
    *NEGATE,
    *BOOSTER_DICT,
    *" ".join(SPECIAL_CASES).split(),
    *["no", "nor", "or", "never", "so", "this", "without", "doubt", "least", "at", "very", "but", "kind", "of", "sort"],
]
WORDS = st.one_of(
    st.sampled_from(RULES),
    st.sampled_from(sorted(STOCK.lexicon)),
    st.sampled_from(sorted(STOCK.emojis)),
    st.sampled_from(["plane", "a", "", "isn't", ":)", "!!", "??", "ﬁne", "İ"]),
    st.text(max_size=5),
)
TOKENS = st.builds(
    lambda word, shouted, mark, gap: (word.upper() if shouted else word) + mark + gap,
    WORDS,
    st.sampled_from([False, False, False, True]),
    st.sampled_from(["", "", "", "!", "?", ",", "..."]),
    st.sampled_from([" ", " ", " ", "", "\n", "\u00a0"]),
)


def stock(text: str) -> float:
    return float(STOCK.polarity_scores(text)["compound"])


@given(st.lists(TOKENS, max_size=30).map("".join))
@settings(max_examples=500)
def test_every_text_scores_as_the_package_scores_it(text: str) -> None:
    assert VADER.compound(text) == stock(text)


@pytest.mark.soak
@given(st.lists(TOKENS, max_size=60).map("".join))
@settings(max_examples=10_000, deadline=None)
def test_every_text_of_very_many_scores_as_the_package_scores_it(text: str) -> None:
    assert VADER.compound(text) == stock(text)


def texts_by_chance(count: int) -> Iterator[str]:
    """Texts of up to thirty tokens, most of them words that rules ask for; the same at each run."""
    dice = Random(20)  # noqa: S311  texts, not secrets
    kinds = (RULES, RULES, sorted(STOCK.lexicon), sorted(STOCK.lexicon), sorted(STOCK.emojis), ["plane", "isn't", ":)"])
    for _ in range(count):
        words = [dice.choice(dice.choice(kinds)) for _ in range(dice.randrange(30))]
        spelled = (word.upper() if dice.random() < 0.2 else word for word in words)
        yield "".join(word + dice.choice(("", "", "!", "?", ",", "...")) + dice.choice("   \n") for word in spelled)


@pytest.mark.soak
def test_two_hundred_thousand_texts_score_as_the_package_scores_them() -> None:
    assert [text for text in texts_by_chance(200_000) if VADER.compound(text) != stock(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "no good, no bad",
        "It was kind of good and NOT bad, but never so awful!!! ???",
        "good but bad but good but bad",
        "the least good, at least good, very least good",
        "yeah right, to die for, the shit",
        "without doubt good",
        "\U0001f600\U0001f621 x\U0001f621",
        "GOOD",
        "GOOD good",
    ],
)
def test_each_rule_is_the_packages(text: str) -> None:
    assert VADER.compound(text) == stock(text)


@given(st.frozensets(st.sampled_from(["good", "no", "kind", "terrific"])), st.lists(TOKENS, max_size=15))
@settings(deadline=None)
def test_words_that_are_taken_out_of_the_lexicon_are_so_for_every_rule(gone: frozenset[str], tokens: list[str]) -> None:
    text = "".join(tokens)
    lexicon = {word: valence for word, valence in STOCK.lexicon.items() if word not in gone}
    without = SentimentIntensityAnalyzer()
    without.lexicon = lexicon
    assert Vader(lexicon, STOCK.emojis).compound(text) == float(without.polarity_scores(text)["compound"])


def test_real_complaints_score_as_the_package_scores_them(recorded: Path) -> None:
    with (recorded / "airline" / "tweets-dev.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert len(texts) > 1_000
    assert [VADER.compound(text) for text in texts] == [stock(text) for text in texts]
