from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, event, insert, select

from database.session import Database
from database.stories import Story, assign_stories, hold_stories, restory, stories_between, story_count
from database.tables import BrandMentionRow, MentionRow, StoryKeyRow
from mentions.mention import Mention, date_mention
from mentions.stories import WINDOW, components, same_story
from sentiment.score import Label
from tests.installations import NOON

GATE = "Five hours at the gate in Lisbon and nobody from the airline tells us anything at all about our flight to Oslo"
SEATS = (
    "The new seats are wide, the crew is kind, and the coffee on board is better than what I make at home, thank you"
)
TEXTS = (
    GATE,
    f"RT @ana: {GATE} #late",
    GATE.replace("tells", "told"),
    GATE.replace("tells", "told").replace("Five", "Six"),
    f"{GATE}, my children are hungry and the youngest one has a fever, please send somebody with water and a plan",
    SEATS,
    SEATS.replace("kind", "lovely"),
    "worst airline ever",
    "Worst airline ever!",
    "😡",
)
URLS = (None, "https://news.example/late", "http://www.news.example/late?utm_source=feed", "https://other.example/1")


def said(number: int, text: str = GATE, *, after: timedelta = timedelta(0), url: str | None = None) -> Mention:
    at = NOON + after
    return Mention(f"test:{number:04}", "", text, date_mention(at, at), url=url)


SAID = st.builds(
    lambda text, after, url: said(0, text, after=after, url=url),
    st.sampled_from(TEXTS),
    st.timedeltas(timedelta(0), 6 * WINDOW) | st.sampled_from([n * WINDOW for n in range(6)]),
    st.sampled_from(URLS),
)


def insert_rows(
    connection: Connection, new: Iterable[tuple[int, Mention]], author: str | None = "ana", label: str = "neutral"
) -> None:
    for number, one in new:
        at = one.published.at
        row = {
            "id": number,
            "digest": f"{one.digest[:20]}{number}",
            "key": one.key,
            "source": "forum",
            "author": author,
        }
        words = {"title": one.title, "text": one.text, "url": one.url}
        connection.execute(
            insert(MentionRow).values(**row, **words, published_at=at, dating=one.published.dating, seen_at=at)
        )
        felt = {"reason": "phrase", "evidence": "a", "label": label, "flags": "", "scorer": "test"}
        about = {"mention_id": number, "brand": "a", "source": "forum", "author": author, "published_at": at}
        connection.execute(insert(BrandMentionRow).values(**about, **felt))


def keep(
    database: Database, *mentions: Mention, first: int = 1, author: str | None = "ana", label: str = "neutral"
) -> None:
    """Store mentions under ids in order, about brand "a", and find their stories."""
    new = list(enumerate(mentions, first))
    with database.writing() as connection:
        insert_rows(connection, new, author, label)
        assign_stories(connection, new)


def groups(database: Database) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    with database.reading() as connection:
        for number, story in connection.execute(select(MentionRow.id, MentionRow.story_id)):
            found.setdefault(number if story is None else story, set()).add(number)
    assert all(story == min(some) for story, some in found.items()), "a story has the id of its oldest row"
    return set(map(frozenset, found.values()))


def expected(mentions: dict[int, Mention]) -> set[frozenset[int]]:
    """The obvious way: everybody is compared with everybody."""
    links = ((one, other) for one in mentions for other in mentions if same_story(mentions[one], mentions[other]))
    found: dict[int, set[int]] = {}
    for number, root in components(mentions, links).items():
        found.setdefault(root, set()).add(number)
    return set(map(frozenset, found.values()))


def empty(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(delete(MentionRow))


EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@EXAMPLES
@given(mentions=st.lists(SAID, max_size=14), data=st.data())
def test_stories_do_not_depend_on_the_order_and_the_batches_in_which_mentions_arrive(
    database: Database, mentions: list[Mention], data: st.DataObject
) -> None:
    empty(database)
    arriving = data.draw(st.permutations(mentions))
    first = 1
    while first <= len(arriving):
        size = data.draw(st.integers(1, 5))
        keep(database, *arriving[first - 1 : first - 1 + size], first=first)
        first += size
    assert groups(database) == expected(dict(enumerate(arriving, 1)))


@EXAMPLES
@given(mentions=st.lists(SAID, min_size=1, max_size=10), data=st.data())
def test_after_edits_stories_are_those_of_the_words_as_they_are_now(
    database: Database, mentions: list[Mention], data: st.DataObject
) -> None:
    empty(database)
    keep(database, *mentions)
    now = dict(enumerate(mentions, 1))
    for number, text in data.draw(
        st.lists(st.tuples(st.sampled_from(sorted(now)), st.sampled_from(TEXTS)), max_size=4)
    ):
        now[number] = replace(now[number], text=text)
        with database.writing() as connection:
            restory(connection, [(number, now[number])])
    assert groups(database) == expected(now)


def test_a_mention_that_bridges_two_stories_makes_them_one(database: Database) -> None:
    one, other = said(1), said(2, SEATS, url=URLS[1])
    keep(database, one, other)
    assert groups(database) == {frozenset({1}), frozenset({2})}
    keep(database, said(3, TEXTS[1], url=URLS[2]), first=3)
    assert groups(database) == {frozenset({1, 2, 3})}


def test_an_edited_mention_stays_at_the_time_when_it_was_first_published(database: Database) -> None:
    keep(database, said(1), said(2, "something else", after=WINDOW))
    with database.writing() as connection:
        restory(connection, [(2, said(2, after=3 * WINDOW))])
    assert groups(database) == {frozenset({1, 2})}


def test_a_deleted_mention_takes_its_keys_along_and_leaves_its_story_standing(database: Database) -> None:
    keep(database, said(1), said(2))
    with database.writing() as connection:
        connection.execute(delete(MentionRow).where(MentionRow.id == 1))
        assert set(connection.execute(select(StoryKeyRow.mention_id)).scalars()) == {2}
    keep(database, said(3), first=3)
    with database.reading() as connection:
        assert connection.execute(select(MentionRow.story_id)).scalars().all() == [1, 1]
        assert story_count(connection, "a", NOON) == 1


def test_what_was_stored_before_there_were_stories_is_a_story_of_its_own(database: Database) -> None:
    with database.writing() as connection:
        insert_rows(connection, [(1, said(1)), (2, said(2))])
        assert story_count(connection, "a", NOON) == 2
        assert {story.id for story in stories_between(connection, "a", NOON, NOON, 9)} == {1, 2}
        restory(connection, [(2, said(2))])
    keep(database, said(3), first=3)
    assert groups(database) == {frozenset({1}), frozenset({2, 3})}


def test_a_story_is_counted_in_mentions_and_in_voices_and_shows_its_first(database: Database) -> None:
    hour = timedelta(hours=1)
    keep(database, said(3, after=2 * hour), said(4, TEXTS[1], after=3 * hour), author="bo")
    keep(database, said(2, after=hour), said(1, after=hour, url=URLS[1]), first=3, author="ana")
    keep(database, said(5, after=4 * hour), said(6, after=5 * hour), first=5, author=None)
    keep(database, said(7, "worst airline ever", after=2 * hour), first=7, label="negative")
    with database.reading() as connection:
        whole = stories_between(connection, "a", NOON, NOON + 5 * hour, 9)
        part = stories_between(connection, "a", NOON + 3 * hour, NOON + 4 * hour, 9)
        assert [story.id for story in stories_between(connection, "a", NOON, NOON + 5 * hour, 1)] == [1]
        assert stories_between(connection, "b", NOON, NOON + 5 * hour, 9) == ()
        assert [story_count(connection, "a", NOON, label) for label in (None, Label.NEGATIVE, Label.POSITIVE)] == [
            2,
            1,
            0,
        ]
    told = Story(1, "forum", "ana", "", GATE, URLS[1], 6, 4, NOON + hour, NOON + 5 * hour)
    assert whole[0] == told
    assert (whole[1].mentions, whole[1].voices, whole[1].text) == (1, 1, "worst airline ever")
    assert part == (replace(told, mentions=2, voices=2, last_at=NOON + 4 * hour),)


def test_a_batch_takes_a_few_statements_however_many_share_its_keys(database: Database) -> None:
    keep(database, *(said(n, after=n * timedelta(seconds=1)) for n in range(300)))
    statements: list[str] = []
    with database.writing() as connection:
        new = [(n, said(n, TEXTS[n % 2])) for n in range(301, 401)]
        insert_rows(connection, new)
        event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
        assign_stories(connection, new)
    assert len(statements) <= 6
    assert groups(database) == {frozenset(range(1, 401))}


def test_two_writers_at_once_wait_for_each_other_and_find_one_story(database: Database) -> None:
    ready = Barrier(2)

    def write(first: int) -> None:
        ready.wait(10)
        for start in range(first, first + 40, 10):
            with database.writing() as connection:
                hold_stories(connection)
                new = [(n, said(n)) for n in range(start, start + 10)]
                insert_rows(connection, new)
                assign_stories(connection, new)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, (1, 101)))
    assert groups(database) == {frozenset({*range(1, 41), *range(101, 141)})}
