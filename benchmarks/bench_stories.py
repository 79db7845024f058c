"""What finding stories costs as the past grows: marks alone, then storing the same posts beside few and many.

The rival is the same storing with little stored; a wave of one text is stored too, whose marks thousands share. Time of
the processor in this process, without storing the mentions themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from database.migrating import migrate
from database.session import Database
from database.stories import assign_stories
from database.tables import MentionRow
from mentions.mention import Mention, date_mention
from mentions.stories import marks
from simulation.traffic import crisis, repost_wave

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SIZES = (10_000, 200_000)
AT_ONCE = 500


def different(count: int, seed: int, over: timedelta) -> list[Mention]:
    """Posts of thirty words each that have nothing in common but their vocabulary."""
    dice = Random(seed)  # noqa: S311  # repeatable, not secret
    words = sorted({word for post in crisis(1, start=NOW) for word in post.text.split()})
    step = over / count
    return [mention(f"{seed}-{n}", " ".join(dice.choices(words, k=30)), NOW - n * step) for n in range(count)]


def mention(name: str, text: str, at: datetime) -> Mention:
    return Mention(f"b:{name}", "", text, date_mention(at, NOW), url=f"https://example.com/posts/{name}")


def wave(count: int) -> list[Mention]:
    posts = repost_wave(1, start=NOW - timedelta(hours=1), count=count)
    return [mention(post.id, post.text, post.published_at) for post in posts]


def crisis_posts() -> list[Mention]:
    posts = crisis(2, start=NOW - timedelta(hours=10), minutes=600)
    return [mention(post.id, post.text, post.published_at) for post in posts]


@contextmanager
def holding(past: Sequence[Mention]) -> Iterator[Database]:
    with TemporaryDirectory() as folder, Database(f"sqlite:///{Path(folder) / 'bench.db'}") as database:
        migrate(database)
        store(database, 1, past)
        yield database


def store(database: Database, first: int, some: Sequence[Mention]) -> float:
    """Seconds that finding the stories took."""
    seconds = 0.0
    for start in range(0, len(some), AT_ONCE):
        new = list(enumerate(some[start : start + AT_ONCE], first + start))
        with database.writing() as connection:
            connection.execute(insert(MentionRow), [row(number, one) for number, one in new])
            began = time.process_time()
            assign_stories(connection, new)
            seconds += time.process_time() - began
    return seconds


def row(number: int, one: Mention) -> dict[str, object]:
    said = {"id": number, "digest": one.digest, "key": one.key, "source": "bench", "title": one.title, "text": one.text}
    return {**said, "published_at": one.published.at, "dating": one.published.dating, "seen_at": NOW}


def best_of_three(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    loads = {
        "different posts": different(5_000, 2, timedelta(days=1)),
        "a crisis": crisis_posts(),
        "one text": wave(5_000),
    }
    for name, some in loads.items():
        seconds = best_of_three(lambda some=some: [marks(one) for one in some])  # type: ignore[misc]
        words = sum(len(one.text.split()) for one in some) / len(some)
        print(f"marks of {name:<16} {len(some) / seconds:9,.0f} mentions/s  ({words:.0f} words each)")
    spent: dict[str, list[float]] = {name: [] for name in loads}
    for size in SIZES:
        with holding(different(size, 1, timedelta(weeks=3))) as database:
            first = size + 1
            for name, some in loads.items():
                spent[name].append(store(database, first, some) / len(some))
                first += len(some)
                print(f"{size:>9,} stored, {name:<16} {1 / spent[name][-1]:9,.0f} mentions/s")
    for name, (few, many) in spent.items():
        print(f"ratio of {name:<16} {many / few:9.2f}")


if __name__ == "__main__":
    main()
