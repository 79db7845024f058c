"""What pages ask of the mentions: a list to read, page by page."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from database.tables import BrandMentionRow, CoverageRow, MentionRow

_ABOUT = ("brand", "published_at", "source", "author", "label", "compound", "reason", "evidence")
_SAID = ("id", "title", "text", "url", "followers", "language", "rating", "rating_worst", "rating_best", "story_id")
_SPECIAL = re.compile(r"[\\%_]")


@dataclass(frozen=True, slots=True)
class BrandMention:
    """A mention as it concerns one brand; fields as in :class:`database.tables.BrandMentionRow` and ``MentionRow``."""

    brand: str
    published_at: datetime
    source: str
    author: str | None
    label: str
    compound: float | None
    reason: str
    evidence: str
    id: int
    title: str
    text: str
    url: str | None
    followers: int | None
    language: str | None
    rating: float | None
    rating_worst: float | None
    rating_best: float | None
    story_id: int | None

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return Place(self.published_at, self.id, self.brand)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the list of mentions, which stays the same while new ones arrive."""

    published_at: datetime
    mention_id: int
    brand: str

    def __str__(self) -> str:
        return f"{self.published_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}~{self.mention_id}~{self.brand}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that a text stands for, None where it stands for none."""
        found = re.fullmatch(r"(\d{8}T\d{6}\.\d{6})~(\d{1,18})~([a-z0-9-]{1,63})", text, re.ASCII)
        if not found:
            return None
        try:
            at = datetime.strptime(found[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(at, int(found[2]), found[3])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mentions are asked for; an empty field asks for all.

    Attributes:
        brands: ids; none of them means none at all.
        text: found anywhere in title, text or author, without regard to case (on SQLite of A to Z only).
    """

    brands: tuple[str, ...]
    source: str = ""
    label: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def list_mentions(connection: Connection, wanted: Wanted, after: Place | None, limit: int) -> tuple[BrandMention, ...]:
    """Mentions that follow a place, newest first.

    Each brand is read by its own index and the answers are merged, so that a page costs what it shows.
    """
    answers = [_of_brand(connection, brand, wanted, after, limit) for brand in wanted.brands]
    merged = heapq.merge(*answers, key=lambda mention: mention.place, reverse=True)
    return tuple(mention for mention, _ in zip(merged, range(limit), strict=False))


def told_alike(connection: Connection, mentions: Sequence[BrandMention]) -> Mapping[int, int]:
    """How many mentions tell the same story as each of these, by the id of the story; those told once are left out."""
    stories = {one.story_id for one in mentions if one.story_id is not None}
    told = func.count()
    counts = (
        select(MentionRow.story_id, told)
        .where(MentionRow.story_id.in_(stories))
        .group_by(MentionRow.story_id)
        .having(told > 1)
    )
    return {story: count for story, count in connection.execute(counts) if story is not None}


def count_mentions(connection: Connection, wanted: Wanted, limit: int) -> int:
    """How many there are, counted up to ``limit``."""
    where = and_(BrandMentionRow.brand.in_(wanted.brands), *conditions(wanted))
    some = select(BrandMentionRow.mention_id).join(MentionRow).where(where).limit(limit).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar() or 0


def heard_from(connection: Connection) -> tuple[str, ...]:
    """Ids of all sources that mentions came from: those asked, those that pushed, and files."""
    return tuple(connection.execute(select(CoverageRow.source).distinct().order_by(CoverageRow.source)).scalars())


def _of_brand(
    connection: Connection, brand: str, wanted: Wanted, after: Place | None, limit: int
) -> Sequence[BrandMention]:
    where = [BrandMentionRow.brand == brand, *conditions(wanted)]
    if after is not None:
        where.append(_follows(brand, after))
    query = (
        select(*_columns())
        .join(MentionRow)
        .where(*where)
        .order_by(BrandMentionRow.published_at.desc(), BrandMentionRow.mention_id.desc())
        .limit(limit)
    )
    return [BrandMention(*row) for row in connection.execute(query)]


def _columns() -> list[Any]:
    return [*(getattr(BrandMentionRow, name) for name in _ABOUT), *(getattr(MentionRow, name) for name in _SAID)]


def _follows(brand: str, after: Place) -> ColumnElement[bool]:
    number = BrandMentionRow.mention_id
    # Of one mention the brands come in reverse order of their names, as the places are compared.
    below = number <= after.mention_id if brand < after.brand else number < after.mention_id
    at = BrandMentionRow.published_at
    return and_(at <= after.published_at, or_(at < after.published_at, below))


def conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What is asked for, but for the brands, of a query that joins the two tables."""
    if wanted.source:
        yield BrandMentionRow.source == wanted.source
    if wanted.label:
        yield BrandMentionRow.label == wanted.label
    if wanted.since:
        yield BrandMentionRow.published_at >= wanted.since
    if wanted.until:
        yield BrandMentionRow.published_at < wanted.until
    if wanted.text:
        pattern = f"%{_SPECIAL.sub(lambda found: chr(92) + found[0], wanted.text)}%"
        columns = (MentionRow.title, MentionRow.text, MentionRow.author)
        yield or_(*(column.ilike(pattern, escape="\\") for column in columns))
