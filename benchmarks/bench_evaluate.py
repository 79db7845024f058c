"""What judging 1,000 brands costs as the past grows: the rival is the same tick with a hundredth of it stored.

Both have the same newest hours: every brand is spoken of, one in ten so much that it has to be looked at closely, and
new mentions come before each tick. Each brand that is looked at makes its past once an hour.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import Connection, insert

from alerts.contract import load
from database.buckets import add_to_buckets, counted
from database.tables import BrandMentionRow, CoverageRow, MentionRow
from detection.buckets import bucket_start
from services.evaluating import evaluate
from services.installation import Installation, install
from settings.model import Brand, Mail, Person, Routing, Settings

BRANDS = 1_000
SIZES = (10_000, 1_000_000)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)
# All that a tick looks at before it asks for a past.
LATELY = timedelta(hours=7)
TICKS_AN_HOUR = 60
AT_ONCE = 50_000


@dataclass
class Clock:
    """Shows what it was set to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The moment."""
        return self.now


@contextmanager
def installed() -> Iterator[tuple[Installation, Clock]]:
    with TemporaryDirectory() as name:
        folder, clock = Path(name), Clock()
        options = load("file").Options.model_validate({"folder": folder})
        settings = Settings(
            path=folder / "groundswell.yaml",
            brands=tuple(Brand(id=f"b{n}", name=f"Brand {n}", phrases=(f"brand{n}",)) for n in range(BRANDS)),
            sources=(),
            people=(Person(id="p", name="P", email="p@example.com"),),
            routing=Routing(owner="p"),
            mail=Mail(transport="file", sender="g@example.com", options=options),
            data_folder=folder,
            database=SecretStr(f"sqlite:///{folder / 'bench.db'}"),
        )
        inst = install(settings, clock)
        with inst.database:
            yield inst, clock


def said(number: int, brand: int, at: datetime) -> tuple[dict[str, object], dict[str, object]]:
    """Rows of a mention; every third is a complaint."""
    label = "negative" if number % 3 == 0 else "neutral"
    author = f"a{number * 7919 % 99_991}"
    mention = {
        "id": number, "digest": f"{number:032x}", "key": f"k{number}", "source": "bench", "title": "", "text": "text",
        "author": author, "published_at": at, "dating": "stated", "seen_at": at,
    }  # fmt: skip
    about = {
        "mention_id": number, "brand": f"b{brand}", "reason": "source", "evidence": "", "label": label, "flags": "",
        "scorer": "bench", "published_at": at, "source": "bench", "author": author,
    }  # fmt: skip
    return mention, about


def keep(connection: Connection, mentions: list[tuple[int, int, datetime]]) -> None:
    """Store mentions by number, brand and moment, as storing does but for their stories."""
    counts: dict[tuple[str, datetime], Counter[str]] = {}
    for at in range(0, len(mentions), AT_ONCE):
        rows = [said(*one) for one in mentions[at : at + AT_ONCE]]
        connection.execute(insert(MentionRow), [mention for mention, _ in rows])
        connection.execute(insert(BrandMentionRow), [about for _, about in rows])
        for _, about in rows:
            place = (str(about["brand"]), bucket_start(about["published_at"]))  # type: ignore[arg-type]  # a datetime
            counts.setdefault(place, Counter()).update(counted(str(about["label"]), critical=False))
    add_to_buckets(connection, counts)


def fill(inst: Installation, size: int) -> int:
    """As many mentions as ``size``, the newest hours alike whatever it is; the number of the last one."""
    lately = [
        (brand, NOW - LATELY * (n + 0.5) / many)
        for brand in range(BRANDS)
        for many in ((60 if brand % 10 == 0 else 4),)
        for n in range(many)
    ]
    before = max(size - len(lately), BRANDS)
    step = (FORTNIGHT - LATELY) / (before // BRANDS)
    older = [(n % BRANDS, NOW - LATELY - (n // BRANDS) * step) for n in range(before)]
    with inst.database.writing() as connection:
        coverage = [{"brand": f"b{n}", "source": "bench", "since": NOW - 2 * FORTNIGHT} for n in range(BRANDS)]
        connection.execute(insert(CoverageRow), coverage)
        keep(connection, [(number, *one) for number, one in enumerate([*lately, *older], 1)])
    return len(lately) + len(older)


def tick(inst: Installation, clock: Clock, number: int) -> float:
    """Seconds of judging all brands, after new mentions of one in ten."""
    clock.now += timedelta(minutes=1)
    with inst.database.writing() as connection:
        keep(connection, [(number + n, n * 10, clock.now) for n in range(BRANDS // 10)])
    began = time.perf_counter()
    evaluate(inst)
    return time.perf_counter() - began


def main() -> None:
    averages = []
    for size in (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else SIZES:  # noqa: PLR2004  # both sizes
        with installed() as (inst, clock):
            last = fill(inst, size) + 1
            ticks = [tick(inst, clock, last + n * BRANDS) for n in range(TICKS_AN_HOUR)]
        averages.append(sum(ticks) / len(ticks))
        usual, slowest = sorted(ticks)[len(ticks) // 2], max(ticks)
        print(
            f"{size:>9,} mentions stored: {1000 * averages[-1]:8.1f} ms a tick of {BRANDS:,} brands, over an hour "
            f"(half of them up to {1000 * usual:,.0f} ms, the slowest {1000 * slowest:,.0f} ms)",
            flush=True,
        )
    print(f"ratio {averages[-1] / averages[0]:.2f}")


if __name__ == "__main__":
    main()
