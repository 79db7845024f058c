"""What takes long to read and was read a moment ago, for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row

from console.beside import Beside
from console.recent import LONGEST_OLDEST, OLDEST, Recent, Window, oldest
from services.installation import Installation
from services.speaking import Wave, posts_in
from services.standing import standing_of
from services.summing_up import Sum, sum_of
from services.topics import Topics, usual_topics
from services.voices import busiest_of
from voices.crowd import Busiest
from voices.standing import Standing

_Key = TypeVar("_Key", bound=Hashable)
_Report = TypeVar("_Report")


@dataclass(frozen=True, slots=True)
class Remembered:
    """Reports that pages share.

    Attributes:
        topics: what a brand's posts are about.
        standing: how a brand stands beside the others.
        sums: who speaks of a brand, and of what trouble.
        busiest: the busiest 24 hours of a brand, by its id.
        posts: those that stand for many in an incident.
    """

    topics: Recent[Window, Topics]
    standing: Recent[Window, Standing]
    sums: Recent[Window, Sum]
    busiest: Recent[str, Busiest]
    posts: Recent[Wave, tuple[Row[Any], ...]]


def remember(installation: Installation, beside: Beside | None) -> Remembered:
    """Nothing yet; each is read when it is first asked for.

    Args:
        beside: where they are read again while nobody waits; None does it in this process.
    """
    # One at a time: what is read beside what people wait for does not take the processors from it.
    later = ThreadPoolExecutor(1, "recent").submit

    def recent(
        read: Callable[[Installation, _Key, datetime], _Report], age: Callable[[_Key], timedelta]
    ) -> Recent[_Key, _Report]:
        again = partial(beside.run, read) if beside else None
        return Recent(partial(read, installation), later, age, again)

    return Remembered(
        topics=recent(_topics, oldest),
        standing=recent(_standing, oldest),
        sums=recent(_sum, oldest),
        busiest=recent(busiest_of, lambda _: LONGEST_OLDEST),
        posts=recent(posts_in, lambda _: OLDEST),
    )


def _topics(inst: Installation, window: Window, until: datetime) -> Topics:
    return usual_topics(inst, window.brand, until - window.length, until)


def _standing(inst: Installation, window: Window, until: datetime) -> Standing:
    return standing_of(inst, window.brand, until - window.length, until)


def _sum(inst: Installation, window: Window, until: datetime) -> Sum:
    return sum_of(inst, window.brand, until - window.length, until)
