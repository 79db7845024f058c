"""A year of a company that is much talked about, for bench_console.py: mentions with all that is known of them.

Made up from a seed, and written past the services in bulk; the rows are those that they would write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from database.buckets import counted
from database.listening import Heard
from database.tables import BrandMentionRow, BucketRow, CoverageRow, MentionRow, SourceHourRow, TagRow
from database.word_tables import MentionWordsRow, vector
from database.words import words_of
from detection.buckets import bucket_start
from mentions.mention import Mention, date_mention
from services.installation import Installation
from services.understanding import understand
from simulation.post import NORTHWIND_AIR, BrandStory, Post
from simulation.scenarios import SCENARIOS
from simulation.traffic import crisis, ordinary
from topics.tag import is_critical

# By id: what it is called, and its share of the talk in percent.
BRANDS = {
    "northwind": (NORTHWIND_AIR, 40),
    "southwind": (BrandStory("Southwind", "@southwind", "#Southwind"), 25),
    "contoso": (BrandStory("Contoso Bank", "@contosobank", "#ContosoBank"), 15),
    "fabrikam": (BrandStory("Fabrikam Rail", "@fabrikamrail", "#FabrikamRail"), 12),
    "tailspin": (BrandStory("Tailspin Toys", "@tailspintoys", "#TailspinToys"), 7),
    "litware": (BrandStory("Litware", "@litwarehq", "#Litware"), 1),
}
SOURCES = tuple(f"feed-{number}" for number in range(12))
YEAR = timedelta(days=364)
# One post in ten was said within the hour of an incident; one in six gives a number that no other has.
BURST, NUMBERED = 0.1, 6
_FOREIGN = (
    "{}の航班が取消になりました、返金してほしい",
    "{} 航班又取消了 没有人回答",
    "{} отменил рейс, никто не отвечает",
)
_BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Burst:
    """An hour in which many complain of a brand."""

    brand: str
    at: datetime


def bursts(now: datetime, count: int) -> list[Burst]:
    """As many as there are incidents, the oldest first; the last ones are a few hours old."""
    dice = Random("bursts")  # noqa: S311  # repeatable, not secret
    names, shares = [*BRANDS], [share for _, share in BRANDS.values()]
    ages = sorted((YEAR * (n + 0.5) / count for n in range(count)), reverse=True)
    return [Burst(dice.choices(names, shares)[0], now - age) for age in ages]


def fill_year(connection: Connection, inst: Installation, count: int, some: Sequence[Burst], now: datetime) -> None:
    """Write so many mentions of the year before now."""
    _Year(connection, inst, some, now).write(count)


class _Year:
    def __init__(self, connection: Connection, inst: Installation, some: Sequence[Burst], now: datetime) -> None:
        self._connection, self._now, self._bursts = connection, now, some
        self._dice = Random("year")  # noqa: S311  # repeatable, not secret
        self._ordinary, self._angry = _pools(inst)
        self._counts: dict[tuple[str, datetime], Counter[str]] = {}

    def write(self, count: int) -> None:
        moments = sorted(self._moments(count), key=lambda one: one[0])
        for at in range(0, len(moments), _AT_ONCE):
            self._write([self._row(at + n, one[0], one[2]) for n, one in enumerate(moments[at : at + _AT_ONCE], 1)])
        rows = [
            {"brand": brand, "start": start, **_NOTHING, **counts} for (brand, start), counts in self._counts.items()
        ]
        for at in range(0, len(rows), _AT_ONCE):
            self._connection.execute(insert(BucketRow), rows[at : at + _AT_ONCE])
        since = [
            {"brand": brand, "source": source, "since": self._now - YEAR} for brand in BRANDS for source in SOURCES
        ]
        self._connection.execute(insert(CoverageRow), since)
        hours = int(timedelta(days=60) / timedelta(hours=1))
        first = self._now.replace(minute=0, second=0, microsecond=0)
        heard = [
            {"source": one, "hour": first - timedelta(hours=n), "posts": 30} for one in SOURCES for n in range(hours)
        ]
        self._connection.execute(insert(SourceHourRow), heard)

    def _moments(self, count: int) -> Iterator[tuple[datetime, str, Heard]]:
        dice, angry = self._dice, int(count * BURST)
        for n in range(angry):
            burst = self._bursts[n % len(self._bursts)]
            at = burst.at + timedelta(minutes=dice.triangular(-50, 10, 0))
            yield at, burst.brand, dice.choice(self._angry[burst.brand])
        names, shares = [*BRANDS], [share for _, share in BRANDS.values()]
        for brand in dice.choices(names, shares, k=count - angry):
            hour = dice.triangular(0, 24, 15)  # least at night
            at = self._now - timedelta(days=dice.randrange(1, YEAR.days), hours=-hour) - timedelta(hours=24)
            yield at, brand, dice.choice(self._ordinary[brand])
        for brand in dice.choices(names, shares, k=count // YEAR.days):
            yield self._now - dice.random() * timedelta(days=1), brand, dice.choice(self._ordinary[brand])

    def _row(self, number: int, at: datetime, heard: Heard) -> tuple[int, str, Mention, Heard]:
        dice, said = self._dice, heard.mention
        text = f"{said.text} Reference {number:x}q." if number % NUMBERED == 0 else said.text
        author = f"{said.author}{dice.randrange(40)}" if said.author else None
        told = replace(said, key=f"y:{number}", text=text, author=author, published=date_mention(at, at))
        return number, dice.choice(SOURCES), told, heard

    def _write(self, rows: Sequence[tuple[int, str, Mention, Heard]]) -> None:
        said, about, tags, words = [], [], [], []
        for number, source, mention, heard in rows:
            row = _said(number, source, mention)
            said.append(row)
            words.append({"mention_id": number, "words": words_of(row, [one.match.brand for one in heard.about])})
            for one in heard.about:
                key = {"mention_id": number, "brand": one.match.brand, "published_at": row["published_at"]}
                about.append({**key, **_felt(one), "source": source, "author": mention.author})
                tags += [{**key, "kind": tag.kind, "name": tag.name, "evidence": tag.evidence} for tag in one.tags]
                counts = counted(one.score.label, critical=is_critical(one.tags))
                place = (one.match.brand, bucket_start(row["published_at"]))
                self._counts.setdefault(place, Counter()).update(counts)
        for table, values in ((MentionRow, said), (BrandMentionRow, about), (TagRow, tags), (MentionWordsRow, words)):
            _copy(self._connection, table, values)


_NOTHING = dict.fromkeys(("mentions", "scored", "negative", "positive", "critical"), 0)


def _pools(inst: Installation) -> tuple[dict[str, list[Heard]], dict[str, list[Heard]]]:
    """Posts of each brand, ordinary and angry, understood once; they are told again by others at other times."""
    calm, angry = {}, {}
    for number, (brand, (story, _)) in enumerate(BRANDS.items()):
        posts = ordinary(number, brand=story, start=_BEGAN, end=_BEGAN + timedelta(days=4), per_hour=40)
        calm[brand] = understand(inst, "feed-0", (), map(_mention, posts))
        foreign = [
            Mention(f"f{n}", "", text.format(story.name), date_mention(_BEGAN, _BEGAN))
            for n, text in enumerate(_FOREIGN)
        ]
        calm[brand] += understand(inst, "feed-0", (), foreign) * max(len(calm[brand]) // 150, 1)
        told = [post for one in SCENARIOS for post in crisis(number, brand=story, start=_BEGAN, mix=one.mix)]
        angry[brand] = understand(inst, "feed-0", (), map(_mention, told))
    return calm, angry


def _mention(post: Post) -> Mention:
    at = date_mention(post.published_at, post.published_at)
    return Mention(f"b:{post.id}", post.title, post.text, at, author=post.author, followers=post.followers)


def _said(number: int, source: str, mention: Mention) -> dict[str, Any]:
    return {
        "id": number, "digest": mention.digest, "key": mention.key, "source": source, "title": mention.title,
        "text": mention.text, "url": f"https://example.com/{number}", "author": mention.author, "handle": None,
        "language": mention.language, "published_at": mention.published.at, "dating": mention.published.dating,
        "seen_at": mention.published.at, "followers": mention.followers,
    }  # fmt: skip


def _felt(about: Any) -> Mapping[str, Any]:
    return {
        "reason": about.match.reason, "evidence": about.match.evidence, "compound": about.score.compound,
        "label": about.score.label, "flags": " ".join(about.score.flags), "scorer": about.score.scorer,
    }  # fmt: skip


def _copy(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, past SQLAlchemy, which would take most of the time."""
    if not rows:
        return
    columns, name = [*rows[0]], table.__tablename__
    if connection.dialect.name == "sqlite":
        values = [tuple(map(_plain, row.values())) for row in rows]
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", values)  # noqa: S608
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row([vector(value) if key == "words" else value for key, value in row.items()])


def _plain(value: Any) -> Any:
    """A moment as SQLAlchemy writes it into SQLite."""
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value
