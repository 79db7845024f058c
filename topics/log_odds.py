"""How much more often something is said now than before.

The log-odds ratio with an informative Dirichlet prior of B. Monroe, M. Colaresi and K. Quinn, "Fightin' Words: Lexical
Feature Selection and Evaluation for Identifying the Content of Political Conflict", Political Analysis 16(4), 2008,
equations 15, 16, 20 and 22, on independent voices in place of words.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

# The prior is as if this many voices more had been heard on either side, who speak as both sides do together; or as
# many as on the smaller side, if that is more. With fewer, what was never said before has no certainty however many say
# it now; with many more, nothing that differs is seen.
LEAST_PRIOR = 50.0
# One of them at least uses the term: else a word never said before would grow less certain the longer one has listened.
LEAST_USES = 1.0


@dataclass(frozen=True, slots=True)
class Odds:
    """How two shares differ.

    Attributes:
        ratio: natural logarithm of the ratio of the odds, after the prior; 0 where the shares are equal.
        z: the same in standard deviations.
    """

    ratio: float
    z: float


def compare(uses: int, of: int, uses_before: int, of_before: int) -> Odds:
    """Compare ``uses`` among ``of`` voices now with those before; no share may be above one, and ``of`` not be zero."""
    prior = max(LEAST_PRIOR, min(of, of_before))
    share = (uses + uses_before) / (of + of_before)
    if share in {0, 1}:
        return Odds(0.0, 0.0)
    yes = max(LEAST_USES, prior * share)
    no = prior - yes
    now, before = uses + yes, uses_before + yes
    ratio = log(now / (of - uses + no)) - log(before / (of_before - uses_before + no))
    return Odds(ratio, ratio / sqrt(1 / now + 1 / before))
