"""Mentions replayed per second, from a file to its alarms, beside the scorer alone on the same texts in the same run.

Made-up complaints and ordinary talk of three brands over four weeks, with a rhythm of the day and one outcry. A million
takes several minutes: ``make bench`` does fewer (BENCH_MENTIONS); as an argument any number.
"""

from __future__ import annotations

import csv
import math
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench_scoring import posts  # type: ignore[import-not-found]  # beside this script

from sentiment.packs import built_in, load_pack
from sentiment.scorer import Scorer
from services.files.importing import Choices
from services.replay.loading import made_settings
from services.replay.replaying import JUDGING, FilePast, replay

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
SPAN = timedelta(weeks=4)
BRANDS = ("Northwind Air", "Southwind", "Eastwind")
MANY = 1_000_000


def moments(count: int) -> list[datetime]:
    """Moments within the span, by day three times as many as by night, and one in fifty within two hours of a day."""
    dice, found = Random(1), list[datetime]()  # noqa: S311  # the same moments every time
    while len(found) < count:
        at = BEGIN + SPAN * dice.random()
        if len(found) % 50 == 0:
            at = BEGIN + timedelta(days=20, hours=2 * dice.random())
        if dice.random() < (2 + math.sin(at.hour / 24 * 2 * math.pi)) / 3:
            found.append(at)
    return sorted(found)


def write(file: Path, texts: list[str]) -> None:
    """A file of mentions."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(("id", "brand", "author", "published_at", "text"))
        for number, (at, text) in enumerate(zip(moments(len(texts)), texts, strict=True)):
            writer.writerow((number, BRANDS[number % 3], f"author-{number % 9_973}", at.isoformat(), text))


def in_parts(texts: list[str]) -> Iterator[list[str]]:
    """Some at a time, as they are scored when they come from a file."""
    return (texts[at : at + 500] for at in range(0, len(texts), 500))


def scored(texts: list[str]) -> float:
    """Seconds that the scorer alone takes."""
    scorer = Scorer(BRANDS, tuple(load_pack(name) for name in built_in()))
    began = time.perf_counter()
    for some in in_parts(texts):
        scorer.score_batch(some, ["en"] * len(some))
    return time.perf_counter() - began


def main() -> None:
    count = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BENCH_MENTIONS", MANY))
    texts = posts(count)
    with TemporaryDirectory() as name:
        file = Path(name) / "posts.csv"
        write(file, texts)
        settings, choices = made_settings(file, Choices())
        began, judging = time.perf_counter(), list[float]()

        def note(stage: str, _done: int, _whole: int) -> None:
            if stage == JUDGING and not judging:
                judging.append(time.perf_counter())

        done = replay(settings, FilePast(file, choices), note)
        whole, loading = time.perf_counter() - began, judging[0] - began
    alone = scored(texts)
    print(f"{count:,} mentions of {len(BRANDS)} brands in four weeks; {len(done.walked.alarms)} alarms")
    print(f"replay, from the file to its alarms  {count / whole:10,.0f} mentions/s, {whole:,.0f} s")
    print(f"  of that taking in                  {count / loading:10,.0f} mentions/s, {loading:,.0f} s")
    print(
        f"  of that judging 8,064 steps        {count / (whole - loading):10,.0f} mentions/s, {whole - loading:,.0f} s"
    )
    print(f"the scorer alone                     {count / alone:10,.0f} mentions/s, {alone:,.0f} s")
    print(f"ratio                                {whole / alone:10.2f}")
    if count < MANY:
        print(f"Fewer than a million, which takes minutes: python {Path(sys.argv[0])} {MANY}")


if __name__ == "__main__":
    main()
