"""Labelled texts beside what VADER finds in them: what is evaluated, and what is learned from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from database.corrections import labelled_texts
from sentiment.language import identify
from sentiment.learned import Learned
from sentiment.measures import Measures, measure
from sentiment.score import Label
from sentiment.scorer import ENGLISH, STOCK, Scorer, Thresholds
from services.files.labelled import LabelledRow
from services.installation import Installation
from services.plain_scorers import Stock, built_in_scorer
from settings.model import Settings

_USUAL = Thresholds()


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what people say of its tone, and what VADER does.

    Attributes:
        compound: by VADER with packs, None where the text is in a language that is not scored.
        vader: the label that it comes to by the thresholds.
        language: primary subtag of the language that the text was taken for.
    """

    text: str
    label: Label
    compound: float | None
    vader: Label
    language: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples that were scored alike.

    Attributes:
        scorer: the version of VADER and packs.
        thresholds: from which compound scores on a text has a tone.
    """

    all: tuple[Example, ...]
    scorer: str
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Compared:
    """Measures on the same texts.

    Attributes:
        learned: None where there is no model.
    """

    vader: Measures
    stock: Measures
    learned: Measures | None


def of_corrections(inst: Installation, brands: Sequence[str]) -> Examples:
    """What people corrected or confirmed of brands, each scored as its brand is.

    Args:
        brands: ids, at least one.

    Raises:
        DatabaseError: the corrections cannot be read.
    """
    with inst.database.reading() as connection:
        labelled = labelled_texts(connection, brands)
    found: list[Example] = []
    for brand in brands:
        own = [one for one in labelled if one.brand == brand]
        pairs = [(one.content, Label(one.label)) for one in own]
        found += _scored(inst.scorers[brand], thresholds_of(inst.settings), pairs, [one.language for one in own])
    return Examples(tuple(found), inst.scorers[brands[0]].version, thresholds_of(inst.settings))


def thresholds_of(settings: Settings) -> Thresholds:
    """From which compound scores on a text has a tone."""
    return Thresholds(settings.sentiment.negative_from, settings.sentiment.positive_from)


def of_rows(rows: Sequence[LabelledRow], scorer: Scorer | None = None, thresholds: Thresholds = _USUAL) -> Examples:
    """Labelled rows of a file, brand by brand.

    Args:
        scorer: for all of them; None takes the built-in one, for which the name of the brand in a row is neutral.
        thresholds: of that scorer.
    """
    by_brand: dict[str, list[LabelledRow]] = {}
    for row in rows:
        by_brand.setdefault("" if scorer else row.brand, []).append(row)
    version = STOCK
    found: list[Example] = []
    for brand, own in by_brand.items():
        own_scorer = scorer or built_in_scorer([brand])
        found += _scored(own_scorer, thresholds, [(row.text, row.label) for row in own], [None] * len(own))
        version = own_scorer.version
    return Examples(tuple(found), version, thresholds)


def _scored(
    scorer: Scorer, thresholds: Thresholds, labelled: Sequence[tuple[str, Label]], languages: Sequence[str | None]
) -> Iterator[Example]:
    texts = [text for text, _ in labelled]
    known = [language or identify(text) for text, language in zip(texts, languages, strict=True)]
    for (text, label), score in zip(labelled, scorer.score_batch(texts, known), strict=True):
        # The scorer's own label may be that of a learned model; its compound is VADER's all the same.
        vader = Label.UNSCORED if score.compound is None else thresholds.label(score.compound)
        yield Example(text, label, score.compound, vader, score.language)


def compare(examples: Sequence[Example], model: Learned | None = None) -> Compared:
    """How well each labels the same texts; those that are not scored are left out of all."""
    stock = Stock().score_batch([one.text for one in examples], [None] * len(examples))
    return Compared(
        vader=measure((one.label, one.vader) for one in examples),
        stock=measure(
            (one.label, Label.UNSCORED if one.compound is None else score.label)
            for one, score in zip(examples, stock, strict=True)
        ),
        learned=measure((one.label, label_by(model, one)) for one in examples) if model else None,
    )


def label_by(model: Learned, one: Example) -> Label:
    """The label of an example with a model in use, which chooses it for English texts."""
    if one.compound is None or one.language != ENGLISH:
        return one.vader
    return model.classify(one.text, one.compound)[0]
