from __future__ import annotations

import pytest

from topics.leading import Leading, Spoken, TagCount, leading_category, plainly
from topics.tag import CATEGORY

GRAVEST_FIRST = ("safety", "outage", "service-failure")
SIXTY = Spoken(mentions=60, voices=60, stories=60)


def count(
    name: str, posts: int, voices: int | None = None, stories: int | None = None, kind: str = CATEGORY
) -> TagCount:
    spoken = Spoken(posts, posts if voices is None else voices, posts if stories is None else stories)
    return TagCount(kind, name, spoken, posts, ("is down", "not working"))


@pytest.mark.parametrize(
    ("counts", "leading"),
    [
        ([count("outage", 41)], "outage"),
        ([count("outage", 18)], "outage"),
        ([count("outage", 17)], None),
        ([], None),
        ([count("service-failure", 40), count("outage", 20)], "service-failure"),
        ([count("service-failure", 30), count("outage", 20)], "outage"),
        ([count("outage", 30), count("safety", 29)], "safety"),
        ([count("safety", 20), count("outage", 40)], "outage"),
        ([count("our-own", 30), count("outage", 30)], "outage"),
        ([count("economy", 60, kind="product"), count("outage", 20)], "outage"),
    ],
)
def test_the_most_frequent_leads_unless_a_graver_one_is_nearly_as_frequent(
    counts: list[TagCount], leading: str | None
) -> None:
    found = leading_category(counts, SIXTY, GRAVEST_FIRST)
    assert (found.category if found else None) == leading


@pytest.mark.parametrize(
    "loud",
    [count("safety", 50, voices=1), count("safety", 50, stories=1), count("safety", 50, voices=17, stories=30)],
    ids=["one voice that repeats itself", "one text that many copy", "few voices of many"],
)
def test_posts_that_are_not_independent_do_not_make_a_category_lead(loud: TagCount) -> None:
    assert leading_category([loud], Spoken(60, 60, 60), GRAVEST_FIRST) is None


def test_two_voices_are_a_coincidence_however_few_there_are() -> None:
    assert leading_category([count("safety", 2)], Spoken(2, 2, 2), GRAVEST_FIRST) is None
    assert leading_category([count("safety", 3)], Spoken(3, 3, 3), GRAVEST_FIRST) is not None


def test_the_reason_counts_posts_and_names_the_words() -> None:
    found = leading_category([count("outage", 1041, voices=900)], Spoken(1060, 1000, 1000), GRAVEST_FIRST)
    assert found is not None
    assert found.reason == '1,041 of 1,060 negative posts: outage ("is down", "not working")'


def test_the_sentence_tells_the_share_and_at_most_two_of_the_words() -> None:
    words = ("website NEAR/3 down", '"not working"', "outage")
    one = Leading("outage", TagCount(CATEGORY, "outage", Spoken(41, 40, 40), 41, words), SIXTY, "negative posts")
    assert one.sentence("outage") == "41 of 60 negative posts tell of outage: “website … down”, “not working”."
    long = Leading("outage", TagCount(CATEGORY, "outage", SIXTY, 0, ("very " * 20,)), SIXTY, "posts")
    assert long.sentence("our own outage") == f"60 of 60 posts tell of our own outage: “{'very ' * 7}very…”."
    erased = Leading("outage", TagCount(CATEGORY, "outage", SIXTY, 0), SIXTY, "posts")
    assert erased.sentence("outage") == "60 of 60 posts tell of outage."


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("stranded", "stranded"),
        ("flight NEAR/4 cancelled", "flight … cancelled"),
        ('app NEAR "is down"', "app … is down"),
        ('"system failure*"', "system failure"),
        ("cyberattack* NEAR/2 bank*", "cyberattack … bank"),
        ("f*ck", "f*ck"),
    ],
)
def test_evidence_reads_as_words_not_as_a_query(evidence: str, words: str) -> None:
    assert plainly(evidence) == words
