"""What people say of mentions: each word is kept whole or not at all, and the last one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database import correcting
from database.corrections import Correction, Key, Standing, Verdict, standing
from incidents.incident import Refusal
from services.installation import Installation
from services.tagging import retag_some

_WORDS = {Verdict.NOT_ABOUT_US: "not about us", Verdict.WRONG_MATCH: "wrong match"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """What stands from now on.

    Attributes:
        verdict: None where a correction was taken back.
        seen: what the next one who changes it has to have seen.
    """

    verdict: Verdict | None
    seen: str


def correct(inst: Installation, key: Key, verdict: Verdict, by: str, seen: str) -> Corrected | Refusal:
    """Let somebody's word on a mention of a brand stand, unless it has changed since they looked.

    Args:
        key: id of the mention, and the brand.
        by: id of the person.
        seen: what :func:`seen_as` told when the page was made.

    Raises:
        DatabaseError: it cannot be written; nothing was changed.
    """
    at = inst.clock()
    with inst.database.writing() as connection:
        now = standing(connection, key)
        if now and _says(now.correction, verdict, by):
            return Corrected(verdict, seen_as(now.correction, now.edited_at))
        refusal = _refusal(inst, now, seen)
        if refusal or now is None:
            return refusal or _gone(inst, key)
        correcting.correct(connection, [key], verdict, by, at)
        _catch_up(connection, inst, key, now.correction)
        said = Correction(*key, verdict, by, at, now.label)
    return Corrected(verdict, seen_as(said, now.edited_at))


def undo(inst: Installation, key: Key, seen: str) -> Corrected | Refusal:
    """Take back what somebody said of a mention: it counts again as it was found; otherwise as :func:`correct`."""
    with inst.database.writing() as connection:
        now = standing(connection, key)
        refusal = _refusal(inst, now, seen)
        if refusal or now is None:
            return refusal or _gone(inst, key)
        correcting.undo(connection, [key])
        _catch_up(connection, inst, key, now.correction)
    return Corrected(None, seen_as(None, now.edited_at))


def seen_as(correction: Correction | None, edited_at: datetime | None) -> str:
    """A word for what somebody sees of a mention; it changes with its text and with what others say of it."""
    said = f"{correction.verdict}.{correction.by}.{_stamp(correction.at)}" if correction else ""
    return f"{said}~{_stamp(edited_at) if edited_at else ''}"


def in_words(verdict: Verdict) -> str:
    """A verdict as people say it."""
    return _WORDS.get(verdict, str(verdict))


def _catch_up(connection: Connection, inst: Installation, key: Key, before: Correction | None) -> None:
    """Rules that changed while a mention was away from its brand passed it over; it comes back with those of today."""
    if before and not before.verdict.is_tone:
        retag_some(connection, inst, [key])


def _stamp(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def _says(correction: Correction | None, verdict: Verdict, by: str) -> bool:
    """Whether this person says so already: who presses twice is told once."""
    return correction is not None and (correction.verdict, correction.by) == (verdict, by)


def _gone(inst: Installation, key: Key) -> Refusal:
    name = inst.name_of_brand(key[1])
    return Refusal(f"There is no such mention of {name} any more; its author or your rules may have had it erased.")


def _refusal(inst: Installation, now: Standing | None, seen: str) -> Refusal | None:
    """Why somebody's word is not kept, None where what they saw is still so."""
    if now is None or seen == seen_as(now.correction, now.edited_at):
        return None
    if now.edited_at and seen.rpartition("~")[2] != _stamp(now.edited_at):
        return Refusal("Its author has changed the words since you looked. Read them again, then say what you think.")
    if now.correction is None:
        return Refusal("Somebody was faster and took back what was said of it. Look again, then say what you think.")
    name, at = inst.name_of(now.correction.by), now.correction.at
    told = f"{name} was faster and says “{in_words(now.correction.verdict)}” on {at:%Y-%m-%d at %H:%M} UTC."
    return Refusal(f"{told} That stands; if you see it otherwise, say so again.", {"at": at.isoformat()})
