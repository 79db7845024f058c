"""How a brand stands: against the time before, beside other brands, and where and in which languages it was heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from database.reading_standing import counts_by_source, heard_of, told_since, tones_by_language, tones_by_source
from database.reading_voices import Span
from services.installation import Installation
from services.voices import compared
from voices.standing import Heard, Listened, Spoken, Standing, brought_by, shares_of

_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)


def standing_of(inst: Installation, brand: str, since: datetime, until: datetime) -> Standing:
    """How a brand stands from ``since`` on and not after ``until``.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with inst.database.reading() as connection:
        return standing_on(connection, inst, brand, since, until)


def standing_on(connection: Connection, inst: Installation, brand: str, since: datetime, until: datetime) -> Standing:
    """As :func:`standing_of`, inside a transaction that has more to do."""
    span, told = Span(brand, since, until), told_since(connection)
    brands = [one.id for one in inst.settings.brands]
    earlier = since - (until - since)
    now = heard_of(connection, brands, since, until)
    before = heard_of(connection, brands, earlier, since - _INSTANT)
    known = {one: min(sources.values()) for one, sources in told.items()}
    listened = [
        Listened(
            one.id, one.name, one.competitor, now.get(one.id, Heard()), before.get(one.id, Heard()), known.get(one.id)
        )
        for one in inst.settings.brands
    ]
    windows = past_windows(since, until)
    past = counts_by_source(connection, brand, windows)
    languages = (Spoken(*one) for one in tones_by_language(connection, span))
    return Standing(
        since=since,
        until=until,
        shares=shares_of(listened, earlier),
        now=now.get(brand, Heard()),
        before=before.get(brand, Heard()) if brand in known and known[brand] <= earlier else None,
        sources=brought_by(tones_by_source(connection, span), past, told.get(brand, {})),
        past_windows=len(windows),
        languages=tuple(sorted(languages, key=lambda one: (-one.tones.mentions, one.language or ""))),
    )


def past_windows(since: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Windows before that say what is usual of a source, the latest first; no two of them overlap.

    Up to a day they are those that say what is usual of the brand. Of longer ones it is the one before: a fortnight
    of them would reach back further than most sources have been heard.
    """
    if until - since <= _DAY:
        return compared(since, until, datetime.min.replace(tzinfo=since.tzinfo))
    return ((since - (until - since), since - _INSTANT),)
