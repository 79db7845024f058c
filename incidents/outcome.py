"""What came of a signal, as people are told it."""

from __future__ import annotations

from enum import StrEnum

from detection.signal import Verdict

# A wave of praise that fires wakes nobody: it is a chance to say thank you.
PRAISE = "praise_wave"


class Outcome(StrEnum):
    """What was decided about something that stood out."""

    ALARM = "alarm"
    JOINED = "joined"
    HELD = "held"
    OPPORTUNITY = "opportunity"
    NOTICED = "noticed"


def outcome_of(kind: str, verdict: str, *, told: bool) -> Outcome:
    """What came of a signal that was kept.

    Args:
        verdict: of the signal, as it was stored.
        told: people were told of it.
    """
    if verdict == Verdict.HELD:
        return Outcome.HELD
    if verdict == Verdict.NOTICED:
        return Outcome.OPPORTUNITY if kind == PRAISE else Outcome.NOTICED
    return Outcome.ALARM if told else Outcome.JOINED
