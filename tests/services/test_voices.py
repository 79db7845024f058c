from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from database.listening import About, Heard, store
from mentions.matching import Match, MatchReason
from mentions.mention import Mention, Rating, RatingScale
from sentiment.score import Label, Score
from services.installation import Installation
from services.voices import compared, shares_on, voices_of
from settings.model import Brand
from tests.installations import BRAND, NOON, installation, said
from voices.answer import Mood
from voices.crowd import Share

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RIVAL = Brand(id="southwind", name="Southwind", phrases=("Southwind",), competitor=True)


@pytest.fixture
def inst(tmp_path: Path) -> Iterator[Installation]:
    made = installation(tmp_path, brands=(BRAND, RIVAL))
    with made.database:
        yield made


def hear(inst: Installation, mentions: Iterable[Mention], label: Label, brand: str = "northwind") -> None:
    match, score = Match(brand, MatchReason.PHRASE, brand), Score(0.0, label, "test")
    with inst.database.writing() as connection:
        store(connection, "forum", [Heard(one, (About(match, score),)) for one in mentions], NOON)


def calm(inst: Installation, days: int = 16) -> None:
    """Two neutral posts and a complaint on each day, by the same three people."""
    for number, label in enumerate((Label.NEUTRAL, Label.NEUTRAL, Label.NEGATIVE)):
        past = [
            said(f"day {day} {number}", NOON - day * DAY - HOUR, number=f"{day}-{number}", author=f"regular-{number}")
            for day in range(days)
        ]
        hear(inst, past, label)


def shares(inst: Installation) -> tuple[Share, ...]:
    with inst.database.reading() as connection:
        return shares_on(connection, inst, NOON - DAY, NOON)


def test_a_wave_by_many_people_is_said_to_be_one_with_what_is_usual(inst: Installation) -> None:
    calm(inst)
    wave = [said(f"angry {n}", NOON - n * HOUR / 4, number=f"wave-{n}", author=f"new-{n}") for n in range(40)]
    hear(inst, wave, Label.NEGATIVE)
    report = voices_of(inst, "northwind", NOON - DAY, NOON)
    assert report.answer.mood is Mood.ANGRIER
    assert report.answer.usual
    assert (report.answer.usual.mentions, report.answer.usual.negative) == (3, 1)
    assert (report.people.familiarity.new, report.people.familiarity.returning) == (40, 3)
    assert (report.strength.last_day, report.strength.share) == (43, 1)
    assert (report.silent.complaining, report.silent.estimate) == (41, 41 * 26)


def test_ordinary_days_are_nothing_unusual_and_a_first_one_is_not_judged(inst: Installation) -> None:
    calm(inst)
    assert voices_of(inst, "northwind", NOON - DAY, NOON).answer.mood is Mood.USUAL
    first = voices_of(inst, "northwind", NOON - 17 * DAY, NOON - 15 * DAY)
    assert first.answer.mood is Mood.LEARNING


def test_a_brand_of_which_nothing_was_heard_is_silent_and_has_no_figures(inst: Installation) -> None:
    report = voices_of(inst, "northwind", NOON - DAY, NOON)
    assert report.answer.mood is Mood.SILENCE
    assert (report.top.leading(5), report.ratings, report.languages, report.strength.share) == ((), (), (), None)
    assert [one.share for one in shares(inst)] == [0, 0]


def test_the_voice_is_shared_with_every_other_brand_of_the_settings(inst: Installation) -> None:
    hear(inst, [said("one", NOON, number=1)], Label.NEUTRAL)
    hear(inst, [said(f"rival {n}", NOON, number=f"r{n}") for n in range(3)], Label.POSITIVE, "southwind")
    assert [(one.brand, one.competitor, one.share) for one in shares(inst)] == [
        ("southwind", True, 0.75),
        ("northwind", False, 0.25),
    ]


def test_ratings_of_the_window_come_with_the_week_that_led_to_it(inst: Installation) -> None:
    rated = [
        said(f"stars {n}", NOON - n * DAY, number=n, rating=Rating(1 + n % 5, 1, 5, RatingScale.STARS))
        for n in range(9)
    ]
    hear(inst, rated, Label.POSITIVE)
    report = voices_of(inst, "northwind", NOON - DAY / 2, NOON)
    (ratings,) = report.ratings
    assert (ratings.ratings.mentions, ratings.ratings.estimate.value) == (1, 1)
    assert [point.ratings and point.ratings.estimate.value for point in ratings.trend] == [2, 1, 5, 4, 3, 2, 1]
    assert (report.disagreeing, report.disagreements[0].text) == (1, "stars 0")


def test_each_rating_of_a_trend_counts_in_one_period(inst: Installation) -> None:
    midnight = NOON - DAY / 2
    times = (midnight, midnight - timedelta(microseconds=1), NOON)
    rating = Rating(9, 0, 10, RatingScale.NPS)
    hear(inst, [said(f"nps {n}", at, number=n, rating=rating) for n, at in enumerate(times)], Label.NEUTRAL)
    (report,) = voices_of(inst, "northwind", NOON - DAY, NOON).ratings
    assert [point.ratings.mentions if point.ratings else 0 for point in report.trend] == [0, 0, 0, 0, 0, 1, 2]
    assert report.ratings.estimate.value == 100


@pytest.mark.parametrize(
    ("hours", "first", "count"),
    [(6, 1, 14), (24, 1, 14), (48, 2, 14), (168, 7, 14), (30, 2, 14)],
)
def test_what_is_usual_is_a_fortnight_of_windows_that_touch_this_one_nowhere(
    hours: float, first: int, count: int
) -> None:
    since = NOON - hours * HOUR
    windows = compared(since, NOON, NOON - 90 * DAY)
    assert len(windows) == count
    assert windows[0] == (since - first * DAY, NOON - first * DAY)
    assert all(end <= since and end - begin == hours * HOUR for begin, end in windows)


def test_what_was_not_listened_to_is_compared_with_nothing() -> None:
    assert len(compared(NOON - DAY, NOON, NOON - 4 * DAY)) == 3
    assert compared(NOON - DAY, NOON, None) == ()
