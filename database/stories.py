"""Which mentions tell the same story: kept as they arrive, counted in mentions and in voices.

The marks of every mention are kept beside its time. What shares a mark and is near in time tells one story, so it is
enough to look at the neighbours that a new mention has in time under each of its marks: what stores cost does not grow
with how many share a mark. A story has the id of its oldest row, which stays the lowest one while others join.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    desc,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased

from database.tables import BrandMentionRow, MentionRow, StoryKeyRow
from mentions.mention import Mention
from mentions.stories import WINDOW, components, marks, second
from sentiment.score import Label

# What nobody else tells, and what was stored before there were stories, is a story of its own.
_STORY = func.coalesce(MentionRow.story_id, MentionRow.id)
# What tells voices apart: accounts of one name on two sources need not be one person.
_VOICE = func.coalesce(
    BrandMentionRow.source + " @" + func.nullif(BrandMentionRow.author, ""),
    "#" + cast(BrandMentionRow.mention_id, String),
)
_STORIES_OF_IDS = select(MentionRow.id, _STORY).where(MentionRow.id.in_(bindparam("ids", expanding=True)))
_WINDOW = int(WINDOW.total_seconds())
_MONTH = 4 * _WINDOW
_LOCK = int.from_bytes(hashlib.blake2b(b"groundswell:stories", digest_size=8).digest(), signed=True)


@dataclass(frozen=True, slots=True)
class Story:
    """What several people told, or one.

    Attributes:
        source: where the first voice spoke; as are author, title, text and url those of the first mention.
        mentions: how often it was told in the time asked for.
        voices: by how many; mentions without an author count as one voice each.
        first_at: when the first mention was published, be it before the time asked for.
        last_at: when the last one was, within that time.
    """

    id: int
    source: str
    author: str | None
    title: str
    text: str
    url: str | None
    mentions: int
    voices: int
    first_at: datetime
    last_at: datetime


def hold_stories(connection: Connection) -> None:
    """Let no other transaction change stories before this one ends.

    Two at once would not see each other's mentions. On SQLite there is one writer anyway. Held by whatever changes
    stories; a transaction that writes other rows of mentions first should hold it first, lest two wait for each other.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def assign_stories(connection: Connection, new: Sequence[tuple[int, Mention]]) -> None:
    """Find the stories of mentions that were just stored; stories that one of them bridges become one.

    Args:
        new: ids and mentions; no more than fit a statement (500).
    """
    if not new:
        return
    hold_stories(connection)
    marked = {number: marks(mention) for number, mention in new}
    at = {number: second(mention) for number, mention in new}
    _insert_marks(connection, [(number, at[number], found.keys) for number, found in marked.items()])
    _join(connection, _joined(connection, marked))


def restory(connection: Connection, edited: Sequence[tuple[int, Mention]]) -> None:
    """Find the stories of mentions whose words were edited; what only they held together falls apart.

    A story is taken apart once, however many of its mentions were edited: that costs what it holds.

    Args:
        edited: ids and mentions; no more than fit a statement (500).
    """
    hold_stories(connection)
    found = {number: marks(mention).keys for number, mention in edited}
    known: dict[int, set[int]] = {number: set() for number in found}
    rows = connection.execute(select(StoryKeyRow.mention_id, StoryKeyRow.key).where(StoryKeyRow.mention_id.in_(found)))
    for number, key in rows:
        known[number].add(key)
    changed = [number for number, keys in found.items() if keys != known[number]]
    told = connection.execute(select(MentionRow.id, MentionRow.published_at, _STORY).where(MentionRow.id.in_(changed)))
    stories = {number: (int(published_at.timestamp()), story) for number, published_at, story in told}
    connection.execute(delete(StoryKeyRow).where(StoryKeyRow.mention_id.in_(changed)))
    _insert_marks(connection, [(number, at, found[number]) for number, (at, _) in stories.items()])
    for story in sorted({story for _, story in stories.values()}):
        _regroup(connection, story)
    _join(connection, _joined(connection, changed))


def stories_between(
    connection: Connection, brand: str, since: datetime, until: datetime, limit: int
) -> tuple[Story, ...]:
    """Stories told of a brand from ``since`` on and not after ``until``; those of most voices first."""
    told = (
        select(
            _STORY.label("id"),
            func.count().label("mentions"),
            func.count(_VOICE.distinct()).label("voices"),
            func.max(BrandMentionRow.published_at).label("last_at"),
        )
        .select_from(BrandMentionRow)
        .join(MentionRow)
        .where(BrandMentionRow.brand == brand, BrandMentionRow.published_at.between(since, until))
        .group_by(_STORY)
        .order_by(desc("voices"), desc("last_at"), "id")
        .limit(limit)
    )
    rows = connection.execute(told).mappings().all()
    first = _first_mentions(connection, brand, [row["id"] for row in rows])
    return tuple(Story(**{**first[row["id"]], **row}) for row in rows)


def story_count(connection: Connection, brand: str, since: datetime, label: Label | None = None) -> int:
    """How many stories were told of a brand since a moment, in one tone or in any."""
    where = [BrandMentionRow.brand == brand, BrandMentionRow.published_at >= since]
    if label:
        where.append(BrandMentionRow.label == label)
    counted = select(func.count(_STORY.distinct())).select_from(BrandMentionRow).join(MentionRow).where(*where)
    return connection.execute(counted).scalar() or 0


def _insert_marks(connection: Connection, marked: Iterable[tuple[int, int, Iterable[int]]]) -> None:
    """Keep marks by id of a mention and the second of its publication."""
    if rows := sorted((at // _MONTH, key, at, number) for number, at, keys in marked for key in keys):
        sign = "?" if connection.dialect.name == "sqlite" else "%s"
        names = "month, key, second, mention_id"
        # Past SQLAlchemy's own handling of parameters, which costs more than these small rows.
        connection.exec_driver_sql(f"INSERT INTO story_keys ({names}) VALUES ({', '.join([sign] * 4)})", rows)  # noqa: S608


def _update_each(connection: Connection, values: Iterable[Mapping[str, Any]]) -> None:
    """Set columns of mentions; ``at`` is the id."""
    if rows := list(values):
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "at"}
        statement = update(MentionRow.__table__).where(MentionRow.id == bindparam("at"))  # type: ignore[arg-type]
        connection.execute(statement.values(columns), rows)


def _joined(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """The stories of these mentions and of their neighbours, and for each the one that it is part of now."""
    near = _neighbours(connection, ids)
    wanted = {*ids, *(number for pair in near for number in pair)}
    rows = connection.execute(_STORIES_OF_IDS, {"ids": list(wanted)})
    story = {row.id: row[1] for row in rows}
    return components(story.values(), ((story[one], story[other]) for one, other in near))


def _neighbours(connection: Connection, ids: Collection[int]) -> set[tuple[int, int]]:
    """Each mention with those that come just before and just after it, in the window, under one of its marks."""
    rows = connection.execute(_neighbours_of_ids(), {"ids": list(ids)})
    return {(number, other) for number, *others in rows for other in others if other is not None}


@cache
def _neighbours_of_ids() -> Select[tuple[int, ...]]:
    """Made once: making it takes longer than asking it."""
    near = [_neighbour(before=before, beside=beside) for before in (True, False) for beside in (False, True)]
    wanted = StoryKeyRow.mention_id.in_(bindparam("ids", expanding=True))
    # Most marks have no neighbour at all, which one look tells instead of two.
    shared = (and_(_is_shared(+1), _reaches(before=False)), and_(_is_shared(-1), _reaches(before=True)))
    return select(StoryKeyRow.mention_id, *near).where(wanted, or_(_is_shared(0), *shared))


def _is_shared(months: int) -> ColumnElement[bool]:
    """Whether another mention has the same mark, so many months later."""
    own, other = StoryKeyRow, aliased(StoryKeyRow)
    where = (other.month == own.month + months, other.key == own.key, other.mention_id != own.mention_id)
    return select(other.month).where(*where).correlate(own).exists()


def _reaches(*, before: bool) -> ColumnElement[bool]:
    """Whether the window of a mark reaches into the month before or after."""
    passed = StoryKeyRow.second % _MONTH
    return passed < _WINDOW if before else passed >= _MONTH - _WINDOW


def _neighbour(*, before: bool, beside: bool) -> ColumnElement[int]:
    """The next mention before or after, in the same month or, where the window reaches that far, in the one beside."""
    own, other = StoryKeyRow, aliased(StoryKeyRow)
    far = own.second - _WINDOW if before else own.second + _WINDOW
    month = own.month + (-1 if before else 1) if beside else own.month
    order = (other.second, other.mention_id)
    place, mine = tuple_(*order), tuple_(own.second, own.mention_id)
    where = [other.month == month, other.key == own.key, place < mine if before else place > mine]
    where.append(other.second >= far if before else other.second <= far)
    nearest = (
        select(other.mention_id).where(*where).order_by(*(column.desc() if before else column for column in order))
    )
    found = nearest.limit(1).correlate(own).scalar_subquery()
    return case((_reaches(before=before), found)) if beside else found


def _join(connection: Connection, names: Mapping[int, int]) -> None:
    """Make of stories what they are part of now; what nobody else tells stays unwritten."""
    rows = [{"old": old, "new": new} for old, new in sorted(names.items()) if old != new]
    if not rows:
        return
    told = update(MentionRow.__table__).where(_told(bindparam("old")))  # type: ignore[arg-type]
    connection.execute(told.values(story_id=bindparam("new")), rows)
    first = MentionRow.id.in_({row["new"] for row in rows})
    connection.execute(update(MentionRow).where(first, MentionRow.story_id.is_(None)).values(story_id=MentionRow.id))


def _told(story: Any) -> ColumnElement[bool]:
    """That a mention tells a story; in a form that finds it by index."""
    return or_(MentionRow.story_id == story, and_(MentionRow.id == story, MentionRow.story_id.is_(None)))


def _regroup(connection: Connection, story: int) -> None:
    """Take a story apart into what still hangs together."""
    members = connection.execute(select(MentionRow.id).where(_told(story))).scalars().all()
    order = (StoryKeyRow.key, StoryKeyRow.second, StoryKeyRow.mention_id)
    keys = connection.execute(select(*order).join(MentionRow).where(_told(story)).order_by(*order))
    links = (
        (before.mention_id, after.mention_id)
        for before, after in pairwise(keys)
        if before.key == after.key and after.second - before.second <= _WINDOW
    )
    parts = components(members, links)
    _update_each(connection, ({"at": n, "story_id": part} for n, part in sorted(parts.items()) if part != story))


def _first_mentions(connection: Connection, brand: str, stories: Sequence[int]) -> dict[int, RowMapping]:
    """The first mention of each story that is about a brand: the earliest, of equally early ones that of least key.

    One that was erased stands for its story only where all were.
    """
    order = (MentionRow.erased_at.is_not(None), MentionRow.published_at, MentionRow.key)
    turn = func.row_number().over(partition_by=_STORY, order_by=order)
    told = or_(MentionRow.story_id.in_(stories), and_(MentionRow.id.in_(stories), MentionRow.story_id.is_(None)))
    of_brand = select(MentionRow.id, turn.label("turn")).join(BrandMentionRow).where(told)
    # As an expression, lest SQLite begin with the index and read every mention of the brand for a handful of stories.
    turns = of_brand.where(func.coalesce(BrandMentionRow.brand, "") == brand).subquery()
    first = select(
        _STORY.label("id"),
        MentionRow.source,
        MentionRow.author,
        MentionRow.title,
        MentionRow.text,
        MentionRow.url,
        MentionRow.published_at.label("first_at"),
    )
    found = first.join(turns, turns.c.id == MentionRow.id).where(turns.c.turn == 1)
    return {row["id"]: row for row in connection.execute(found).mappings()}
