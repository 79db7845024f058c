"""How bad a wave is, judged from its figures alone.

What a wave can tell is how many people speak up, and how unusual that is:

=====================  ============  ==========
distinct voices        below 5x      5x or more
=====================  ============  ==========
fewer than 25          SEV3          SEV3
25 or more             SEV3          SEV2
=====================  ============  ==========

A wave never opens a SEV4, which is one isolated complaint and no wave. It never opens a SEV1 either: that is about
safety, law and national media, which no count of mentions shows, and a SEV1 that wakes an executive because a joke
went round is the last one anybody gets up for. People raise to SEV1.

The table is for complaints. A wave of talk whatever its tone may be a launch or a match and is a SEV3 at most: if
there are complaints in it, they are a wave of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from detection.signal import Signal
from playbooks.playbook import Severity

COMPLAINTS = "negative_wave"  # the kind of signal whose mentions are all negative
# In the public "Twitter US Airline Sentiment" data of February 2015, two real waves of an hour or a few had 83
# complaints by 50 people and 84 by 58, more than ten times what was usual. Half of the smaller one is viral already.
VIRAL_VOICES = 25
# "Several times" what is expected: a busy evening doubles a brand's mentions, a launch or a match triples them.
VIRAL_RATIO = 5.0
# From here on it is one person's campaign with an audience, however many join in.
LOUDEST_SHARE = 0.5
# From ten times on, tenths say nothing.
_ROUNDED = 10


@dataclass(frozen=True, slots=True)
class Assessment:
    """A severity and the sentence that says why it is this one."""

    severity: Severity
    reason: str


def assess(signal: Signal) -> Assessment:
    """The severity of a wave that has fired; the table above, with the figures in its reason."""
    people = f"{signal.authors} people"
    if signal.learning:
        times = "while what is usual is still being learned"
    else:
        times = f"{signal.ratio:.{0 if signal.ratio >= _ROUNDED else 1}f} times what is usual"
    if signal.kind != COMPLAINTS:
        return Assessment(Severity.SEV3, f"Much talk: {people}, {times}. Complaints among it are judged on their own.")
    if signal.authors < VIRAL_VOICES:
        return Assessment(Severity.SEV3, f"A repeated pattern: {people}, fewer than the {VIRAL_VOICES} of a viral one.")
    if signal.loudest_share > LOUDEST_SHARE:
        return Assessment(Severity.SEV3, f"A repeated pattern: {signal.loudest_share:.0%} of it is by one of {people}.")
    if signal.ratio < VIRAL_RATIO:
        return Assessment(Severity.SEV3, f"A repeated pattern: {people}, but only {times}.")
    return Assessment(Severity.SEV2, f"Viral: {people}, {times}.")
