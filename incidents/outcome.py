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


def outcome_of(kind: str, verdict: str, *, belongs: bool, opened: bool) -> Outcome:
    """What came of a signal that was kept.

    Args:
        verdict: of the signal, as it was stored.
        belongs: it belongs to an incident.
        opened: that incident was opened by it.
    """
    if verdict == Verdict.HELD:
        return Outcome.HELD
    if kind == PRAISE:
        return Outcome.OPPORTUNITY
    return Outcome.JOINED if belongs and not opened else Outcome.ALARM
