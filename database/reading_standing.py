"""What pages ask of a brand's standing: its mentions by source and language, and those of all brands beside it.

Every answer is one query, however many brands and sources there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from database.reading_voices import Span
from database.tables import BrandMentionRow, CoverageRow, MentionRow
from sentiment.score import Label
from voices.crowd import Tones
from voices.standing import Heard

_BY_LABEL = tuple(func.sum(case((BrandMentionRow.label == label, 1), else_=0)).label(label) for label in Label)
_AUTHOR = func.nullif(BrandMentionRow.author, "")
# Nobody knows whether two mentions without an author have the same one.
_NAMELESS = case((_AUTHOR.is_(None), BrandMentionRow.mention_id))


def heard_of(connection: Connection, brands: Collection[str], since: datetime, until: datetime) -> Mapping[str, Heard]:
    """What was heard of brands from ``since`` on and not after ``until``; those of which nothing was are not in it."""
    row = BrandMentionRow
    voices = (
        select(row.brand, *_BY_LABEL)
        .where(row.brand.in_(brands), row.published_at.between(since, until))
        .group_by(row.brand, row.source, _AUTHOR, _NAMELESS)
        .subquery()
    )
    sums = (func.sum(voices.c[label]).label(label) for label in Label)
    counted = select(voices.c.brand, func.count().label("voices"), *sums).group_by(voices.c.brand)
    return {one.brand: Heard(_tones(one), one.voices) for one in connection.execute(counted)}


def tones_by_source(connection: Connection, span: Span) -> Mapping[str, Tones]:
    """Mentions of a brand for each source that brought any, the one that brought most first."""
    query = select(BrandMentionRow.source, *_BY_LABEL).where(span.condition).group_by(BrandMentionRow.source)
    ordered = query.order_by(func.count().desc(), BrandMentionRow.source)
    return {one.source: _tones(one) for one in connection.execute(ordered)}


def tones_by_language(connection: Connection, span: Span) -> Sequence[tuple[str | None, Tones]]:
    """Mentions of a brand by language, None where it is not known."""
    query = (
        select(MentionRow.language, *_BY_LABEL)
        .select_from(BrandMentionRow)
        .join(MentionRow)
        .where(span.condition)
        .group_by(MentionRow.language)
    )
    return [(one.language, _tones(one)) for one in connection.execute(query)]


def counts_by_source(
    connection: Connection, brand: str, windows: Sequence[tuple[datetime, datetime]]
) -> Sequence[tuple[datetime, Mapping[str, int]]]:
    """Mentions by source in windows that do not overlap, each after its beginning and not after its end."""
    if not windows:
        return []
    at = BrandMentionRow.published_at
    within = [and_(at > since, at <= until) for since, until in windows]
    number = case(*((inside, place) for place, inside in enumerate(within)))
    query = select(BrandMentionRow.source, number.label("window"), func.count().label("n"))
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    where = (BrandMentionRow.brand == brand, or_(*within))
    for row in connection.execute(query.where(*where).group_by(BrandMentionRow.source, "window")):
        counts[row.window][row.source] = row.n
    return [(since, counts[place]) for place, (since, _) in enumerate(windows)]


def told_since(connection: Connection) -> Mapping[str, Mapping[str, datetime]]:
    """Since when each source has told of a brand: by brand, then by source."""
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for row in connection.execute(select(CoverageRow.brand, CoverageRow.source, CoverageRow.since)):
        found[row.brand][row.source] = row.since
    return dict(found)


def _tones(row: Row[Any]) -> Tones:
    counts = (int(getattr(row, label)) for label in (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE, Label.UNSCORED))
    return Tones(*counts)
