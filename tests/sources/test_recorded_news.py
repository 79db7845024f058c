"""Recorded answers of news and video services, served by a local server: field by field what the kinds make of them.

What to expect is worked out here from the recorded bytes by other means than the code's own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from pydantic import SecretStr

from mentions.mention import Engagement, Mention
from sources import gdelt, google_news, hackernews, newsapi, youtube
from sources.contract import HostBusyError, SourceError, Visit

if TYPE_CHECKING:
    from tests.sources.conftest import Asked, Reply, Site

Visits = Callable[..., Visit]
LATER = datetime(2026, 12, 1, tzinfo=UTC)  # after every recording
MEDIA = "{http://search.yahoo.com/mrss/}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def payloads(recorded: Path) -> Path:
    return recorded / "payloads"


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def squeezed(text: str | None) -> str:
    """The words of a text without tags, entities and white space."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", text or "")).split())


def by_key(mentions: tuple[Mention, ...]) -> dict[str, Mention]:
    return {mention.key.partition(":")[2]: mention for mention in mentions}


def host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def test_google_news(payloads: Path, site: Site, visit: Visits) -> None:
    body = (payloads / "google" / "news_rss_search.xml").read_bytes()

    def reply(asked: Asked) -> Reply:
        empty = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
        return site.reply(body if asked.query["q"].endswith("7d") else empty)

    site.answer("/rss/search", reply)
    found = google_news.fetch(google_news.Options(server=site.url, query="acme"), visit(now=LATER))
    items = ET.fromstring(body.strip()).findall("channel/item")  # noqa: S314  a recording of our own
    mentions = by_key(found.mentions)
    assert (len(mentions), found.warnings) == (len(items), ())
    for item in items:
        field = {each.tag: (each.text or "").strip() for each in item}
        mention = mentions[field["guid"]]
        assert " ".join(f"{mention.title} - {mention.author}".split()) == " ".join(field["title"].split())
        assert (mention.author, mention.language) == (field["source"], "en")
        assert (mention.url, mention.handle) == (field["link"], host(item.find("source").attrib["url"]))  # type: ignore[union-attr]
        assert mention.published.at == parsedate_to_datetime(field["pubDate"])
        assert mention.text == ""


def test_newsapi(payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "newsapi" / "everything_p1.json"
    site.serve("/v2/everything", path.read_bytes())
    options = newsapi.Options(key=SecretStr("k"), query="acme", server=site.url)
    found = newsapi.fetch(options, visit(now=LATER))
    articles = read(path)["articles"]
    assert len({mention.key for mention in found.mentions}) == len({article["url"] for article in articles})
    for mention, article in zip(found.mentions, articles, strict=True):
        assert mention.url == article["url"]
        assert squeezed(mention.title) == squeezed(article["title"])
        assert mention.author == (" ".join((article["author"] or "").split()) or article["source"]["name"])
        assert mention.handle == host(article["url"])
        assert mention.published.at == datetime.fromisoformat(article["publishedAt"])
        assert not re.search(r"\[\+\d+ chars\]", mention.text)
        said = squeezed(mention.text)
        for part in (article["description"], re.sub(r"\[\+\d+ chars\]$", "", article["content"] or "")):
            assert squeezed(part).rstrip(".…") in said


def test_gdelt(payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "transcribed" / "gdelt_artlist.json"
    site.serve("/api/v2/doc/doc", path.read_bytes())
    found = gdelt.fetch(gdelt.Options(query="acme", server=site.url), visit(now=LATER))
    articles = {article["url"]: article for article in read(path)["articles"]}
    assert {mention.url for mention in found.mentions} == set(articles)
    for mention in found.mentions:
        article = articles[mention.url or ""]
        assert (mention.title, mention.author, mention.language) == (article["title"], article["domain"], "zh")
        assert mention.published.at.strftime("%Y%m%dT%H%M%SZ") == article["seendate"]


@pytest.mark.parametrize("status", [200, 429])
def test_gdelt_asking_to_be_left_alone(status: int, payloads: Path, site: Site, visit: Visits) -> None:
    site.serve("/api/v2/doc/doc", (payloads / "transcribed" / "gdelt_429.txt").read_bytes(), status=status)
    options = gdelt.Options(query="acme", server=site.url)
    with pytest.raises(SourceError, match="too often") as caught:
        gdelt.fetch(options, visit())
    assert not caught.value.permanent
    with pytest.raises(HostBusyError):
        gdelt.fetch(options, visit())
    assert len(site.asked) == 1


def test_hackernews(payloads: Path, site: Site, visit: Visits) -> None:
    for path in sorted((payloads / "hackernews").glob("*-??.json")):
        site.serve("/api/v1/search_by_date", path.read_bytes())
        options = hackernews.Options(server=site.url, query="acme", pages=1)
        mentions = by_key(hackernews.fetch(options, visit(now=LATER)).mentions)
        hits = {hit["objectID"]: hit for hit in read(path)["hits"]}
        assert mentions.keys() == hits.keys()
        for number, hit in hits.items():
            mention = mentions[number]
            assert squeezed(mention.title) == squeezed(hit["title"])
            assert (mention.author, mention.handle) == (hit["author"], hit["author"])
            assert mention.url == (hit["url"] or f"https://news.ycombinator.com/item?id={number}")
            assert mention.engagement == Engagement(likes=hit["points"], replies=hit["num_comments"])
            assert mention.published.at.timestamp() == hit["created_at_i"]


def searching(site: Site, **changes: Any) -> youtube.Options:
    return youtube.Options(**{"key": SecretStr("k"), "query": "acme", "server": site.url, **changes})


def test_youtube_search(payloads: Path, site: Site, visit: Visits) -> None:
    for page in ("1", "2"):
        body = (payloads / "youtube" / f"search__search_by_keywords_p{page}.json").read_bytes()
        site.serve("/youtube/v3/search", body)
        site.serve_json("/youtube/v3/videos", {"items": []})
        youtube.fetch(searching(site, pages=1), visit(now=LATER))
        ids = [item["id"]["videoId"] for item in json.loads(body)["items"]]
        assert site.asked[-1].query["id"].split(",") == ids


def test_youtube_videos(payloads: Path, site: Site, visit: Visits) -> None:
    path = payloads / "youtube" / "videos__videos_info_multi.json"
    site.serve("/youtube/v3/search", (payloads / "youtube" / "search__search_by_keywords_p1.json").read_bytes())
    site.serve("/youtube/v3/videos", path.read_bytes())
    mentions = by_key(youtube.fetch(searching(site, pages=1), visit(now=LATER)).mentions)
    items = {item["id"]: item for item in read(path)["items"]}
    assert mentions.keys() == items.keys()
    for name, item in items.items():
        mention, snippet, figures = mentions[name], item["snippet"], item.get("statistics", {})
        assert mention.title == " ".join(snippet["title"].split())
        assert mention.text.split() == snippet["description"].split()
        assert (mention.author, mention.handle) == (snippet["channelTitle"], snippet["channelId"])
        assert mention.language == snippet.get("defaultAudioLanguage", snippet.get("defaultLanguage"))
        assert mention.published.at == datetime.fromisoformat(snippet["publishedAt"])
        counts = [
            int(figures[each]) if each in figures else None for each in ("likeCount", "commentCount", "viewCount")
        ]
        assert mention.engagement == Engagement(likes=counts[0], replies=counts[1], views=counts[2])


def test_youtube_comments(payloads: Path, site: Site, visit: Visits) -> None:
    folder = payloads / "youtube"
    pages = [read(folder / f"comment_threads__comment_threads_by_video_paged_{number}.json") for number in (1, 2)]
    by_token = {"": pages[0], pages[0]["nextPageToken"]: {**pages[1], "nextPageToken": None}}
    name = pages[0]["items"][0]["snippet"]["videoId"]
    site.serve_json("/youtube/v3/search", {"items": [{"id": {"videoId": name}}]})
    video = {"id": name, "snippet": {"title": "A video of ours"}, "statistics": {"commentCount": "10"}}
    site.serve_json("/youtube/v3/videos", {"items": [video]})
    site.answer(
        "/youtube/v3/commentThreads",
        lambda asked: site.reply(json.dumps(by_token[asked.query.get("pageToken", "")]).encode()),
    )
    mentions = by_key(youtube.fetch(searching(site, comments=True), visit(now=LATER)).mentions)
    threads = {item["id"]: item["snippet"] for page in pages for item in page["items"]}
    assert mentions.keys() == {name, *threads}
    for number, thread in threads.items():
        mention, said = mentions[number], thread["topLevelComment"]["snippet"]
        assert squeezed(mention.text) == squeezed(said["textDisplay"])
        assert (mention.author, mention.handle) == (said["authorDisplayName"], said["authorChannelId"]["value"])
        assert mention.url == f"https://www.youtube.com/watch?v={thread['videoId']}&lc={number}"
        assert mention.engagement == Engagement(likes=said["likeCount"], replies=thread["totalReplyCount"])
        assert mention.published.at == datetime.fromisoformat(said["publishedAt"])


def test_youtube_channel(payloads: Path, site: Site, visit: Visits) -> None:
    body = (payloads / "youtube" / "channel_feed.xml").read_bytes()
    site.serve("/feeds/videos.xml", body)
    options = youtube.Options.model_validate({"channel": "UCabcdefghijklmnopqrstuv", "site": site.url})
    mentions = by_key(youtube.fetch(options, visit(now=LATER)).mentions)
    entries = ET.fromstring(body.strip()).findall(f"{ATOM}entry")  # noqa: S314  a recording of our own
    assert len(mentions) == len(entries)
    for entry in entries:
        field = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in entry.iter()}
        mention = mentions[field["videoId"]]
        assert mention.title == " ".join((entry.findtext(f"{ATOM}title") or "").split())
        assert mention.text.split() == field["description"].split()
        assert (mention.author, mention.handle) == (field["name"], field["channelId"])
        assert mention.url == entry.find(f"{ATOM}link").attrib["href"]  # type: ignore[union-attr]
        assert mention.published.at == datetime.fromisoformat(field["published"])
        (rating,), (statistics,) = entry.iter(f"{MEDIA}starRating"), entry.iter(f"{MEDIA}statistics")
        counts = Engagement(likes=int(rating.attrib["count"]), views=int(statistics.attrib["views"]))
        assert mention.engagement == counts
