"""Recorded answers of review sites, forums and code, served by a local server and compared field by field.

What to expect is read here from the recorded bytes, by other means than the code's own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mentions.mention import Dating, Mention
from sources import appstore, discourse, github, jsonapi, stackexchange
from sources.contract import Fetched, Visit
from tests.sources.conftest import NOW

if TYPE_CHECKING:
    from tests.sources.conftest import Site

Visits = Callable[..., Visit]
# Of the transport that the recording was made of, and not of the answer.
HOP = {"content-length", "transfer-encoding", "connection", "content-encoding", "status"}


def recording(recorded: Path, name: str) -> tuple[Any, Mapping[str, str]]:
    """A recorded body, and the headers that came with it."""
    path = recorded / "payloads" / name
    record = path.with_name(path.name + ".http.json")
    headers = json.loads(record.read_text())["headers"] if record.exists() else {}
    return json.loads(path.read_bytes()), {key: value for key, value in headers.items() if key not in HOP}


def serve(site: Site, path: str, recorded: Path, name: str) -> Any:
    body, headers = recording(recorded, name)
    site.serve(path, (recorded / "payloads" / name).read_bytes(), headers=headers)
    return body


def by_key(found: Fetched) -> dict[str, Mention]:
    assert found.warnings == ()
    return {mention.key: mention for mention in found.mentions}


def words(text: str) -> list[str]:
    return re.sub(r"\s+", " ", text).split()


def unmarked(markup: str) -> list[str]:
    return words(html.unescape(re.sub(r"<[^>]*>", " ", markup)))


def shown(text: str) -> list[str]:
    """The words of a text in which marks may stand where markup had none."""
    return words(re.sub(r"([^\w\s])", r" \1 ", text))


def test_recorded_reviews_of_2020_have_stars_and_no_times(recorded: Path, site: Site, visit: Visits) -> None:
    address = "/jp/rss/customerreviews/page=1/id=1404176564/sortby=mostrecent"
    body = serve(site, f"{address}/json", recorded, "appstore/FixtureReviewAPI.json")
    site.serve(f"{address}/xml", '<feed xmlns="http://www.w3.org/2005/Atom"><title>None</title></feed>')
    options = appstore.Options(server=site.url, app="1404176564", countries=("jp",), pages=1)
    mentions = by_key(appstore.fetch(options, visit()))
    entries = body["feed"]["entry"]
    assert len(mentions) == len(entries) == 50
    for entry in entries:
        mention = mentions["appstore:" + entry["id"]["label"]]
        assert mention.title == " ".join(entry["title"]["label"].split())
        assert words(mention.text) == words(entry["content"]["label"])
        assert mention.author == " ".join(entry["author"]["name"]["label"].split())
        assert mention.rating
        assert (mention.rating.value, mention.rating.worst, mention.rating.best) == (
            int(entry["im:rating"]["label"]),
            1,
            5,
        )
        assert mention.engagement.likes == int(entry["im:voteSum"]["label"])
        link = entry["author"]["uri"]["label"]
        assert (mention.url, mention.handle) == (link, link.rpartition("/")[2])
        assert mention.published.dating is Dating.MISSING


def test_a_transcribed_review_of_2026_has_its_time(recorded: Path, site: Site, visit: Visits) -> None:
    body = serve(
        site, "/in/rss/customerreviews/page=1/id=7/sortby=mostrecent/json", recorded, "transcribed/appstore_2026.json"
    )
    later = datetime(2026, 9, 21, tzinfo=UTC)
    options = appstore.Options(server=site.url, app="7", countries=("in",), pages=1)
    (mention,) = by_key(appstore.fetch(options, visit(now=later))).values()
    (entry,) = body["feed"]["entry"]
    assert mention.published.at == datetime.fromisoformat(entry["updated"]["label"])
    assert mention.text == entry["content"]["label"]
    assert mention.engagement.likes == int(entry["im:voteSum"]["label"])


def test_recorded_newest_posts_of_a_forum(recorded: Path, site: Site, visit: Visits) -> None:
    body = serve(site, "/posts.json", recorded, "discourse/posts_latest.json")
    mentions = by_key(discourse.fetch(discourse.Options(server=site.url, pages=1), visit()))
    posts = [post for post in body["latest_posts"] if not post["hidden"]]
    assert len(mentions) == len(posts)
    host = site.url.partition("//")[2]
    for post in posts:
        mention = mentions[f"discourse:{host}:{post['id']}"]
        check_post(mention, post, site.url)
        assert mention.title == post["topic_title"]
        assert mention.author == (post["name"] or post["username"])


def check_post(mention: Mention, post: Mapping[str, Any], server: str) -> None:
    assert shown(" ".join(unmarked(post["cooked"]))) == shown(mention.text)
    assert mention.url == f"{server}/t/{post['topic_slug']}/{post['topic_id']}/{post['post_number']}"
    assert mention.published.at == datetime.fromisoformat(post["created_at"])
    assert mention.handle == f"{post['username']}@{server.partition('//')[2]}"
    assert mention.engagement.replies == post["reply_count"]


def test_posts_of_a_recorded_topic_in_the_form_of_the_newest_posts(recorded: Path, site: Site, visit: Visits) -> None:
    topic, _ = recording(recorded, "discourse/topic.json")
    site.serve_json("/posts.json", {"latest_posts": topic["post_stream"]["posts"]})
    posts = [post for post in topic["post_stream"]["posts"] if unmarked(post["cooked"])]  # one is a mere picture
    mentions = discourse.fetch(discourse.Options(server=site.url, pages=1), visit()).mentions
    assert len(mentions) == len(posts)
    for mention, post in zip(mentions, posts, strict=True):
        check_post(mention, post, site.url)
        assert mention.author == post["name"]
        likes = [each.get("count") for each in post["actions_summary"] if each["id"] == 2]
        assert mention.engagement.likes == (likes[0] if likes else None)


def test_recorded_issues(recorded: Path, site: Site, visit: Visits) -> None:
    body = serve(site, "/search/issues", recorded, "github/search_issues-00.json")
    found = github.fetch(github.Options(server=site.url, query="compile", pages=1), visit())
    mentions = by_key(found)
    assert found.behind  # as the recorded Link header says
    assert len(mentions) == len(body["items"]) == 30
    for item in body["items"]:
        mention = mentions[f"github:{site.url.partition('//')[2]}:{item['id']}"]
        assert mention.title == " ".join(item["title"].split())
        written = re.sub(r"<!--.*?-->", "", item["body"] or "", flags=re.DOTALL)
        assert words(mention.text) == words(written)
        assert mention.url == item["html_url"]
        assert mention.author == mention.handle == item["user"]["login"]
        assert mention.published.at == datetime.fromisoformat(item["created_at"])
        assert (mention.engagement.replies, mention.engagement.likes) == (item["comments"], None)


def test_recorded_questions(recorded: Path, site: Site, visit: Visits) -> None:
    body = serve(site, "/2.3/search/advanced", recorded, "stackexchange/search_advanced.json")
    found = stackexchange.fetch(stackexchange.Options(server=site.url, query="ruby", pages=1), visit())
    mentions = by_key(found)
    assert found.behind == body["has_more"]
    assert len(mentions) == len(body["items"])
    for item in body["items"]:
        mention = mentions[f"stackexchange:stackoverflow:{item['question_id']}"]
        assert words(mention.title) == words(html.unescape(item["title"]))
        assert mention.url == item["link"]
        assert mention.published.at.timestamp() == item["creation_date"]
        assert mention.author == html.unescape(item["owner"]["display_name"])
        assert mention.handle == str(item["owner"]["user_id"])
        assert mention.engagement.replies == item["answer_count"]
        assert mention.engagement.likes == (item["score"] if item["score"] >= 0 else None)


# Recorded answers of services that have kinds of their own, read by expressions alone; how to find their posts, ids and
# times by other means.
BY_EXPRESSIONS: list[tuple[str, dict[str, Any], Callable[[Any], Any], Callable[[Any], tuple[Any, Any]]]] = [
    (
        "mastodon/tag_rstats_anon-00.json",
        {"fields": {"id": "uri", "text": "content", "published": "created_at"}, "html": True},
        lambda body: body,
        lambda post: (post["uri"], datetime.fromisoformat(post["created_at"])),
    ),
    (
        "github/search_issues-00.json",
        {"items": "items", "fields": {"id": "id", "title": "title", "text": "body", "published": "created_at"}},
        lambda body: body["items"],
        lambda post: (post["id"], datetime.fromisoformat(post["created_at"])),
    ),
    (
        "stackexchange/search_advanced.json",
        {"items": "items", "fields": {"id": "question_id", "title": "title", "published": "creation_date"}},
        lambda body: body["items"],
        lambda post: (post["question_id"], datetime.fromtimestamp(post["creation_date"], UTC)),
    ),
    (
        "newsapi/everything_p1.json",
        {"items": "articles", "fields": {"id": "url", "title": "title", "published": "publishedAt"}},
        lambda body: body["articles"],
        lambda post: (post["url"], datetime.fromisoformat(post["publishedAt"])),
    ),
    (
        "appstore/FixtureReviewAPI.json",
        {"items": "feed.entry", "fields": {"id": "id.label", "text": "content.label", "rating": '"im:rating".label'}},
        lambda body: body["feed"]["entry"],
        lambda post: (post["id"]["label"], None),
    ),
]


def test_recorded_answers_of_other_services_are_read_by_expressions(recorded: Path, site: Site, visit: Visits) -> None:
    for name, settings, posts_of, expected in BY_EXPRESSIONS:
        posts = posts_of(serve(site, "/any", recorded, name))
        found = jsonapi.fetch(jsonapi.Options(url=f"{site.url}/any", **settings), visit())
        assert (name, found.warnings, len(found.mentions)) == (name, (), len(posts))
        for mention, post in zip(found.mentions, posts, strict=True):
            identity, published = expected(post)
            assert mention.key.endswith(f":{identity}")
            assert mention.published.at == (published or NOW)
            assert mention.rating is None or mention.rating.value == int(post["im:rating"]["label"])
