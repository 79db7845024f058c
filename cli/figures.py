"""Measures as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sentiment.measures import TONES, Measures
from sentiment.score import Label

# What is compared, as people and programs know it.
LEARNED, PACKS, STOCK = "learned model", "VADER with packs", "stock VADER"
UNTOLD = "\N{EN DASH}"  # stands where a figure cannot be told
_HEAD = ("macro-F1", "accuracy", "kappa", "negative recall", "negative precision")


def figures(measures: Measures) -> dict[str, float | None]:
    """The figures that are compared, by name; None where they cannot be told for want of labels."""
    precision, recall, _ = _of_class(measures, Label.NEGATIVE)
    # Where nothing else was given or found, all agreement is that of chance.
    one_label = any(measures.support(label) == measures.found(label) == measures.scored for label in TONES)
    values = (
        None if measures.missing else measures.macro_f1,
        measures.accuracy if measures.scored else None,
        None if one_label else measures.kappa,
        recall,
        precision,
    )
    return dict(zip(_HEAD, values, strict=True))


def beside(compared: Mapping[str, Measures]) -> Iterator[str]:
    """A line for each of several, under a head."""
    width = max(map(len, compared))
    yield " ".join(["", " " * width, *(f" {name}" for name in _HEAD)])
    for name, measures in compared.items():
        cells = (_cell(value, len(head) + 1) for head, value in figures(measures).items())
        yield " ".join(["", f"{name:<{width}}", *cells])


def by_class(measures: Measures) -> Iterator[str]:
    """A line for each label that people gave: what was found, and how well."""
    heads = " ".join(f"{label:>9}" for label in TONES)
    yield f" {'people said':<11} {heads} {'precision':>10} {'recall':>7} {'F1':>6}"
    for label, row in zip(TONES, measures.counts, strict=True):
        counts = " ".join(f"{count:>9,}" for count in row)
        shares = " ".join(map(_cell, _of_class(measures, label), (10, 7, 6)))
        yield f" {label:<11} {counts} {shares}"


def _of_class(measures: Measures, label: Label) -> tuple[float | None, float | None, float | None]:
    """Precision, recall and F1; None where they would be divisions by nothing, or nobody gave that label."""
    if label in measures.missing:
        return None, None, None
    precision = measures.precision(label) if measures.found(label) else None
    return precision, measures.recall(label), measures.f1(label)


def _cell(value: float | None, width: int) -> str:
    return f"{UNTOLD:>{width}}" if value is None else f"{value:>{width}.3f}"
