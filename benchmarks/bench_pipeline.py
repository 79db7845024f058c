"""What a mention costs on its way into the database, beside what the vaderSentiment package alone costs.

The rival scores the same texts and does nothing else; Groundswell matches, scores and stores them. Best of three, one
process, one core.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from database.listening import About, Heard, store
from database.migrating import migrate
from database.session import Database
from mentions.matching import BrandMatcher
from mentions.mention import Mention, date_mention
from mentions.query.terms import of_phrases
from sentiment.scorer import Scorer
from simulation.post import NORTHWIND_AIR
from simulation.traffic import ordinary

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def mentions() -> list[Mention]:
    posts = ordinary(1, start=NOW - timedelta(weeks=3), end=NOW, per_hour=30)
    return [
        Mention(f"b:{post.id}", post.title, post.text, date_mention(post.published_at, NOW), author=post.author)
        for post in posts
    ]


def best_of_three(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def take_in(some: Sequence[Mention]) -> None:
    matcher, scorer = BrandMatcher({"northwind": of_phrases(NORTHWIND_AIR.phrases)}), Scorer(NORTHWIND_AIR.phrases)
    matched = [(mention, match) for mention in some for match in matcher.match(mention)]
    scores = scorer.score_batch([m.content for m, _ in matched], [m.language for m, _ in matched])
    heard = [Heard(mention, (About(match, score),)) for (mention, match), score in zip(matched, scores, strict=True)]
    with TemporaryDirectory() as folder, Database(f"sqlite:///{Path(folder) / 'bench.db'}") as database:
        migrate(database)
        with database.writing() as connection:
            store(connection, "bench", heard, NOW)


def main() -> None:
    some = mentions()
    analyzer = SentimentIntensityAnalyzer()
    rival = best_of_three(lambda: [analyzer.polarity_scores(mention.content) for mention in some])
    ours = best_of_three(lambda: take_in(some))
    print(f"{len(some):,} posts")
    print(f"vaderSentiment alone        {len(some) / rival:10,.0f} posts/s")
    print(f"match + score + store       {len(some) / ours:10,.0f} posts/s")
    print(f"ratio                       {rival / ours:10.2f}")


if __name__ == "__main__":
    main()
