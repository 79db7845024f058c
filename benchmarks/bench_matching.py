"""Mentions matched per second as brands grow in number: the rival is the same matcher with one brand.

The posts are the simulated network's, about an airline and about other things. Every further brand is one that hardly
anybody speaks of, described as brands are: a third by phrases, a third by a query, a third by a query with nearness, a
field and an exclusion. Best of five, one process, one core.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from mentions.matching import BrandMatcher
from mentions.mention import Mention, date_mention
from mentions.query.parsing import parse
from mentions.query.terms import Query, of_phrases
from simulation.post import NORTHWIND_AIR
from simulation.traffic import ordinary

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SIZES = (1, 100, 1_000)
_SYLLABLES = "ba co di fu ga he ki lo mu ne po ra si to vu we xa yo zu bank net sun port line".split()  # noqa: SIM905


def mentions() -> list[Mention]:
    posts = ordinary(1, start=NOW - timedelta(weeks=3), end=NOW, per_hour=30)
    return [
        Mention(
            f"b:{post.id}",
            post.title,
            post.text,
            date_mention(post.published_at, NOW),
            url=f"https://forum.example/{post.id}",
            author=post.author,
            language=post.language,
        )
        for post in posts
    ]


def brands(count: int) -> dict[str, Query]:
    """The airline first, then brands that are made up."""
    rng = Random(1)  # noqa: S311  the same names every time
    wanted = {"northwind": of_phrases(NORTHWIND_AIR.phrases)}
    while len(wanted) < count:
        name = "".join(rng.choices(_SYLLABLES, k=3))
        wanted[name] = (
            of_phrases([name, f"{name} group", f"@{name}", f"#{name}"]),
            parse(f'({name} OR @{name} OR "{name} bank") (late OR delay* OR cancel* OR "on hold" OR flight)'),
            parse(f"{name} NEAR/8 (refund* OR crash OR strike) lang:en NOT (site:{name}.example OR =Job)"),
        )[len(wanted) % 3]
    return wanted


def mentions_per_second(matcher: BrandMatcher, some: Sequence[Mention]) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        for mention in some:
            matcher.match(mention, "bench")
        times.append(time.perf_counter() - began)
    return len(some) / min(times)


def main() -> None:
    some = mentions()
    print(f"{len(some):,} mentions, {sum(len(one.content) for one in some) // len(some)} characters on average")
    speeds = []
    for size in SIZES:
        speeds.append(mentions_per_second(BrandMatcher(brands(size)), some))
        print(f"{size:>5,} brands                {speeds[-1]:10,.0f} mentions/s")
    print(f"ratio                       {speeds[0] / speeds[-1]:10.2f}")


if __name__ == "__main__":
    main()
