"""Whether somebody's word on an alarm is taken: once for each alarm, and never about the future."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from detection.marks import Mark, MarkVerdict
from incidents.incident import Refusal
from incidents.outcome import Outcome

NOTE_LIMIT = 300  # characters; it is read in one line
_SAID = {MarkVerdict.NOISE: "marked it as noise", MarkVerdict.MISSED: "marked it as missed"}


def refuse_noise(outcome: Outcome, standing: Mark | None, names: Mapping[str, str]) -> Refusal | None:
    """Why something is not marked as noise, None where it is.

    Args:
        standing: what was said of it before.
        names: of people by their ids.
    """
    if standing:
        return already(standing, names)
    if outcome is Outcome.HELD:
        return Refusal("It was held, so nobody was alarmed. Noise is an alarm that was not worth it.")
    return None


def refuse_wrongly_held(outcome: Outcome, standing: Mark | None, names: Mapping[str, str]) -> Refusal | None:
    """Why it is not noted that something held should have been an alarm; arguments as :func:`refuse_noise`."""
    if standing:
        return already(standing, names)
    if outcome is not Outcome.HELD:
        return Refusal("It was not held. Missed is an alarm that did not come.")
    return None


def refuse_missed(moment: datetime, now: datetime, standing: Mark | None, names: Mapping[str, str]) -> Refusal | None:
    """Why it is not noted that an alarm was missed at a moment; ``standing`` says so already."""
    if moment > now:
        return Refusal("That moment has not come yet. Say when the alarm should have come.")
    return already(standing, names) if standing else None


def refuse_note(note: str) -> Refusal | None:
    """Why a note is not taken, None where it is."""
    if len(note) > NOTE_LIMIT:
        return Refusal(f"The note has {len(note):,} characters; {NOTE_LIMIT} are kept. Shorten it.")
    return None


def already(mark: Mark, names: Mapping[str, str]) -> Refusal:
    """Somebody said so before: who, and when."""
    at = mark.at.astimezone(UTC)
    told = f"{names.get(mark.by, mark.by)} {_SAID[mark.verdict]} already, on {at:%Y-%m-%d at %H:%M} UTC."
    return Refusal(told, {"by": mark.by, "at": mark.at.isoformat()})
