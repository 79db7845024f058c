"""Which sources are asked in a round of listening, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row

from database import visits
from services.collecting import listening_for
from services.installation import Installation
from settings.model import Source
from sources.visiting.revisiting import Pace

# The part of a tick that requests may spend waiting for their turn at a host; what is not asked by then comes first in
# the next round. The rest of the tick is for answers to arrive, and for judging them.
_WAITING = 1 / 3
_NEVER = datetime.min.replace(tzinfo=UTC)
# No source is put off for longer, unless its settings say so: neither a host nor a budget takes more than a day.
_LONGEST_PAUSE = timedelta(days=2)


def start_round(inst: Installation, *, everything: bool = False) -> tuple[Source, ...]:
    """Begin a round: the sources to ask now, longest overdue first, those of one host apart from each other.

    Args:
        everything: ask all of them, due or not, stopped or not.
    """
    now = inst.clock()
    with inst.database.reading() as connection:
        rows = visits.source_rows(connection)
        inst.pacing.learn(visits.host_waits(connection, now))
    inst.pacing.start_round(inst.settings.tick.total_seconds() * _WAITING)
    due = [one for one in inst.settings.sources if everything or _is_due(inst, one, rows.get(one.id), now)]
    due.sort(key=lambda source: _due_at(rows.get(source.id)))
    return tuple(_interleaved(due))


def _is_due(inst: Installation, source: Source, row: Row[Any] | None, now: datetime) -> bool:
    if row is None:
        return True
    if row.asked_for and row.asked_for != listening_for(inst, source):  # what is mended is tried at once
        return True
    if row.stopped_at is not None:
        return False
    # Half a tick of tolerance: a source every 5 minutes must not slip to every 6 because a tick started 2 s early.
    due = now + inst.settings.tick / 2
    latest = now + max(_LONGEST_PAUSE, 2 * Pace(source.every, source.slowest).longest)
    clock_was_ahead = (row.asked_at or now) > now or (row.next_at or now) > latest
    return clock_was_ahead or row.next_at is None or bool(row.next_at <= due)


def _due_at(row: Row[Any] | None) -> datetime:
    return row.next_at if row is not None and row.next_at is not None else _NEVER


def _interleaved(sources: Iterable[Source]) -> Iterator[Source]:
    """One of each host, then the second of each: sources that must keep a distance hold up nobody else."""
    lanes: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        lanes[host_of(source)].append(source)
    for abreast in zip_longest(*lanes.values()):
        yield from (source for source in abreast if source is not None)


def host_of(source: Source) -> str:
    """The host of a source, name and port in lower case, empty where none of its options is an address."""
    written = (str(value) for _, value in source.options if isinstance(value, str))
    address = next((value for value in written if value.startswith(("http://", "https://"))), "")
    return urlsplit(address).netloc.lower()
