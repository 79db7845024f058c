"""Finding mentions by words or source, newest first, in a time that hardly depends on how many are stored.

The newest mentions of a brand are read and tried one by one: what many mentions hold is found there at once. Only what
few of them hold is looked up in the index, which knows all mentions of a word but not their order: it is asked for some
weeks at a time, from the newest back, unless there are few in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, false, func, or_, select

from database.searching import Terms, held, indexed
from database.tables import BrandMentionRow, MentionRow, TagRow
from database.word_tables import MentionWordsRow
from database.words import PERIOD, period
from mentions.search import Search, read_search

if TYPE_CHECKING:
    from database.reading_mentions import Place, Wanted

# How many periods the index is asked for at a time; at last for all that is older.
_REACHES = (1, 3, 9)
_MOST_PERIODS = 26
_About = BrandMentionRow
_End = tuple[datetime, int]  # when a mention was published, and its id


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked for.

    Attributes:
        search: words to find, None where any will do.
        conditions: what else must be true of a mention of a brand; the brand left out.
        tried: so many of the newest mentions are tried one by one.
        at_once: so many that the index knows are sorted at once; of more, those of some weeks.
    """

    wanted: Wanted
    search: Search | None
    conditions: Sequence[ColumnElement[bool]]
    tried: int = 3_000
    at_once: int = 3_000

    @property
    def in_vain(self) -> bool:
        """Whether nothing can be found: there is no brand, or no word in what is asked for."""
        return not self.wanted.brands or (self.search is not None and self.search.asks_nothing)

    @property
    def of_each(self) -> int:
        """So many of the newest mentions of each brand are tried."""
        return max(self.tried // len(self.wanted.brands), 1)

    def terms(self, periods: Sequence[int] = ()) -> Terms:
        """What to ask the index for."""
        brands, wanted = self.wanted.brands, self.wanted
        if not periods and wanted.since and wanted.until:
            between = range(period(wanted.since), period(wanted.until) + 1)
            periods = between if len(between) <= _MOST_PERIODS else ()
        return Terms(self.search, wanted.source, brands[0] if len(brands) == 1 else "", periods)


def found(
    connection: Connection, looking: Looking, columns: Sequence[Any], after: Place | None, limit: int
) -> list[Row[Any]]:
    """Mentions of brands that follow a place, newest first, as these columns.

    Args:
        columns: ``brand``, ``published_at`` and ``id`` among them.
    """
    if looking.in_vain:
        return []
    rows: list[Row[Any]] = []
    for brand in looking.wanted.brands:
        keys = _tried(connection, looking, _newest(looking, brand, after)).limit(limit)
        rows += connection.execute(_whole(keys, columns))
    rows = _sorted(rows)[:limit]
    last = _place(rows[-1]) if len(rows) == limit else None
    ends = _ends(connection, looking, after)
    ends = {brand: end for brand, end in ends.items() if last is None or last < (*end, brand)}
    return _sorted([*rows, *_older(connection, looking, columns, ends, limit)])[:limit] if ends else rows


def count(connection: Connection, looking: Looking, limit: int) -> int:
    """How many there are, counted up to ``limit``."""
    if looking.in_vain:
        return 0
    counted = 0
    for brand in looking.wanted.brands:
        counted += _count(connection, _tried(connection, looking, _newest(looking, brand)), limit - counted)
        if counted >= limit:
            return limit
    if ends := _ends(connection, looking, None):
        counted += _count(connection, _in_index(connection, looking, ends), limit - counted)
    return counted


def among(connection: Connection, text: str) -> Iterator[ColumnElement[bool]]:
    """That a mention of a brand holds the words that somebody asks for, by trying each."""
    if text:
        search = read_search(text)
        its = MentionWordsRow.mention_id == _About.mention_id
        yield false() if search.asks_nothing else exists().where(its, *held(connection, search))


def follows(table: Any, brand: str, after: Place) -> ColumnElement[bool]:
    """Whether a mention of a brand comes after a place, in the order of places."""
    number, at = table.mention_id, table.published_at
    # Of one mention the brands come in reverse order of their names, as the places are compared.
    below = number <= after.mention_id if brand < after.brand else number < after.mention_id
    return and_(at <= after.published_at, or_(at < after.published_at, below))


def _newest(looking: Looking, brand: str, after: Place | None = None) -> Select[Any]:
    """Places of the mentions of a brand that are tried, the newest first, by an index that has them in this order."""
    wanted = looking.wanted
    table: Any = TagRow if wanted.tag else _About
    at, number = table.published_at, table.mention_id
    where = [table.brand == brand]
    if wanted.since:
        where.append(at >= wanted.since)
    if wanted.until:
        where.append(at < wanted.until)
    if wanted.tag:
        kind, _, name = wanted.tag.partition(":")
        where += [TagRow.kind == kind, TagRow.name == name]
    elif wanted.label:
        where.append(_About.label == wanted.label)
    if after is not None:
        where.append(follows(table, brand, after))
    query = select(at, number, table.brand).where(*where).order_by(at.desc(), number.desc())
    return query.limit(looking.of_each)


def _tried(connection: Connection, looking: Looking, newest: Select[Any]) -> Select[Any]:
    """Keys of those that are what is looked for, in their order."""
    some = newest.subquery()
    its = and_(_About.mention_id == some.c.mention_id, _About.brand == some.c.brand)
    query = select(_About.mention_id, _About.brand).join_from(some, _About, its)
    if looking.search is not None:
        query = query.join(MentionWordsRow, MentionWordsRow.mention_id == some.c.mention_id)
        query = query.where(*held(connection, looking.search))
    query = query.join(MentionRow, MentionRow.id == some.c.mention_id).where(*looking.conditions)
    return query.order_by(some.c.published_at.desc(), some.c.mention_id.desc())


def _ends(connection: Connection, looking: Looking, after: Place | None) -> Mapping[str, _End]:
    """The last ones that were tried, of brands that have more."""
    ends = {}
    for brand in looking.wanted.brands:
        newest = _newest(looking, brand, after)
        last = connection.execute(newest.offset(looking.of_each - 1).limit(1)).one_or_none()
        if last is not None:
            ends[brand] = (last.published_at, last.mention_id)
    return ends


def _older(
    connection: Connection, looking: Looking, columns: Sequence[Any], ends: Mapping[str, _End], limit: int
) -> list[Row[Any]]:
    """Up to ``limit`` older ones than those that were tried, by the index."""
    rows: list[Row[Any]] = []
    for periods, before in _reaches(connection, looking, ends):
        keys = _in_index(connection, looking, ends, periods)
        if before is not None:
            keys = keys.where(_About.published_at < before)
        order = (_About.published_at.desc(), _About.mention_id.desc(), _About.brand.desc())
        rows += connection.execute(_whole(keys.order_by(*order).limit(limit), columns))
        if len(rows) >= limit:
            break
    return rows


def _reaches(
    connection: Connection, looking: Looking, ends: Mapping[str, _End]
) -> Iterator[tuple[Sequence[int], datetime | None]]:
    """Periods to ask the index for, one after the other; none of them for all before a moment, or for all there are."""
    every = indexed(connection, looking.terms()).limit(looking.at_once + 1).subquery()
    if (connection.execute(select(func.count()).select_from(every)).scalar() or 0) <= looking.at_once:
        yield (), None
        return
    last = period(max(at for at, _ in ends.values()))
    for reach in _REACHES:
        yield range(last - reach + 1, last + 1), None
        last -= reach
    yield (), datetime.fromtimestamp((last + 1) * PERIOD.total_seconds(), UTC)


def _in_index(
    connection: Connection, looking: Looking, ends: Mapping[str, _End], periods: Sequence[int] = ()
) -> Select[Any]:
    """Keys of those that follow these ends, by the index."""
    ids = indexed(connection, looking.terms(periods)).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    # As an expression, lest the database begin with the index of a brand and read all its mentions for some of them.
    brand = func.coalesce(_About.brand, "")
    follow = [and_(brand == one, _below(*end)) for one, end in ends.items()]
    query = select(_About.mention_id, _About.brand).join_from(ids, _About, _About.mention_id == ids.c.mention_id)
    return query.join(MentionRow, MentionRow.id == ids.c.mention_id).where(or_(*follow), *looking.conditions)


def _below(at: datetime, number: int) -> ColumnElement[bool]:
    return and_(_About.published_at <= at, or_(_About.published_at < at, _About.mention_id < number))


def _whole(keys: Select[Any], columns: Sequence[Any]) -> Select[Any]:
    """The rows of keys."""
    some = keys.subquery()
    its = and_(_About.mention_id == some.c.mention_id, _About.brand == some.c.brand)
    return select(*columns).join_from(some, _About, its).join(MentionRow)


def _count(connection: Connection, keys: Select[Any], limit: int) -> int:
    return connection.execute(select(func.count()).select_from(keys.limit(limit).subquery())).scalar() or 0


def _place(row: Row[Any]) -> tuple[datetime, int, str]:
    return row.published_at, row.id, row.brand


def _sorted(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    return sorted(rows, key=_place, reverse=True)
