"""Views of a brand made from minutes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from detection.buckets import Bucket, bucket_start
from detection.signal import BrandView, Voices
from tests.installations import NOON

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def view(
    *,
    complaints: Iterable[datetime] = (),
    others: Iterable[datetime] = (),
    praise: Iterable[datetime] = (),
    voices: Voices | None = None,
    now: datetime = NOON,
) -> BrandView:
    """A view in which every mention of the last hour is by another author, unless voices are given."""
    tones = {
        "negative": Counter(bucket_start(at) for at in complaints),
        "positive": Counter(bucket_start(at) for at in praise),
        "neutral": Counter(bucket_start(at) for at in others),
    }
    starts = sorted({start for counter in tones.values() for start in counter})
    buckets = [_bucket(start, tones) for start in starts]
    recent = [bucket for bucket in buckets if bucket.start > now - HOUR]
    negative, everyone = sum(bucket.negative for bucket in recent), sum(bucket.mentions for bucket in recent)
    return BrandView(
        brand="northwind",
        name="Northwind Air",
        now=now,
        buckets=buckets,
        negative_voices=voices or Voices(negative, min(negative, 1), negative),
        voices=voices or Voices(everyone, min(everyone, 1), everyone),
        listening_since=starts[0] if starts else None,
    )


def _bucket(start: datetime, tones: dict[str, Counter[datetime]]) -> Bucket:
    negative, positive, neutral = (tones[tone][start] for tone in ("negative", "positive", "neutral"))
    total = negative + positive + neutral
    return Bucket(start, mentions=total, scored=total, negative=negative, positive=positive)


def at_random(
    seed: int, *, per_day: float, days: float = 21, until: datetime = NOON, rhythm: bool = True
) -> list[datetime]:
    """Moments of ordinary talk; with a rhythm, five times as much by day as by night."""
    rng = random.Random(seed)  # noqa: S311  # traffic, not secrets
    moments = []
    for minute in range(int(days * 1440)):
        at = until - timedelta(minutes=minute + rng.random())
        awake = 1.5 if 7 <= at.hour < 22 else 0.3
        if rng.random() < per_day / 1440 * (awake if rhythm else 1):
            moments.append(at)
    return moments


def burst(count: int, *, minutes: int = 20, until: datetime = NOON) -> list[datetime]:
    """Evenly spaced moments up to now."""
    return [until - timedelta(minutes=minutes) * n / count for n in range(count)]
