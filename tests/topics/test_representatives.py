from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sentiment.score import Label
from tests.topics.talk import PLACES, each, look, said
from topics.drivers import read
from topics.representatives import representatives
from topics.said import Said
from topics.terms import Reader

HOLD = [f"On hold for hours and nobody at {place} answers the phone" for place in PLACES]
BAGS = [f"My luggage never left the carousel in {place}, ask the baggage desk" for place in PLACES[:5]]
GATE = [f"Stuck on the tarmac in {place} without a gate, crew silent" for place in PLACES[:4]]
FACES = (("hold", HOLD), ("luggage", BAGS), ("tarmac", GATE))


def chosen(window: list[Said], most: int = 3) -> list[str]:
    return [one.said.content for one in representatives(list(read(window, Reader(), 2000)), most)]


def test_three_posts_show_three_faces_of_a_wave() -> None:
    contents = chosen([*each(HOLD), *each(BAGS, 20), *each(GATE, 40), said(60, "I like trains")])
    assert sorted(next(name for name, face in FACES if text in face) for text in contents) == [
        "hold",
        "luggage",
        "tarmac",
    ]


def test_a_post_that_says_what_nobody_else_says_stands_for_nobody() -> None:
    assert "Jazz giraffe umbrella" not in chosen([said(0, "Jazz giraffe umbrella"), *each(HOLD), *each(BAGS, 20)])


def test_a_stranger_is_no_face_of_a_wave_that_has_but_one() -> None:
    strangers = each(["Jazz giraffe umbrella", "Purple walrus", "Trains"], 50)
    assert set(chosen([*each(HOLD), *strangers])) < set(HOLD)
    assert len(chosen([*each(HOLD[:2]), *strangers])) == 3


def test_a_story_that_several_tell_is_a_face_though_no_other_shares_its_words() -> None:
    retold = [replace(one, story_id=99) for one in each(["Purple walrus"] * 3, 50)]
    assert "Purple walrus" in chosen([*each(HOLD), *retold])


def test_two_words_that_all_use_are_not_the_centre_of_everything() -> None:
    assert chosen([said(0, "on hold phone"), *each(HOLD)], 1) != ["on hold phone"]


def test_no_two_are_of_one_story_or_one_voice_and_of_a_story_it_is_the_earliest() -> None:
    retold = [replace(one, story_id=1, content=HOLD[0]) for one in each(HOLD)]
    loud = [replace(one, voice="loud") for one in each(BAGS, 20)]
    told = representatives(list(read([*retold, *loud], Reader(), 2000)), 5)
    assert min((one.said.story_id, one.said.voice) for one in told) == (1, "voice 1")
    assert len(told) == 2


def test_one_loud_voice_does_not_move_the_centre() -> None:
    loud = [replace(one, voice="loud") for one in each([f"{text} {n}" for n in range(9) for text in BAGS], 100)]
    assert chosen([*each(HOLD), *loud], 1)[0] in HOLD


def test_the_reason_names_the_words_and_how_many_others_use_them() -> None:
    [one] = representatives(list(read(each(HOLD), Reader(), 2000)), 1)
    assert one.others == len(HOLD) - 1
    assert one.reason == f"says what 6 others say: {', '.join(one.shared)}"
    assert set(one.shared) <= {"hold", "hours", "answers", "phone"}
    [alone] = representatives(list(read([said(1, "Jazz")], Reader(), 2000)), 1)
    assert (alone.reason, alone.shared) == ("says something of its own", ())


@pytest.mark.parametrize(("negative", "expected"), [(3, False), (4, True)])
def test_they_stand_for_the_negative_posts_where_there_are_enough(negative: int, *, expected: bool) -> None:
    happy = [replace(one, label=Label.POSITIVE) for one in each(BAGS, 20)]
    told = look([*each(HOLD[:negative]), *happy])
    assert told.negative_only is expected
    assert all(one.said.label is Label.NEGATIVE for one in told.representatives) is expected


def test_scripts_without_spaces_have_representatives_too() -> None:
    assert chosen(list(each([f"航班取消了{n}" for n in "一二三四"] + ["今天天气很好"])), 1) == ["航班取消了一"]


@settings(max_examples=25)
@given(some.randoms(use_true_random=False))
def test_the_order_of_the_texts_changes_nothing(rng: random.Random) -> None:
    window = [*each(HOLD), *each(BAGS, 20), *each(GATE, 40)]
    before = chosen(window)
    rng.shuffle(window)
    assert chosen(window) == before
