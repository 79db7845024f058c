"""Who is speaking of a brand, how many they are, and whether that is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from database.listening import known_since, known_since_of_all
from database.reading_voices import (
    Span,
    bucket_tones,
    bucket_tones_of_all,
    busiest_in,
    disagreements_in,
    last_day_in,
    people_in,
    ratings_in,
    tones_in,
    top_voices_in,
    unscored_languages,
)
from services.installation import Installation
from voices.answer import Answer, Window, answer
from voices.crowd import (
    Busiest,
    People,
    Share,
    SilentCustomers,
    Strength,
    Tones,
    TopVoices,
    share_of_voice,
)
from voices.ratings import Disagreement, Ratings, TrendPoint, periods, summarise, trend

MOST_VOICES = 5
MOST_DISAGREEMENTS = 5
_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)
# Windows that end at the same time on this many days before tell what is usual.
_COMPARED = 14


@dataclass(frozen=True, slots=True)
class RatingsReport:
    """The ratings of one scale: those of the window, and by day or week up to its end."""

    ratings: Ratings
    trend: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class VoicesReport:
    """Who speaks of a brand in a window.

    Attributes:
        strength: of the 24 hours that end with the window, however long it is.
        languages: of the mentions that were not scored, with their number; None where the language is not known.
        disagreeing: how many texts have a tone and a rating that disagree; ``disagreements`` are the first of them.
    """

    brand: str
    since: datetime
    until: datetime
    answer: Answer
    people: People
    top: TopVoices
    strength: Strength
    silent: SilentCustomers
    languages: tuple[tuple[str | None, int], ...]
    ratings: tuple[RatingsReport, ...]
    disagreeing: int
    disagreements: tuple[Disagreement, ...]


def voices_of(inst: Installation, brand: str, since: datetime, until: datetime) -> VoicesReport:
    """Who speaks of a brand from ``since`` on and not after ``until``.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with inst.database.reading() as connection:
        return voices_on(connection, inst, brand, since, until)


def voices_on(  # a brand's window on a connection, and what is known of it
    connection: Connection,
    inst: Installation,
    brand: str,
    since: datetime,
    until: datetime,
    busiest: Busiest | None = None,
) -> VoicesReport:
    """As :func:`voices_of`, inside a transaction that has more to do.

    Args:
        busiest: the busiest 24 hours as they were read a moment ago; None reads them, which takes long.
    """
    span = Span(brand, since, until)
    people = people_in(connection, span)
    past = past_of(connection, brand, since, until)
    if busiest is None or not busiest.mentions:
        busiest = busiest_in(connection, brand, until)
    disagreeing, disagreements = disagreements_in(connection, span, MOST_DISAGREEMENTS)
    return VoicesReport(
        brand=brand,
        since=since,
        until=until,
        answer=answer(Window(until - since, people, past)),
        people=people,
        top=top_voices_in(connection, span, MOST_VOICES),
        strength=Strength.of(last_day_in(connection, brand, until), busiest),
        silent=SilentCustomers(people.complaints.authors, inst.settings.silent_customers),
        languages=unscored_languages(connection, span) if people.tones.unscored else (),
        ratings=_ratings(connection, inst, span),
        disagreeing=disagreeing,
        disagreements=disagreements,
    )


def pasts_of_all(
    connection: Connection, brands: Sequence[str], since: datetime, until: datetime
) -> Mapping[str, tuple[Tones, ...]]:
    """As :func:`past_of`, of several brands at once."""
    known = known_since_of_all(connection, brands, since, until)
    windows = compared(since, until, min((at for at in known.values() if at), default=None))
    tones = bucket_tones_of_all(connection, brands, windows)
    heard = {brand: compared(since, until, known.get(brand)) for brand in brands}
    return {brand: tuple(tones.get((brand, one), Tones()) for one in heard[brand]) for brand in brands}


def past_of(connection: Connection, brand: str, since: datetime, until: datetime) -> tuple[Tones, ...]:
    """What a window is compared with, for :func:`voices.answer.usual_of`: mentions of a brand in those before it."""
    known = known_since(connection, brand, since, until)
    return bucket_tones(connection, brand, compared(since, until, known))


def compared(since: datetime, until: datetime, known: datetime | None) -> tuple[tuple[datetime, datetime], ...]:
    """Windows as long as this one that end at the same time on the days before it and touch it nowhere.

    None begins before the brand's sources were heard: what lies there is unknown, not quiet.
    """
    if known is None:
        return ()
    first = max(-(-(until - since) // _DAY), 1)
    days = (day * _DAY for day in range(first, first + _COMPARED))
    return tuple((since - back, until - back) for back in days if since - back >= known)


def busiest_of(inst: Installation, brand: str, until: datetime) -> Busiest:
    """The busiest 24 hours of a brand in the 90 days before a moment.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with inst.database.reading() as connection:
        return busiest_in(connection, brand, until)


def shares_on(connection: Connection, inst: Installation, since: datetime, until: datetime) -> tuple[Share, ...]:
    """All brands of the settings beside each other in a window, the largest share first."""
    return share_of_voice(
        [
            (brand.id, brand.name, brand.competitor, tones_in(connection, Span(brand.id, since, until)))
            for brand in inst.settings.brands
        ]
    )


def _ratings(connection: Connection, inst: Installation, span: Span) -> tuple[RatingsReport, ...]:
    found = summarise(ratings_in(connection, span))
    if not found:
        return ()
    times = periods(span.since, span.until, inst.settings.time_zone)
    # A moment that ends one period begins the next, and counts there.
    ends = [*(start - _INSTANT for start, _ in times[1:]), span.until]
    rated = [ratings_in(connection, Span(span.brand, start, end)) for (start, _), end in zip(times, ends, strict=True)]
    return tuple(RatingsReport(one, trend(one.scale, times, rated)) for one in found)
