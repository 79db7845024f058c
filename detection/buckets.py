"""Five-minute buckets: how many mentions of a brand were published when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BUCKET = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bucket_start(at: datetime) -> datetime:
    """The start of the bucket that a moment falls into; buckets are aligned to the hour in UTC."""
    return at - (at - _EPOCH) % BUCKET


@dataclass(frozen=True, slots=True)
class Bucket:
    """Counts of one brand in one bucket.

    Attributes:
        start: aligned start, UTC; the bucket covers ``[start, start + BUCKET)``.
        mentions: all mentions.
        scored: those whose tone could be judged (English).
        negative: those judged negative, never more than ``scored``.
        positive: those judged positive.
        critical: those that hold critical words near the brand (docs/critical-words.md).
    """

    start: datetime
    mentions: int = 0
    scored: int = 0
    negative: int = 0
    positive: int = 0
    critical: int = 0
