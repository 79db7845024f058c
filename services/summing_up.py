"""What was said of a brand in a window, summed up: who speaks, and of what kind of trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from database.tags import tag_counts
from sentiment.score import Label
from services.installation import Installation
from services.leading import leading_in
from services.voices import VoicesReport, voices_on
from topics.leading import Leading, TagCount
from topics.tag import CATEGORY

_INSTANT = timedelta(microseconds=1)  # what counts tags leaves the end out


@dataclass(frozen=True, slots=True)
class Sum:
    """What a window amounts to.

    Attributes:
        leading: the crisis category that stands out among the negative posts, None where none does.
        categories: all of them, the most frequent first.
    """

    voices: VoicesReport
    leading: Leading | None
    categories: Sequence[TagCount]


def sum_of(inst: Installation, brand: str, since: datetime, until: datetime) -> Sum:
    """What was said of a brand from ``since`` on and not after ``until``.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with inst.database.reading() as connection:
        return sum_on(connection, inst, voices_on(connection, inst, brand, since, until))


def sum_on(connection: Connection, inst: Installation, voices: VoicesReport) -> Sum:
    """As :func:`sum_of`, of the window of these voices, inside a transaction that has more to do."""
    brand, since, until = voices.brand, voices.since, voices.until
    return Sum(
        voices,
        leading_in(connection, inst, brand, since, until, label=Label.NEGATIVE),
        tag_counts(connection, brand, since, until + _INSTANT, CATEGORY),
    )
