from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.quoting import ERASED, Quotes, Said

WORDS = "A purple walrus ate my suitcase"
LINK = "https://social.example/@quill/1"
SAID = Said("forum", "Zephyrine Quill", "quill", LINK, "", WORDS)
POST = Quotes([SAID])
AUTHOR = Quotes([SAID], ["Zephyrine Quill", "quill"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"They wrote: “{WORDS}” {LINK}.", f"They wrote: “{ERASED}” {ERASED}."),
        (f"{WORDS}{WORDS}", f"{ERASED}{ERASED}"),
        (WORDS[:-1], WORDS[:-1]),
        (f"AA A p {WORDS[:21]}{WORDS} A", f"AA A p {WORDS[:21]}{ERASED} A"),
        ("Asked @Quill and u/quill, not @quilla", f"Asked {ERASED} and {ERASED}, not @quilla"),
        ("see https://other.example/users/quill/9", f"see {ERASED}"),
        ("Zephyrine Quill", ERASED),
        ("a quill is a feather", "a quill is a feather"),
        ("https://social.example/@other/1", "https://social.example/@other/1"),
    ],
)
def test_what_repeats_an_author_or_their_words_is_erased_and_nothing_else(text: str, left: str) -> None:
    assert AUTHOR.without(text) == left
    assert AUTHOR.without({"facts": [text, 7, None]}) == {"facts": [left, 7, None]}


def test_short_texts_are_erased_where_they_stand_alone() -> None:
    quotes = Quotes([Said("forum", "ana", None, None, "", "So late")])
    assert [quotes.without(text) for text in ("So late", "So late again")] == [ERASED, "So late again"]


@pytest.mark.parametrize(
    ("told", "by_post", "by_author"),
    [
        ({"url": LINK}, True, True),
        ({"text": WORDS}, True, True),
        ({"text": WORDS, "author": "quill", "source": "forum"}, True, True),
        ({"text": "Another", "author": "@Quill", "source": "forum"}, False, True),
        ({"text": WORDS, "author": "Somebody else", "source": "forum"}, False, False),
        ({"text": WORDS, "handle": "quill", "source": "blog"}, False, False),
        ({"text": "", "author": "", "url": None}, False, False),
    ],
)
def test_posts_are_told_apart_by_link_author_and_words(told: dict[str, str], *, by_post: bool, by_author: bool) -> None:
    assert (POST.is_of(told), AUTHOR.is_of(told)) == (by_post, by_author)
    assert AUTHOR.without({"posts": [told, {"text": "mine"}]})["posts"][-1:] == [{"text": "mine"}]
    assert len(AUTHOR.without([told])) == (not by_author)


@given(st.text() | st.lists(st.text()))
def test_where_there_is_nothing_to_erase_nothing_changes(told: str | list[str]) -> None:
    assert Quotes([]).without(told) == told
