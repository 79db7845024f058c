from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from console.brand_words import (
    against_before,
    day,
    headline,
    in_points,
    in_weeks,
    not_compared,
    subject,
    tells_enough,
    unscored,
)
from console.meanings import meanings
from database.stories import Story
from services.voices import VoicesReport
from tests.installations import NOON
from topics.drivers import Driver, Drivers, Extent
from topics.leading import Leading, Spoken, TagCount
from topics.terms import Kind
from voices.answer import Answer, Mood, Window, answer
from voices.crowd import Crowd, Familiarity, People, SilentCustomers, Strength, Tones, TopVoices
from voices.ratings import TrendPoint
from voices.standing import Heard, Shares

DAY = timedelta(days=1)


def drivers(independent: int = 100, *, compared: bool = True, **counts: int) -> Drivers:
    found = tuple(Driver(Kind.WORDS, text, count, 0, 0.0, count, count, 3.0, 1.0, 1) for text, count in counts.items())
    return Drivers(Extent(independent=independent), Extent(), compared, found)


def report(mood: Mood = Mood.ANGRIER, negative: int = 50) -> VoicesReport:
    people = People(Tones(negative), Crowd(), Crowd(), Familiarity())
    judged = Answer(mood, "Nothing unusual.", "", None)
    return VoicesReport(
        "northwind",
        NOON - DAY,
        NOON,
        judged,
        people,
        TopVoices(),
        Strength(),
        SilentCustomers(0, 26),
        (),
        (),
        0,
        (),
    )


@pytest.mark.parametrize(
    ("said", "mood", "told"),
    [
        (drivers(cancelled=60, hold=40), Mood.ANGRIER, "Most speak of “cancelled” and “hold”."),
        (drivers(hold=20, cancelled=30, bag=16, seat=15), Mood.ANGRIER, "Many speak of “cancelled”, “hold” and “bag”."),
        (drivers(cancelled=60, hold=29), Mood.ANGRIER, "Most speak of “cancelled”."),
        (drivers(cancelled=12), Mood.ANGRIER, "They speak of “cancelled” more than usual."),
        (drivers(cancelled=9), Mood.ANGRIER, ""),
        (drivers(cancelled=12), Mood.USUAL, ""),
        (drivers(cancelled=25), Mood.USUAL, "Many speak of “cancelled”."),
        (drivers(cancelled=60, compared=False), Mood.LEARNING, ""),
        (drivers(), Mood.ANGRIER, ""),
    ],
)
def test_a_term_is_named_where_enough_voices_use_it(said: Drivers, mood: Mood, told: str) -> None:
    assert subject(said, None, report(mood), {}) == told


def test_the_leading_category_is_a_share_of_the_negative_posts() -> None:
    count = TagCount("category", "service-failure", Spoken(31, 30, 30), 31)
    leading = Leading("service-failure", count, Spoken(50, 50, 50), "negative posts")
    told = subject(drivers(), leading, report(), {"service-failure": "Failure of service"})
    assert told == "62% of the negative posts tell of failure of service."
    taken_from_the_settings = subject(drivers(), leading, report(), {})
    assert taken_from_the_settings == "62% of the negative posts tell of service failure."


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        ([("es", 1)], "1 post in Spanish is"),
        ([("es", 12)], "12 posts in Spanish are"),
        ([("es", 1), ("de", 1)], "1 post in Spanish and 1 in German are"),
        ([("es", 9), (None, 2)], "9 posts in Spanish and 2 in an unknown language are"),
        (
            [("es", 9), ("de", 3), ("fr", 2), ("it", 1), ("nl", 1)],
            "9 posts in Spanish, 3 in German, 2 in French and 2 in others are",
        ),
    ],
)
def test_posts_that_are_not_scored_are_named_by_language(languages: list[tuple[str | None, int]], told: str) -> None:
    assert unscored(languages) == f"{told} counted but not scored, and no part of the negative share."


def test_an_open_incident_is_unusual_whatever_the_window_amounts_to() -> None:
    usual, angrier = report(Mood.USUAL).answer, report(Mood.ANGRIER).answer
    assert headline(usual, incidents=True) == "Nothing unusual in this window, but an incident is open."
    assert headline(usual, incidents=False) == headline(angrier, incidents=True) == "Nothing unusual."


@pytest.mark.parametrize(
    ("mood", "told"),
    [
        (Mood.LEARNING, "An incident is open; what is usual is not known yet."),
        (Mood.NOT_SCORED, "An incident is open; how people feel is not known."),
    ],
)
def test_what_is_not_known_comes_second_while_an_incident_is_open(mood: Mood, told: str) -> None:
    people = People(Tones(1 if mood is Mood.LEARNING else 0, unscored=9), Crowd(), Crowd(), Familiarity())
    unknown = answer(Window(DAY, people, ()))
    assert unknown.mood is mood
    assert headline(unknown, incidents=True) == told


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("Thanks!", False),
        ("@north @wind Thank you so much \N{HEAVY BLACK HEART} https://example.com/a-b-c", False),
        ("All flights to Oslo cancelled", True),
        ("@north they don't answer the phone", True),
        ("\u5168\u822a\u73ed\u53d6\u6d88", True),
    ],
)
def test_a_text_of_less_than_five_words_is_strangers_who_say_the_same(text: str, enough: bool) -> None:  # noqa: FBT001  # a case
    story = Story(1, "forum", "a", "", text, None, 2, 2, NOON, NOON)
    assert tells_enough(story) is enough
    assert tells_enough(replace(story, title="A title of five words", text=""))


def test_a_trend_is_one_of_weeks_where_its_first_period_is() -> None:
    assert in_weeks([TrendPoint(NOON - 9 * DAY, NOON - 2 * DAY, None)])
    assert not in_weeks([TrendPoint(NOON - DAY - timedelta(hours=1), NOON, None)])
    assert day(NOON + DAY / 2, ZoneInfo("Europe/Madrid")) == "Thu 5 Mar"


def test_what_is_estimated_names_its_source_and_the_setting() -> None:
    text = meanings(SilentCustomers(3, 9))["silent"].text
    assert "times 9" in text
    assert "TARP" in text
    assert "silent_customers" in text


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (Heard(), None, "What was said in the 7 days before is not known."),
        (Heard(Tones(1), 1), Heard(), "In the 7 days before nobody spoke of it."),
        (Heard(), Heard(), ""),
        (Heard(), Heard(Tones(1, 1), 1), "In the 7 days before: 2 posts by 1 person, 50% negative."),
        (Heard(), Heard(Tones(unscored=1), 1), "In the 7 days before: 1 post by 1 person, none of them scored."),
        (Heard(), Heard(Tones(3, 1_997), 912), "In the 7 days before: 2,000 posts by 912 people, under 1% negative."),
    ],
)
def test_the_time_before_is_told_in_one_sentence(now: Heard, before: Heard | None, told: str) -> None:
    assert against_before(now, before, 7 * DAY) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (0.0, "unchanged"),
        (0.004, "unchanged"),
        (0.01, "+1 point"),
        (-0.006, "\N{MINUS SIGN}1 point"),
        (0.19, "+19 points"),
    ],
)
def test_a_change_of_a_share_is_told_in_points(change: float, told: str) -> None:
    assert in_points(change) == told


def test_brands_that_are_too_young_to_compare_are_named() -> None:
    assert not_compared(Shares((), ()), DAY) == ""
    assert not_compared(Shares((), ("A",)), DAY).startswith("A has not been listened to for long enough")
    assert "A and B have not" in not_compared(Shares((), ("A", "B")), DAY)
