"""What mentions are about, by rules: kept beside each brand's mentions, counted, kept up to date."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, case, cast, delete, distinct, func, select

from database.buckets import add_to_buckets
from database.inserting import insert
from database.stories import hold_stories
from database.tables import BrandMentionRow, MentionRow, TagRow
from detection.buckets import bucket_start
from sentiment.score import Label
from topics.leading import Spoken, TagCount
from topics.tag import CRITICAL, Tag, is_critical

# A mention of a brand: its id, and the brand's.
Key = tuple[int, str]
# SQLite takes at most 32,766 values in a statement, PostgreSQL 65,535.
_AT_ONCE = 500
_EVIDENCE_SHOWN = 3


def values_of(key: Key, published_at: datetime, tags: Iterable[Tag]) -> list[dict[str, object]]:
    """The rows of a mention's tags, for :func:`insert_tags`."""
    mention_id, brand = key
    return [
        {
            "mention_id": mention_id,
            "brand": brand,
            "kind": tag.kind,
            "name": tag.name,
            "evidence": tag.evidence,
            "published_at": published_at,
        }
        for tag in tags
    ]


def insert_tags(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep tags of mentions that are about these brands; what is there already stays as it is."""
    if rows:
        insert(connection, TagRow, rows, _new_tags)


def _new_tags(statement: Any) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["mention_id", "brand", "kind", "name"])


def replace_tags(connection: Connection, tags: Mapping[Key, Collection[Tag]]) -> int:
    """Give mentions the tags that they have now, and no others; for how many that changed something.

    Those that are not about the brand (any more) are passed over. The counts of critical words in buckets follow, so
    that no other transaction may change mentions meanwhile.
    """
    hold_stories(connection)
    before = tags_of(connection, tags)
    changed = {key: now for key, now in tags.items() if set(before.get(key, ())) != set(now)}
    if gone := [{"of": mention_id, "about": brand} for mention_id, brand in changed if (mention_id, brand) in before]:
        where = (TagRow.mention_id == bindparam("of"), TagRow.brand == bindparam("about"))
        connection.execute(delete(TagRow.__table__).where(*where), gone)  # type: ignore[arg-type]  # it is a table
    dates = _published(connection, changed)
    insert_tags(connection, [row for key, at in dates.items() for row in values_of(key, at, changed[key])])
    add_to_buckets(connection, _critical_changes(dates, before, changed))
    return len(dates)


def _critical_changes(
    dates: Mapping[Key, datetime], before: Mapping[Key, Iterable[Tag]], now: Mapping[Key, Iterable[Tag]]
) -> Mapping[tuple[str, datetime], Counter[str]]:
    changes: dict[tuple[str, datetime], Counter[str]] = defaultdict(Counter)
    for key, at in dates.items():
        if more := is_critical(now[key]) - is_critical(before.get(key, ())):
            changes[key[1], bucket_start(at)]["critical"] += more
    return {place: change for place, change in changes.items() if change["critical"]}


def critical_among(connection: Connection, ids: Iterable[int]) -> frozenset[Key]:
    """The mentions of brands that hold critical words near the brand, among the mentions with these ids."""
    columns = select(TagRow.mention_id, TagRow.brand).where(TagRow.kind == CRITICAL)
    return frozenset(
        (row.mention_id, row.brand)
        for some in _slices(set(ids))
        for row in connection.execute(columns.where(TagRow.mention_id.in_(some)))
    )


def _published(connection: Connection, keys: Collection[Key]) -> dict[Key, datetime]:
    columns = (BrandMentionRow.mention_id, BrandMentionRow.brand, BrandMentionRow.published_at)
    return {
        (row.mention_id, row.brand): row.published_at
        for ids in _slices({mention_id for mention_id, _ in keys})
        for row in connection.execute(select(*columns).where(BrandMentionRow.mention_id.in_(ids)))
        if (row.mention_id, row.brand) in keys
    }


def tags_of(connection: Connection, keys: Collection[Key]) -> Mapping[Key, tuple[Tag, ...]]:
    """The tags of mentions of brands, in order of kind and name; mentions without any are left out."""
    wanted = frozenset(keys)
    found: dict[Key, list[Tag]] = defaultdict(list)
    columns = (TagRow.mention_id, TagRow.brand, TagRow.kind, TagRow.name, TagRow.evidence)
    for ids in _slices({mention_id for mention_id, _ in wanted}):
        for mention_id, brand, *tag in connection.execute(select(*columns).where(TagRow.mention_id.in_(ids))):
            if (mention_id, brand) in wanted:
                found[mention_id, brand].append(Tag(*tag))
    return {key: tuple(sorted(tags)) for key, tags in found.items()}


def _slices(ids: Collection[int]) -> Iterator[list[int]]:
    rest = iter(sorted(ids))
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def tag_counts(  # a brand's window and what to count of it
    connection: Connection,
    brand: str,
    since: datetime,
    until: datetime,
    kind: str | None = None,
    label: Label | None = None,
) -> Sequence[TagCount]:
    """What a brand's mentions from ``since`` to before ``until`` are about, the most frequent first.

    Args:
        kind: of the tags to count; None for all.
        label: the tone of the mentions to count; None for any.
    """
    window = _Window(_said_between(brand, since, until, label), _tagged(kind))
    negative = func.sum(case((BrandMentionRow.label == Label.NEGATIVE, 1), else_=0))
    query = (
        window.of(TagRow.kind, TagRow.name, negative, *_spoken())
        .join(MentionRow, MentionRow.id == BrandMentionRow.mention_id)
        .group_by(TagRow.kind, TagRow.name)
        .order_by(func.count().desc(), TagRow.kind, TagRow.name)
    )
    words = _evidence(connection, window)
    return [
        TagCount(of_kind, name, Spoken(*spoken), negative, tuple(words[of_kind, name]))
        for of_kind, name, negative, *spoken in connection.execute(query)
        if of_kind is not None
    ]


def _evidence(connection: Connection, window: _Window) -> Mapping[tuple[str, str], list[str]]:
    """What led to each tag most often; of what was erased nothing is left."""
    said = (TagRow.kind, TagRow.name, TagRow.evidence)
    query = window.of(*said).group_by(*said).order_by(func.count().desc(), TagRow.evidence)
    words: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, name, evidence in connection.execute(query):
        if evidence and len(words[kind, name]) < _EVIDENCE_SHOWN:
            words[kind, name].append(evidence)
    return words


@dataclass(frozen=True, slots=True)
class _Window:
    """Mentions of a brand within a time, with their tags; a mention without any has one row of nothing."""

    said: list[ColumnElement[bool]]
    tagged: ColumnElement[bool]

    def of(self, *columns: Any) -> Select[Any]:
        # An inner join would let SQLite begin with all tags that the brand ever had, and look up their mentions.
        return select(*columns).select_from(BrandMentionRow).outerjoin(TagRow, self.tagged).where(*self.said)


def spoken_between(
    connection: Connection, brand: str, since: datetime, until: datetime, label: Label | None = None
) -> Spoken:
    """How much was said of a brand from ``since`` to before ``until``, with tags or without."""
    where = _said_between(brand, since, until, label)
    row = connection.execute(select(*_spoken()).select_from(BrandMentionRow).join(MentionRow).where(*where)).one()
    return Spoken(*row)


def _said_between(brand: str, since: datetime, until: datetime, label: Label | None) -> list[ColumnElement[bool]]:
    at = BrandMentionRow.published_at
    where = [BrandMentionRow.brand == brand, at >= since, at < until]
    return where if label is None else [*where, BrandMentionRow.label == label]


def _spoken() -> tuple[ColumnElement[int], ...]:
    """Posts, voices and stories, as :func:`database.listening.voices_since` counts them."""
    nameless = "#" + cast(BrandMentionRow.mention_id, Text)
    voice = func.coalesce(BrandMentionRow.source + " @" + func.nullif(BrandMentionRow.author, ""), nameless)
    story = func.coalesce(MentionRow.story_id, MentionRow.id)
    return (func.count(), func.count(distinct(voice)), func.count(distinct(story)))


def _tagged(kind: str | None) -> ColumnElement[bool]:
    same = (BrandMentionRow.mention_id == TagRow.mention_id) & (BrandMentionRow.brand == TagRow.brand)
    return same if kind is None else same & (TagRow.kind == kind)
