from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.mention import Mention, Rating, date_mention
from mentions.stories import WINDOW, Sameness, components, marks, same_story
from simulation.traffic import crisis, repost_wave
from tests.installations import NOON

LONG = (
    "We have been sitting at gate B12 in Lisbon for five hours now, the desk is empty, nobody answers the phone,"
    " and the app says that our flight left on time with all of us on board."
)
THAI = "เครื่องบินล่าช้าห้าชั่วโมงแล้วยังไม่มีพนักงานมาอธิบายอะไรเลย โรงแรมก็ไม่มีให้ น้ำก็ไม่มี เด็กๆ นอนบนพื้นสนามบิน"
CHINESE = (
    "航班已经延误五个小时了、柜台没有人、"
    "电话没有人接、应用程序却说我们的飞机已经准时起飞、孩子们只好睡在候机厅的地板上。"
)


def said(text: str, title: str = "", *, url: str | None = None, after: timedelta = timedelta(0)) -> Mention:
    at = NOON + after
    return Mention(f"test:{text}", title, text, date_mention(at, at), url=url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, f"RT @ana_b: {LONG}"),
        (LONG, f"So true! RT @eve: RT @ana@travel.example: {LONG}"),
        (LONG, f"{LONG} https://short.example/x1 #late #fail"),
        (LONG, f"@northwind {LONG} via @ana_b"),
        (LONG, LONG.upper().replace(",", " -")),
        ("Worst airline ever", "worst   airline ever!!! https://short.example/x1"),
        ("Worst airline ever", "@northwind worst airline ever #fail"),
        ("😡😡😡", "😡😡😡"),
        ("https://short.example/x1", "https://short.example/x1"),
        ("#fail", "#Fail"),
        (THAI, f"{THAI} https://short.example/x1"),
    ],
)
def test_what_is_added_in_passing_a_text_on_leaves_it_the_same(one: str, other: str) -> None:
    assert same_story(said(one), said(other)) is Sameness.TEXT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG.replace("five", "six")),
        (LONG, LONG.replace("We have been", "We've been").replace("nobody answers", "no one picks up")),
        (LONG, LONG[:115] + "…"),
        (LONG, f"RT @ana_b: {LONG[:110]}... https://short.example/x1"),
        (LONG, f"LISBON (Wire) {LONG}"),
        (CHINESE, CHINESE.replace("五个", "六个")),
        (CHINESE, f"转发 {CHINESE}"),
        (THAI, THAI.replace("ห้า", "หก")),
    ],
)
def test_edited_and_cut_texts_are_nearly_the_same(one: str, other: str) -> None:
    assert same_story(said(one), said(other)) is Sameness.NEARLY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, "We have been sitting at gate B12 in Lisbon for five hours now and I would like to praise the crew."),
        ("Worst airline ever", "Worst airport ever"),
        ("Cancelled again, five hours lost", "Cancelled again, nine hours lost"),
        ("😡😡😡", "😡😡"),
        (CHINESE, "航班已经延误五个小时了、不过柜台的工作人员非常友好、给我们送来了热茶和毛毯、孩子们都很开心。"),
        (THAI, "เครื่องบินล่าช้าห้าชั่วโมง แต่พนักงานดูแลดีมาก แจกน้ำและขนมให้ทุกคน ขอบคุณมากค่ะ"),
        ("\u200b", "\u200b\u200b"),
    ],
)
def test_other_words_tell_another_story(one: str, other: str) -> None:
    assert same_story(said(one), said(other)) is None


def test_one_page_is_one_story_whatever_is_said_of_it() -> None:
    one = said("Flights cancelled", url="https://news.example/late?utm_source=feed")
    assert same_story(one, said("Chaos in Lisbon", url="http://www.news.example/late")) is Sameness.ADDRESS


def test_reviews_share_the_page_of_what_they_rate_and_are_stories_of_their_own() -> None:
    at, page = date_mention(NOON, NOON), "https://apps.example/northwind"
    one, other = (
        Mention(f"r:{text}", "", text, at, url=page, rating=Rating(1, 1, 5)) for text in ("crashes", "slow and ugly")
    )
    assert same_story(one, other) is None


def test_threads_share_a_title_and_are_not_one_story_for_that() -> None:
    title = "Re: Northwind Air has cancelled all flights from Lisbon today, does anybody know anything about a hotel"
    assert same_story(said("No hotel here, they sent us away", title), said("Try the desk on level two", title)) is None


def test_a_week_apart_is_one_story_and_more_is_not() -> None:
    assert same_story(said(LONG), said(LONG, after=WINDOW)) is Sameness.TEXT
    assert same_story(said(LONG), said(LONG, after=WINDOW + timedelta(seconds=1))) is None


WORDS = st.lists(st.sampled_from(LONG.split()), max_size=40).map(" ".join)


@given(st.one_of(st.text(), WORDS), st.one_of(st.text(), WORDS), st.timedeltas(-2 * WINDOW, 2 * WINDOW))
def test_the_relation_is_symmetric_and_is_sharing_a_key_within_the_window(one: str, other: str, by: timedelta) -> None:
    a, b = said(one), said(other, after=by)
    assert same_story(a, b) is same_story(b, a)
    near = abs(int(a.published.at.timestamp()) - int(b.published.at.timestamp())) <= WINDOW.total_seconds()
    assert (same_story(a, b) is not None) == (near and bool(marks(a).keys & marks(b).keys))


@pytest.mark.parametrize("text", ["word " * 12_000, "late" * 20_000, "#a" * 30_000, "RT @a " * 9_000, CHINESE * 900])
def test_the_longest_texts_have_few_keys(text: str) -> None:
    several = said(" ".join(f"{text[n : n + 40]}{n}" for n in range(0, 50_000, 40)))
    assert max(len(marks(said(text)).keys), len(marks(several).keys)) <= 10


def by_key(texts: Sequence[str]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, text in enumerate(texts):
        for key in marks(said(text)).keys:
            found.setdefault(key, []).append(number)
    return found


def stories_of(texts: Sequence[str]) -> Counter[int]:
    links = (pair for some in by_key(texts).values() for pair in pairwise(some))
    return Counter(components(range(len(texts)), links).values())


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """Different ones; made of some eighty sentences with gaps, so that some differ in nothing but a gap."""
    return sorted({" ".join(post.text.lower().split()) for post in crisis(3, start=NOON, minutes=300)})


def test_two_thousand_complaints_about_one_event_stay_many_stories(complaints: list[str]) -> None:
    stories = stories_of(complaints)
    assert len(complaints) > 1_800
    # Linking all whose sets of words overlap by 70 percent would leave 52 percent, by 75 percent 65 percent.
    assert len(stories) > 0.58 * len(complaints)
    assert max(stories.values()) < 0.02 * len(complaints)


def test_what_is_nearly_the_same_shares_most_of_its_words(complaints: list[str]) -> None:
    words = [set(text.split()) for text in complaints]
    pairs = {pair for some in by_key(complaints).values() for pair in combinations(some, 2)}
    overlaps = [len(words[one] & words[other]) / len(words[one] | words[other]) for one, other in pairs]
    assert len(pairs) > 1_000
    assert min(overlaps) > 0.3
    assert sum(overlap >= 0.5 for overlap in overlaps) > 0.95 * len(pairs)


def edited(text: str, words: int, dice: Random) -> str:
    some = text.split()
    for place in dice.sample(range(len(some)), words):
        some[place] = dice.choice(("yesterday", "honestly", "again", "really", "somehow", "today"))
    return " ".join(some)


def test_reposts_are_found_always_and_edits_of_a_word_or_two_mostly() -> None:
    dice = Random(7)  # noqa: S311  # repeatable, not secret
    texts = [post.text for post in crisis(4, start=NOON, minutes=120) if 18 <= len(post.text.split()) <= 40]
    assert all(same_story(said(text), said(f"RT @a: {text} #late")) for text in texts)
    found = {
        words: sum(bool(same_story(said(text), said(edited(text, words, dice)))) for text in texts) / len(texts)
        for words in (1, 2, 3)
    }
    assert found[1] > 0.95
    assert found[2] > 0.75
    assert found[3] > 0.5


def test_a_wave_of_reposts_is_one_story() -> None:
    assert len(stories_of([post.text for post in repost_wave(1, start=NOON)])) == 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30), st.randoms(use_true_random=False))
def test_components_are_those_of_a_slow_walk_in_any_order(links: list[tuple[int, int]], dice: Random) -> None:
    found = components(range(21), links)
    dice.shuffle(links)
    assert components(range(21), links) == found
    reached = {n: {n} for n in range(21)}
    for _ in range(21):
        for one, other in links:
            reached[one] |= reached[other]
            reached[other] |= reached[one]
    assert found == {n: min(some) for n, some in reached.items()}


def test_marks_fit_what_databases_hold_and_stay_what_they_were() -> None:
    keys = sorted(marks(said(LONG, url="https://news.example/late")).keys)
    assert all(-(2**63) <= key < 2**63 for key in keys)
    # Keys are stored: another Python or another version must find the same.
    assert marks(said("Worst airline ever")).text == -6645303072912884628
