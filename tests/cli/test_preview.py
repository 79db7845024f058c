from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cli.preview import as_record
from mentions.mention import Dating, Engagement, Mention, Published, Rating

if TYPE_CHECKING:  # test folders are no packages when tests run
    from tests.cli.conftest import Outcome, Site

    Run = Callable[..., Outcome]

FEED = """<rss version="2.0"><channel><title>Forum</title>
<item><guid>1</guid><title>Older &#27;[31m</title><description>It was fine.</description>
<link>https://example.com/1</link><pubDate>Mon, 02 Feb 2026 10:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>Newer</title><description>It is late &amp;amp; cold.</description>
<link>https://example.com/2</link><pubDate>Mon, 02 Feb 2026 11:30:00 GMT</pubDate></item>
<item><guid>2</guid><title>Newer</title><description>It is late &amp;amp; cold.</description>
<link>https://example.com/2</link><pubDate>Mon, 02 Feb 2026 11:30:00 GMT</pubDate></item>
</channel></rss>"""


def test_mentions_are_listed_newest_first_and_once(groundswell: Run, site: Site) -> None:
    site.pages["/feed"] = (200, FEED.replace("&#27;", ""))
    outcome = groundswell("preview", "rss", f"url={site.address}/feed", "--internal")
    assert (outcome.code, outcome.err) == (0, "")
    first, _, *rest = outcome.out.splitlines()
    assert first.startswith("2 mentions, newest ")
    assert rest[0].startswith("2026-02-02 11:30 UTC  ")
    assert rest[1:4] == ["  Newer", "  It is late & cold.", "  https://example.com/2"]


def test_json_is_one_mention_a_line(groundswell: Run, site: Site) -> None:
    site.pages["/feed"] = (200, FEED.replace("&#27;", ""))
    outcome = groundswell("preview", "rss", f"url={site.address}/feed", "--internal", "--json", "--contact", "a@b")
    records = [json.loads(line) for line in outcome.out.splitlines()]
    assert [record["title"] for record in records] == ["Newer", "Older [31m"]
    assert records[0]["published_at"] == "2026-02-02T11:30:00+00:00"
    assert site.asked[0].endswith(" (+a@b)")


def test_a_record_holds_everything_known_of_a_mention() -> None:
    published = Published(datetime(2026, 2, 2, tzinfo=UTC), Dating.STATED)
    engagement = Engagement(1, 2, 3, views=5)
    mention = Mention("k", "T", "X", published, "https://e.com", "Ana", "en", engagement, 4, "ana", Rating(2, 1, 5))
    assert as_record(mention) == {
        "key": "k",
        "url": "https://e.com",
        "author": "Ana",
        "handle": "ana",
        "title": "T",
        "text": "X",
        "published_at": "2026-02-02T00:00:00+00:00",
        "dating": "stated",
        "language": "en",
        "likes": 1,
        "replies": 2,
        "reposts": 3,
        "views": 5,
        "followers": 4,
        "rating": {"value": 2, "worst": 1, "best": 5, "scale": "stars"},
    }


def test_an_empty_source_says_so(groundswell: Run, site: Site) -> None:
    site.pages["/feed"] = (200, '<rss version="2.0"><channel><title>Forum</title></channel></rss>')
    outcome = groundswell("preview", "rss", f"url={site.address}/feed", "--internal")
    assert (outcome.code, outcome.out) == (0, "rss answers, with no entries at the moment.\n")


@pytest.mark.parametrize("arguments", [["--internal"], []])
def test_a_source_that_cannot_be_read_fails_on_stderr(groundswell: Run, site: Site, arguments: list[str]) -> None:
    """Missing with consent to private addresses, refused without it."""
    outcome = groundswell("preview", "rss", f"url={site.address}/gone", *arguments)
    assert (outcome.code, outcome.out) == (1, "")
    assert "127.0.0.1" in outcome.err
    assert len(site.asked) == len(arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rsss"], '"rsss" is not a kind of source. Known: appstore, '),
        (["rss"], 'url: is missing. Add it, as in "url: https:'),
        (["rss", "link=https://example.com"], "link: is not a key that belongs here."),
        (["x"], 'token: is missing. Add it, as in "token: ${TOKEN}".'),
        (["appstore", "app=acme"], 'app: "acme" is not of the right form. Write it as in "284882215".'),
        (["rss", "https://example.com/feed"], '"https://example.com/feed" is not of the form option=value.'),
        (["rss", "url=https://a.example", "url=https://b.example"], '"url" is given twice.'),
        (["mastodon", "server=https://a.example", "tag=x", "token=hunter2"], "token: is secret and must not stand"),
    ],
)
def test_wrong_options_are_told(groundswell: Run, arguments: list[str], said: str) -> None:
    outcome = groundswell("preview", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err
    assert "hunter2" not in outcome.err


def test_wrong_options_list_the_right_ones(groundswell: Run) -> None:
    lines = groundswell("preview", "mastodon", "nope=1").err.splitlines()
    listed = {line.split()[0]: line for line in lines[lines.index("Options of mastodon:") + 1 :]}
    assert "; required; as in server=" in listed["server"]
    assert listed["token"].endswith("; optional; written 'token=${NAME}' with that variable set")
    assert "; default " in listed["pages"]


def test_sections_are_written_with_a_dot_as_their_explanation_says(groundswell: Run, site: Site) -> None:
    listed = groundswell("preview", "jsonapi", "fields=x").err
    assert "as in fields.id=id fields.text=text" in listed
    site.pages["/posts"] = (200, '{"data": [{"id": 7, "body": "It is late."}]}')
    given = (f"url={site.address}/posts", "items=data", "fields.id=id", "fields.text=body", "headers.Accept=text/json")
    outcome = groundswell("preview", "jsonapi", *given, "--internal")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.endswith("  It is late.\n")
    assert '"fields.id" is given twice.' in groundswell("preview", "jsonapi", *given, "fields.id=a").err
