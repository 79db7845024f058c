"""What detectors look up of the mentions of a brand between two moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from database.tables import BrandMentionRow, BucketRow, MentionRow, TagRow
from detection.view import Said
from sentiment.score import Label
from topics.tag import CRITICAL


def sums_between(connection: Connection, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
    """Counts of every brand in the buckets from ``since`` on that begin before ``until``, by brand and series."""
    rows = connection.execute(_SUMS, {"since": since, "until": until})
    return {row.brand: {name: getattr(row, name) for name in _SERIES} for row in rows}


# Building a statement takes longer than running it.
_SERIES = ("mentions", "negative", "positive", "critical")
_SUMS = (
    select(BucketRow.brand, *(func.sum(getattr(BucketRow, name)).label(name) for name in _SERIES))
    .where(BucketRow.start >= bindparam("since"), BucketRow.start < bindparam("until"))
    .group_by(BucketRow.brand)
)


def said_between(connection: Connection, brand: str, since: datetime, until: datetime) -> list[Said]:
    """The mentions of a brand that were published from ``since`` on and before ``until``, in order of time."""
    rows = connection.execute(_SAID, {"of": brand, "since": since, "until": until}).all()
    critical = _critical(connection, brand, since, until) if rows else {}
    return [
        Said(
            id=row.mention_id,
            at=row.published_at,
            # Accounts of one name on two sources need not be one person.
            author=(row.source, row.author) if row.author else row.mention_id,
            story=row.story,
            label=Label(row.label),
            reach=row.followers,
            critical=tuple(critical.get(row.mention_id, ())),
        )
        for row in rows
    ]


# Building a statement takes longer than running it.
_SAID = (
    select(
        BrandMentionRow.mention_id,
        BrandMentionRow.source,
        BrandMentionRow.author,
        BrandMentionRow.label,
        BrandMentionRow.published_at,
        MentionRow.followers,
        func.coalesce(MentionRow.story_id, MentionRow.id).label("story"),
    )
    .join(MentionRow)
    .where(BrandMentionRow.brand == bindparam("of"))
    .where(BrandMentionRow.published_at >= bindparam("since"), BrandMentionRow.published_at < bindparam("until"))
    .order_by(BrandMentionRow.published_at, BrandMentionRow.mention_id)
)


def _critical(connection: Connection, brand: str, since: datetime, until: datetime) -> dict[int, list[str]]:
    where = (TagRow.brand == brand, TagRow.kind == CRITICAL)
    when = (TagRow.published_at >= since, TagRow.published_at < until)
    found = defaultdict[int, list[str]](list)
    for row in connection.execute(select(TagRow.mention_id, TagRow.name).where(*where, *when).order_by(TagRow.name)):
        found[row.mention_id].append(row.name)
    return found


def brands_heard_far(connection: Connection, least: int, since: datetime, until: datetime) -> set[str]:
    """Brands of which somebody with so many followers spoke between two moments; looks at what is new only."""
    return {*connection.execute(_FAR, {"least": least, "since": since, "until": until}).scalars()}


_FAR = (
    select(BrandMentionRow.brand)
    .where(
        BrandMentionRow.mention_id.in_(
            select(MentionRow.id).where(
                MentionRow.published_at >= bindparam("since"),
                MentionRow.published_at < bindparam("until"),
                # This condition lets the index of what is not erased serve.
                MentionRow.erased_at.is_(None),
                MentionRow.followers >= bindparam("least"),
            )
        )
    )
    .distinct()
)


def reaches_between(connection: Connection, brand: str, since: datetime, until: datetime) -> list[int]:
    """How many follow each author of a brand's mentions of whom that is known, in order of size."""
    when = (BrandMentionRow.published_at >= since, BrandMentionRow.published_at < until)
    where = (BrandMentionRow.brand == brand, *when, MentionRow.followers.is_not(None))
    most = func.max(MentionRow.followers)
    by_author = (BrandMentionRow.source, func.coalesce(BrandMentionRow.author, MentionRow.digest))
    query = select(most).select_from(BrandMentionRow).join(MentionRow).where(*where).group_by(*by_author)
    return sorted(most for most in connection.execute(query).scalars() if most is not None)


def spoke_between(connection: Connection, brand: str, author: Hashable, since: datetime, until: datetime) -> bool:
    """Whether an author of :func:`said_between` spoke of a brand between two moments."""
    if not isinstance(author, tuple):
        return False  # nobody knows who it was
    source, name = author
    given = {"of": brand, "source": source, "name": name, "since": since, "until": until}
    return connection.execute(_SPOKE, given).first() is not None


_SPOKE = (
    select(BrandMentionRow.mention_id)
    .where(BrandMentionRow.brand == bindparam("of"))
    .where(BrandMentionRow.author == bindparam("name"), BrandMentionRow.source == bindparam("source"))
    .where(BrandMentionRow.published_at >= bindparam("since"), BrandMentionRow.published_at < bindparam("until"))
    .limit(1)
)
