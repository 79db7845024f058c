from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from playbooks import library
from simulation import scenarios
from simulation.post import NORTHWIND_AIR, Post
from simulation.scenarios import SCENARIOS, Scenario
from simulation.traffic import crisis, ordinary
from topics.categories import built_in

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)


def told(scenario: Scenario) -> tuple[Post, ...]:
    return crisis(7, start=MONDAY, minutes=30, per_minute=5, mix=scenario.mix)


def names_brand(post: Post) -> bool:
    said = f"{post.title} {post.text}".casefold()
    return any(name.casefold() in said for name in NORTHWIND_AIR.phrases)


@each
def test_every_post_of_a_crisis_names_the_brand_and_leads_nowhere(scenario: Scenario) -> None:
    posts = told(scenario)
    assert all(names_brand(post) for post in posts)
    assert not [post for post in posts if "http" in post.text or "www." in post.text or "{" in post.text + post.title]


@each
def test_people_find_words_of_their_own(scenario: Scenario) -> None:
    texts = [post.text for post in told(scenario)]
    assert len(set(texts)) > 0.9 * len(texts)


@each
def test_a_scenario_is_about_a_category_that_comes_with_groundswell(scenario: Scenario) -> None:
    assert scenario.category in {one.id for one in built_in()}


@each
def test_what_a_scenario_is_about_picks_its_playbook_where_there_is_one(scenario: Scenario) -> None:
    wanted = scenario.playbook if scenario.playbook in library.available() else library.DEFAULT
    assert library.for_wave("negative_wave", scenario.category).id == wanted


def test_ordinary_talk_of_drills_names_the_brand_too() -> None:
    posts = ordinary(7, start=MONDAY, end=MONDAY + timedelta(days=3), mix=scenarios.ORDINARY)
    assert posts
    assert all(names_brand(post) for post in posts)
