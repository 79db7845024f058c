"""Feeds as mentions: identity, dates, links and what the cursor remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mentions.mention import Dating
from mentions.stories import word_marks
from sources import rss
from sources.contract import Fetched, SourceError, Visit, fingerprint

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]


def feed(*items: str, channel: str = "<language>en-us</language>") -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>News</title>{channel}{entries}</channel></rss>'


def fetched(site: Site, visit: Visits, *items: str, path: str = "/feed") -> Fetched:
    return rss.fetch(rss.Options(url=site.serve(path, feed(*items))), visit())


def keys(found: Fetched) -> list[str]:
    return [mention.key for mention in found.mentions]


def test_an_entry_becomes_a_mention(site: Site, visit: Visits) -> None:
    (mention,) = fetched(
        site,
        visit,
        "<guid>https://acme.example/7</guid><title>Late</title><description>&lt;p&gt;Very late.</description>"
        "<link>https://acme.example/story</link><author>Ann</author><pubDate>Tue, 10 Mar 2026 11:00:00 GMT</pubDate>",
    ).mentions
    assert mention.key == "rss:https://acme.example/7"
    assert (mention.title, mention.text, mention.author, mention.language) == ("Late", "Very late.", "Ann", "en")
    assert mention.url == "https://acme.example/story"
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"
    assert mention.published.dating is Dating.STATED


@pytest.mark.parametrize(
    ("date", "dating"),
    [
        ("", Dating.MISSING),
        ("<pubDate>soon</pubDate>", Dating.MISSING),
        ("<pubDate>Tue, 10 Mar 2099 11:00:00 GMT</pubDate>", Dating.FUTURE),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", Dating.ABSURD),
        ("<pubDate>0001-01-01T00:00:00+23:59</pubDate>", Dating.ABSURD),
        ("<pubDate>9999-12-31T23:59:59-23:59</pubDate>", Dating.FUTURE),
    ],
)
def test_dates_that_cannot_be_are_clamped_to_now(date: str, dating: Dating, site: Site, visit: Visits) -> None:
    (mention,) = fetched(site, visit, f"<title>t</title>{date}").mentions
    assert mention.published.dating is dating
    assert mention.published.at == visit().now


def test_identity_is_the_id_else_the_link_else_the_words(site: Site, visit: Visits) -> None:
    items = (
        "<guid>tag:acme.example,2026:1</guid><title>a</title>",
        "<guid>urn:uuid:1-2</guid><title>b</title>",
        "<title>c</title><link>https://acme.example/c</link>",
        "<guid>7</guid><title>d</title><link>https://acme.example/d</link>",
        "<title>e</title>",
    )
    first, again = keys(fetched(site, visit, *items)), keys(fetched(site, visit, *items))
    other = keys(fetched(site, visit, *items, path="/other"))
    assert first[:3] == ["rss:tag:acme.example,2026:1", "rss:urn:uuid:1-2", "rss:https://acme.example/c"]
    assert first[3].endswith(":7")
    assert first == again
    assert first[:3] == other[:3]
    assert not set(first[3:]) & set(other[3:])


def test_an_edited_entry_and_a_repeated_id_are_the_same_mention(site: Site, visit: Visits) -> None:
    before = keys(fetched(site, visit, "<guid>1</guid><title>Before</title>"))
    after = keys(fetched(site, visit, "<guid>1</guid><title>After</title>", "<guid>1</guid><title>Copy</title>"))
    assert set(before) == set(after)


def test_an_id_that_several_pages_share_identifies_none_of_them(site: Site, visit: Visits) -> None:
    pages = [f"<guid>https://acme.example/</guid><title>{n}</title><link>https://acme.example/{n}</link>" for n in "ab"]
    assert keys(fetched(site, visit, *pages)) == ["rss:https://acme.example/a", "rss:https://acme.example/b"]


def test_of_two_entries_with_one_id_the_upper_is_kept(site: Site, visit: Visits) -> None:
    twice = "<guid>1</guid><title>{}</title><link>https://acme.example/1?utm_source={}</link>"
    found = fetched(site, visit, twice.format("New", "b"), twice.format("Old", "a"))
    assert [mention.title for mention in found.mentions] == ["New"]


def self_link(href: str) -> str:
    return f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{href}"/>'


@pytest.mark.parametrize("path", ["/feed/", "/feed?utm_source=x", "/feed#top", "/other"])
def test_a_feed_found_at_another_address_keeps_its_keys(path: str, site: Site, visit: Visits) -> None:
    """All are the same to readers; the last one says itself that it is the first."""
    body = feed("<guid>7</guid><title>t</title>", channel=self_link(f"{site.url}/feed") if path == "/other" else "")
    site.serve("*", body)
    first = rss.fetch(rss.Options(url=f"{site.url}/feed"), visit())
    assert keys(rss.fetch(rss.Options(url=site.url + path), visit())) == keys(first)


def test_what_a_feed_says_of_another_host_is_no_name(site: Site, visit: Visits) -> None:
    site.serve("*", feed("<guid>7</guid><title>t</title>", channel=self_link("https://template.example/feed")))
    one, other = (keys(rss.fetch(rss.Options(url=site.url + path), visit())) for path in ("/a", "/b"))
    assert one != other


def test_an_atom_feed_is_known_by_its_id_wherever_it_is_found(site: Site, visit: Visits) -> None:
    entry = "<entry><id>7</id><title>t</title></entry>"
    site.serve("*", f'<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:acme.example,2026:f</id>{entry}</feed>')
    one, other = (keys(rss.fetch(rss.Options(url=site.url + path), visit())) for path in ("/a", "/b"))
    assert one == other


def test_a_feed_keeps_its_name_when_it_moves_and_when_settings_follow(site: Site, visit: Visits) -> None:
    item = "<guid>7</guid><title>t</title>"
    options = rss.Options(url=site.serve("/old", feed(item, channel=self_link(f"{site.url}/old"))))
    first = rss.fetch(options, visit())
    site.serve("/old", status=301, headers={"Location": "/new"})
    site.serve("/new", feed(item, channel=self_link(f"{site.url}/new")))
    moved = rss.fetch(options, visit(first.cursor))
    edited = rss.fetch(rss.Options(url=f"{site.url}/new"), visit(moved.cursor))
    assert keys(first) == keys(moved) == keys(edited)


def test_a_cursor_from_before_feeds_had_names_keeps_its_keys(site: Site, visit: Visits) -> None:
    url = site.serve("/feed", feed("<guid>7</guid><title>t</title>"))
    asked = fingerprint(url)
    assert keys(rss.fetch(rss.Options(url=url), visit({"asked": asked}))) == [f"rss:{asked}:7"]


def test_marks_are_drawn_where_the_feed_is_parsed_and_are_those_of_its_words(site: Site, visit: Visits) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    text = f"&lt;p&gt;{words}&lt;/p&gt; via @ana"
    (found,) = fetched(site, visit, f"<item><title>A &amp; B</title><description>{text}</description></item>").mentions
    assert found.word_marks == word_marks(found.title, found.text)
    assert found.word_marks[1]


def test_entries_without_words_are_skipped_and_counted(site: Site, visit: Visits) -> None:
    found = fetched(site, visit, "<guid>1</guid>", "<guid>2</guid><title> </title>", "<guid>3</guid><title>t</title>")
    assert len(found.mentions) == 1
    assert found.warnings == ("2 posts skipped: neither title nor text.",)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://acme.example/x", "http://", "//[", ""])
def test_only_web_links_are_kept(link: str, site: Site, visit: Visits) -> None:
    assert fetched(site, visit, f"<guid>1</guid><title>t</title><link>{link}</link>").mentions[0].url is None


@pytest.mark.parametrize(("stated", "language"), [("pt-BR", "pt"), ("DE_at", "de"), ("English", None), ("", None)])
def test_the_language_is_its_primary_subtag(stated: str, language: str | None, site: Site, visit: Visits) -> None:
    url = site.serve("/feed", feed("<title>t</title>", channel=f"<language>{stated}</language>"))
    assert rss.fetch(rss.Options(url=url), visit()).mentions[0].language == language


def conditional(site: Site) -> str:
    def reply(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since") == "then"
        validators = {"ETag": '"v1"', "Last-Modified": "then"}
        return site.reply(b"" if known else feed("<title>t</title>").encode(), 304 if known else 200, validators)

    return site.answer("/feed", reply)


def test_an_unchanged_feed_costs_a_304_and_keeps_its_cursor(site: Site, visit: Visits) -> None:
    options = rss.Options(url=conditional(site))
    first = rss.fetch(options, visit())
    second = rss.fetch(options, visit(first.cursor))
    assert (len(first.mentions), first.unchanged) == (1, False)
    assert (second.mentions, second.unchanged, second.cursor) == ((), True, first.cursor)


def test_a_fresh_visit_asks_unconditionally(site: Site, visit: Visits) -> None:
    options = rss.Options(url=conditional(site))
    cursor = rss.fetch(options, visit()).cursor
    assert len(rss.fetch(options, visit(cursor, fresh=True)).mentions) == 1


def test_a_cursor_of_another_address_is_not_used(site: Site, visit: Visits) -> None:
    cursor = rss.fetch(rss.Options(url=conditional(site)), visit()).cursor
    site.serve("/new", feed("<title>t</title>"))
    rss.fetch(rss.Options(url=f"{site.url}/new"), visit(cursor))
    assert "if-none-match" not in site.asked[-1].headers


def test_a_feed_that_was_cut_off_is_asked_for_in_full_again(site: Site, visit: Visits) -> None:
    whole = feed("<title>one</title>", "<title>two</title>")
    url = site.serve("/feed", whole[: whole.index("two")], headers={"ETag": '"v1"'})
    found = rss.fetch(rss.Options(url=url), visit())
    assert [mention.title for mention in found.mentions] == ["one"]
    assert "etag" not in found.cursor


def test_a_permanent_redirect_is_followed_from_then_on(site: Site, visit: Visits) -> None:
    options = rss.Options(url=site.serve("/old", status=301, headers={"Location": "/new"}))
    site.serve("/new", feed("<guid>1</guid><title>t</title>"))
    first = rss.fetch(options, visit())
    second = rss.fetch(options, visit(first.cursor))
    assert [asked.path for asked in site.asked] == ["/old", "/new", "/new"]
    assert keys(first) == keys(second)
    assert second.cursor == first.cursor


def test_the_old_address_is_asked_when_the_new_one_fails(site: Site, visit: Visits) -> None:
    options = rss.Options(url=site.serve("/old", status=301, headers={"Location": "/new"}))
    site.serve("/new", feed("<title>t</title>"))
    cursor = rss.fetch(options, visit()).cursor
    site.serve("/new", status=404)
    site.serve("/old", feed("<title>back</title>"))
    found = rss.fetch(options, visit(cursor))
    assert [mention.title for mention in found.mentions] == ["back"]
    site.serve("/new", status=429, headers={"Retry-After": "60"})
    with pytest.raises(SourceError, match="too often"):
        rss.fetch(options, visit(cursor))


def test_a_redirect_to_something_that_is_no_feed_is_not_remembered(site: Site, visit: Visits) -> None:
    options = rss.Options(url=site.serve("/feed", status=301, headers={"Location": "/parked"}))
    site.serve("/parked", "<html>This domain is for sale</html>")
    with pytest.raises(SourceError, match="web page"):
        rss.fetch(options, visit())


@pytest.mark.parametrize(
    "url", ["acme.example/feed", "ftp://acme.example/", "http://", "https://a b.example/", "http://["]
)
def test_settings_take_only_web_addresses(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        rss.Options(url=url)
