"""What people say of many mentions at once: one word, one transaction, one way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database import correcting
from database.corrections import TAKEN, Key, Standing, Verdict, standings
from services.correcting import seen_as
from services.installation import Installation
from services.tagging import retag_some

# So many in a transaction: whoever else wants to write waits for some tenths of a second.
MOST = 500


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of several mentions, by which it can be taken back."""

    verdict: Verdict
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of mentions that somebody speaks of.

    Attributes:
        heard: those whose word stands from now on.
        same: those of which this person said so before.
        changed: those left alone, because somebody spoke of them or their words changed since they were looked at.
        gone: those that are not there any more.
    """

    heard: frozenset[Key] = frozenset()
    same: frozenset[Key] = frozenset()
    changed: frozenset[Key] = frozenset()
    gone: frozenset[Key] = frozenset()


def correct_many(inst: Installation, seen: Mapping[Key, str], word: Word) -> Sorted:
    """Let somebody's word on many mentions stand, but for those that have changed since they looked.

    Args:
        seen: what :func:`services.correcting.seen_as` told of each when the page was made; at most ``MOST``.

    Raises:
        DatabaseError: it cannot be written; nothing was changed.
    """
    with inst.database.writing() as connection:
        now = standings(connection, seen.keys())
        found = sort(seen, now, word)
        correcting.correct(connection, found.heard, word.verdict, word.by, word.at)
        _catch_up(connection, inst, frozenset(key for key in found.heard if _was_taken(now[key])))
    return found


def undo_many(inst: Installation, word: Word) -> int:
    """Take back what somebody said of many at once, where it still is the last word; of how many it was.

    What was said of each before stands again.

    Raises:
        DatabaseError: it cannot be written; nothing was changed.
    """
    brands = [brand.id for brand in inst.settings.brands]
    with inst.database.writing() as connection:
        keys = correcting.take_back(connection, brands, word.verdict, word.by, word.at)
        if word.verdict in TAKEN:
            _catch_up(connection, inst, keys)
    return len(keys)


def sort(seen: Mapping[Key, str], now: Mapping[Key, Standing], word: Word) -> Sorted:
    """Which mentions a word is for: those that are still as they were seen."""
    there = seen.keys() & now.keys()
    same = frozenset(key for key in there if _says(now[key], word))
    unchanged = (key for key in there - same if seen[key] == seen_as(now[key].correction, now[key].edited_at))
    heard = frozenset(unchanged)
    return Sorted(heard, same, frozenset(there - same - heard), frozenset(seen.keys() - now.keys()))


def _says(now: Standing, word: Word) -> bool:
    said = now.correction
    return said is not None and (said.verdict, said.by) == (word.verdict, word.by)


def _was_taken(now: Standing) -> bool:
    return now.correction is not None and now.correction.verdict in TAKEN


def _catch_up(connection: Connection, inst: Installation, keys: frozenset[Key]) -> None:
    """Rules that changed while mentions were away from their brands passed them over."""
    if keys:
        retag_some(connection, inst, keys)
