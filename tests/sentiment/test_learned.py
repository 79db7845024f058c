from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]

from sentiment.features import PLACEHOLDERS, terms, tone
from sentiment.learned import MOST_CHARACTERS, MOST_TERMS, Card, Figures, Learned, ModelError, read_model
from sentiment.measures import TONES
from sentiment.score import Label
from services.fitting import Fitted, Texts, fit
from tests.labelled import THEN, examples, labelled_texts

FIGURES = Figures(macro_f1=0.7, negative_recall=0.8, negative_precision=0.9)
CARD = Card(at=THEN, labels=(9, 8, 7), scorer="v", learned=FIGURES, vader=FIGURES, margin=0.05, spread=0.01)
THRESHOLDS = (-0.05, 0.05)


def fitted() -> Fitted:
    known = examples(labelled_texts(400)).all
    said = [terms(one.text) for one in known]
    felt = [tone(one.compound or 0.0, *THRESHOLDS) for one in known]
    return fit(Texts(said, felt, [one.label for one in known], range(len(known))))


FITTED = fitted()
MODEL = FITTED.model("model.json", CARD, THRESHOLDS)
WRITTEN = json.loads(MODEL.written())
WORDS = sorted({word for term in MODEL.terms for word in term.split() if not word.startswith("<")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On HOLD", ["on", "hold", "on hold"]),
        ("Don\u2019t &amp; don't", ["don't", "don't", "don't don't"]),
        ("see https://a.example/x?y now", ["see", "<link>", "now", "see <link>", "<link> now"]),
        ("@acme jo@b.example", ["<account>", "<account>", "<account> <account>"]),
        ("3:15pm", ["<number>", "pm", "<number> pm"]),
        ("why?! 😡🏽", ["why", "?", "!", "😡", "why ?", "? !", "! 😡"]),
        ("", []),
        ("\0\ud800\u202e", []),
        ("x" * 5_000, ["x" * 40]),
    ],
)
def test_terms_are_words_and_pairs_without_whom_where_and_how_much(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_vader_s_strength_and_its_label_are_told_apart() -> None:
    told = [tone(compound, -0.2, 0.1) for compound in (-0.9, -0.2, -0.1, 0.0, 0.1)]
    assert told == [(0.9, 0, 1, 0), (0.2, 0, 1, 0), (0.1, 0, 0, 0), (0, 0, 0, 0), (0, 0.1, 0, 1)]


@given(st.lists(st.sampled_from([*WORDS, "unheard", "!", "@somebody", "17", "www.x.example"]), max_size=30), st.data())
def test_labels_and_probabilities_are_exactly_those_of_scikit_learn(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    compound = data.draw(st.floats(-1, 1))
    counts = FITTED.vectorizer.transform([terms(text)])
    row = hstack([counts, csr_matrix([tone(compound, *THRESHOLDS)])]).tocsr()
    label, shares = read_model(MODEL.written(), "m").classify(text, compound)
    assert label == TONES[FITTED.regression.predict(row)[0]]
    assert [shares[one] for one in TONES] == pytest.approx(FITTED.regression.predict_proba(row)[0].tolist())


@given(st.text(), st.floats(-1, 1))
def test_any_text_gets_a_label_and_shares_that_add_up(text: str, compound: float) -> None:
    label, shares = MODEL.classify(text, compound)
    assert shares[label] == max(shares.values())
    assert sum(shares.values()) == pytest.approx(1)


def test_what_is_written_is_read_back_the_same_and_is_plain_data() -> None:
    assert replace(read_model(MODEL.written(), "model.json"), card=CARD) == MODEL
    assert read_model(MODEL.written(), "x").card == CARD
    assert set(WRITTEN) == {"format", "version", "card", "thresholds", "intercepts", "tone", "terms"}
    assert set(PLACEHOLDERS.values()) <= set(WRITTEN["terms"])


def test_the_weightiest_terms_are_those_that_say_it() -> None:
    assert set(MODEL.weightiest(Label.NEGATIVE, 60)) & {"nobody picks", "gate moved"}
    assert not set(MODEL.weightiest(Label.POSITIVE, 60)) & {"nobody picks", "gate moved"}


def test_weights_as_large_as_a_file_may_hold_overflow_nothing() -> None:
    terms_ = {"late": (100.0, 1e6, -1e6, 0.0)}
    label, shares = Learned("m", CARD, THRESHOLDS, (1e6, 0.0, -1e6), MODEL.tone, terms_).classify("late " * 500, -1)
    assert (label, shares[Label.POSITIVE]) == (Label.NEGATIVE, 0)


def changed(**parts: Any) -> str:
    return json.dumps({**WRITTEN, **parts})


def with_term(term: str, row: object) -> Mapping[str, object]:
    return {**WRITTEN["terms"], term: row}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is no model: the file is wrong"),
        ("cos\nsystem\n(S'true'\ntR.", "is no model: the file is wrong"),
        ("[" * 100_000, "is no model: the file is wrong"),
        ('"\ud800"', "is no model"),
        ("{}", "is no model"),
        (changed(version=2), "is no model of version 1"),
        (changed(format="other"), "is no model of version 1"),
        (changed(more=1), "more is wrong"),
        (changed(intercepts=[0, 0]), "intercepts"),
        (changed(intercepts=["0", 0, 0]), "intercepts.0"),
        (changed(intercepts=[True, 0, 0]), "intercepts.0"),
        (changed(tone=[[0, 0, 0]]), "tone"),
        (changed(intercepts=[float("nan"), 0, 0]), "is wrong"),
        (changed(intercepts=[float("inf"), 0, 0]), "is wrong"),
        (changed(terms=with_term("late", [0.0, 1, 1, 1])), "terms.late.0"),
        (changed(terms=with_term("late", [1, 1, 1])), "terms.late"),
        (changed(terms=with_term("late", [1, 1e7, 1, 1])), "terms.late.1"),
        (changed(terms=with_term("x" * 101, [1, 1, 1, 1])), "terms.xxx"),
        (changed(terms={str(n): [1, 0, 0, 0] for n in range(MOST_TERMS + 1)}), "at most 20000 items"),
        (" " * (MOST_CHARACTERS + 1), "has more than 8,000,000 characters"),
    ],
)
def test_a_file_that_is_no_model_is_refused_with_what_to_do(text: str, problem: str) -> None:
    with pytest.raises(ModelError) as refused:
        read_model(text, "acme.json")
    assert refused.value.subject == "acme.json"
    assert problem in refused.value.problem
    assert len(refused.value.problem) < 500
    assert "groundswell learn" in refused.value.remedy
