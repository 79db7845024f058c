from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sentiment.learned import Card, Figures, Learned
from sentiment.score import Label
from sentiment.scorer import Scorer, Thresholds
from services.examples import Example, compare, label_by, of_corrections, of_rows
from services.files.labelled import LabelledRow
from services.plain_scorers import Stock
from tests.installations import installation

NEGATIVE, NEUTRAL, POSITIVE, UNSCORED = Label
FIGURES = Figures(macro_f1=0.7, negative_recall=0.8, negative_precision=0.9)
CARD = Card(
    at=datetime(2026, 3, 4, tzinfo=UTC),
    labels=(9, 8, 7),
    scorer="v",
    learned=FIGURES,
    vader=FIGURES,
    margin=0.05,
    spread=0.01,
)
NOTHING = ((0.0, 0.0, 0.0),) * 4
# Takes whatever it reads for positive.
CHEERFUL = Learned("m", CARD, (-0.05, 0.05), (0.0, 0.0, 1.0), NOTHING, {})


def row(text: str, label: Label, brand: str = "") -> LabelledRow:
    return LabelledRow(2, text, label, brand)


def test_the_name_of_a_rows_brand_is_neutral_in_rows_of_that_brand_alone() -> None:
    rows = [row("Glory at gate nine", NEUTRAL, "Glory"), row("Glory at gate nine", NEUTRAL, "Other")]
    assert [one.vader for one in of_rows(rows).all] == [NEUTRAL, POSITIVE]


def test_a_scorer_that_is_named_scores_all_rows_by_its_thresholds() -> None:
    strict = Thresholds(-0.9, 0.9)
    found = of_rows([row("nice seat", NEUTRAL, "A"), row("bad seat", NEUTRAL, "B")], Scorer((), (), strict), strict)
    assert [one.vader for one in found.all] == [NEUTRAL, NEUTRAL]
    assert (found.thresholds, found.scorer) == (strict, Scorer((), (), strict).version)


def test_what_a_model_in_use_says_is_not_taken_for_vader() -> None:
    scorer = Scorer(learned=CHEERFUL)
    assert scorer.score_batch(["awful seat"], ["en"])[0].label is POSITIVE
    (one,) = of_rows([row("awful seat", NEGATIVE)], scorer).all
    assert one.vader is NEGATIVE


@pytest.mark.parametrize(
    ("one", "label"),
    [
        (Example("awful", NEGATIVE, -0.5, NEGATIVE, "en"), POSITIVE),
        (Example("schlecht", NEGATIVE, -0.5, NEGATIVE, "de"), NEGATIVE),
        (Example("fatal", NEGATIVE, None, UNSCORED, "es"), UNSCORED),
    ],
)
def test_a_model_is_asked_about_english_alone(one: Example, label: Label) -> None:
    assert label_by(CHEERFUL, one) is label
    compared = compare([one], CHEERFUL)
    unscored = [measures.unscored[0] for measures in (compared.vader, compared.stock, compared.learned) if measures]
    assert unscored == [int(label is UNSCORED)] * 3


def test_nothing_is_compared_where_there_is_nothing(tmp_path: Path) -> None:
    with (inst := installation(tmp_path)).database:
        found = of_corrections(inst, ["northwind"])
    assert (found.all, found.scorer) == ((), inst.scorers["northwind"].version)
    assert of_rows([]).all == ()
    assert compare(()).learned is None


def test_stock_is_the_same_explained_or_not() -> None:
    texts = ["not that good!!", "@united :)", "", "x" * 100_000]
    explained = [Stock().explain(text).score for text in texts]
    assert explained == Stock().score_batch(texts, [None, "es", "en", None])
