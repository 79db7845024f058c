"""Recorded answers of real services, served by a local server: every post in them becomes one mention.

What to expect is worked out here from the recorded bytes by other means than the code's own.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest

from sources import hackernews, mastodon, rss
from sources.contract import Fetched, SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
TYPES = {".json": "application/json", ".atom": "application/atom+xml", ".rss": "application/rss+xml"}
# Of the transport that the recording was made of, and not of the answer.
HOP = {"content-length", "transfer-encoding", "connection", "content-encoding"}
# Of the corpus: binary content, a drawing and what HTML reads as a comment hold no words, though feedparser gives some.
WORDLESS = r"atom10__entry_(content|title|summary)_base64|rss2\.0svgtitle|not_a_doctype"


def bodies(recorded: Path, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((recorded / "payloads" / folder).iterdir())]
    return [path for path in found if not path.name.endswith(".http.json")]


def replying(site: Site, path: Path) -> Callable[[Asked], Reply]:
    return lambda _: reply(site, path)


def reply(site: Site, path: Path) -> Reply:
    """A recorded answer with its headers, packed as those say."""
    body, record = path.read_bytes(), path.with_name(path.name + ".http.json")
    headers: Mapping[str, str] = json.loads(record.read_text())["headers"] if record.exists() else {}
    kept = {"content-type": TYPES.get(path.suffix, "text/xml")} | {k: v for k, v in headers.items() if k not in HOP}
    if body.startswith(b"\x1f\x8b"):
        return site.reply(body, headers={**kept, "content-encoding": "gzip"})
    if headers.get("content-encoding") == "gzip":
        return site.reply(gzip.compress(body), headers={**kept, "content-encoding": "gzip"})
    return site.reply(body, headers=kept)


def words(markup: object) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", str(markup or ""))).strip()


def posts_in_feed(path: Path) -> int | None:
    """How many distinct entries with words a feed holds, None where it is no feed."""
    body = path.read_bytes()
    body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    if path.suffix == ".json":
        items = json.loads(body)["items"]
        return len({item["id"] for item in items if words(item.get("title")) or words(item.get("content_html"))})
    text = body.decode("utf-16-be").encode() if body.startswith(b"\0<") else body
    found = feedparser.parse(io.BytesIO(text.lstrip()))
    if not found.entries and (found.bozo or not found.version):
        return None
    said = ((e, [e.get("title"), e.get("summary"), *(c.value for c in e.get("content", []))]) for e in found.entries)
    return len({e.get("id") or e.get("link") or str(parts) for e, parts in said if any(map(words, parts))})


def distinct(found: Fetched) -> int:
    return len({mention.key for mention in found.mentions})


def test_every_recorded_feed_brings_its_entries_once(recorded: Path, site: Site, visit: Visits) -> None:
    no_feeds = set()
    tag_feed = recorded / "payloads" / "stackexchange" / "tag_feed.xml"
    for path in [*bodies(recorded, "feeds-real", "google"), tag_feed]:
        options = rss.Options(url=site.answer(f"/{path.name}", replying(site, path)))
        expected = posts_in_feed(path)
        try:
            first, second = rss.fetch(options, visit()), rss.fetch(options, visit())
        except SourceError:
            no_feeds.add(path.name)
            assert expected is None, path.name
        else:
            assert (path.name, distinct(first)) == (path.name, expected)
            assert {mention.key for mention in first.mentions} == {mention.key for mention in second.mentions}
    assert no_feeds == {"fastfeedparser__malformed_rss_namespaced.xml", "rss-parser__unrecognized.rss"}


def statuses(path: Path) -> list[dict[str, Any]]:
    return [post for post in json.loads(path.read_bytes()) if words(post["content"]) or post["spoiler_text"]]


def test_every_recorded_timeline_brings_its_posts_once(recorded: Path, site: Site, visit: Visits) -> None:
    for path in bodies(recorded, "mastodon"):
        site.answer("/api/v1/timelines/tag/x", replying(site, path))
        options = mastodon.Options(server=site.url, tag="x", pages=2)
        if isinstance(json.loads(path.read_bytes()), dict):  # an answer of the search, which is not this kind's
            with pytest.raises(SourceError, match="no list"):
                mastodon.fetch(options, visit())
            continue
        assert distinct(mastodon.fetch(options, visit())) == len({post["uri"] for post in statuses(path)}), path.name


def test_recorded_pages_are_followed_to_their_end_by_the_recorded_links(
    recorded: Path, site: Site, visit: Visits
) -> None:
    pages = [recorded / "payloads" / "mastodon" / f"tag_paged-{number}.json" for number in (31, 32, 33, 34, 35)]
    queries = [json.loads(path.with_name(path.name + ".http.json").read_text())["url"] for path in pages]
    by_place = {re.sub(r".*limit=10&?", "", url): path for url, path in zip(queries, pages, strict=True)}

    def page(asked: Asked) -> Reply:
        place = "&".join(f"{name}={value}" for name, value in asked.query.items() if name != "limit")
        return reply(site, by_place[place])

    site.answer("/api/v1/timelines/tag/x", page)
    options = mastodon.Options(server=site.url, tag="x")
    first = mastodon.fetch(options, visit())
    assert distinct(first) == len({post["uri"] for path in pages for post in statuses(path)})
    second = mastodon.fetch(options, visit(first.cursor))
    assert second.cursor == first.cursor
    assert {mention.key for mention in second.mentions} <= {mention.key for mention in first.mentions}


def test_every_recorded_search_brings_its_hits_once(recorded: Path, site: Site, visit: Visits) -> None:
    for path in bodies(recorded, "hackernews"):
        site.answer("*", replying(site, path))
        found = hackernews.fetch(hackernews.Options(server=site.url, query="apple", pages=1), visit())
        hits = json.loads(path.read_bytes())["hits"]
        assert {mention.key for mention in found.mentions} == {f"hackernews:{hit['objectID']}" for hit in hits}
        for mention in found.mentions:
            (hit,) = (hit for hit in hits if mention.key.endswith(hit["objectID"]))
            assert mention.published.at.timestamp() == hit["created_at_i"]
            assert (
                mention.text.split()
                == words(re.sub("<p>", " ", hit["comment_text"] or hit["story_text"] or "")).split()
            )
