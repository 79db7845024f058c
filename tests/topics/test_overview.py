from __future__ import annotations

from dataclasses import replace

import pytest

from sentiment.score import Label
from tests.topics.talk import FOODS, PLACES, each, look, ordinary, said, words
from topics.overview import overview
from topics.said import Texts
from topics.terms import MOST_CHARACTERS

EMPTY: tuple[object, ...] = ()


def test_nothing_said_is_nothing_found() -> None:
    told = look([])
    assert told.window_total == told.baseline_total == told.drivers.window.texts == 0
    assert (told.drivers.found, told.anger.found, told.representatives) == (EMPTY, EMPTY, EMPTY)
    assert not told.negative_only


@pytest.mark.parametrize("alone", ["late", "", " ", "\ud800", "@someone", "🙂", "的"])
def test_one_post_stands_for_itself(alone: str) -> None:
    told = look([said(1, alone)], ordinary(40))
    assert [one.said.content for one in told.representatives] == [alone]
    assert told.representatives[0].reason == "says something of its own"


def test_posts_that_are_not_scored_count_for_what_is_said_but_are_neither_negative_nor_others() -> None:
    foreign = each([f"Retraso en {place} con {food}" for place in PLACES for food in FOODS], label=Label.UNSCORED)
    told = look(foreign, ordinary(300))
    assert "retraso" in " ".join(words(told))
    assert (told.anger.window.texts, told.anger.baseline.texts) == (0, 0)


def test_what_stands_beyond_the_beginning_of_a_text_is_not_read() -> None:
    late = [f"{'x ' * MOST_CHARACTERS} recall {place}" for place in PLACES]
    assert "recall" not in words(look(each(late), ordinary(60)))


def test_how_much_there_was_is_told_where_only_a_sample_came() -> None:
    window = Texts(tuple(each(["so late"] * 5)), 50)
    told = overview(window, Texts())
    assert (told.window_total, told.drivers.window.texts) == (50, 5)


def test_names_of_rivals_are_worth_telling_and_the_own_name_is_not() -> None:
    leaving = each([f"Northwind Air lost me in {place}, Contoso Jet next" for place in PLACES])
    found = words(look(leaving, ordinary(100)))
    assert "contoso jet" in " ".join(found)
    assert "northwind" not in " ".join(found)


def test_the_extent_tells_how_many_spoke() -> None:
    texts = [replace(one, voice="ana", story_id=one.id % 2) for one in each(["late"] * 6)]
    extent = look(texts).drivers.window
    assert (extent.texts, extent.voices, extent.stories, extent.independent) == (6, 1, 2, 1)
