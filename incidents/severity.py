"""How bad a wave is, by a matrix whose rows are tried from the top; the first whose conditions all hold decides.

The built-in rows stand in ``severity.yaml``, a team's own in its settings and before them. In short:

===========================  ==========================================  ======  =====  ====================  ====
kind of wave                 category                                    people  times  besides               then
===========================  ==========================================  ======  =====  ====================  ====
negative_wave                safety, breach, discrimination                  10      3                        SEV2
negative_wave                fraud, product-defect, legal, leadership        15      4                        SEV2
negative_wave                                                                25      5                        SEV2
volume_wave, repost_wave                                                     25      5  60% of it negative    SEV2
loud_voice                                                                              a million followers   SEV2
critical_words                                                                5                               SEV2
all else                                                                                                      SEV3
===========================  ==========================================  ======  =====  ====================  ====

People are so many at least, none of whom said more than half of it; times are of what is usual. What is not known does
not hold: while what is usual is still being learned, no row that asks for times does.

A wave never opens a SEV4, which is one isolated complaint and no wave. It never opens a SEV1 either: that is about
safety, law and national media, which no count of mentions shows, and a SEV1 that wakes an executive because a joke
went round is the last one anybody gets up for. People raise to SEV1. A team that knows better writes a row of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from detection.signal import Signal
from incidents.severity_row import OWN, SeverityRow
from playbooks.playbook import Severity

COMPLAINTS = "negative_wave"  # the kind of signal whose mentions are all negative
# Where no row holds, as for a kind of signal that none speaks of.
_OTHERWISE = SeverityRow(Severity.SEV3, name="Out of the ordinary")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A severity and the sentence that says why it is this one."""

    severity: Severity
    reason: str


@functools.cache  # the file is part of the installed package and does not change under a running process
def built_in() -> tuple[SeverityRow, ...]:
    """The rows that come with Groundswell, in the order in which they are tried."""
    text = resources.files("incidents").joinpath("severity.yaml").read_text(encoding="utf-8")
    return tuple(_row(name, columns) for name, columns in yaml.safe_load(text).items())


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows that a team's waves are judged by.

    Attributes:
        own: the team's, tried before the built-in ones.
    """

    own: tuple[SeverityRow, ...] = ()

    @property
    def rows(self) -> tuple[SeverityRow, ...]:
        """In the order in which they are tried; the last one holds for everything."""
        return (*self.own, *built_in(), _OTHERWISE)


BUILT_IN = Matrix()


def assess(signal: Signal, matrix: Matrix = BUILT_IN) -> Assessment:
    """The severity of a wave that has fired, with the row that decided and its figures in the reason.

    Where the wave fell through to a row that asks for no figures, the reason says what it lacks of a worse one.
    """
    about = [row for row in matrix.rows if row.is_about(signal)]
    decisive = next(row for row in about if not row.lacking(signal))
    told = decisive.figures(signal)
    if decisive.name != OWN and not decisive.asks_for_figures:
        told = _nearly(about, decisive.severity, signal) or told
    return Assessment(decisive.severity, f"{decisive.name}: {told}.")


def _nearly(about: Sequence[SeverityRow], severity: Severity, signal: Signal) -> str:
    """What the wave lacks of the next worse severity, by the row that asks for fewest people; empty where none is."""
    worse = (row for row in about if row.severity.rank < severity.rank)
    nearest = min(worse, key=lambda row: (-row.severity.rank, not row.people, row.people, row.times), default=None)
    return nearest.lacking(signal) if nearest else ""


def _row(name: str, columns: dict[str, Any]) -> SeverityRow:
    kind, category = tuple(columns.pop("kind", ())), tuple(columns.pop("category", ()))
    return SeverityRow(Severity(columns.pop("severity")), kind, category, name=name, **columns)
