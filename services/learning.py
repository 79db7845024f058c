"""Learning from a team's own labels: fit a small model, and say honestly whether it beats VADER.

Every figure is of cross-validation, on texts that the fitted model had not seen. The interval around the margin is that
of C. Nadeau and Y. Bengio, "Inference for the Generalization Error", Machine Learning 52 (2003), for repeated
cross-validation (R. Bouckaert and E. Frank, PAKDD 2004): folds share texts, so that the usual interval would be far too
narrow.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain

from errors import GroundswellError
from mentions.mention import Mention, date_mention
from mentions.stories import components, marks
from sentiment.features import terms, tone
from sentiment.learned import Card, Figures, Learned
from sentiment.measures import TONES, Measures, measure
from sentiment.score import Label
from sentiment.scorer import ENGLISH
from services.examples import Example, Examples

Pairs = list[tuple[Label, Label]]  # what people said, and what was found

FEWEST = 200
FEWEST_OF_EACH = 10
FOLDS, ROUNDS = 5, 2
# Student's t for 95% and FOLDS * ROUNDS - 1 degrees of freedom.
_T = 2.262
# Less than this nobody notices, and a new way of scoring costs trust.
LEAST_MARGIN = 0.02
# Anger that is missed is the costliest mistake of an early warning.
MOST_RECALL_LOST = 0.02
# Whoever guesses among three agrees with so many.
CHANCE = 1 / 3
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class LearningError(GroundswellError):
    """Nothing can be learned; nothing was changed."""


class Verdict(StrEnum):
    """Whether a model is to be used, with the reason."""

    WINS = "wins"
    TOO_CLOSE = "too close"  # the margin is small, or its interval holds zero
    MISSES_ANGER = "misses anger"  # more negative texts are missed than before
    ONLY_MISTAKES = "only mistakes"  # the labels are of VADER's mistakes, so that nothing can be compared


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned.

    Attributes:
        model: fitted to all examples; its card holds the figures that matter.
        learned: measures of the model in cross-validation; each text counts once for each round.
        vader: those of VADER with its packs, on the same texts.
        foreign: how many examples were left out because they are not in English.
    """

    verdict: Verdict
    model: Learned
    learned: Measures
    vader: Measures
    foreign: int


def learn(name: str, examples: Examples, at: datetime) -> Lesson:
    """Fit a model and compare it with VADER.

    Args:
        name: of the file it will be written to.
        at: the time now.

    Raises:
        LearningError: there are too few labels, or scikit-learn is not installed.
    """
    scored = [one for one in examples.all if one.compound is not None and one.language == ENGLISH]
    _require_enough(scored)
    try:
        from services import fitting  # noqa: PLC0415  # needs scikit-learn, which is an extra
    except ImportError as error:
        raise _without_extra() from error
    by = (examples.thresholds.negative_from, examples.thresholds.positive_from)
    texts = fitting.Texts(
        [terms(one.text) for one in scored],
        [tone(one.compound or 0.0, *by) for one in scored],
        [one.label for one in scored],
        _stories(scored),
    )
    tried = [_pairs(scored, *fold) for fold in fitting.cross_validate(texts, FOLDS, ROUNDS)]
    learned, vader = (measure(chain.from_iterable(side)) for side in zip(*tried, strict=True))
    card = _card(examples.scorer, at, scored, tried)
    model = fitting.fit(texts).model(name, card, by)
    return Lesson(judge(card, vader), model, learned, vader, len(examples.all) - len(scored))


def judge(card: Card, vader: Measures) -> Verdict:
    """Whether a model is clearly better, and no worse where it matters most."""
    if vader.accuracy < CHANCE:
        return Verdict.ONLY_MISTAKES
    if card.margin < LEAST_MARGIN or card.margin <= card.spread:
        return Verdict.TOO_CLOSE
    if card.learned.negative_recall < card.vader.negative_recall - MOST_RECALL_LOST:
        return Verdict.MISSES_ANGER
    return Verdict.WINS


def _require_enough(scored: Sequence[Example]) -> None:
    if len(scored) < FEWEST:
        there = "is 1 labelled text" if len(scored) == 1 else f"are {len(scored)} labelled texts"
        raise LearningError(
            "learn",
            f"there {there}, and {FEWEST} are needed: {FEWEST - len(scored)} more.",
            "Correct or confirm the tone of mentions in the console, or bring a labelled file with --csv.",
        )
    counts = Counter(one.label for one in scored)
    few = [f"{counts[label]} {label}" for label in TONES if counts[label] < FEWEST_OF_EACH]
    if few:
        problem = f"there are only {' and '.join(few)} texts; {FEWEST_OF_EACH} of each label are needed."
        raise LearningError("learn", problem, "Correct or confirm more mentions of that tone.")


def _without_extra() -> LearningError:
    remedy = f'Run {sys.executable} -m pip install "scikit-learn>=1.5,<2" and try again.'
    return LearningError("learn", "scikit-learn is not installed (the extra groundswell[learn]).", remedy)


def _stories(examples: Sequence[Example]) -> list[int]:
    """A number for each text; equal and nearly equal ones share it."""
    first: dict[int, int] = {}
    links: list[tuple[int, int]] = []
    for at, one in enumerate(examples):
        said = Mention(key="", title="", text=one.text, published=date_mention(_BEGINNING, _BEGINNING))
        links += [(first.setdefault(mark, at), at) for mark in marks(said).keys]
    stories = components(range(len(examples)), links)
    return [stories[at] for at in range(len(examples))]


def _pairs(scored: Sequence[Example], places: Sequence[int], labels: Sequence[Label]) -> tuple[Pairs, Pairs]:
    """What people said with what the model says, and with what VADER says."""
    tried = [scored[place] for place in places]
    learned = [(one.label, label) for one, label in zip(tried, labels, strict=True)]
    return learned, [(one.label, one.vader) for one in tried]


def _card(scorer: str, at: datetime, scored: Sequence[Example], tried: Sequence[tuple[Pairs, Pairs]]) -> Card:
    margin, spread = interval([measure(learned).macro_f1 - measure(vader).macro_f1 for learned, vader in tried])
    counts = Counter(one.label for one in scored)
    learned, vader = (_figures(measure(chain.from_iterable(side))) for side in zip(*tried, strict=True))
    return Card(
        at=at,
        labels=(counts[Label.NEGATIVE], counts[Label.NEUTRAL], counts[Label.POSITIVE]),
        scorer=scorer,
        learned=learned,
        vader=vader,
        margin=margin,
        spread=spread,
    )


def interval(gaps: Sequence[float]) -> tuple[float, float]:
    """The mean of what all folds of all rounds say, and half the width of its 95% interval."""
    variance = statistics.variance(gaps) * (1 / len(gaps) + 1 / (FOLDS - 1))
    return statistics.mean(gaps), _T * math.sqrt(variance)


def _figures(measures: Measures) -> Figures:
    negative = Label.NEGATIVE
    return Figures(
        macro_f1=measures.macro_f1,
        negative_recall=measures.recall(negative),
        negative_precision=measures.precision(negative),
    )
