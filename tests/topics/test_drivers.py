from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sentiment.score import Label
from tests.installations import NOON
from tests.topics.talk import FOODS, PLACES, each, look, ordinary, said, words
from topics.drivers import FEWEST, LEAST_Z, MOST_SHOWN
from topics.log_odds import compare
from topics.overview import MOST_BASELINE
from topics.said import Said, Texts, everything
from topics.terms import Kind

USUAL = ordinary(300)
counts = some.integers(0, 5000)


def on_hold(count: int) -> list[Said]:
    return list(each(f"On hold about {PLACES[n % 7]} and {FOODS[n % 5]}" for n in range(count)))


def test_what_many_say_that_few_said_before_drives_the_window() -> None:
    told = look([*on_hold(12), *ordinary(30, first=100)], USUAL)
    [hold] = [driver for driver in told.drivers.found if driver.text == "on hold"]
    assert (hold.kind, hold.count, hold.baseline_count, hold.voices, hold.stories) == (Kind.WORDS, 12, 0, 12, 12)
    assert (hold.expected, hold.example) == (0, 1)
    assert (hold.z or 0) > LEAST_Z
    assert (hold.log_odds or 0) > 0
    assert told.drivers.compared


def test_a_phrase_takes_the_place_of_its_words_where_it_accounts_for_most_of_their_uses() -> None:
    found = words(look([*on_hold(12), *each(["Will hold my tongue"], first=50)], USUAL))
    assert "on hold" in found
    assert "hold" not in found


def test_words_that_mostly_stand_apart_stay_and_their_phrase_is_left_out() -> None:
    apart = [*(f"my luggage is in {place}" for place in PLACES), *(f"they lost {food}" for food in FOODS)]
    together = ["lost luggage"] * 4
    found = words(look(each([*apart, *together]), USUAL))
    assert {"luggage", "lost"} <= set(found)
    assert "lost luggage" not in found


def test_one_loud_voice_is_no_driver() -> None:
    flood = [replace(one, voice="loud") for one in on_hold(40)]
    assert "on hold" not in words(look([*flood, *ordinary(30, first=100)], USUAL))


def test_one_story_told_by_many_is_no_driver() -> None:
    reposts = [replace(one, story_id=1, content="On hold for ever") for one in on_hold(40)]
    assert "on hold" not in words(look([*reposts, *ordinary(30, first=100)], USUAL))


@pytest.mark.parametrize("by_story", [False, True])
def test_a_voice_and_a_story_count_again_on_another_day(*, by_story: bool) -> None:
    four = {one: one.id % 4 for one in on_hold(8)}
    window = [replace(one, story_id=n) if by_story else replace(one, voice=f"voice {n}") for one, n in four.items()]
    later = [replace(one, published_at=one.published_at.replace(day=5)) if one.id > 4 else one for one in window]
    counted = [{one.text: one for one in look(texts, USUAL).drivers.found}["on hold"] for texts in (window, later)]
    assert [one.count for one in counted] == [4, 8]
    assert 4 in {counted[1].voices, counted[1].stories}


def test_tags_links_sites_and_sources_drive_too() -> None:
    shared = [f"{PLACES[n % 7]} #NeverAgain https://news.example.com/a?utm_source={n}" for n in range(9)]
    found = look(each(shared, source="alerts"), USUAL).drivers.found
    assert {(one.kind, one.text) for one in found if one.kind is not Kind.WORDS} == {
        (Kind.TAG, "#neveragain"),
        (Kind.LINK, "news.example.com/a"),
        (Kind.SITE, "news.example.com"),
        (Kind.SOURCE, "alerts"),
    }


def test_a_term_is_written_as_most_write_it() -> None:
    told = each([f"Cancelled flights {place}" for place in PLACES] + ["canceled flight"] * 3)
    assert words(look(told, USUAL))[0] == "cancelled flights"


def test_scripts_without_spaces_have_drivers_too() -> None:
    told = each([f"{food}航班取消了{place}" for food, place in zip(FOODS * 2, PLACES, strict=False)])
    assert "航班取消了" in words(look(told, USUAL))


def test_twenty_posts_are_enough_for_an_answer() -> None:
    assert words(look([*on_hold(6), *ordinary(14, first=100)], USUAL))[0] == "on hold"


def test_without_a_baseline_what_most_voices_say_is_told_and_that_it_is_not_compared() -> None:
    drivers = look([*on_hold(6), *each(["One more thing about soup"], first=90)]).drivers
    assert not drivers.compared
    assert drivers.found[0].text == "on hold"
    assert {(one.z, one.log_odds, one.expected) for one in drivers.found} == {(None, None, None)}
    assert all(one.count > 1 for one in drivers.found)
    assert look([]).drivers.found == ()


def test_the_negative_posts_are_held_against_the_others_of_the_window() -> None:
    happy = [replace(one, label=Label.POSITIVE) for one in ordinary(40, first=100)]
    unscored = [replace(one, label=Label.UNSCORED, id=one.id + 500) for one in on_hold(30)]
    told = look([*on_hold(12), *happy, *unscored], USUAL)
    assert told.anger.compared
    assert (told.anger.window.texts, told.anger.baseline.texts) == (12, 40)
    assert "on hold" in [one.text for one in told.anger.found]


def test_of_a_long_baseline_an_even_sample_is_read_and_the_answer_says_so() -> None:
    usual = [said(n, f"Flew to {PLACES[n % 7]}", NOON) for n in range(MOST_BASELINE * 3)]
    told = look(on_hold(5), usual)
    assert told.baseline_total == MOST_BASELINE * 3
    assert told.drivers.baseline.texts == pytest.approx(MOST_BASELINE, rel=0.02)
    third = everything(usual).sample(MOST_BASELINE)
    early = sum(one.id < MOST_BASELINE for one in third.said)
    assert early == pytest.approx(MOST_BASELINE / 3, rel=0.02)
    assert Texts(tuple(usual[:10]), 10).sample(10).said == tuple(usual[:10])


def test_where_hardly_any_post_is_not_negative_it_is_what_most_negative_voices_say() -> None:
    told = look(on_hold(12), USUAL)
    assert (told.anger.compared, told.anger.found[0].text, told.anger.found[0].count) == (False, "on hold", 12)


@settings(max_examples=25)
@given(some.randoms(use_true_random=False))
def test_the_order_of_the_texts_changes_nothing(rng: random.Random) -> None:
    window, baseline = [*on_hold(9), *ordinary(40, first=200)], list(ordinary(60))
    told = look(window, baseline)
    rng.shuffle(window)
    rng.shuffle(baseline)
    assert look(window, baseline) == told


@given(some.integers(1, 40), some.integers(1, 12))
def test_what_is_as_frequent_in_both_is_no_driver(users: int, others: int) -> None:
    def talk(times: int, first: int) -> list[Said]:
        told = [*(["so late"] * users), *(["by train"] * others)] * times
        return list(each(told, first))

    assert words(look(talk(1, 1), talk(20, 1000))) == []


@given(some.lists(some.tuples(some.text(max_size=30), some.sampled_from("abc"), some.integers(1, 3)), max_size=12))
def test_hostile_texts_never_raise_and_drivers_keep_their_promises(given_texts: list[tuple[str, str, int]]) -> None:
    hostile = [
        said(n, f"{text}\ud800 \x00", voice=voice, story_id=story) for n, (text, voice, story) in enumerate(given_texts)
    ]
    for window, baseline in ((hostile, USUAL), (on_hold(5), hostile), (hostile, hostile)):
        found = look(window, baseline).drivers
        for kind in Kind:
            assert len(found.of(kind)) <= MOST_SHOWN
            assert all((one.z or 0) >= (other.z or 0) for one, other in pairwise(found.of(kind)))
        assert all(FEWEST <= one.count <= one.voices for one in found.found if found.compared)


@given(some.integers(0, 60))
def test_talk_in_the_baseline_that_is_about_something_else_takes_no_driver_away(more: int) -> None:
    unrelated = each([f"Nothing but {food} in {place}" for food in FOODS for place in PLACES] * 2, first=5000)
    assert "on hold" in words(look(on_hold(12), [*USUAL, *unrelated[:more]]))


@given(some.integers(FEWEST, 5000), counts, counts, counts)
def test_more_in_the_window_and_less_in_the_baseline_never_lower_the_odds(a: int, b: int, c: int, d: int) -> None:
    of, before = a + b + 1, c + d + 1
    odds = compare(a, of, c, before)
    assert compare(a + 1, of, c, before).ratio >= odds.ratio or a + 1 == of
    assert compare(a, of, c + 1, before).ratio <= odds.ratio or c + 1 == before
    assert (odds.ratio > 0) == (odds.z > 0)


@pytest.mark.parametrize("listened", [500, 5_000, 500_000])
def test_what_was_never_said_before_stands_out_however_long_one_has_listened(listened: int) -> None:
    assert compare(5, 80, 0, listened).z > LEAST_Z


def test_the_formula_gives_what_a_calculation_by_hand_gives() -> None:
    odds = compare(10, 50, 10, 350)  # the prior is 50 voices, of whom 2.5 use it
    assert odds.ratio == pytest.approx(log(12.5 / 87.5) - log(12.5 / 387.5))
    assert odds.z == pytest.approx(odds.ratio / (1 / 12.5 + 1 / 12.5) ** 0.5)
