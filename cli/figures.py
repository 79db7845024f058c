"""Measures as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sentiment.measures import TONES, Measures
from sentiment.score import Label

# What is compared, as people and programs know it.
LEARNED, PACKS, STOCK = "learned model", "VADER with packs", "stock VADER"
_HEAD = ("macro-F1", "accuracy", "kappa", "negative recall", "negative precision")


def figures(measures: Measures) -> dict[str, float]:
    """The figures that are compared, by name."""
    values = (
        measures.macro_f1,
        measures.accuracy,
        measures.kappa,
        measures.recall(Label.NEGATIVE),
        measures.precision(Label.NEGATIVE),
    )
    return dict(zip(_HEAD, values, strict=True))


def beside(compared: Mapping[str, Measures]) -> Iterator[str]:
    """A line for each of several, under a head."""
    width = max(map(len, compared))
    yield " ".join(["", " " * width, *(f" {name}" for name in _HEAD)])
    for name, measures in compared.items():
        cells = (f"{value:>{len(head) + 1}.3f}" for head, value in figures(measures).items())
        yield " ".join(["", f"{name:<{width}}", *cells])


def by_class(measures: Measures) -> Iterator[str]:
    """A line for each label that people gave: what was found, and how well."""
    heads = " ".join(f"{label:>9}" for label in TONES)
    yield f" {'people said':<11} {heads} {'precision':>10} {'recall':>7} {'F1':>6}"
    for label, row in zip(TONES, measures.counts, strict=True):
        counts = " ".join(f"{count:>9,}" for count in row)
        shares = f"{measures.precision(label):>10.3f} {measures.recall(label):>7.3f} {measures.f1(label):>6.3f}"
        yield f" {label:<11} {counts} {shares}"
