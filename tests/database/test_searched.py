"""What people find by words: the same as somebody finds who reads every mention, on both databases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select, text

from database.correcting import correct, undo
from database.corrections import Verdict
from database.drills import add_drill, finish_drill
from database.erasing import erase_before, erase_mentions
from database.exported import oldest_first
from database.listening import About, Heard, store
from database.migrating import migrate
from database.reading_mentions import (
    BrandMention,
    Wanted,
    _columns,
    _looking,
    count_mentions,
    list_mentions,
)
from database.searched import count, found
from database.session import Database
from database.tables import MentionRow
from database.word_tables import MentionWordsRow
from mentions.matching import Match, MatchReason
from mentions.mention import Mention
from mentions.search import read_search
from sentiment.score import Label, Score
from tests.database.test_migrating import at_revision
from tests.installations import NOON, said
from topics.tag import Tag

DAY = timedelta(days=1)
WORDS = ["late", "later", "Café", "cafe", "cancel", "cancelled", "e-mail", "mail", "航班取消", "取消", "ß", "strasse"]
ASKED = [
    "late",
    "Latér",
    '"late"',
    "cafe",
    "-cafe",
    "cancel",
    '"cancel"',
    "mail",
    "e-mail",
    "取消",
    "航",
    "SS",
    "-late",
]
ASKED += ['"取消"', '"mail late"', "strass", "x", "%", "no", "one", "班取"]


def heard(mention: Mention, brands: str = "a", label: Label = Label.NEUTRAL, tags: Sequence[Tag] = ()) -> Heard:
    score = Score(0.0, label, "test")
    return Heard(mention, tuple(About(Match(one, MatchReason.PHRASE, one), score, tuple(tags)) for one in brands))


def plain(written: str) -> str:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", written.casefold()))
    return "".join(one for one in decomposed if not "\u0300" <= one <= "\u036f")


def reads(asked: str, mention: Mention) -> bool:
    """Whether somebody who reads slowly finds what is asked for, letter by letter."""
    texts = [plain(one) for one in (mention.title, mention.author, mention.handle, mention.text) if one]

    def stands(piece: str) -> bool:
        exact, piece = piece.startswith('"'), plain(piece.strip('"'))
        words = [re.escape(one) for one in re.findall(r"\w+", piece)]
        unparted = bool(words) and not piece[-1].isascii() and piece[-1] >= "\u3000"
        begins = "" if unparted else r"(?<!\w)"
        ends = r"(?!\w)" if exact and not unparted else ""
        return any(re.search(begins + r"\W+".join(words) + ends, one) for one in texts)

    pieces = [one for one in re.findall(r'-?"[^"]*"?|[^\s"]+', asked) if re.search(r"\w", one)]
    wanted = [one for one in pieces if not one.startswith("-")]
    unwanted = [one[1:] for one in pieces if one.startswith("-")]
    return bool(pieces) and all(map(stands, wanted)) and not any(map(stands, unwanted))


def keep(connection: Connection, *some: Heard, source: str = "forum") -> None:
    store(connection, source, some, NOON)


def texts(mentions: Sequence[BrandMention]) -> list[str]:
    return [one.text for one in mentions]


def listed(connection: Connection, asked: str, **given: object) -> list[str]:
    wanted = Wanted(**{"brands": ("a", "b"), "text": asked, **given})  # type: ignore[arg-type]  # a table of fields
    rows = texts(list_mentions(connection, wanted, None, 99))
    assert count_mentions(connection, wanted, 99) == len(rows)
    exported = [one.text for brand in wanted.brands for one in oldest_first(connection, brand, wanted, None, 99)]
    assert sorted(exported) == sorted(rows)
    return rows


posts = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
        st.integers(0, 5),
        st.sampled_from(["a", "b", "ab"]),
        st.sampled_from(["forum", "blog"]),
        st.sampled_from([Label.NEGATIVE, Label.NEUTRAL]),
    ),
    max_size=9,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=posts,
    asked=st.lists(st.sampled_from([*ASKED, '"mail late"']), max_size=3).map(" ".join),
    source=st.sampled_from(["", "", "forum"]),
    label=st.sampled_from(["", "", "negative"]),
    brands=st.sampled_from([("a",), ("a", "b")]),
    bounds=st.tuples(st.integers(1, 5), st.integers(0, 3)),
    limit=st.integers(1, 4),
)
def test_page_by_page_all_is_found_that_slow_reading_finds(  # noqa: PLR0913, PLR0917  # what a search is made of
    database: Database,
    posts: list[tuple[str, int, str, str, Label]],
    asked: str,
    source: str,
    label: str,
    brands: tuple[str, ...],
    bounds: tuple[int, int],
    limit: int,
) -> None:
    wanted = Wanted(brands, text=asked.strip(), source=source, label=label)
    expected: set[tuple[str, str]] = set()
    with database.reading() as connection:
        for number, (words, weeks, about, where, tone) in enumerate(posts):
            mention = said(words, NOON - 150 * weeks * DAY, number=number)
            keep(connection, heard(mention, about, tone), source=where)
            if (not wanted.text or reads(asked, mention)) and source in {"", where} and label in {"", tone}:
                expected |= {(f"https://example.com/{number}", one) for one in about if one in brands}
        looking = replace(_looking(wanted), tried=bounds[0], at_once=bounds[1])
        pages: list[BrandMention] = []
        while part := found(connection, looking, _columns(), pages[-1].place if pages else None, limit):
            pages += [BrandMention(*row) for row in part]
        counted = count(connection, looking, 99)
        listed = list_mentions(connection, wanted, None, 99)
        connection.rollback()
    assert [one.place for one in pages] == sorted((one.place for one in pages), reverse=True)
    assert listed == tuple(pages)
    assert len(pages) == counted == len(expected)
    assert {(one.url, one.brand) for one in pages} == expected


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("cancel", True),
        ('"cancel"', False),
        ("CANCELLED strasse", True),
        ("straße", True),
        ("cafe", True),
        ('"our cafe"', True),
        ('"cafe our"', False),
        ("our -cafe", False),
        ("our -tea", True),
        ("-tea", True),
        ("-our", False),
        ("东京", False),
        ("東京", True),
        ("京都", True),
        ("都", True),
        ("大京", False),
        ("😡", True),
        ("🙂", False),
        ("zoe", True),
        ("@zoe_q", True),
        ("zoe our", True),
        ('"Zoe our"', False),
        ("%", False),
        ("...", False),
        ("'our", True),
        ('our"', True),
        ('"', False),
        ("- our", True),
        ("हिन्दी", True),
        ("b_a", False),
        ("b", False),
        ("p", False),
        ("our -b", True),
        ("forum", False),
        ("a\u0000b", False),
    ],
)
def test_words_are_found_as_people_write_them(database: Database, asked: str, finds: bool) -> None:  # noqa: FBT001
    text = "Our café in the Straße was CANCELLED, 大東京都 हिन्दी 😡!"
    with database.writing() as connection:
        keep(connection, heard(said(text, NOON, number=1, author="Zoé", handle="zoe_q")))
        assert bool(listed(connection, asked)) is finds


@pytest.mark.parametrize("at_once", [0, 9])
@pytest.mark.parametrize("tried", [1, 4, 9])
def test_what_is_asked_of_the_index_reaches_back_to_the_first_mention(
    database: Database, tried: int, at_once: int
) -> None:
    days = (0, 1, 20, 40, 90, 200, 400, 2_000)
    looking = replace(_looking(Wanted(("a",), text="words")), tried=tried, at_once=at_once)
    with database.writing() as connection:
        keep(connection, *(heard(said(f"words {day}", NOON - day * DAY, number=day)) for day in days))
        assert [row.text for row in found(connection, looking, _columns(), None, 9)] == [f"words {day}" for day in days]
        assert count(connection, looking, 9) == len(days)
        assert count(connection, looking, 5) == 5


def test_what_was_edited_is_found_by_its_new_words_alone(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(said("the old words", NOON, number=1)))
        keep(connection, heard(said("a new text", NOON, number=1)))
        assert listed(connection, "old") == []
        assert listed(connection, "new") == ["a new text"]


def test_a_known_mention_is_found_for_a_brand_that_it_is_new_to(database: Database) -> None:
    wanted = Wanted(("b",), text="words")
    with database.writing() as connection:
        keep(connection, heard(said("some words", NOON, number=1)))
        keep(connection, heard(said("some words", NOON, number=1), "ab"), source="blog")
        looking = replace(_looking(wanted), tried=1, at_once=1)
        keep(connection, heard(said("other things", NOON + DAY, number=2), "b"))
        assert [row.text for row in found(connection, looking, _columns(), None, 9)] == ["some words"]


def test_what_was_taken_from_a_brand_is_found_again_once_it_is_put_back(database: Database) -> None:
    looking = replace(_looking(Wanted(("a",), text="words")), tried=1)
    with database.writing() as connection:
        keep(connection, heard(said("some words", NOON, number=1)), heard(said("newer", NOON + DAY, number=2)))
        [row] = list_mentions(connection, looking.wanted, None, 9)
        correct(connection, [row.key], Verdict.NOT_ABOUT_US, "dana", NOON)
        assert listed(connection, "words") == []
        keep(connection, heard(said("some words, edited", NOON, number=1)))
        undo(connection, [row.key])
        assert [one.text for one in found(connection, looking, _columns(), None, 9)] == ["some words, edited"]


def test_what_was_erased_is_found_by_no_word_and_still_by_its_source(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(said("purple walrus", NOON, number=1)))
        keep(connection, heard(said("green walrus", NOON - DAY, number=2)))
        ids = connection.execute(select(MentionRow.id).where(MentionRow.text == "purple walrus")).scalars().all()
        erase_mentions(connection, ids, NOON)
        assert listed(connection, "walrus") == ["green walrus"]
        assert listed(connection, "", source="forum") == ["", "green walrus"]
        assert erase_before(connection, NOON, 9, NOON) == 1
        assert listed(connection, "walrus") == []
        assert not [one for one in connection.execute(select(MentionWordsRow.words)).scalars() if "walrus" in one]


def test_words_go_with_their_mention(database: Database) -> None:
    with database.writing() as connection:
        drill = add_drill(connection, "northwind", "outage", "dana", NOON)
        keep(connection, heard(said("some words", NOON, number=1), "b"), source=drill.about)
        assert listed(connection, "words") == ["some words"]
        finish_drill(connection, drill, NOON)
        assert listed(connection, "words") == []
        assert connection.execute(select(func.count()).select_from(MentionWordsRow)).scalar() == 0
        keep(connection, heard(said("other", NOON, number=2)))
        connection.execute(delete(MentionRow))
        assert connection.execute(select(func.count()).select_from(MentionWordsRow)).scalar() == 0


def test_words_of_what_is_undone_are_not_kept(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        keep(connection, heard(said("some words", NOON, number=1)))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert listed(connection, "words") == []


@pytest.mark.parametrize("wall", ["a" * 1_000_000, "ab " * 300_000, "航" * 500_000, "\u0301" * 99_999, "'" * 9_999])
def test_walls_of_text_are_stored_and_found_by_their_beginning(database: Database, wall: str) -> None:
    with database.writing() as connection:
        keep(connection, heard(said(f"begins {wall}", NOON, number=1)))
        assert len(listed(connection, "begins")) == len(listed(connection, f"begins {wall[:70]}")) == 1


def test_what_an_older_version_stored_is_found_after_the_upgrade(empty_database_address: str) -> None:
    row = "INSERT INTO mentions (id, digest, key, source, title, text, author, published_at, dating, seen_at) VALUES "
    about = (
        "INSERT INTO brand_mentions (mention_id, brand, reason, evidence, label, flags, scorer, published_at, source)"
        " VALUES (:n, 'a', 'phrase', 'a', 'neutral', '', 'test', :at, 'forum')"
    )
    with at_revision(empty_database_address, "0006") as database:
        with database.writing() as connection:
            for n in (3, 7):
                values = {"n": n, "at": "2026-03-04 12:00:00", "text": f"Café {n}"}
                connection.execute(text(f"{row} (:n, :n, 'k', 'forum', '', :text, 'Zoé', :at, 'stated', :at)"), values)
                connection.execute(text(about), {name: values[name] for name in ("n", "at")})
        migrate(database)
        with database.reading() as connection:
            assert sorted(listed(connection, "cafe zoe")) == ["Café 3", "Café 7"]
            assert listed(connection, "cafe -3") == ["Café 7"]


def test_a_search_says_what_it_asks_for() -> None:
    asked = read_search('Delays “on hold” -strike -"all good" delays %')
    assert [one.written for one in asked.wanted] == [" delays", " on hold "]
    assert [one.written for one in asked.unwanted] == [" strike", " all good "]
    assert [one.written for one in read_search("取消 航").wanted] == [" 取消", " 航"]
    assert read_search("%").asks_nothing
