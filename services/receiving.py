"""Mentions that come by themselves, pushed by a program: checked, understood and stored like those that are fetched."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from database import deliveries
from database.listening import Heard, store
from errors import GroundswellError
from mentions.mention import Mention
from services.files.row_errors import RowError
from services.files.rows import Field, HowToRead, brand_called, read_row
from services.installation import Installation
from services.understanding import understand
from settings.model import Inbound

# What tells mentions of all sources apart, and how their dates came about, is not for a sender to say.
_OURS = {Field.KEY, Field.SOURCE, Field.DATING}
MOST_AT_ONCE = 1_000
# Longer than any sender goes on trying to deliver the same.
ANSWERS_KEPT = timedelta(days=30)


class DeliveryBodyError(GroundswellError):
    """What was pushed cannot be read at all; nothing of it was kept."""


class KeyReusedError(GroundswellError):
    """A key came again with something else; the first delivery stands, nothing of this one was kept."""

    def __init__(self, sender: str, key: str) -> None:
        super().__init__(
            f'delivery "{key}" of "{sender}"',
            "another body came under this webhook-id before.",
            "Give every delivery its own id, and repeat one only with the same body. Nothing of this one was kept.",
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A mention that has arrived: the id under which it is kept, and the brands that it is about, named or not."""

    mention: Mention
    source: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """Entries that are about a brand, by source, and the positions of those that are about none."""

    heard: Sequence[tuple[str, list[Heard]]]
    unrelated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that cannot be read: its position from 0, and why."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery; the same again for the same delivery.

    Attributes:
        received: entries in it.
        new: stored now.
        known: there already.
        unrelated: positions of those that are about no brand; they are not stored.
        refused: those that cannot be read; the others are stored all the same.
    """

    received: int
    new: int
    known: int
    unrelated: tuple[int, ...]
    refused: tuple[Refused, ...]


def receive(inst: Installation, sender: Inbound, key: str, body: bytes) -> Mapping[str, object]:
    """Store what a program pushed, once for each key; the receipt as it was answered the first time.

    Raises:
        DeliveryBodyError: it is not JSON, or not what is asked for.
        KeyReusedError: the key came before with another body.
        DatabaseError: nothing was stored; the delivery can be repeated.
    """
    digest = hashlib.sha256(body).hexdigest()
    with inst.database.reading() as connection:
        known = deliveries.find(connection, sender.id, key)
    if known:
        return _again(sender, key, digest, known)
    now = inst.clock()
    items = _items(sender, body)
    entries, refused = _read(inst, sender, items, now)
    understood = understand_all(inst, [entry for _, entry in entries])
    with inst.database.writing() as connection:
        # Two of the same at the same moment: the second waits here for the first, and finds its answer.
        first = deliveries.claim(connection, sender.id, key, digest, now)
        if first:
            new, _ = keep_all(connection, understood, now)
            unrelated = tuple(entries[position][0] for position in understood.unrelated)
            receipt = Receipt(len(items), new, len(entries) - len(unrelated) - new, unrelated, refused)
            answer = asdict(receipt)
            deliveries.answer(connection, sender.id, key, answer)
            deliveries.forget(connection, sender.id, now - ANSWERS_KEPT)
            return answer
        return _again(sender, key, digest, deliveries.find(connection, sender.id, key))


def understand_all(inst: Installation, entries: Sequence[Entry]) -> Understood:
    """What the entries are about and how they feel; nothing is stored yet."""
    groups: defaultdict[tuple[str, tuple[str, ...]], list[Mention]] = defaultdict(list)
    for entry in entries:
        groups[entry.source, entry.about].append(entry.mention)
    heard = [(source, understand(inst, source, about, said)) for (source, about), said in groups.items()]
    related = {one.mention.digest for _, some in heard for one in some}
    unrelated = tuple(position for position, entry in enumerate(entries) if entry.mention.digest not in related)
    return Understood(heard, unrelated)


def keep_all(connection: Connection, understood: Understood, now: datetime) -> tuple[int, int]:
    """Store what was understood; how many mentions were not known before, and how many are forgotten and left out."""
    stored = [store(connection, source, some, now) for source, some in understood.heard]
    return sum(one.mentions for one in stored), sum(one.forgotten for one in stored)


def _again(sender: Inbound, key: str, digest: str, known: deliveries.Delivery | None) -> Mapping[str, object]:
    if known is None or known.body_digest != digest:
        raise KeyReusedError(sender.id, key)
    return known.answer


def _items(sender: Inbound, body: bytes) -> Sequence[object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise _refused_whole(sender, "the body is not JSON in UTF-8.") from None
    items = value if isinstance(value, list) else [value]
    if not items:
        raise _refused_whole(sender, "the list is empty.")
    if len(items) > MOST_AT_ONCE:
        raise _refused_whole(sender, f"the list holds {len(items):,} mentions, more than {MOST_AT_ONCE:,}.")
    return items


def _refused_whole(sender: Inbound, problem: str) -> DeliveryBodyError:
    remedy = f"Send one mention as a JSON object, or a list of up to {MOST_AT_ONCE:,}. Nothing was kept."
    return DeliveryBodyError(f'delivery of "{sender.id}"', problem, remedy)


def _read(
    inst: Installation, sender: Inbound, items: Sequence[object], now: datetime
) -> tuple[list[tuple[int, Entry]], tuple[Refused, ...]]:
    entries: list[tuple[int, Entry]] = []
    refused: list[Refused] = []
    how = HowToRead(inst.settings.time_zone)
    for index, item in enumerate(items):
        try:
            entries.append((index, _entry(inst, sender, item, how, now)))
        except RowError as error:
            refused.append(Refused(index, str(error)))
    return entries, tuple(refused)


def _entry(inst: Installation, sender: Inbound, item: object, how: HowToRead, now: datetime) -> Entry:
    if not isinstance(item, dict):
        raise RowError("It is not a JSON object.")
    values: dict[Field, object] = {field: item[field] for field in Field if field in item and field not in _OURS}
    wanted = values.get(Field.BRAND)
    named = brand_called(inst.settings.brands, wanted)
    if wanted and not named:
        known = ", ".join(brand.id for brand in inst.settings.brands)
        raise RowError(f"Its brand is none of those listened for: {known}.")
    about = tuple(dict.fromkeys((*sender.about, *((named,) if named else ()))))
    return Entry(read_row(values, sender.id, how, now), sender.id, about)
