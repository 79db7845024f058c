"""Storing what was heard: mentions, what they are about, bucket counts and source cursors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, case, func, select

from database import edits
from database.buckets import add_to_buckets, counted
from database.columns import storable
from database.correcting import retagged
from database.corrections import excluded
from database.forgotten import not_forgotten
from database.inserting import insert
from database.stories import assign_stories, hold_stories, restory
from database.tables import BrandMentionRow, CoverageRow, MentionRow
from database.tags import insert_tags, replace_tags, values_of
from database.words import insert_words, keep_words, words_of
from detection.buckets import bucket_start
from mentions.matching import Match
from mentions.mention import Mention, Rating
from sentiment.score import Score
from topics.tag import Tag, is_critical

# SQLite takes at most 32,766 values in a statement, PostgreSQL 65,535.
_AT_ONCE = 500
LOUD_PART = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class About:
    """That a mention is about a brand, how it felt for that brand, and what else it is about."""

    match: Match
    score: Score
    tags: tuple[Tag, ...] = ()


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
        forgotten: how many were left out because somebody asked to have them forgotten.
    """

    mentions: int
    brands: Mapping[str, int]
    forgotten: int = 0


def store(
    connection: Connection,
    source: str,
    heard: Iterable[Heard],
    seen_at: datetime,
    passed_over: Sequence[Mention] = (),
) -> Stored:
    """Store mentions, count them in their buckets and find their stories.

    What somebody asked to have forgotten is left out; what is there already is not counted again. Where the source
    that brought it has edited it, its words, how it felt and its buckets follow; it stays in the bucket of when it was
    first published, and leaves the brands that it names no more.

    Args:
        passed_over: what the source showed beside, about no brand: words that are withdrawn are not to be kept.
    """
    new, brands = 0, Counter[str]()
    hold_stories(connection)
    everything = [*heard]
    heard = not_forgotten(connection, source, everything)
    # In order of digest, so that two writers of the same mentions wait for each other instead of deadlocking.
    distinct = sorted({one.mention.digest: one for one in heard}.items())
    counts: dict[tuple[str, datetime], Counter[str]] = {}
    for some in _slices([one for _, one in distinct]):
        inserted = _insert_mentions(connection, source, some, seen_at)
        new += len(inserted)
        known = [one for one in some if one.mention.digest not in inserted]
        for place, change in _bring_up_to_date(connection, source, known, seen_at).items():
            counts.setdefault(place, Counter()).update(change)
        for place, more in _insert_about(connection, source, some, inserted):
            brands[place[0]] += 1
            counts.setdefault(place, Counter()).update(more)
        fresh = [one for one in some if one.mention.digest in inserted]
        assign_stories(connection, [(inserted[one.mention.digest], one.mention) for one in fresh])
        insert_words(connection, [_words_values(one, source, inserted[one.mention.digest]) for one in fresh])
    for others in _slices(passed_over):
        known = [Heard(mention, ()) for mention in others]
        for place, change in _bring_up_to_date(connection, source, known, seen_at).items():
            counts.setdefault(place, Counter()).update(change)
    add_to_buckets(connection, counts)
    _extend_coverage(connection, source, counts)
    return Stored(new, brands, len(everything) - len(heard))


def _bring_up_to_date(
    connection: Connection, source: str, known: Sequence[Heard], now: datetime
) -> Mapping[tuple[str, datetime], Counter[str]]:
    """Changes of mentions that were stored before; what they change in the buckets."""
    seen = edits.seen_before(connection, source, [one.mention for one in known]) if known else []
    edits.update_answers(connection, seen)
    edited = {one.mention.digest: one for one in seen if one.edited}
    if not edited:
        return {}
    edits.update_words(connection, list(edited.values()), now)
    restory(connection, [(one.id, one.mention) for one in edited.values()])
    keep_words(connection, [one.id for one in edited.values()])
    now_about = {
        (edited[one.mention.digest].id, about.match.brand): about
        for one in known
        if one.mention.digest in edited
        for about in one.about
    }
    tags = {key: about.tags for key, about in now_about.items()}
    replace_tags(connection, tags)
    retagged(connection, tags)
    changes = edits.update_about(connection, {key: _felt_values(about) for key, about in now_about.items()})
    for place, change in edits.leave_brands(connection, [one.id for one in edited.values()], now_about).items():
        changes.setdefault(place, Counter()).update(change)
    return changes


def _slices(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    return (whole[at : at + _AT_ONCE] for at in range(0, len(whole), _AT_ONCE))


def _insert_mentions(connection: Connection, source: str, heard: Sequence[Heard], seen_at: datetime) -> dict[str, int]:
    """Ids of the mentions that were inserted, by digest."""
    rows = insert(
        connection, MentionRow, [_mention_values(one.mention, source, seen_at) for one in heard], _new_mentions
    )
    return {row.digest: row.id for row in rows}


def _new_mentions(statement: Any) -> Any:
    known = statement.on_conflict_do_nothing(index_elements=["digest"])
    return known.returning(MentionRow.digest, MentionRow.id)


def _insert_about(
    connection: Connection, source: str, heard: Sequence[Heard], inserted: Mapping[str, int]
) -> Sequence[tuple[tuple[str, datetime], Mapping[str, int]]]:
    """Buckets that mentions new to a brand fall into, each with what it adds there."""
    ids = dict(inserted)
    taken: frozenset[tuple[int, str]] = frozenset()
    if known := [one.mention.digest for one in heard if one.mention.digest not in inserted]:
        # What was erased comes back to no brand, known or new.
        kept = (MentionRow.digest.in_(known), MentionRow.erased_at.is_(None))
        rows = connection.execute(select(MentionRow.digest, MentionRow.id).where(*kept))
        ids.update({row.digest: row.id for row in rows})
        taken = excluded(connection, list(ids.values()))
    found = {
        (number, about.match.brand): (one.mention, about)
        for one in heard
        if (number := ids.get(one.mention.digest)) is not None
        for about in one.about
        if (number, about.match.brand) not in taken
    }
    if not found:
        return ()
    values = [_about_values(mention, about, source, number) for (number, _), (mention, about) in found.items()]
    new = insert(connection, BrandMentionRow, values, _new_about).all()
    tags = {(row.mention_id, row.brand): found[row.mention_id, row.brand][1].tags for row in new}
    tagged = (((row.mention_id, row.brand), row.published_at) for row in new)
    insert_tags(connection, [row for key, at in tagged for row in values_of(key, at, tags[key])])
    keep_words(connection, {row.mention_id for row in new} - {*inserted.values()})
    return [
        (
            (row.brand, bucket_start(row.published_at)),
            counted(row.label, critical=is_critical(tags[row.mention_id, row.brand])),
        )
        for row in new
    ]


def _new_about(statement: Any) -> Any:
    known = statement.on_conflict_do_nothing(index_elements=["mention_id", "brand"])
    columns = ("mention_id", "brand", "published_at", "label")
    return known.returning(*(getattr(BrandMentionRow, name) for name in columns))


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
        "views": mention.engagement.views,
        "followers": mention.followers,
        "handle": storable(mention.handle),
        **_rating_values(mention.rating),
    }


def _rating_values(rating: Rating | None) -> dict[str, object]:
    if rating is None:
        return dict.fromkeys(("rating", "rating_worst", "rating_best", "rating_scale"))
    return {
        "rating": rating.value,
        "rating_worst": rating.worst,
        "rating_best": rating.best,
        "rating_scale": rating.scale,
    }


def _words_values(one: Heard, source: str, mention_id: int) -> dict[str, object]:
    said = {name: getattr(one.mention, name) for name in ("title", "author", "handle", "text")}
    row = {**said, "source": source, "published_at": one.mention.published.at}
    return {"mention_id": mention_id, "words": words_of(row, (about.match.brand for about in one.about))}


def _about_values(mention: Mention, about: About, source: str, mention_id: int) -> dict[str, object]:
    return {
        "mention_id": mention_id,
        "brand": about.match.brand,
        "published_at": mention.published.at,
        "source": source,
        "author": storable(mention.voice),
        **_felt_values(about),
    }


def _felt_values(about: About) -> dict[str, object]:
    """What follows from the words of a mention."""
    return {
        "reason": about.match.reason,
        "evidence": about.match.evidence,
        "compound": about.score.compound,
        "label": about.score.label,
        "flags": " ".join(about.score.flags),
        "scorer": about.score.scorer,
    }


def _extend_coverage(connection: Connection, source: str, counted: Iterable[tuple[str, datetime]]) -> None:
    oldest: dict[str, datetime] = {}
    for brand, start in counted:
        oldest[brand] = min(start, oldest.get(brand, start))
    if oldest:
        rows = [{"brand": brand, "source": source, "since": since} for brand, since in sorted(oldest.items())]
        insert(connection, CoverageRow, rows, _earlier)


def _earlier(statement: Any) -> Any:
    earlier = case((statement.excluded.since < CoverageRow.since, statement.excluded.since), else_=CoverageRow.since)
    return statement.on_conflict_do_update(index_elements=["brand", "source"], set_={"since": earlier})


def known_since(connection: Connection, brand: str, recently: datetime, until: datetime) -> datetime | None:
    """Since when the sources that speak of a brand now have been heard; None before its first mention.

    A source that shows only its newest posts, or was added today, says nothing about the weeks before, however far
    back others reach. The youngest one that brought at least a fifth of what came ``recently`` and before ``until``
    decides.
    """
    spans = connection.execute(_SPANS, {"of": brand}).all()
    if len(spans) == 1:
        only: datetime = spans[0].since
        return only
    rows = connection.execute(_RECENT, {"of": brand, "recently": recently, "until": until})
    recent = {row.source: row.n for row in rows}
    return _known_since({span.source: span.since for span in spans}, recent)


def known_since_of_all(
    connection: Connection, brands: Sequence[str], recently: datetime, until: datetime
) -> dict[str, datetime | None]:
    """As :func:`known_since`, of several brands at once."""
    spans: dict[str, dict[str, datetime]] = {brand: {} for brand in brands}
    where = CoverageRow.brand.in_(brands)
    for row in connection.execute(select(CoverageRow.brand, CoverageRow.source, CoverageRow.since).where(where)):
        spans[row.brand][row.source] = row.since
    recent: dict[str, dict[str, int]] = {brand: {} for brand in brands}
    about = (BrandMentionRow.brand, BrandMentionRow.source)
    during = (BrandMentionRow.published_at >= recently, BrandMentionRow.published_at < until)
    counts = select(*about, func.count()).where(BrandMentionRow.brand.in_(brands), *during).group_by(*about)
    for brand, source, count in connection.execute(counts):
        recent[brand][source] = count
    return {brand: _known_since(spans[brand], recent[brand]) for brand in brands}


def _known_since(spans: Mapping[str, datetime], recent: Mapping[str, int]) -> datetime | None:
    enough = max(sum(recent.values()), 1)
    loud = [since for source, since in spans.items() if recent.get(source, 0) * LOUD_PART >= enough]
    return max(loud, default=min(spans.values(), default=None))


_SPANS = select(CoverageRow.source, CoverageRow.since).where(CoverageRow.brand == bindparam("of"))
_RECENT = (
    select(BrandMentionRow.source, func.count().label("n"))
    .where(BrandMentionRow.brand == bindparam("of"))
    .where(BrandMentionRow.published_at >= bindparam("recently"), BrandMentionRow.published_at < bindparam("until"))
    .group_by(BrandMentionRow.source)
)
