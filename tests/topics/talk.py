"""Small talk for tests: texts of many voices, each its own story unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sentiment.score import Label
from tests.installations import NOON
from topics.overview import Overview, overview
from topics.said import Said, everything

PLACES = ("Madrid", "Oslo", "Lima", "Cairo", "Quito", "Delhi", "Tunis")
FOODS = ("soup", "salad", "coffee", "pasta", "noodles")


def said(number: int, content: str, at: datetime = NOON, **given: Any) -> Said:
    """One text by its own voice, a minute later for each number."""
    values: dict[str, Any] = {
        "story_id": number,
        "voice": f"voice {number}",
        "source": "forum",
        "label": Label.NEGATIVE,
    }
    return Said(id=number, content=content, published_at=at + timedelta(minutes=number), **{**values, **given})


def ordinary(count: int, first: int = 1000) -> Sequence[Said]:
    """Talk of a usual fortnight."""
    before = NOON - timedelta(days=14)
    return [
        said(
            first + n,
            f"Flew to {PLACES[n % 7]}, the {FOODS[n % 5]} was warm and my bag came",
            before,
            label=Label.NEUTRAL,
        )
        for n in range(count)
    ]


def each(contents: Iterable[str], first: int = 1, **given: Any) -> Sequence[Said]:
    """One text by one voice each."""
    return [said(first + n, content, **given) for n, content in enumerate(contents)]


def look(window: Sequence[Said], baseline: Sequence[Said] = (), own: Sequence[str] = ("Northwind Air",)) -> Overview:
    """The overview of all of them."""
    return overview(everything(window), everything(baseline), own)


def words(told: Overview) -> list[str]:
    """What drives the window, the strongest first."""
    return [driver.text for driver in told.drivers.found if driver.kind == "words"]
