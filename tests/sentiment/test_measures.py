from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, cohen_kappa_score, precision_recall_fscore_support

from sentiment.measures import TONES, measure
from sentiment.score import Label

NEGATIVE, NEUTRAL, POSITIVE, UNSCORED = Label
PAIRS = st.lists(st.tuples(st.sampled_from(TONES), st.sampled_from(TONES)), min_size=1)


def test_a_small_table_by_hand() -> None:
    pairs = 3 * [(NEGATIVE, NEGATIVE)] + [(NEGATIVE, NEUTRAL)] + 2 * [(NEUTRAL, NEUTRAL)] + 2 * [(POSITIVE, NEGATIVE)]
    measures = measure(pairs)
    assert measures.counts == ((3, 1, 0), (0, 2, 0), (2, 0, 0))
    assert measures.precision(NEGATIVE) == pytest.approx(3 / 5)
    assert measures.recall(NEGATIVE) == pytest.approx(3 / 4)
    assert measures.f1(NEGATIVE) == pytest.approx(2 / 3)
    assert measures.f1(POSITIVE) == 0
    assert measures.macro_f1 == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)
    assert measures.accuracy == pytest.approx(5 / 8)
    assert measures.kappa == pytest.approx((5 / 8 - 26 / 64) / (1 - 26 / 64))


def test_what_got_no_label_is_counted_apart_and_changes_no_figure() -> None:
    pairs = [(NEGATIVE, NEGATIVE), (NEUTRAL, NEGATIVE)]
    measures = measure([*pairs, (NEGATIVE, UNSCORED), (POSITIVE, UNSCORED), (POSITIVE, UNSCORED)])
    assert measures.unscored == (1, 0, 2)
    assert measures.scored == 2
    assert (measures.macro_f1, measures.kappa) == (measure(pairs).macro_f1, measure(pairs).kappa)


def test_nothing_measured_is_zero_not_an_error() -> None:
    empty = measure([])
    figures = (empty.macro_f1, empty.accuracy, empty.kappa, empty.recall(NEGATIVE), empty.precision(NEGATIVE))
    assert figures == (0, 0, 0, 0, 0)


@given(PAIRS)
def test_all_figures_are_those_of_scikit_learn(pairs: list[tuple[Label, Label]]) -> None:
    said, found = zip(*pairs, strict=True)
    measures = measure(pairs)
    by_class = precision_recall_fscore_support(said, found, labels=TONES, zero_division=0)
    ours = [[of(label) for label in TONES] for of in (measures.precision, measures.recall, measures.f1)]
    assert ours == [pytest.approx(list(column)) for column in by_class[:3]]
    assert measures.macro_f1 == pytest.approx(by_class[2].mean())
    assert measures.accuracy == pytest.approx(accuracy_score(said, found))
    if len({*said, *found}) > 1:  # else scikit-learn divides by nothing
        assert measures.kappa == pytest.approx(cohen_kappa_score(said, found))
