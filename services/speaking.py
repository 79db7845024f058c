"""Posts that speak for the others, as letters and pages quote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from database.posts import posts_of
from database.reading_texts import texts_between
from database.said import said_between
from detection.behind import behind
from incidents.drills import real_brand
from incidents.severity import COMPLAINTS
from sentiment.score import Label
from services.installation import Installation
from topics.drivers import read
from topics.representatives import representatives
from topics.terms import Reader

# Of more an even sample is read: what hundreds have in common shows in it, and letters are written while others wait.
MOST_READ = 400
# A post of a network in full; of an article what its title and first words say.
_CHARACTERS = 500
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Wave:
    """What is behind an incident: what was said of a brand from ``since`` on, for a kind of signal."""

    brand: str
    kind: str
    since: datetime


def posts_in(inst: Installation, wave: Wave, until: datetime) -> tuple[Row[Any], ...]:
    """As :func:`posts_behind`, of a wave up to a moment.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with inst.database.reading() as connection:
        return posts_behind(connection, inst, wave.brand, wave.since, until, kind=wave.kind)


def posts_behind(  # a brand's window and what was seen in it
    connection: Connection, inst: Installation, brand: str, since: datetime, until: datetime, *, kind: str
) -> tuple[Row[Any], ...]:
    """Up to three posts that show what a kind of signal is about, from ``since`` to ``until``.

    Those that :mod:`detection.behind` singles out, else those that stand for the complaints, or for all that was said.
    """
    singled = behind(kind, said_between(connection, brand, since, until + _INSTANT)) if kind in _SINGLED else ()
    if singled:
        return posts_of(connection, singled)
    label = Label.NEGATIVE if kind == COMPLAINTS else None
    return speaking_for(connection, inst, brand, since, until, label=label)


_SINGLED = {"critical_words", "loud_voice", "repost_wave"}


def speaking_for(  # a brand's window and whose posts of it to take
    connection: Connection, inst: Installation, brand: str, since: datetime, until: datetime, *, label: Label | None
) -> tuple[Row[Any], ...]:
    """Up to three posts from ``since`` to ``until`` that stand for many, the most central first.

    No two are of one story or of one voice (:mod:`topics.representatives`). Rows as of
    :func:`database.posts.posts_of`.

    Args:
        label: the tone of the posts to choose from; None for any.
    """
    texts = texts_between(connection, brand, since, until + _INSTANT, MOST_READ, label=label)
    named = real_brand(brand)
    reader = Reader(next(((one.name, *one.phrases) for one in inst.settings.brands if one.id == named), ()))
    chosen = representatives(list(read(texts.said, reader, _CHARACTERS)))
    return posts_of(connection, [one.said.id for one in chosen])
