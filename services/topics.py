"""What people talk about when they talk about a brand: what stands out, what it is angry about, who says it best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from database.reading_texts import texts_between
from database.stories import Story, stories_between
from services.installation import Installation
from topics.overview import MOST_BASELINE, MOST_WINDOW, Overview, overview

MOST_STORIES = 3
USUAL = timedelta(days=14)  # shows every day of a week twice
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Topics:
    """What a brand's posts of a window are about.

    Attributes:
        brand: its id.
        since, until: the window, without its end.
        baseline_since: since when it is compared; the baseline ends where the window begins.
        overview: what stands out, and posts that stand for many.
        retold: up to three stories that more than one voice told, those of most voices first. A story counts once
            a day in the overview, however often it is told; here it counts by its voices.
    """

    brand: str
    since: datetime
    until: datetime
    baseline_since: datetime
    overview: Overview
    retold: tuple[Story, ...]


def topics_of(inst: Installation, brand: str, since: datetime, until: datetime, baseline_since: datetime) -> Topics:
    """What the posts of a brand from ``since`` on and before ``until`` are about, against those before.

    The cost is bounded: of very many posts an even sample is read, and the answer says so.

    Raises:
        KeyError: there is no such brand in the settings.
        DatabaseError: the database cannot be read.
    """
    about = inst.brand(brand)
    with inst.database.reading() as connection:
        window = texts_between(connection, brand, since, until, MOST_WINDOW)
        baseline = texts_between(connection, brand, baseline_since, since, MOST_BASELINE)
        stories = stories_between(connection, brand, since, until - _INSTANT, MOST_STORIES)
    told = overview(window, baseline, (about.name, *about.phrases))
    return Topics(brand, since, until, baseline_since, told, tuple(story for story in stories if story.voices > 1))


def usual_topics(inst: Installation, brand: str, since: datetime, until: datetime) -> Topics:
    """As :func:`topics_of`, against the usual time before."""
    return topics_of(inst, brand, since, until, since - USUAL)
