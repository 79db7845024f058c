"""Where the mentions of a brand in a window come from, and in which tone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, case, func, select

from database.reading_voices import Span
from database.tables import BrandMentionRow
from sentiment.score import Label
from voices.crowd import Tones

_ORDER = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE, Label.UNSCORED)


def tones_by_source(connection: Connection, span: Span) -> Mapping[str, Tones]:
    """Mentions by tone for each source that brought any, the one that brought most first."""
    by_label = (func.sum(case((BrandMentionRow.label == label, 1), else_=0)) for label in _ORDER)
    counted = (
        select(BrandMentionRow.source, *by_label)
        .where(span.condition)
        .group_by(BrandMentionRow.source)
        .order_by(func.count().desc(), BrandMentionRow.source)
    )
    return {row[0]: Tones(*map(int, row[1:])) for row in connection.execute(counted)}
