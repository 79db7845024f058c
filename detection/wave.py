"""The decision that all waves share: is this many people, and more than usual."""

from __future__ import annotations

from dataclasses import dataclass

from detection.baseline import LONG, Standing
from detection.signal import BrandView, Reason, Signal, Verdict, Voices

# One person may be angry all night: a wave is many people.
LARGEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Floors:
    """What a wave needs at least, whatever the baseline says.

    Attributes:
        mentions: in the last hour, for a brand whose past is known.
        authors: distinct voices behind them.
        learning_factor: times both floors while the past is shorter than a day, and times the little that is known.
    """

    mentions: int
    authors: int
    learning_factor: float = 4.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of wave, with the words that its sentence uses.

    Attributes:
        did: what people did, in the past tense (``complained``).
        mention: what is counted (``negative mention``).
    """

    name: str
    did: str
    mention: str
    required: float
    floors: Floors


def judge(kind: Kind, view: BrandView, standing: Standing, voices: Voices) -> Signal:
    """Decide whether what stands out is a wave, and say why."""
    share = voices.loudest / standing.observed if standing.observed else 0.0
    verdict, reason = _decide(kind, standing, voices.authors, share)
    return Signal(
        brand=view.brand,
        kind=kind.name,
        verdict=verdict,
        reason=reason,
        observed=standing.observed,
        expected=round(standing.expected, 2),
        threshold=round(max(standing.threshold, kind.floors.mentions), 1),
        window=LONG,
        at=view.now,
        since=standing.since if verdict is not Verdict.QUIET else None,
        authors=voices.authors,
        loudest_share=round(share, 3),
        sentence=_sentence(kind, standing, voices, reason),
        learning=standing.learning,
    )


def _decide(kind: Kind, standing: Standing, authors: int, share: float) -> tuple[Verdict, Reason]:
    floors = kind.floors
    if not _stands_out(kind, standing):
        return Verdict.QUIET, Reason.WITHIN_BASELINE
    if standing.observed < floors.mentions:
        return Verdict.QUIET, Reason.TOO_FEW_MENTIONS
    if share > LARGEST_SHARE:
        return Verdict.HELD, Reason.ONE_LOUD_AUTHOR
    if authors < floors.authors:
        return Verdict.HELD, Reason.TOO_FEW_AUTHORS
    if standing.learning and authors < floors.authors * floors.learning_factor:
        return Verdict.HELD, Reason.STILL_LEARNING
    return Verdict.FIRED, Reason.ABOVE_BASELINE


def _stands_out(kind: Kind, standing: Standing) -> bool:
    if standing.learning:
        factor = kind.floors.learning_factor
        return standing.observed >= max(kind.floors.mentions * factor, standing.expected * factor)
    return standing.beyond >= kind.required


def _sentence(kind: Kind, standing: Standing, voices: Voices, reason: Reason) -> str:
    people = "1 person" if voices.authors == 1 else f"{voices.authors} people"
    counted = f"1 {kind.mention}" if standing.observed == 1 else f"{standing.observed} {kind.mention}s"
    seen = f"{people} {kind.did} in the last hour ({counted}); {_usually(standing)}."
    match reason:
        case Reason.ONE_LOUD_AUTHOR:
            return f"{seen} Held: {voices.loudest} of {standing.observed} are by one author."
        case Reason.TOO_FEW_AUTHORS:
            return f"{seen} Held: a wave needs at least {kind.floors.authors} people."
        case Reason.STILL_LEARNING:
            return f"{seen} Held: less than a day is known, so what is usual is still being learned."
        case _:
            return seen


def _usually(standing: Standing) -> str:
    if standing.learning:
        return "what is usual is still being learned"
    usual = round(standing.expected)
    if usual == 0:
        return "usually hardly any at this time of day"
    return f"usually about {usual} at this time of day"
