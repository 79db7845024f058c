"""Erasing what is older than a team wants to keep, a little at each tick."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select

from alerts.contract import DeliveryError
from database.erasing import erase_before
from database.repeated import erase_answers_before, erase_letters, erase_reports_before, letters_before
from database.tables import TickRow
from services.forgetting import withdraw_letters
from services.installation import Installation

logger = logging.getLogger(__name__)
# Some hundredths of a second, in which nobody else writes.
AT_ONCE = 500
MOST_BATCHES = 10


def erase_expired(inst: Installation, *, at_once: int = AT_ONCE, batches: int = MOST_BATCHES) -> int:
    """Erase texts and authors of what was published before the time to keep; how many mentions.

    Letters, reports by hand and answers to deliveries follow once an hour, by the hour of the last tick. To be called
    before a tick is recorded.

    Raises:
        DatabaseError: the database cannot be written.
    """
    keep, now = inst.settings.privacy.keep, inst.clock()
    if keep is None:
        return 0
    erased, moment = 0, now - keep
    for _ in range(batches):
        with inst.database.writing() as connection:
            some = erase_before(connection, moment, at_once, now)
        erased += some
        if some < at_once:
            break
    with inst.database.reading() as connection:
        last = connection.execute(select(TickRow.started_at).order_by(TickRow.id.desc()).limit(1)).scalar()
    if last is None or _hour(last) != _hour(now):
        try:
            _erase_records(inst, moment)
        except DeliveryError as error:  # the tick has other things to do; it is tried again in an hour
            logger.warning("letters that are too old were not erased: %s", error)
    return erased


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _erase_records(inst: Installation, moment: datetime) -> None:
    with inst.database.writing() as connection:
        letters = letters_before(connection, moment, AT_ONCE * MOST_BATCHES)
        withdraw_letters(inst, letters)  # first: a letter whose row is empty is not looked for again
        for at in range(0, len(letters), AT_ONCE):
            erase_letters(connection, letters[at : at + AT_ONCE])
        erase_reports_before(connection, moment, AT_ONCE)
        erase_answers_before(connection, moment)
