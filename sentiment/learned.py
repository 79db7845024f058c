"""The model that a team learned from its own labels: it chooses the label, the compound score stays VADER's.

It is logistic regression over TF-IDF of words and pairs of words (:mod:`sentiment.features`), with what VADER felt
beside them. Fitting needs scikit-learn, using it does not: the sums here are those of its ``TfidfVectorizer`` with
``sublinear_tf`` (https://scikit-learn.org/stable/modules/feature_extraction.html#tfidf-term-weighting) and of its
``LogisticRegression`` (https://scikit-learn.org/stable/modules/linear_model.html#logistic-regression). The file is
JSON, data that people can read; nothing in it is run.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from errors import GroundswellError
from sentiment.features import terms, tone
from sentiment.measures import TONES
from sentiment.score import Label

MOST_TERMS = 20_000
# Twice what the most terms come to.
MOST_CHARACTERS = 8_000_000
_LONGEST_TERM = 100

Weights = tuple[float, float, float]  # of negative, neutral and positive

_Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Weights = tuple[_Number, _Number, _Number]
_Term = Annotated[str, Field(min_length=1, max_length=_LONGEST_TERM)]
_Share = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
_Name = Annotated[str, Field(max_length=200)]


class ModelError(GroundswellError):
    """A file is no model that can be used; nothing of it is."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Figures(_Part):
    """How well labels agreed with people's, in cross-validation; shares of 1 (:mod:`sentiment.measures`)."""

    macro_f1: _Share
    negative_recall: _Share
    negative_precision: _Share


class Card(_Part):
    """What a model was learned from, and how well it did on labels that it had not seen.

    Attributes:
        at: when.
        labels: how many there were of negative, neutral and positive ones.
        scorer: the version of VADER beside it.
        learned: figures of the model.
        vader: those of VADER with its packs, on the same texts.
        margin: by how much the model's macro-F1 is higher, the mean over the folds.
        spread: half the width of the 95% interval around the margin.
    """

    at: AwareDatetime
    labels: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
    scorer: _Name
    learned: Figures
    vader: Figures
    margin: _Share
    spread: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _File(_Part):
    format: Literal["groundswell-model"] = "groundswell-model"
    version: Literal[1] = 1
    card: Card
    thresholds: tuple[_Share, _Share]
    intercepts: _Weights
    tone: tuple[_Weights, _Weights, _Weights, _Weights]
    terms: Annotated[
        Mapping[_Term, tuple[Annotated[float, Field(ge=1, le=100)], _Number, _Number, _Number]],
        Field(max_length=MOST_TERMS),
    ]


@dataclass(frozen=True, slots=True)
class Learned:
    """A model.

    Attributes:
        name: of the file it came from.
        thresholds: from which compound scores on VADER's label was negative or positive when it was learned.
        tone: weights of what VADER felt, one row for each number of :func:`sentiment.features.tone`.
        terms: inverse document frequency and weights by term.
    """

    name: str
    card: Card
    thresholds: tuple[float, float]
    intercepts: Weights
    tone: tuple[Weights, Weights, Weights, Weights]
    terms: Mapping[str, tuple[float, float, float, float]]

    def classify(self, text: str, compound: float) -> tuple[Label, Mapping[Label, float]]:
        """The label of a text and the probability of each, which add up to 1. Raises nothing.

        Args:
            text: as it was written.
            compound: VADER's score of it, -1 to 1.
        """
        negative = neutral = positive = squares = 0.0
        for term, count in Counter(term for term in terms(text) if term in self.terms).items():
            idf, *weights = self.terms[term]
            share = idf * (1.0 + math.log(count))
            squares += share * share
            negative += share * weights[0]
            neutral += share * weights[1]
            positive += share * weights[2]
        length = math.sqrt(squares) or 1.0
        said = (negative / length, neutral / length, positive / length)
        sums = [one + other for one, other in zip(self.intercepts, said, strict=True)]
        for value, row in zip(tone(compound, *self.thresholds), self.tone, strict=True):
            sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        # Logits are lowered by the highest, so that none overflows; it changes nothing in their proportions.
        powers = [math.exp(total - max(sums)) for total in sums]
        shares = {label: power / sum(powers) for label, power in zip(TONES, powers, strict=True)}
        return TONES[sums.index(max(sums))], shares

    def weightiest(self, label: Label, most: int) -> tuple[str, ...]:
        """The terms that speak most for a label, the strongest first.

        Their weights alone decide: with their rarity, which the text in front of it counts too, odd ones would lead.
        """
        column = TONES.index(label) + 1
        ranked = sorted(self.terms, key=lambda term: -self.terms[term][column])
        return tuple(term for term in ranked[:most] if self.terms[term][column] > 0)

    def written(self) -> str:
        """The text of a file that :func:`read_model` reads, a term a line."""
        file = _File(
            card=self.card,
            thresholds=self.thresholds,
            intercepts=self.intercepts,
            tone=self.tone,
            terms={},
        )
        head = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in file.model_dump(mode="json").items()][:-1]
        lines = ",\n".join(f"{json.dumps(term)}: {json.dumps(self.terms[term])}" for term in sorted(self.terms))
        return "{\n" + ",\n".join([*head, '"terms": {\n' + lines + "\n}"]) + "\n}\n"


def read_model(text: str, name: str) -> Learned:
    """Read what ``groundswell learn`` wrote.

    Args:
        name: of the file, for errors and for scores.

    Raises:
        ModelError: it is too long, it is no such file, or it is of another version.
    """
    if len(text) > MOST_CHARACTERS:
        raise _refused(name, f"has more than {MOST_CHARACTERS:,} characters.")
    try:
        file = _File.model_validate_json(text)
    except ValidationError as error:
        raise _refused(name, _explained(error)) from None
    except ValueError:  # of halves of characters
        raise _refused(name, "is no text in UTF-8.") from None
    return Learned(name, file.card, file.thresholds, file.intercepts, file.tone, file.terms)


def _refused(name: str, problem: str) -> ModelError:
    remedy = 'Write it anew with "groundswell learn", or take "model" out of the settings: VADER then scores alone.'
    return ModelError(name, problem, remedy)


def _explained(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part)[:_LONGEST_TERM] for part in first["loc"])
    if place in {"format", "version"}:
        return "is no model of version 1, the one that is read here."
    return f"is no model: {place or 'the file'} is wrong ({first['msg'][:200]})."
