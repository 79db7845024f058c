"""What pages ask of the people behind the mentions of a brand: summed up by the database, whatever the window holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from database.tables import BrandMentionRow, BucketRow, CorrectionRow, MentionRow
from sentiment.score import Label
from voices.crowd import BUSIEST_OF, DAY, Busiest, Crowd, Familiarity, People, Tones, TopVoices, Voice
from voices.ratings import GOOD, POOR, Disagreement, Rated, Scale

# What was stored before there were stories is a story of its own.
_STORY = func.coalesce(MentionRow.story_id, MentionRow.id)
_AUTHOR = func.nullif(BrandMentionRow.author, "")
# Nobody knows whether two mentions without an author have the same one.
_NAMELESS = case((_AUTHOR.is_(None), BrandMentionRow.mention_id))
_ANSWERS = (MentionRow.likes, MentionRow.replies, MentionRow.reposts)
_BY_LABEL = tuple(func.sum(case((BrandMentionRow.label == label, 1), else_=0)).label(label) for label in Label)


@dataclass(frozen=True, slots=True)
class Span:
    """The mentions of a brand that were published from ``since`` on and not after ``until``."""

    brand: str
    since: datetime
    until: datetime

    @property
    def condition(self) -> ColumnElement[bool]:
        """The same, for a query on ``brand_mentions``."""
        at = BrandMentionRow.published_at
        return and_(BrandMentionRow.brand == self.brand, at.between(self.since, self.until))


def people_in(connection: Connection, span: Span) -> People:
    """Who speaks, in one pass over the authors; stories are counted apart, because many authors tell one."""
    voices = _voices(span)
    negative, everybody = voices.c[Label.NEGATIVE], func.count()
    complaining = func.sum(case((negative > 0, 1), else_=0))
    returning = func.sum(case((_spoke_before(span, voices), 1), else_=0))
    figures: dict[str, ColumnElement[Any]] = {
        "authors": everybody,
        "loudest": func.max(voices.c.mentions),
        "complaining": complaining,
        "angriest": func.max(negative),
        "named": func.count(voices.c.author),
        "returning": returning,
        **{label: func.sum(voices.c[label]) for label in Label},
    }
    columns = [func.coalesce(figure, 0).label(f"n_{name}") for name, figure in figures.items()]
    row = connection.execute(select(*columns).select_from(voices)).one()
    found = {name: int(getattr(row, f"n_{name}")) for name in figures}
    stories, retold = _stories(connection, span)
    tones = _tones(found)
    return People(
        tones,
        Crowd(tones.mentions, found["authors"], found["loudest"], stories),
        Crowd(tones.negative, found["complaining"], found["angriest"], retold),
        Familiarity(found["named"] - found["returning"], found["returning"], found["authors"] - found["named"]),
    )


def _stories(connection: Connection, span: Span) -> tuple[int, int]:
    """Distinct stories, of all mentions and of the negative ones."""
    complained = case((BrandMentionRow.label == Label.NEGATIVE, _STORY))
    told = select(func.count(_STORY.distinct()), func.count(complained.distinct())).select_from(BrandMentionRow)
    stories, retold = connection.execute(told.join(MentionRow).where(span.condition)).one()
    return stories, retold


def top_voices_in(connection: Connection, span: Span, limit: int) -> TopVoices:
    """The authors who lead; mentions without one lead nothing."""
    leading = _leading(span, limit)
    rows = connection.execute(select(leading, _spoke_before(span, leading).label("known"))).all()
    return TopVoices(
        _by(rows, "by_followers", limit, lambda row: row.followers),
        _by(rows, "by_engagement", limit, lambda row: row.engagement),
        _by(rows, "by_mentions", limit, lambda row: row.mentions - 1),
    )


def tones_in(connection: Connection, span: Span) -> Tones:
    """Mentions by tone; counted in the index alone, because every brand is asked for."""
    counted = (
        select(func.count()).where(span.condition, BrandMentionRow.label == label).scalar_subquery().label(label)
        for label in Label
    )
    return _tones(connection.execute(select(*counted)).one()._mapping)  # noqa: SLF001  # public API of Row


def unscored_languages(connection: Connection, span: Span) -> tuple[tuple[str | None, int], ...]:
    """Languages of the mentions that were not scored, and how many of each; the most frequent first."""
    counted = (
        select(MentionRow.language, func.count().label("n"))
        .select_from(BrandMentionRow)
        .join(MentionRow)
        .where(span.condition, BrandMentionRow.label == Label.UNSCORED)
        .group_by(MentionRow.language)
        .order_by(func.count().desc(), MentionRow.language)
    )
    return tuple((language, count) for language, count in connection.execute(counted))


def bucket_tones(connection: Connection, brand: str, windows: Sequence[tuple[datetime, datetime]]) -> tuple[Tones, ...]:
    """Mentions by tone of a brand in each of some windows, as counted in buckets that start after their beginning."""
    asked = ({"of": brand, "after": since, "to": until} for since, until in windows)
    found = (connection.execute(_IN_BUCKETS, one).one() for one in asked)
    return tuple(
        Tones(negative, scored - negative - positive, positive, mentions - scored)
        for mentions, scored, negative, positive in found
    )


def bucket_tones_of_all(
    connection: Connection, brands: Sequence[str], windows: Sequence[tuple[datetime, datetime]]
) -> dict[tuple[str, tuple[datetime, datetime]], Tones]:
    """As :func:`bucket_tones`, of several brands, by brand and window; those without any bucket are left out."""
    if not windows:
        return {}
    counts = (func.coalesce(func.sum(column), 0) for column in _BUCKET_COUNTS)
    columns = (BucketRow.brand, *counts)
    parts = [
        select(literal(number), *columns)
        .where(BucketRow.brand.in_(brands), BucketRow.start > since, BucketRow.start <= until)
        .group_by(BucketRow.brand)
        for number, (since, until) in enumerate(windows)
    ]
    return {
        (brand, windows[number]): Tones(negative, scored - negative - positive, positive, mentions - scored)
        for number, brand, mentions, scored, negative, positive in connection.execute(union_all(*parts))
    }


def busiest_in(connection: Connection, brand: str, until: datetime) -> Busiest:
    """The busiest 24 hours by the buckets of 90 days; those that begin after ``until`` do not count."""
    asked = {"of": brand, "since": until - BUSIEST_OF, "to": until}
    row = connection.execute(_busiest(connection.dialect.name), asked).first()
    return Busiest(int(row.total), row.start) if row else Busiest()


def last_day_in(connection: Connection, brand: str, until: datetime) -> Busiest:
    """The 24 hours by the buckets that end with the one of ``until``."""
    mentions, at = connection.execute(_LAST_DAY, {"of": brand, "after": until - DAY, "to": until}).one()
    return Busiest(int(mentions), at)


@cache
def _busiest(dialect: str) -> Select[Any]:
    """The 24 hours with most mentions, by the start of their last bucket; the first of those with as many."""
    start = BucketRow.start
    seconds = cast(func.strftime("%s", start) if dialect == "sqlite" else func.extract("epoch", start), BigInteger)
    # A bucket that began a whole day before is out.
    total = func.sum(BucketRow.mentions).over(order_by=seconds, range_=(1 - int(DAY.total_seconds()), 0)).label("total")
    of = (BucketRow.brand == bindparam("of"), start > bindparam("since"), start <= bindparam("to"))
    each = select(start, total).where(*of).subquery()
    return (
        select(each.c.start, each.c.total).where(each.c.total > 0).order_by(each.c.total.desc(), each.c.start).limit(1)
    )


_BUCKET_COUNTS = (BucketRow.mentions, BucketRow.scored, BucketRow.negative, BucketRow.positive)
# Made once: pages ask it for every brand and each of a fortnight of days.
_IN_BUCKETS = select(*(func.coalesce(func.sum(column), 0) for column in _BUCKET_COUNTS)).where(
    BucketRow.brand == bindparam("of"), BucketRow.start > bindparam("after"), BucketRow.start <= bindparam("to")
)
_LAST_DAY = _IN_BUCKETS.with_only_columns(func.coalesce(func.sum(BucketRow.mentions), 0), func.max(BucketRow.start))


def ratings_in(connection: Connection, span: Span) -> tuple[Rated, ...]:
    """Ratings with how many gave them; of a fine scale a hundredth of it counts as one rating."""
    scale = (MentionRow.rating_scale, MentionRow.rating_worst, MentionRow.rating_best)
    hundredth = func.round(100 * _share())
    rated = (
        select(*scale, func.avg(MentionRow.rating).label("value"), func.count().label("mentions"), *_BY_LABEL)
        .select_from(BrandMentionRow)
        .join(MentionRow)
        .where(span.condition, _is_rated())
        .group_by(*scale, hundredth)
        .order_by(*scale, hundredth)
    )
    return tuple(
        Rated(Scale(row[0], row[1], row[2]), row.value, row.mentions, row.mentions - row.unscored, row.negative)
        for row in connection.execute(rated)
    )


def disagreements_in(connection: Connection, span: Span, limit: int) -> tuple[int, tuple[Disagreement, ...]]:
    """How many texts of disagreeing tone and rating nobody has judged yet, and those of the strongest tone."""
    label, at = BrandMentionRow.label, BrandMentionRow.published_at
    wrong = or_(and_(label == Label.POSITIVE, _share() <= POOR), and_(label == Label.NEGATIVE, _share() >= GOOD))
    where = (span.condition, _is_rated(), wrong, ~_judged())
    found = (
        select(
            MentionRow.id, MentionRow.title, MentionRow.text, label, BrandMentionRow.compound,
            MentionRow.rating_scale, MentionRow.rating_worst, MentionRow.rating_best, MentionRow.rating,
            MentionRow.url, BrandMentionRow.source, at,
        )
        .select_from(BrandMentionRow)
        .join(MentionRow)
        .where(*where)
        .order_by(func.abs(BrandMentionRow.compound).desc().nulls_last(), MentionRow.id)
        .limit(limit)
    )  # fmt: skip
    rows = connection.execute(found).all()
    if len(rows) < limit:
        return len(rows), _disagreements(rows)
    counted = select(func.count()).select_from(BrandMentionRow).join(MentionRow).where(*where)
    return connection.execute(counted).scalar() or 0, _disagreements(rows)


def _disagreements(rows: Sequence[Row[Any]]) -> tuple[Disagreement, ...]:
    return tuple(
        Disagreement(number, text or title, label, compound, Scale(*scale), value, *rest)
        for number, title, text, label, compound, *scale, value, url, source, at in rows
        for rest in [(url, source, at)]
    )


def _voices(span: Span) -> Subquery:
    """A row for each author: ``source, author, mentions`` and counts by label; ``author`` may be NULL."""
    columns = (BrandMentionRow.source, _AUTHOR.label("author"), func.count().label("mentions"), *_BY_LABEL)
    return select(*columns).where(span.condition).group_by(BrandMentionRow.source, _AUTHOR, _NAMELESS).subquery()


def _leading(span: Span, limit: int) -> Subquery:
    """A row for each author who is among the first of any order, with the places."""
    told = or_(*(column.is_not(None) for column in _ANSWERS))
    answers = case((told, sum((func.coalesce(column, 0) for column in _ANSWERS), start=0)))
    ranked = (
        select(
            BrandMentionRow.source,
            BrandMentionRow.author,
            func.max(MentionRow.author).label("name"),
            func.count().label("mentions"),
            func.max(MentionRow.followers).label("followers"),
            func.sum(answers).label("engagement"),
            *_BY_LABEL,
        )
        .select_from(BrandMentionRow)
        .join(MentionRow)
        .where(span.condition, _AUTHOR.is_not(None))
        .group_by(BrandMentionRow.source, BrandMentionRow.author)
        .subquery()
    )
    by = ("followers", "engagement", "mentions")
    places = [_place(ranked, name).label(f"by_{name}") for name in by]
    placed = select(ranked, *places).subquery()
    return select(placed).where(or_(*(placed.c[f"by_{name}"] <= limit for name in by))).subquery()


def _place(ranked: Subquery, name: str) -> ColumnElement[int]:
    ties = (ranked.c.mentions.desc(), ranked.c.source, ranked.c.author)
    return func.row_number().over(order_by=(ranked.c[name].desc().nulls_last(), *ties))


def _by(rows: Sequence[Row[Any]], place: str, limit: int, measure: Callable[[Row[Any]], Any]) -> tuple[Voice, ...]:
    """Those who lead by a measure; who has nothing of it leads nothing."""
    leaders = sorted((row for row in rows if measure(row)), key=lambda row: getattr(row, place))
    return tuple(_voice(row) for row in leaders if getattr(row, place) <= limit)


def _voice(row: Row[Any]) -> Voice:
    tones = _tones({label: getattr(row, label) for label in Label})
    engagement = None if row.engagement is None else int(row.engagement)
    return Voice(row.name or row.author, row.source, tones, row.followers, engagement, bool(row.known))


def _spoke_before(span: Span, voices: Subquery) -> ColumnElement[bool]:
    before = aliased(BrandMentionRow)
    return exists().where(
        before.brand == span.brand,
        before.author == voices.c.author,
        before.source == voices.c.source,
        before.published_at < span.since,
    )


def _is_rated() -> ColumnElement[bool]:
    return and_(MentionRow.rating.is_not(None), MentionRow.rating_best != MentionRow.rating_worst)


def _judged() -> ColumnElement[bool]:
    return exists().where(
        CorrectionRow.mention_id == BrandMentionRow.mention_id, CorrectionRow.brand == BrandMentionRow.brand
    )


def _share() -> ColumnElement[float | None]:
    """Where a rating lies between worst (0) and best (1), as :class:`mentions.mention.Rating` has it."""
    width = func.nullif(MentionRow.rating_best - MentionRow.rating_worst, 0)
    return (MentionRow.rating - MentionRow.rating_worst) / width


def _tones(counts: Mapping[Any, int]) -> Tones:
    return Tones(
        *(int(counts.get(label, 0)) for label in (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE, Label.UNSCORED))
    )
