"""Storing what was heard: mentions, what they are about, bucket counts and source cursors."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from database.tables import BrandMentionRow, BucketRow, CoverageRow, MentionRow, SourceRow, storable
from detection.buckets import Bucket, bucket_start
from detection.signal import Voices
from mentions.matching import Match
from mentions.mention import Mention
from sentiment.score import Label, Score

# SQLite takes at most 32,766 values in a statement, PostgreSQL 65,535.
_AT_ONCE = 500
LOUD_PART = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class About:
    """That a mention is about a brand, and how it felt for that brand."""

    match: Match
    score: Score


@dataclass(frozen=True, slots=True)
class Heard:
    """A mention with everything known about it; about at least one brand."""

    mention: Mention
    about: tuple[About, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing changed.

    Attributes:
        mentions: mentions that were not there before.
        brands: new mentions by brand; a known mention may be new to a brand.
    """

    mentions: int
    brands: Mapping[str, int]


def store(connection: Connection, source: str, heard: Iterable[Heard], seen_at: datetime) -> Stored:
    """Store mentions and count them in their buckets; what is there already is left as it is and not counted again."""
    new, brands = 0, Counter[str]()
    # In order of digest, so that two writers of the same mentions wait for each other instead of deadlocking.
    distinct = sorted({one.mention.digest: one for one in heard}.items())
    counts: dict[tuple[str, datetime], Counter[str]] = {}
    for some in _slices(distinct):
        inserted = _insert_mentions(connection, source, [one for _, one in some], seen_at)
        new += len(inserted)
        for row in _insert_about(connection, source, [one for _, one in some], inserted):
            brands[row.brand] += 1
            counts.setdefault((row.brand, bucket_start(row.published_at)), Counter()).update(_counted(row.label))
    _add_to_buckets(connection, counts)
    _extend_coverage(connection, source, counts)
    return Stored(new, brands)


def text_digest(text: str) -> str:
    """32 hexadecimal digits that tell texts apart, without regard to case and white space."""
    folded = " ".join(text.split()).casefold()
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _slices(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    return (whole[at : at + _AT_ONCE] for at in range(0, len(whole), _AT_ONCE))


def _insert(connection: Connection, table: Any) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def _insert_mentions(connection: Connection, source: str, heard: Sequence[Heard], seen_at: datetime) -> dict[str, int]:
    """Ids of the mentions that were inserted, by digest."""
    statement = (
        _insert(connection, MentionRow)
        .on_conflict_do_nothing(index_elements=["digest"])
        .returning(MentionRow.digest, MentionRow.id)
    )
    rows = connection.execute(statement, [_mention_values(one.mention, source, seen_at) for one in heard])
    return {row.digest: row.id for row in rows}


def _insert_about(
    connection: Connection, source: str, heard: Sequence[Heard], inserted: Mapping[str, int]
) -> Sequence[Row[Any]]:
    known = [one.mention.digest for one in heard if one.mention.digest not in inserted]
    rows = connection.execute(select(MentionRow.digest, MentionRow.id).where(MentionRow.digest.in_(known)))
    ids = {**inserted, **{row.digest: row.id for row in rows}}
    values = [
        _about_values(one.mention, about, source, ids[one.mention.digest]) for one in heard for about in one.about
    ]
    if not values:
        return ()
    statement = (
        _insert(connection, BrandMentionRow)
        .on_conflict_do_nothing(index_elements=["mention_id", "brand"])
        .returning(BrandMentionRow.brand, BrandMentionRow.published_at, BrandMentionRow.label)
    )
    return connection.execute(statement, values).all()


def _mention_values(mention: Mention, source: str, seen_at: datetime) -> dict[str, object]:
    return {
        "digest": mention.digest,
        "key": storable(mention.key),
        "source": source,
        "title": storable(mention.title),
        "text": storable(mention.text),
        "url": storable(mention.url),
        "author": storable(mention.author),
        "language": mention.language,
        "published_at": mention.published.at,
        "dating": mention.published.dating,
        "seen_at": seen_at,
        "likes": mention.engagement.likes,
        "replies": mention.engagement.replies,
        "reposts": mention.engagement.reposts,
        "followers": mention.followers,
    }


def _about_values(mention: Mention, about: About, source: str, mention_id: int) -> dict[str, object]:
    return {
        "mention_id": mention_id,
        "brand": about.match.brand,
        "reason": about.match.reason,
        "evidence": about.match.evidence,
        "compound": about.score.compound,
        "label": about.score.label,
        "flags": " ".join(about.score.flags),
        "scorer": about.score.scorer,
        "published_at": mention.published.at,
        "source": source,
        "author": storable(mention.author),
        "text_digest": text_digest(mention.content),
    }


def _counted(label: str) -> dict[str, int]:
    return {
        "mentions": 1,
        "scored": int(label != Label.UNSCORED),
        "negative": int(label == Label.NEGATIVE),
        "positive": int(label == Label.POSITIVE),
    }


def _add_to_buckets(connection: Connection, counts: Mapping[tuple[str, datetime], Counter[str]]) -> None:
    values = [{"brand": brand, "start": start, **counts[brand, start]} for brand, start in sorted(counts)]
    statement = _insert(connection, BucketRow)
    for some in _slices(values):
        added = statement.on_conflict_do_update(
            index_elements=["brand", "start"],
            set_={
                name: getattr(BucketRow, name) + getattr(statement.excluded, name)
                for name in ("mentions", "scored", "negative", "positive")
            },
        )
        connection.execute(added, some)


def _extend_coverage(connection: Connection, source: str, counted: Iterable[tuple[str, datetime]]) -> None:
    oldest: dict[str, datetime] = {}
    for brand, start in counted:
        oldest[brand] = min(start, oldest.get(brand, start))
    statement = _insert(connection, CoverageRow)
    earlier = case((statement.excluded.since < CoverageRow.since, statement.excluded.since), else_=CoverageRow.since)
    extended = statement.on_conflict_do_update(index_elements=["brand", "source"], set_={"since": earlier})
    if oldest:
        rows = [{"brand": brand, "source": source, "since": since} for brand, since in sorted(oldest.items())]
        connection.execute(extended, rows)


def source_row(connection: Connection, source: str) -> Row[Any] | None:
    """What is remembered of a source, None before it was first asked."""
    return connection.execute(select(SourceRow.__table__).where(SourceRow.id == source)).one_or_none()


def save_source(connection: Connection, source: str, **values: Any) -> None:
    """Remember something of a source; columns that are not named keep what they hold."""
    fresh = {"cursor": {}, "listening_for": "", "failures": 0, **values}
    statement = _insert(connection, SourceRow).values(id=source, **fresh)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def buckets_between(connection: Connection, brand: str, since: datetime, until: datetime) -> list[Bucket]:
    """Buckets of a brand that start from ``since`` on and not after ``until``, in order; empty ones are not stored."""
    columns = (BucketRow.start, BucketRow.mentions, BucketRow.scored, BucketRow.negative, BucketRow.positive)
    where = (BucketRow.brand == brand, BucketRow.start >= since, BucketRow.start <= until)
    return [Bucket(*row) for row in connection.execute(select(*columns).where(*where).order_by(BucketRow.start))]


def listening_since(connection: Connection, brand: str) -> datetime | None:
    """Start of the oldest bucket of a brand, None before its first mention."""
    return connection.execute(select(func.min(BucketRow.start)).where(BucketRow.brand == brand)).scalar()


def known_since(connection: Connection, brand: str, recently: datetime) -> datetime | None:
    """Since when the sources that speak of a brand now have been heard; None before its first mention.

    A source that shows only its newest posts, or was added today, says nothing about the weeks before, however far
    back others reach. The youngest one that brought at least a fifth of what came ``recently`` decides.
    """
    spans = connection.execute(select(CoverageRow.source, CoverageRow.since).where(CoverageRow.brand == brand)).all()
    where = (BrandMentionRow.brand == brand, BrandMentionRow.published_at >= recently)
    counted = select(BrandMentionRow.source, func.count().label("n")).where(*where).group_by(BrandMentionRow.source)
    recent = {row.source: row.n for row in connection.execute(counted)}
    loud = [span.since for span in spans if recent.get(span.source, 0) * LOUD_PART >= max(sum(recent.values()), 1)]
    return max(loud, default=min((span.since for span in spans), default=None))


def voices_since(connection: Connection, brand: str, since: datetime, label: Label | None) -> Voices:
    """Who is behind the mentions of a brand since a moment, of one tone or of any."""
    where = [BrandMentionRow.brand == brand, BrandMentionRow.published_at >= since]
    if label:
        where.append(BrandMentionRow.label == label)
    columns = (BrandMentionRow.mention_id, BrandMentionRow.author, BrandMentionRow.text_digest)
    rows = connection.execute(select(*columns).where(*where)).all()
    authors = Counter(row.author or row.mention_id for row in rows)
    return Voices(len(authors), max(authors.values(), default=0), len({row.text_digest for row in rows}))
