"""Recorded answers of social networks, served by a local server and compared field by field with the recorded bytes.

What to expect is worked out here from the recorded bytes by other means than the code's own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from mentions.mention import Engagement, Mention
from sources import bluesky, mastodon, reddit, x
from sources.contract import Budget, SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Reply, Site

Visits = Callable[..., Visit]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
# Of the transport that the recording was made of, and not of the answer.
HOP = {"content-length", "transfer-encoding", "connection", "content-encoding"}


def recorded_reply(site: Site, path: Path, body: bytes | None = None) -> Reply:
    record = path.with_name(path.name + ".http.json")
    told: Mapping[str, Any] = json.loads(record.read_text()) if record.exists() else {"headers": {}}
    headers = {name: value for name, value in told["headers"].items() if name not in HOP}
    return site.reply(path.read_bytes() if body is None else body, told.get("status", 200), headers)


def words(markup: object) -> list[str]:
    """The words a reader sees in some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", " ", str(markup or ""))).split()


def letters(text: object) -> str:
    """The letters and digits of a text or of some HTML, without what stands between them."""
    return re.sub(r"[\W_]", "", "".join(words(text)))


def set_up(kind: Any, **values: Any) -> Any:
    """A kind's options with stand-ins for its secrets."""
    return kind.Options(**{"query": "q", **values})


def by_key(mentions: tuple[Mention, ...]) -> dict[str, Mention]:
    return {mention.key.partition(":")[2]: mention for mention in mentions}


@pytest.fixture
def payloads(recorded: Path) -> Path:
    return recorded / "payloads"


def bluesky_posts(path: Path) -> list[dict[str, Any]]:
    told = json.loads(path.read_bytes())
    return told["posts"] if "posts" in told else [each["post"] for each in told["feed"]]


@pytest.mark.parametrize("name", ["search_posts-00.json", "get_posts-00.json", "list_feed-00.json"])
def test_every_recorded_post_of_bluesky_is_mapped(name: str, payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "bluesky" / name
    posts = {post["uri"]: post for post in bluesky_posts(path)}
    body = path.read_bytes() if name.startswith("search") else json.dumps({"posts": list(posts.values())}).encode()
    site.serve_json("/xrpc/com.atproto.server.createSession", {"accessJwt": "opened"})
    site.answer("/xrpc/app.bsky.feed.searchPosts", lambda _: recorded_reply(site, path, body))
    login = {"account": "a.example", "app_password": "p"}
    found = bluesky.fetch(set_up(bluesky, server=site.url, pages=1, **login), visit())
    mentions = by_key(found.mentions)
    assert mentions.keys() == posts.keys()
    assert found.warnings == ()
    for uri, post in posts.items():
        mention, record = mentions[uri], post["record"]
        assert mention.handle == post["author"]["handle"]
        assert mention.author == (" ".join(post["author"]["displayName"].split()) or mention.handle)
        assert mention.url == f"https://bsky.app/profile/{mention.handle}/post/{uri.split('/')[-1]}"
        dates = [datetime.fromisoformat(each) for each in (record["createdAt"], post["indexedAt"])]
        assert mention.published.at == min(dates)
        assert mention.language == (record["langs"][0].split("-")[0] if record.get("langs") else None)
        passed_on = post["repostCount"] + post.get("quoteCount", 0)
        assert mention.engagement == Engagement(post["likeCount"], post["replyCount"], passed_on)
        links = [each for facet in record.get("facets", []) for each in facet["features"] if "uri" in each]
        assert all(link["uri"] in mention.text for link in links)
        assert letters(mention.text).startswith(letters(record["text"].split("http")[0][:20]))
        if post.get("embed", {}).get("$type") == "app.bsky.embed.record#view":
            assert f"Quoting {post['embed']['record']['author']['handle']}: " in mention.text


@pytest.mark.parametrize("name", ["stream_comments-01.json", "stream_comments-02.json"])
def test_every_recorded_comment_of_reddit_is_mapped(name: str, payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "reddit" / name
    site.serve_json("/api/v1/access_token", {"access_token": "opened", "expires_in": 3600})
    site.serve_json("/r/acme/search", {"data": {"children": []}})
    site.answer("/r/acme/comments", lambda _: recorded_reply(site, path))
    changes: dict[str, Any] = {"subreddit": "acme", "comments": True, "client_id": "i", "client_secret": "s"}
    found = reddit.fetch(set_up(reddit, site=site.url, api=site.url, pages=1, **changes), visit())
    things = {child["data"]["name"]: child["data"] for child in json.loads(path.read_bytes())["data"]["children"]}
    kept = {key: data for key, data in things.items() if data["body"] not in {"[deleted]", "[removed]"}}
    mentions = by_key(found.mentions)
    assert mentions.keys() == kept.keys()
    for key, data in kept.items():
        mention = mentions[key]
        assert mention.text.split() == data["body"].split()
        assert mention.handle == mention.author == (data["author"] if data["author"] != "[deleted]" else None)
        assert mention.published.at.timestamp() == data["created_utc"]
        assert mention.engagement == Engagement(likes=data["score"] if data["score"] >= 0 else None)
        assert mention.url is not None
        assert mention.url.endswith(f"/{key.removeprefix('t1_')}/")


@pytest.mark.parametrize("name", ["search_home.rss", "subreddit_atom_media.xml"])
def test_every_entry_of_a_reddit_feed_is_mapped(name: str, payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "reddit" / name
    site.answer("/search.rss", lambda _: recorded_reply(site, path))
    found = reddit.fetch(set_up(reddit, site=site.url), visit())
    tree: Any = ET.fromstring(path.read_bytes())  # noqa: S314  a file that was looked at, not a stranger's
    entries = tree.findall("a:entry", ATOM)
    mentions = by_key(found.mentions)
    assert mentions.keys() == {entry.findtext("a:id", None, ATOM) for entry in entries}
    assert found.warnings == ()
    for entry in entries:
        mention = mentions[entry.findtext("a:id", None, ATOM)]
        assert mention.title.split() == entry.findtext("a:title", "", ATOM).split()
        assert mention.handle == mention.author == entry.findtext("a:author/a:name", "", ATOM).removeprefix("/u/")
        assert mention.published.at == datetime.fromisoformat(entry.findtext("a:published", "", ATOM))
        assert mention.url == re.sub(r"https://[a-z]+\.", "https://www.", entry.find("a:link", ATOM).get("href"))
        content = entry.find("a:content", ATOM)
        whole = "".join(content.itertext()) if len(content) else content.text
        assert letters(mention.text) == letters(re.split(r"submitted by", whole)[0])


def listings(payloads: Path) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    for path in sorted((payloads / "x").glob("*search_recent_tweets*.json")):
        if not path.name.endswith(".http.json"):
            yield path, json.loads(path.read_bytes())["data"]


def test_recorded_searches_of_x_are_mapped_and_counted(payloads: Path, site: Site, visit: Visits) -> None:
    for path, posts in listings(payloads):
        site.answer("/2/tweets/search/recent", lambda _, path=path: recorded_reply(site, path))  # type: ignore[misc]
        budget = Budget(100)
        options = set_up(x, server=site.url, token="t", pages=1)  # noqa: S106  not a password
        found = x.fetch(options, visit(budget=budget, now=datetime(2022, 10, 8, tzinfo=UTC)))
        mentions = by_key(found.mentions)
        assert {key: mention.text for key, mention in mentions.items()} == {
            post["id"]: " ".join(html.unescape(post["text"]).split()) for post in posts
        }
        assert (budget.spent, found.behind) == (len(posts), True)


@pytest.mark.parametrize(
    "number", ["1399524961891532805", "1400648353990397952", "1402796118610751499", "1404802680099414031"]
)
def test_every_post_of_a_recorded_archive_of_x_is_mapped(
    number: str, payloads: Path, site: Site, visit: Visits
) -> None:
    folder = payloads / "x"
    posts = {post["id"]: post for post in json.loads((folder / f"archive_hk__data_{number}.json").read_bytes())}
    includes = json.loads((folder / "archive_hk__users_1399524961891532805.json").read_bytes())
    users = {user["id"]: user for user in includes["users"]}
    body = {"data": list(posts.values()), "includes": includes, "meta": {"result_count": len(posts)}}
    site.serve_json("/2/tweets/search/recent", body)
    found = x.fetch(set_up(x, server=site.url, token="t"), visit())  # noqa: S106  not a password
    mentions = by_key(found.mentions)
    assert mentions.keys() == posts.keys()
    assert found.warnings == ()
    for key, post in posts.items():
        mention, user = mentions[key], users.get(post["author_id"])
        assert mention.published.at == datetime.fromisoformat(post["created_at"])
        assert mention.language == (None if post["lang"] in {"und", "qme", "qht"} else post["lang"].replace("in", "id"))
        assert mention.handle == (user["username"] if user else None)
        assert mention.author == (" ".join(user["name"].split()) if user else None)
        assert mention.followers == (user["public_metrics"]["followers_count"] if user else None)
        counts = post["public_metrics"]
        passed_on = counts["retweet_count"] + counts["quote_count"]
        assert mention.engagement == Engagement(counts["like_count"], counts["reply_count"], passed_on)
        said, raw = mention.text, html.unescape(post["text"])
        for link in post["entities"]["urls"] or []:
            assert link["url"] not in raw or link["expanded_url"] in mention.text
            said, raw = said.replace(link["expanded_url"], ""), raw.replace(link["url"], "")
        assert letters(said) == letters(raw)


def test_every_status_of_a_recorded_search_of_mastodon_is_mapped(payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "mastodon" / "search_v2-02.json"
    site.answer("/api/v2/search", lambda _: recorded_reply(site, path))
    options = set_up(mastodon, server=site.url, token="t", pages=1)  # noqa: S106  not a password
    mentions = by_key(mastodon.fetch(options, visit(now=datetime(2026, 4, 12, tzinfo=UTC))).mentions)
    statuses = {status["uri"]: status for status in json.loads(path.read_bytes())["statuses"]}
    assert mentions.keys() == statuses.keys()
    for uri, status in statuses.items():
        mention, account = mentions[uri], status["account"]
        assert letters(mention.text) == letters(status["content"])
        acct = account["acct"]
        assert mention.handle == (acct if "@" in acct else f"{acct}@127.0.0.1")
        assert mention.author == (account["display_name"].strip() or mention.handle)
        assert (mention.url, mention.language) == (status["url"], status["language"])
        assert mention.followers == account["followers_count"]
        assert mention.published.at == datetime.fromisoformat(status["created_at"])
        figures = (status["favourites_count"], status["replies_count"], status["reblogs_count"])
        assert mention.engagement == Engagement(*figures)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x_429-00.json", "x"),
        ("reddit_too__many_requests__with_retry_headers-1.body", "reddit"),
        ("reddit_too__many_requests__without_retry_headers-0.body", "reddit"),
        ("reddit_service_unavailable-1.body", "reddit"),
        ("reddit_service_unavailable-2.body", "reddit"),
        ("reddit_service_unavailable-3.body", "reddit"),
    ],
)
def test_recorded_errors_are_passing_errors(name: str, kind: str, payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "http-errors" / name
    site.answer("*", lambda _: recorded_reply(site, path))
    login = {"client_id": "i", "client_secret": "s"}
    with pytest.raises(SourceError) as caught:
        if kind == "x":
            x.fetch(set_up(x, server=site.url, token="t"), visit())  # noqa: S106  not a password
        else:
            reddit.fetch(set_up(reddit, site=site.url, api=site.url, **login), visit())
    assert not caught.value.permanent
    waits = json.loads(path.with_name(name + ".http.json").read_text())["headers"].get("retry-after")
    assert caught.value.retry_after == (float(waits) if waits else caught.value.retry_after)
