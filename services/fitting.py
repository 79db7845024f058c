"""Fitting the model that a team learns from its own labels, with scikit-learn (the extra ``groundswell[learn]``).

Only :mod:`services.learning` imports this, and only when it fits: nothing else needs scikit-learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from sentiment.features import PLACEHOLDERS
from sentiment.learned import MOST_TERMS, Card, Learned
from sentiment.measures import TONES
from sentiment.score import Label

# What fewer stories hold tells of those stories, and may be a person's name.
FEWEST_STORIES = 3
# Of 1, 2 and 3, the strength of regularisation (scikit-learn's C) that did best on complaints to airlines.
_C = 3.0
# Newton's method comes within this of the optimum in a few steps, ten times faster than the default solver.
_SOLVER, _TOLERANCE, _MOST_STEPS = "newton-cg", 1e-3, 200


@dataclass(frozen=True, slots=True)
class Texts:
    """What is fitted to, each text once.

    Attributes:
        terms: of each text (:func:`sentiment.features.terms`).
        tones: rows of :func:`sentiment.features.tone`.
        stories: equal for texts that are equal or nearly so.
    """

    terms: Sequence[Sequence[str]]
    tones: Sequence[Sequence[float]]
    labels: Sequence[Label]
    stories: Sequence[int]

    def some(self, places: Sequence[int]) -> Texts:
        """Those at some places."""
        return Texts(
            [self.terms[at] for at in places],
            [self.tones[at] for at in places],
            [self.labels[at] for at in places],
            [self.stories[at] for at in places],
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model as scikit-learn has it: a row of weights for each of :data:`sentiment.measures.TONES`."""

    vectorizer: Any
    regression: Any

    def labels(self, texts: Texts) -> list[Label]:
        """The label of each text."""
        return [
            TONES[place]
            for place in self.regression.predict(_with_tones(self.vectorizer.transform(texts.terms), texts))
        ]

    def model(self, name: str, card: Card, thresholds: tuple[float, float]) -> Learned:
        """The same model without scikit-learn."""
        negative, neutral, positive = self.regression.coef_.tolist()
        idf = self.vectorizer.idf_.tolist()
        names = self.vectorizer.get_feature_names_out().tolist()
        rows = [*zip(negative, neutral, positive, strict=True)]
        one, two, three, four = rows[len(idf) :]
        return Learned(
            name,
            card,
            thresholds,
            intercepts=tuple(self.regression.intercept_.tolist()),
            tone=(one, two, three, four),
            terms={term: (by, *row) for term, by, row in zip(names, idf, rows, strict=False)},
        )


def fit(texts: Texts) -> Fitted:
    """Fit a model; a rare class counts as much as a frequent one."""
    vectorizer = TfidfVectorizer(analyzer=_as_it_is, vocabulary=_vocabulary(texts), sublinear_tf=True)
    said = vectorizer.fit_transform(texts.terms)
    regression = LogisticRegression(C=_C, class_weight="balanced", solver=_SOLVER, tol=_TOLERANCE, max_iter=_MOST_STEPS)
    regression.fit(_with_tones(said, texts), [TONES.index(label) for label in texts.labels])
    return Fitted(vectorizer, regression)


def cross_validate(texts: Texts, folds: int, rounds: int) -> Iterator[tuple[list[int], list[Label]]]:
    """Places of texts and the labels that a model gives them which was fitted to others, ``folds`` times ``rounds``.

    Labels are in the same proportions everywhere, and no story is on both sides; each run parts alike.
    """
    for number in range(rounds):
        parting = StratifiedGroupKFold(folds, shuffle=True, random_state=number)
        for known, tried in parting.split(np.zeros(len(texts.labels)), texts.labels, texts.stories):
            yield tried.tolist(), fit(texts.some(known)).labels(texts.some(tried))


def _with_tones(said: Any, texts: Texts) -> Any:
    return hstack([said, csr_matrix(np.array(texts.tones))]).tocsr()


def _vocabulary(texts: Texts) -> list[str]:
    """The terms that most stories hold, and the placeholders always; in the order of the alphabet."""
    stories: dict[int, set[str]] = {}
    for said, story in zip(texts.terms, texts.stories, strict=True):
        stories.setdefault(story, set()).update(said)
    counts = Counter(term for held in stories.values() for term in held)
    for placeholder in PLACEHOLDERS.values():
        counts.pop(placeholder, None)
    ranked = sorted((-count, term) for term, count in counts.items() if count >= FEWEST_STORIES)
    return sorted([*PLACEHOLDERS.values(), *(term for _, term in ranked[: MOST_TERMS - len(PLACEHOLDERS)])])


def _as_it_is(said: Sequence[str]) -> Sequence[str]:
    return said
