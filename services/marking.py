"""What people say of alarms: each word is kept once, can be taken back, and changes no incident.

Tuning reads it later (:func:`database.marks.all_marks`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from database.incidents import hold_opening
from database.marks import add_mark, mark_with, missed_at, remove_mark
from database.reading_signals import alarms_of, hold_decision
from detection.marks import Mark, MarkVerdict
from incidents.incident import Refusal
from incidents.marking import refuse_missed, refuse_noise, refuse_note, refuse_wrongly_held
from incidents.outcome import Outcome
from services.installation import Installation
from settings.model import Brand

_Decide = Callable[[Outcome, Mark | None, Mapping[str, str]], Refusal | None]
_DATE = len("2026-05-12")


def mark_noise(inst: Installation, signal_id: int, by: str, note: str = "") -> Mark | Refusal:
    """Somebody says that an alarm was not worth it; the incident it opened or joined stays as it is.

    Args:
        by: id of the person.

    Raises:
        DatabaseError: it cannot be written; nothing was changed.
    """
    return _mark_signal(inst, signal_id, (MarkVerdict.NOISE, by, note.strip()), refuse_noise)


def mark_noise_of(connection: Connection, inst: Installation, incident_id: int, by: str, note: str) -> None:
    """Mark the alarms of an incident that was dismissed as noise; what somebody marked before stays."""
    for signal_id in alarms_of(connection, incident_id):
        decided = hold_decision(connection, signal_id)
        if decided and not refuse_noise(decided.outcome, decided.mark, inst.names):
            brand, kind = decided.brand, decided.kind
            add_mark(connection, Mark(0, brand, MarkVerdict.NOISE, decided.at, signal_id, by, inst.clock(), note, kind))


def unmark_noise_of(connection: Connection, incident_id: int, by: str, note: str) -> None:
    """Take back what :func:`mark_noise_of` said, where the incident was none after all."""
    for signal_id in alarms_of(connection, incident_id):
        decided = hold_decision(connection, signal_id)
        mark = decided.mark if decided else None
        if mark and (mark.verdict, mark.by, mark.note) == (MarkVerdict.NOISE, by, note):
            remove_mark(connection, mark.id)


def mark_wrongly_held(inst: Installation, signal_id: int, by: str, note: str = "") -> Mark | Refusal:
    """Somebody says that what was held should have been an alarm; otherwise as :func:`mark_noise`."""
    return _mark_signal(inst, signal_id, (MarkVerdict.MISSED, by, note.strip()), refuse_wrongly_held)


def mark_missed(inst: Installation, brand: str, moment: datetime, by: str, note: str = "") -> Mark | Refusal:
    """Somebody says that an alarm about a brand should have come at a moment; otherwise as :func:`mark_noise`."""
    note, now = note.strip(), inst.clock()
    refusal = _refuse_brand(inst, brand) or refuse_note(note)
    if refusal:
        return refusal
    with inst.database.writing() as connection:
        hold_opening(connection, brand)  # two people who say the same do it one after the other
        refusal = refuse_missed(moment, now, missed_at(connection, brand, moment), inst.names)
        return refusal or add_mark(connection, Mark(0, brand, MarkVerdict.MISSED, moment, None, by, now, note))


def unmark(inst: Installation, mark_id: int, seen: str = "") -> Mark | Refusal:
    """Take back what somebody said; it comes back once more.

    Args:
        seen: what :func:`seen_as` told of it. Numbers of what was taken back are given again: without it, whatever has
            the number now is meant.
    """
    with inst.database.writing() as connection:
        mark = mark_with(connection, mark_id)
        if mark is None or (seen and seen != seen_as(mark)) or not remove_mark(connection, mark_id):
            return Refusal(f"There is no mark {mark_id} any more: somebody has taken it back.")
        return mark


def seen_as(mark: Mark) -> str:
    """A word for a mark; another one of the same number has another."""
    return f"{mark.at.timestamp():.6f}"


def watched(inst: Installation) -> tuple[Brand, ...]:
    """The brands that alarms are raised about."""
    return tuple(brand for brand in inst.settings.brands if not brand.competitor)


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A day and a time as ``2026-05-12 14:30``, with an offset or in a zone; None where it is something else."""
    text = text.strip()
    try:
        at = datetime.fromisoformat(text) if len(text) > _DATE else None
        return at and (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter near the years 1 and 9999
        return None


def _mark_signal(
    inst: Installation, signal_id: int, said: tuple[MarkVerdict, str, str], refuse: _Decide
) -> Mark | Refusal:
    (verdict, by, note), at = said, inst.clock()
    with inst.database.writing() as connection:
        decided = hold_decision(connection, signal_id)
        if decided is None:
            return Refusal(f"There is no decision {signal_id}. Look at the list of decisions.")
        mark = Mark(0, decided.brand, verdict, decided.at, signal_id, by, at, note, decided.kind)
        refusal = refuse(decided.outcome, decided.mark, inst.names) or refuse_note(note)
        return refusal or add_mark(connection, mark)


def _refuse_brand(inst: Installation, brand: str) -> Refusal | None:
    names = {one.id: one.name for one in watched(inst)}
    if brand in names:
        return None
    if brand in {one.id for one in inst.settings.brands}:
        return Refusal(f"{inst.name_of_brand(brand)} is a competitor, about which no alarms are raised.")
    return Refusal(f"There is no brand {brand} in the settings. There are: {', '.join(names)}.")
