from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.mention import Engagement, Mention
from mentions.redaction import PSEUDONYM, Redaction, fingerprints, leads_to, of_page, of_post, of_voice
from mentions.stories import marks, word_marks
from tests.installations import NOON, said

NAMELESS = Redaction(b"a key of the team")
MASKED = Redaction(mask=True)
ANA: dict[str, Any] = {"author": "Ana Reyes", "handle": "ana@social.example"}


def by_ana(text: str = "They lost my bag", **changed: Any) -> Mention:
    mention = said(text, NOON, number=1, followers=120, engagement=Engagement(likes=4), **ANA)
    return replace(mention, key="mastodon:https://social.example/users/ana/1", **changed)


def test_nothing_changes_where_nothing_is_asked_for() -> None:
    mention = by_ana("Mail ana@example.com")
    assert Redaction().of(mention, "forum") is mention


def test_an_author_becomes_a_pseudonym_and_nothing_of_the_mention_names_them() -> None:
    kept = NAMELESS.of(by_ana("I am @ana and ANA@social.example", url="https://social.example/@ana/1"), "social")
    assert kept.author == kept.handle == kept.voice
    assert (kept.voice or "").startswith(PSEUDONYM)
    assert kept.text == f"I am @{kept.voice} and {kept.voice}"
    assert kept.url is None
    assert "ana" not in repr(replace(kept, fingerprints=frozenset())).casefold().replace("language", "")
    assert (kept.followers, kept.engagement.likes, kept.published.at) == (120, 4, NOON)


def test_it_stays_the_same_mention_whether_names_are_kept_or_not() -> None:
    mention = by_ana()
    kept = NAMELESS.of(mention, "social")
    assert kept.digest == mention.digest
    assert NAMELESS.of(kept, "social") == kept


def test_the_same_person_keeps_a_pseudonym_and_others_have_their_own() -> None:
    def name(source: str = "social", redaction: Redaction = NAMELESS, **changed: Any) -> str | None:
        return redaction.of(by_ana(**changed), source).author

    assert name() == name(text="Another post", author="Ana R. 🌻") == name(handle="Ana@Social.Example")
    others = {name(), name(handle="ana@other.example"), name(source="forum"), name(redaction=Redaction(b"another key"))}
    assert len(others) == 4
    assert len({NAMELESS.pseudonym(f"person {number}", "social") for number in range(20_000)}) == 20_000


def test_where_there_are_no_accounts_the_name_is_what_counts() -> None:
    kept = NAMELESS.of(by_ana(handle=None), "blog")
    assert (kept.handle, kept.author) == (None, NAMELESS.pseudonym("Ana Reyes", "blog"))
    nobody = NAMELESS.of(by_ana(handle=None, author=None), "blog")
    assert (nobody.author, nobody.handle, nobody.voice) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("@ana: me", "@{0}: me"),
        ("u/ana and /u/Ana", "u/{0} and /u/{0}"),
        ("see https://social.example/@ana/2 now", "see https://social.example/@{0}/2 now"),
        ("www.social.example/users/ana", "www.social.example/users/{0}"),
        ("@anabel and @ana-lisa, banana", "@anabel and @ana-lisa, banana"),
        ("Ana means grandmother, 4/ana", "Ana means grandmother, 4/ana"),
    ],
)
def test_texts_do_not_name_their_own_author_by_account(text: str, kept: str) -> None:
    redacted = NAMELESS.of(by_ana(text, title=text), "social")
    assert redacted.text == redacted.title == kept.format(redacted.voice)


@pytest.mark.parametrize(
    ("url", "names", "leads"),
    [
        ("https://social.example/@x/1", ["ana"], True),
        ("https://x.example/Ana_Reyes/status/1", ["Ana Reyes"], True),
        ("https://x.example/ana%20reyes", ["Ana Reyes"], True),
        ("https://ana-reyes.example/late", ["Ana Reyes"], True),
        ("https://social.example/users/10934/statuses/1", ["ana"], True),
        ("https://bsky.example/profile/did:plc:abc/post/1", ["ana"], True),
        ("https://forum.example/t/late-again/17", ["ana"], False),
        ("https://news.example/2026/03/flights", ["Ana Reyes"], False),
    ],
)
def test_links_are_kept_unless_they_lead_to_the_author(url: str, names: list[str], *, leads: bool) -> None:
    assert leads_to(url, names) is leads
    kept = NAMELESS.of(by_ana(url=url, author=names[0], handle=None), "social")
    assert kept.url == (None if leads else url)


def test_personal_data_is_hidden_in_titles_and_texts() -> None:
    kept = MASKED.of(by_ana("Call +49 30 5550123", title="ana@example.com is ignored"), "social")
    assert (kept.title, kept.text) == ("[mail address] is ignored", "Call [phone number]")
    assert (kept.author, kept.url) == ("Ana Reyes", by_ana().url)


@pytest.mark.parametrize(
    ("author", "handle", "kept"),
    [
        ("ana@example.com (Ana Roe)", None, "[mail address] (Ana Roe)"),
        ("Ana, ana@example.com", "ana_r", "Ana, [mail address]"),
        ("<ana@example.com>", None, None),
        ("ana@social.example", "ana@social.example", "ana@social.example"),
        ("Ana", "ana@social.example", "Ana"),
    ],
)
def test_addresses_are_hidden_in_names_and_accounts_stay(author: str, handle: str | None, kept: str | None) -> None:
    mention = by_ana(author=author, handle=handle)
    masked = MASKED.of(mention, "social")
    assert (masked.author, masked.handle) == (kept, handle)
    assert MASKED.of(masked, "social") == masked
    assert of_voice(mention.voice or "") in fingerprints(masked)


@given(st.text(), st.text(min_size=1), st.none() | st.text(min_size=1), st.booleans())
def test_redacting_twice_is_redacting_once(text: str, author: str, handle: str | None, mask: bool) -> None:  # noqa: FBT001  # hypothesis fills it
    redaction = Redaction(b"key", mask)
    once = redaction.of(by_ana(text, title=author, author=author, handle=handle), "social")
    assert redaction.of(once, "social") == once


def test_what_it_was_known_by_is_still_known_of_a_redacted_mention() -> None:
    mention = by_ana(url="https://social.example/@ana/1?utm_source=feed")
    known = {of_post(mention.digest), of_voice("@Ana@Social.example"), of_page("http://social.example/@ana/1")}
    assert fingerprints(mention) == known
    kept = NAMELESS.of(mention, "social")
    assert fingerprints(kept) == {*known, of_voice(kept.voice or "")}


@pytest.mark.parametrize("redaction", [NAMELESS, MASKED])
def test_marks_of_words_that_were_changed_are_drawn_again(redaction: Redaction) -> None:
    mention = by_ana("Write to ana@example.com or @Ana@Social.example, they lost my bag")
    drawn = replace(mention, word_marks=word_marks(mention.title, mention.text))
    assert marks(redaction.of(drawn, "social")) == marks(redaction.of(mention, "social"))
