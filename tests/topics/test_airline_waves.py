"""The waves of the recorded complaints, as a person who reads them would tell them."""

from __future__ import annotations

import csv
import html
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from mentions.mention import Mention, date_mention
from mentions.stories import components, marks
from sentiment.score import Label
from tests.topics.talk import look, words
from topics.said import Said

# Its publisher put the names of its classes in place of some words.
MENDED = {"Cancelled Flight": "cancel", "Late Flight": "late", "Flight Booking Problems": "booking"}
OWN = {
    "US Airways": ("US Airways", "@USAirways"),
    "United": ("United", "United Airlines", "@united"),
    "Virgin America": ("Virgin America", "@VirginAmerica"),
}


@pytest.fixture(scope="session")
def complaints(recorded: Path) -> Path:
    file = recorded / "airline" / "tweets-dev.csv"
    if not file.is_file():
        pytest.skip(f"no recorded complaints at {file}")
    return file


@cache
def told_of(brand: str, file: Path) -> Sequence[Said]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["brand"] == brand]
    mentions = []
    for row in rows:
        text, at = html.unescape(row["text"]), datetime.fromisoformat(row["published_at"])
        for wrong, right in MENDED.items():
            text = text.replace(wrong, right)
        mentions.append(Mention(row["id"], "", text, date_mention(at, at), author=row["author"]))
    stories = stories_of(mentions)
    return [
        Said(n, one.text, stories[n], str(one.author), "tweets", one.published.at, Label(row["label"]))
        for n, (one, row) in enumerate(zip(mentions, rows, strict=True))
    ]


def stories_of(mentions: Sequence[Mention]) -> dict[int, int]:
    first: dict[int, int] = {}
    links = [(n, first.setdefault(key, n)) for n, one in enumerate(mentions) for key in marks(one).keys]
    return components(range(len(mentions)), links)


def window(file: Path, brand: str, start: str, hours: int) -> tuple[list[Said], list[Said]]:
    since = datetime.fromisoformat(f"2015-02-{start}:00+00:00")
    until = since + timedelta(hours=hours)
    told = told_of(brand, file)
    return [one for one in told if since <= one.published_at < until], [one for one in told if one.published_at < since]


@pytest.mark.parametrize(
    ("brand", "start", "hours", "expected"),
    [
        ("US Airways", "22T04", 3, {"on hold", "waiting", "disconnected", "stranded"}),
        ("US Airways", "22T00", 24, {"hours", "on hold", "cancelled"}),
        ("United", "22T00", 24, {"cancelled", "hours", "luggage"}),
        ("US Airways", "23T00", 24, {"down"}),
        ("Virgin America", "21T00", 24, {"cancelled"}),
    ],
)
def test_the_drivers_of_a_wave_are_what_a_reader_would_name(
    complaints: Path, brand: str, start: str, hours: int, expected: set[str]
) -> None:
    told = look(*window(complaints, brand, start, hours), OWN[brand])
    assert expected <= set(words(told))
    assert len(words(told)) <= len(expected) + 4


def test_the_negative_posts_of_the_worst_day_are_angry_about_hours_on_hold(complaints: Path) -> None:
    told = look(*window(complaints, "US Airways", "22T00", 24), OWN["US Airways"])
    assert {"hours", "on hold"} <= {one.text for one in told.anger.found}
    assert {"hold", "cancelled"} <= {word for one in told.representatives for word in one.shared}


def test_a_flood_by_one_person_drives_nothing(complaints: Path) -> None:
    told = look(*window(complaints, "US Airways", "23T07", 1), OWN["US Airways"])
    assert (told.drivers.compared, told.drivers.found) == (True, ())


@pytest.mark.parametrize(("brand", "day"), [("United", 18), ("United", 19), ("US Airways", 18), ("US Airways", 19)])
def test_on_a_day_like_any_other_hardly_anything_stands_out(complaints: Path, brand: str, day: int) -> None:
    told = look(*window(complaints, brand, f"{day}T00", 24), OWN[brand])
    assert len(told.drivers.found) <= 2
