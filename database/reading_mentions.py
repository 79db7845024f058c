"""What pages ask of the mentions: a list to read, page by page."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, literal, or_, select, tuple_

from database.corrections import TAKEN, Key
from database.drill_tables import real
from database.searched import Looking, count, follows, found
from database.tables import BrandMentionRow, CorrectionRow, CoverageRow, MentionRow, TagRow
from mentions.mention import content_of
from mentions.search import read_search

_ABOUT = ("brand", "published_at", "source", "author", "label", "compound", "reason", "evidence", "flags", "scorer")
_SAID = (
    "id", "title", "text", "url", "followers", "language", "rating", "rating_worst", "rating_best", "story_id",
    "edited_at", "erased_at",
)  # fmt: skip
UNKNOWN = "unknown"
# Shares of the way from the worst rating to the best; of five stars, up to two are low and from four on are high.
RATINGS = {"any": (0.0, 1.0), "low": (0.0, 0.25), "middle": (0.250001, 0.749999), "high": (0.75, 1.0)}
_NEWEST = 500


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
    flags: str
    scorer: str
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
    edited_at: datetime | None
    erased_at: datetime | None

    @property
    def key(self) -> Key:
        """Which mention of which brand."""
        return self.id, self.brand

    @property
    def content(self) -> str:
        """What was matched and scored."""
        return content_of(self.title, self.text)

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
        text: words to be found in title, text or author, as :func:`mentions.search.read_search` reads them.
        tag: kind and name of what it is about, ``category:outage``.
        language: its primary subtag, or ``UNKNOWN``.
        reach: the author has at least so many followers.
        rating: a key of ``RATINGS``.
        author: exactly as :class:`database.tables.BrandMentionRow` has it.
        story: id of the story that it tells.
        corrected: somebody said how it felt.
        among: ids of the only mentions that count; None for any.
    """

    brands: tuple[str, ...]
    source: str = ""
    label: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    tag: str = ""
    language: str = ""
    reach: int = 0
    rating: str = ""
    author: str = ""
    story: int = 0
    corrected: bool = False
    among: tuple[int, ...] | None = None


def list_mentions(connection: Connection, wanted: Wanted, after: Place | None, limit: int) -> tuple[BrandMention, ...]:
    """Mentions that follow a place, newest first.

    Each brand is read by its own index and the answers are merged, so that a page costs what it shows; what words and
    sources are looked for is found by :mod:`database.searched`.
    """
    if wanted.text or wanted.source:
        return tuple(BrandMention(*row) for row in found(connection, _looking(wanted), _columns(), after, limit))
    answers = [_of_brand(connection, brand, wanted, after, limit) for brand in wanted.brands]
    merged = heapq.merge(*answers, key=lambda mention: mention.place, reverse=True)
    return tuple(mention for mention, _ in zip(merged, range(limit), strict=False))


def find_mention(connection: Connection, key: Key) -> BrandMention | None:
    """A mention of a brand, also one that somebody took from it; None where there is none."""
    where = (BrandMentionRow.mention_id == key[0], BrandMentionRow.brand == key[1])
    row = connection.execute(select(*_columns()).join(MentionRow).where(*where)).one_or_none()
    if row is not None:
        return BrandMention(*row)
    where = (CorrectionRow.mention_id == key[0], CorrectionRow.brand == key[1])
    return next((mention for _, mention in _as_corrected(connection, *where, limit=1)), None)


def list_corrected(
    connection: Connection, brands: Sequence[str], after: Place | None, limit: int
) -> tuple[tuple[Place, BrandMention], ...]:
    """Mentions of brands that somebody corrected, also those taken from their brand; the last word comes first.

    Args:
        after: the place of the last one seen; in this list places are the moments of corrections.
    """
    where: list[ColumnElement[bool]] = [CorrectionRow.brand.in_(brands)]
    if after is not None:
        places = tuple_(CorrectionRow.at, CorrectionRow.mention_id, CorrectionRow.brand)
        where.append(places < (after.published_at, after.mention_id, after.brand))
    return tuple(_as_corrected(connection, *where, limit=limit))


def _as_corrected(
    connection: Connection, *where: ColumnElement[bool], limit: int
) -> Iterator[tuple[Place, BrandMention]]:
    voice = func.coalesce(func.nullif(MentionRow.handle, ""), MentionRow.author).label("voice")
    said = [getattr(MentionRow, name) for name in _SAID]
    corrected = (CorrectionRow.brand, CorrectionRow.verdict, CorrectionRow.at, CorrectionRow.before)
    query = (
        select(*said, voice, *corrected)
        .join_from(CorrectionRow, MentionRow)
        .where(*where)
        .order_by(CorrectionRow.at.desc(), CorrectionRow.mention_id.desc(), CorrectionRow.brand.desc())
        .limit(limit)
    )
    for row in connection.execute(query):
        yield Place(row.at, row.id, row.brand), _with_found(row)


def _with_found(row: Row[Any]) -> BrandMention:
    found = {name: row.before["row"][name] for name in _ABOUT if name in row.before["row"]}
    found |= {"published_at": datetime.fromisoformat(found["published_at"]), "brand": row.brand, "author": row.voice}
    if row.verdict not in TAKEN:
        found["label"] = row.verdict
    return BrandMention(**found, **{name: getattr(row, name) for name in _SAID})


def names_present(connection: Connection, brands: Sequence[str], kind: str) -> tuple[str, ...]:
    """Names of the tags of a kind that mentions of brands have; each is found by one step in the index."""
    of = select(CoverageRow.brand, literal("").label("name")).where(CoverageRow.brand.in_(brands))
    known = of.distinct().cte("known", recursive=True)
    where = (TagRow.brand == known.c.brand, TagRow.kind == kind, TagRow.name > known.c.name)
    after = select(func.min(TagRow.name)).where(*where).scalar_subquery()
    steps = known.union_all(select(known.c.brand, after).where(known.c.name.is_not(None)))
    found = select(steps.c.name).where(steps.c.name > "").distinct()  # what is not there is not greater either
    return tuple(sorted(connection.execute(found).scalars()))


def languages_present(connection: Connection, brands: Sequence[str]) -> tuple[str, ...]:
    """Languages of the newest mentions of brands."""
    found: set[str] = set()
    for brand in brands:
        newest = select(BrandMentionRow.mention_id).where(BrandMentionRow.brand == brand)
        ids = newest.order_by(BrandMentionRow.published_at.desc()).limit(_NEWEST).subquery()
        languages = select(MentionRow.language).join(ids, ids.c.mention_id == MentionRow.id).distinct()
        found |= {one for one in connection.execute(languages).scalars() if one}
    return tuple(sorted(found))


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
    if wanted.text or wanted.source:
        return count(connection, _looking(wanted), limit)
    some = _asked(wanted, wanted.brands, BrandMentionRow.mention_id).limit(limit).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar() or 0


def heard_from(connection: Connection) -> tuple[str, ...]:
    """Ids of all sources that mentions came from: those asked, those that pushed, and files; never drills."""
    sources = select(CoverageRow.source).distinct().where(real(CoverageRow.source)).order_by(CoverageRow.source)
    return tuple(connection.execute(sources).scalars())


def _looking(wanted: Wanted) -> Looking:
    return Looking(wanted, read_search(wanted.text) if wanted.text else None, [*conditions(wanted)])


def _of_brand(
    connection: Connection, brand: str, wanted: Wanted, after: Place | None, limit: int
) -> Sequence[BrandMention]:
    at: Any = TagRow.published_at if wanted.tag else BrandMentionRow.published_at
    query = _asked(wanted, (brand,), *_columns())
    if after is not None:
        query = query.where(follows(TagRow if wanted.tag else BrandMentionRow, brand, after))
    # What few mentions have in common is found by its own index; the order of that of all would tempt to read them all.
    few = wanted.author or wanted.story or wanted.corrected or wanted.among is not None
    order = func.coalesce(at, at) if few else at
    ordered = query.order_by(order.desc(), BrandMentionRow.mention_id.desc()).limit(limit)
    return [BrandMention(*row) for row in connection.execute(ordered)]


def _asked(wanted: Wanted, brands: Sequence[str], *columns: Any) -> Select[Any]:
    """Mentions of brands; those of a tag are read by the index of tags, which knows how few they are."""
    if not wanted.tag:
        where = (BrandMentionRow.brand.in_(brands), *conditions(wanted))
        return select(*columns).join_from(BrandMentionRow, MentionRow).where(*where)
    kind, name = _tag(wanted)
    tagged = (TagRow.brand.in_(brands), TagRow.kind == kind, TagRow.name == name)
    joined = select(*columns).join_from(TagRow, BrandMentionRow, _tagged()).join(MentionRow)
    return joined.where(*tagged, *conditions(replace(wanted, tag="")))


def _tagged() -> ColumnElement[bool]:
    return and_(TagRow.mention_id == BrandMentionRow.mention_id, TagRow.brand == BrandMentionRow.brand)


def _tag(wanted: Wanted) -> tuple[str, str]:
    kind, _, name = wanted.tag.partition(":")
    return kind, name


def _columns() -> list[Any]:
    return [*(getattr(BrandMentionRow, name) for name in _ABOUT), *(getattr(MentionRow, name) for name in _SAID)]


def conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What is asked for, but for the brands and the words, of a query that joins the two tables."""
    if wanted.source:
        yield BrandMentionRow.source == wanted.source
    if wanted.label:
        yield BrandMentionRow.label == wanted.label
    if wanted.since:
        yield BrandMentionRow.published_at >= wanted.since
    if wanted.until:
        yield BrandMentionRow.published_at < wanted.until
    yield from _of_the_author(wanted)
    yield from _of_what_it_is(wanted)
    if wanted.tag:
        kind, name = _tag(wanted)
        yield exists().where(_tagged(), TagRow.kind == kind, TagRow.name == name)


def _of_the_author(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.author:
        yield BrandMentionRow.author == wanted.author
    if wanted.reach:
        yield MentionRow.followers >= wanted.reach
    if wanted.language == UNKNOWN:
        yield MentionRow.language.is_(None)
    elif wanted.language:
        yield MentionRow.language == wanted.language
    if wanted.rating:
        low, high = RATINGS[wanted.rating]
        whole = MentionRow.rating_best - MentionRow.rating_worst
        yield ((MentionRow.rating - MentionRow.rating_worst) / func.nullif(whole, 0)).between(low, high)


def _of_what_it_is(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    number = BrandMentionRow.mention_id
    if wanted.story:
        told = or_(MentionRow.story_id == wanted.story, MentionRow.id == wanted.story)
        yield number.in_(select(MentionRow.id).where(told).scalar_subquery())
    if wanted.corrected:
        yield number.in_(select(CorrectionRow.mention_id))
        yield exists().where(CorrectionRow.mention_id == number, CorrectionRow.brand == BrandMentionRow.brand)
    if wanted.among is not None:
        yield number.in_(wanted.among)
