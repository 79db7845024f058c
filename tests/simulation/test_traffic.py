from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from simulation.post import NORTHWIND_AIR, Place, Post
from simulation.traffic import crisis, flood, ordinary, repost_wave

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
THREE_WEEKS = timedelta(days=21)
NAMES = re.compile("|".join(rf"{re.escape(name)}\b" for name in NORTHWIND_AIR.phrases), re.IGNORECASE)
NEGATIVE = -0.05  # where VADER's authors draw the line
FINGERPRINT = """
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from simulation.traffic import crisis, flood, ordinary, repost_wave
start = datetime(2026, 9, 7, tzinfo=UTC)
batches = [ordinary(3, start=start, end=start + timedelta(days=2))]
batches += [make(3, start=start) for make in (crisis, flood, repost_wave)]
print(sha256(repr(batches).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def weeks() -> tuple[Post, ...]:
    return ordinary(7, start=MONDAY, end=MONDAY + THREE_WEEKS)


@pytest.fixture(scope="module")
def outcry() -> tuple[Post, ...]:
    return crisis(7, start=MONDAY, minutes=60, per_minute=10)


def names_brand(post: Post) -> bool:
    return NAMES.search(f"{post.title} {post.text}") is not None


def negative_share(posts: tuple[Post, ...]) -> float:
    vader = SentimentIntensityAnalyzer()
    scores = [vader.polarity_scores(post.text)["compound"] for post in posts if post.language == "en" and post.text]
    return sum(1 for score in scores if score <= NEGATIVE) / len(scores)


def test_the_same_seed_gives_the_same_posts_in_every_process() -> None:
    root = Path(__file__).resolve().parents[2]
    prints = {
        subprocess.run(
            [sys.executable, "-c", FINGERPRINT],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(prints) == 1


def test_another_seed_gives_other_posts() -> None:
    first, second = (ordinary(seed, start=MONDAY, end=MONDAY + timedelta(days=1)) for seed in (1, 2))
    assert not {post.text for post in first if post.text} >= {post.text for post in second if post.text}
    assert {post.published_at for post in first}.isdisjoint(post.published_at for post in second)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), hours=st.integers(1, 30), more=st.integers(1, 30))
def test_a_longer_window_begins_with_the_posts_of_a_shorter_one(seed: int, hours: int, more: int) -> None:
    short = ordinary(seed, start=MONDAY, end=MONDAY + timedelta(hours=hours))
    assert ordinary(seed, start=MONDAY, end=MONDAY + timedelta(hours=hours + more))[: len(short)] == short


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_posts_come_in_order_inside_their_window_under_ids_of_their_own(seed: int) -> None:
    end = MONDAY + timedelta(hours=12)
    batches = [ordinary(seed, start=MONDAY, end=end), crisis(seed, start=MONDAY), flood(seed, start=MONDAY)]
    batches.append(repost_wave(seed, start=MONDAY))
    for posts in batches:
        assert all(MONDAY <= earlier.published_at <= later.published_at < end for earlier, later in pairwise(posts))
    everything = [post.id for posts in batches for post in posts]
    assert len(set(everything)) == len(everything)


def test_the_rate_is_the_one_asked_for(weeks: tuple[Post, ...]) -> None:
    assert len(weeks) == pytest.approx(12 * 24 * 21, rel=0.08)


def test_people_sleep_at_night(weeks: tuple[Post, ...]) -> None:
    hours = Counter(post.published_at.hour for post in weeks)
    assert sum(hours[hour] for hour in (17, 18, 19)) > 6 * sum(hours[hour] for hour in (1, 2, 3))


def test_weekends_are_quieter(weeks: tuple[Post, ...]) -> None:
    days = Counter(post.published_at.weekday() for post in weeks)
    assert (days[5] + days[6]) / 2 < 0.9 * sum(days[day] for day in range(5)) / 5


def test_a_few_people_write_much_and_many_write_once(weeks: tuple[Post, ...]) -> None:
    activity = sorted(Counter(post.author for post in weeks).values(), reverse=True)
    top = activity[: len(activity) // 10]
    assert sum(top) > 0.3 * len(weeks)
    assert activity[0] < 0.03 * len(weeks)
    assert sum(count == 1 for count in activity) > 0.2 * len(activity)


def test_part_of_the_talk_is_about_something_else(weeks: tuple[Post, ...]) -> None:
    assert 0.6 < sum(map(names_brand, weeks)) / len(weeks) < 0.8
    assert any("northwind airport" in post.text.lower() for post in weeks)


def test_some_posts_are_in_spanish_and_german_and_say_so(weeks: tuple[Post, ...]) -> None:
    languages = Counter(post.language for post in weeks)
    assert set(languages) == {"en", "es", "de", None}
    assert 0.01 < (languages["es"] + languages["de"]) / len(weeks) < 0.1


@pytest.mark.parametrize("trap", ["&", "<", "✈️", "https://", "\n\n", "ü", '"'])
def test_texts_hold_what_readers_stumble_over(weeks: tuple[Post, ...], trap: str) -> None:
    assert any(trap in post.text for post in weeks)


def test_a_reader_of_a_day_rarely_sees_the_same_text_twice(weeks: tuple[Post, ...]) -> None:
    texts = [post.text for post in weeks]
    assert len(set(texts)) > 0.88 * len(texts)
    for day in range(21):
        today = [post.text for post in weeks if (post.published_at - MONDAY).days == day]
        assert len(set(today)) > 0.97 * len(today)


def test_no_slot_is_left_unfilled(weeks: tuple[Post, ...], outcry: tuple[Post, ...]) -> None:
    for post in (*weeks, *outcry):
        assert "{" not in post.text.replace("{ stay_home(); }", "")
        assert "{" not in post.title


def test_posts_about_the_brand_are_found_under_its_tag_on_mastodon(weeks: tuple[Post, ...]) -> None:
    for post in weeks:
        if post.place is Place.MASTODON and names_brand(post):
            assert NORTHWIND_AIR.hashtag.lower() in post.text.lower()


def test_a_crisis_is_mostly_negative_and_ordinary_talk_mostly_not(
    weeks: tuple[Post, ...], outcry: tuple[Post, ...]
) -> None:
    assert negative_share(tuple(filter(names_brand, weeks))) < 0.25
    assert 0.65 < negative_share(outcry) < 0.95


def test_a_crisis_is_many_people_with_a_few_copies_and_every_post_names_the_brand(outcry: tuple[Post, ...]) -> None:
    assert len({post.author for post in outcry}) > 0.85 * len(outcry)
    assert 0.85 < len({post.text for post in outcry}) / len(outcry) < 0.99
    assert all(map(names_brand, outcry))


def test_a_crisis_rises_and_then_stays_high() -> None:
    posts = crisis(5, start=MONDAY, minutes=90, per_minute=20)
    minutes = Counter((post.published_at - MONDAY) // timedelta(minutes=10) for post in posts)
    assert minutes[0] < 0.35 * minutes[4]
    assert all(minutes[tens] == pytest.approx(200, rel=0.3) for tens in range(4, 9))


def test_a_flood_is_one_person_with_many_texts() -> None:
    posts = flood(5, start=MONDAY, minutes=60, per_minute=5, place=Place.FORUM)
    assert len(posts) == pytest.approx(300, rel=0.2)
    assert len({post.author for post in posts}) == 1
    assert len({post.text for post in posts}) > 200
    assert {post.place for post in posts} == {Place.FORUM}


def test_a_repost_wave_is_one_text_from_as_many_people_as_posts() -> None:
    posts = repost_wave(5, start=MONDAY, minutes=20, count=4000)
    assert len({post.text for post in posts}) == 1
    assert len({post.author for post in posts}) == len(posts) == 4000
    assert posts[-1].published_at < MONDAY + timedelta(minutes=20)
