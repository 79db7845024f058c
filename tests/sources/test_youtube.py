"""YouTube as mentions, from a fake of its API that counts units as the service does, and from the feed of a channel."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import SecretStr

from mentions.mention import Engagement
from mentions.query.terms import of_phrases
from sources import youtube
from sources.contract import Budget, BudgetError, Fetched, SourceError, Visit
from sources.network.fetching import Answer, Client

if TYPE_CHECKING:
    from tests.sources.conftest import Site

Visits = Callable[..., Visit]
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
HOUR, DAY = 3_600, 86_400
CHANNEL = "UCabcdefghijklmnopqrstuv"


def moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def video(name: str, at: int = NOON - HOUR, **figures: Any) -> dict[str, Any]:
    snippet = {
        "title": f"Video {name} & more",
        "description": "First line\nSecond <line>",
        "channelTitle": "Acme Fans",
        "channelId": CHANNEL,
        "publishedAt": moment(at),
        "defaultAudioLanguage": "en-GB",
    }
    return {"id": name, "snippet": snippet, "statistics": {"viewCount": "900", "likeCount": "8", **figures}}


def comment(name: str, at: int, **said: Any) -> dict[str, Any]:
    written = {
        "textDisplay": "Never <b>again</b>, &amp; why",
        "authorDisplayName": "@bo",
        "authorChannelId": {"value": "UCbo"},
        "likeCount": 3,
        "publishedAt": moment(at),
        **said,
    }
    return {"id": name, "snippet": written}


@dataclass
class Service:
    """A fake client: comments are (id, seconds since 1970); ``shown`` videos are so in place of ``videos``."""

    videos: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def get(self, url: str, *, params: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        what = url.rpartition("/")[2]
        self.asked.append((what, params))
        if what in self.refused:
            error = SourceError("youtube", "it does not let us in (403).", "Check the key.", permanent=True)
            error.said = self.refused[what]
            raise error
        assert headers == {"X-Goog-Api-Key": "k3y"}
        body: dict[str, Any] = getattr(self, f"_{what}")(params)
        return Answer(200, url, {}, json.dumps(body).encode())

    def paths(self) -> list[str]:
        return [what for what, _ in self.asked]

    def _search(self, params: Mapping[str, str]) -> dict[str, Any]:
        after, before = params["publishedAfter"], params["publishedBefore"]
        stamps = {name: each["snippet"]["publishedAt"] for name, each in self.videos.items()}
        fitting = sorted((name for name in stamps if after <= stamps[name] <= before), key=lambda n: stamps[n])[::-1]
        items = [{"id": {"videoId": name}, "snippet": {"publishedAt": stamps[name]}} for name in fitting[:50]]
        return {"items": items, **({"nextPageToken": "more"} if len(fitting) > 50 else {})}

    def _videos(self, params: Mapping[str, str]) -> dict[str, Any]:
        described = {**self.videos, **self.shown}
        return {"items": [described[name] for name in params["id"].split(",") if name in described]}

    def _commentThreads(self, params: Mapping[str, str]) -> dict[str, Any]:  # noqa: N802  the service's name
        said = sorted(self.comments[params["videoId"]], key=lambda each: -each[1])
        begin = int(params.get("pageToken", "0"))
        threads = [{"topLevelComment": comment(*each), "totalReplyCount": 1} for each in said[begin : begin + 100]]
        token = {"nextPageToken": str(begin + 100)} if len(said) > begin + 100 else {}
        return {"items": [{"snippet": thread} for thread in threads], **token}


def visited(service: Service, cursor: Mapping[str, str] | None = None, budget: int = 10_000, **changes: Any) -> Fetched:
    options = youtube.Options(**{"key": SecretStr("k3y"), "query": "acme", **changes})
    return youtube.fetch(options, Visit(cast("Client", service), cursor or {}, NOW, budget=Budget(budget, "units")))


def keys(found: Fetched) -> set[str]:
    return {mention.key.removeprefix("youtube:") for mention in found.mentions}


def test_a_video_that_a_search_names_becomes_a_mention_with_its_figures() -> None:
    (mention,) = visited(Service({"v1": video("v1", commentCount="5")})).mentions
    assert (mention.key, mention.title, mention.text) == ("youtube:v1", "Video v1 & more", "First line\nSecond <line>")
    assert (mention.author, mention.handle, mention.language) == ("Acme Fans", CHANNEL, "en")
    assert mention.url == "https://www.youtube.com/watch?v=v1"
    assert mention.engagement == Engagement(likes=8, replies=5, views=900)
    assert mention.published.at.isoformat() == "2026-03-10T11:00:00+00:00"


def test_a_comment_becomes_a_mention_that_links_to_itself() -> None:
    service = Service({"v1": video("v1", commentCount="1")}, {"v1": [("c/1", NOON - 60)]})
    (mention,) = (each for each in visited(service, comments=True).mentions if each.key == "youtube:c/1")
    assert (mention.title, mention.text) == ("", "Never again, & why")
    assert (mention.author, mention.handle) == ("@bo", "UCbo")
    assert mention.url == "https://www.youtube.com/watch?v=v1&lc=c%2F1"
    assert mention.engagement == Engagement(likes=3, replies=1)


def test_replies_that_come_with_a_thread_are_mentions_too(site: Site, visit: Visits) -> None:
    thread = {
        "snippet": {"topLevelComment": comment("c1", NOON - 90), "totalReplyCount": 2},
        "replies": {"comments": [comment("c1.1", NOON - 60, textOriginal="a < b"), {"id": None}]},
    }
    site.serve_json("/youtube/v3/search", {"items": [{"id": {"videoId": "v1"}}]})
    site.serve_json("/youtube/v3/videos", {"items": [video("v1", commentCount="3")]})
    site.serve_json("/youtube/v3/commentThreads", {"items": [thread, {"snippet": {}}]})
    options = youtube.Options(key=SecretStr("k3y"), query="acme", comments=True, server=site.url)
    found = youtube.fetch(options, visit())
    assert [mention.text for mention in found.mentions[1:]] == ["Never again, & why", "a < b"]
    assert found.warnings == ("1 post skipped: not as YouTube describes them.",)
    assert all("k3y" not in str(asked.query) for asked in site.asked)


def test_a_search_costs_100_units_and_everything_else_one() -> None:
    service = Service({"v1": video("v1", commentCount="1")}, {"v1": [("c1", NOON)]})
    budget = Budget(10_000, "units")
    options = youtube.Options(key=SecretStr("k3y"), query="acme", comments=True)
    youtube.fetch(options, Visit(cast("Client", service), {}, NOW, budget=budget))
    assert service.paths() == ["search", "videos", "commentThreads"]
    assert budget.spent == 102


def test_the_budget_of_the_day_is_kept_to_and_what_it_brought_is_kept() -> None:
    service = Service({f"v{n}": video(f"v{n}", NOON - n * 600) for n in range(120)})
    found = visited(service, budget=200)
    assert (service.paths(), len(found.mentions), found.behind) == (["search", "videos"] * 2, 99, True)
    with pytest.raises(BudgetError, match="units of today are used up"):
        visited(service, budget=0)


def test_what_one_visit_has_no_room_for_comes_with_the_next() -> None:
    service = Service({f"v{n}": video(f"v{n}", NOON - n * 600) for n in range(400)})
    first = visited(service)
    second = visited(service, first.cursor)
    third = visited(service, second.cursor, pages=9)
    assert (first.behind, third.behind) == (True, False)
    assert keys(first) | keys(second) | keys(third) == set(service.videos)


def test_a_known_search_asks_for_the_last_six_hours_before_the_newest_again() -> None:
    service = Service({"v1": video("v1", NOON - DAY)})
    cursor = visited(service).cursor
    visited(service, cursor)
    searches = [params for what, params in service.asked if what == "search"]
    assert [params["publishedAfter"] for params in searches] == ["2026-03-03T06:00:00Z", "2026-03-09T06:00:00Z"]


def test_comments_are_read_where_their_number_has_changed_down_to_the_newest_known() -> None:
    service = Service(
        {"old": video("old", NOON - 2 * DAY, commentCount="150"), "off": video("off")},
        {"old": [(f"c{n}", NOON - DAY - n) for n in range(150)]},
    )
    first = visited(service, comments=True)
    assert keys(first) == {"old", "off", *(f"c{n}" for n in range(150))}
    second = visited(service, first.cursor, comments=True)
    assert service.paths().count("commentThreads") == 2
    service.comments["old"].append(("late", NOON - 60))
    service.videos["old"] = video("old", NOON - 2 * DAY, commentCount="151")
    third = visited(service, second.cursor, comments=True)
    assert "late" in keys(third)
    assert service.paths().count("commentThreads") == 3


def test_more_new_comments_than_there_is_room_for_are_said_to_be_missing_but_old_ones_are_not() -> None:
    service = Service({"v": video("v", commentCount="300")}, {"v": [(f"c{n}", NOON - n) for n in range(300)]})
    first = visited(service, comments=True, pages=1)
    assert first.warnings == ()
    service.comments["v"] += [(f"d{n}", NOON + n) for n in range(300)]
    service.videos["v"] = video("v", commentCount="600")
    assert "more new comments" in visited(service, first.cursor, comments=True, pages=1).warnings[0]


def test_comments_for_which_no_unit_was_left_are_read_by_the_next_visit() -> None:
    service = Service({"v": video("v", commentCount="1")}, {"v": [("c", NOON)]})
    first = visited(service, budget=101, comments=True)
    assert (keys(first), len(first.warnings)) == ({"v"}, 1)
    assert keys(visited(service, first.cursor, comments=True)) == {"v", "c"}


def refusal(reason: str) -> bytes:
    return json.dumps({"error": {"code": 403, "message": "k3y", "errors": [{"reason": reason}]}}).encode()


def test_comments_that_cannot_be_read_cost_nothing_but_themselves() -> None:
    service = Service({"v": video("v", commentCount="2")}, refused={"commentThreads": refusal("commentsDisabled")})
    found = visited(service, comments=True)
    assert keys(found) == {"v"}
    assert found.warnings == ("The comments below the video v cannot be read.",)


@pytest.mark.parametrize(
    ("said", "problem", "wait"),
    [
        (refusal("quotaExceeded"), "quota of today is used up", 3_600),
        (refusal("accessNotConfigured"), "does not accept the key", None),
        (b'{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}', "does not accept the key", None),
        (refusal("forbidden"), "does not let us in", None),
        (b'{"error": []}', "does not let us in", None),
        (b"oops", "does not let us in", None),
    ],
)
def test_refusals_are_explained_by_their_reason(said: bytes, problem: str, wait: float | None) -> None:
    with pytest.raises(SourceError, match=problem) as caught:
        visited(Service(refused={"search": said}))
    assert (caught.value.retry_after, caught.value.permanent) == (wait, wait is None)


def entry(name: str, community: str = "") -> str:
    return (
        f"<entry><id>yt:video:{name}</id><title>Video {name}</title>"
        f'<link rel="alternate" href="https://www.youtube.com/watch?v={name}"/>'
        f"<author><name>Acme</name><uri>https://www.youtube.com/channel/{CHANNEL}</uri></author>"
        "<published>2026-03-10T11:00:00+00:00</published><media:group><media:description>Words</media:description>"
        f"<media:community>{community}</media:community></media:group></entry>"
    )


def following(site: Site, *entries: str) -> youtube.Options:
    space = 'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    site.serve("/feeds/videos.xml", f"<feed {space}><title>Acme</title>{''.join(entries)}</feed>")
    return youtube.Options.model_validate({"channel": CHANNEL, "site": site.url})


def test_a_channel_is_followed_by_its_feed_without_a_key_or_a_budget(site: Site, visit: Visits) -> None:
    counted = '<media:starRating count="7" average="5.00"/><media:statistics views="900"/>'
    options = following(site, entry("v1", counted), entry("v2", '<media:statistics views="many"/>'))
    first, second = youtube.fetch(options, visit(budget=Budget(0))).mentions
    assert (first.key, first.title, first.text) == ("youtube:v1", "Video v1", "Words")
    assert (first.author, first.handle, first.url) == ("Acme", CHANNEL, "https://www.youtube.com/watch?v=v1")
    assert first.engagement == Engagement(likes=7, views=900)
    assert second.engagement == Engagement()
    assert site.asked[0].query == {"channel_id": CHANNEL}


def test_the_comments_of_a_channel_are_read_with_a_key(site: Site, visit: Visits) -> None:
    options = following(site, entry("v1")).model_copy(update={"comments": True, "server": site.url})
    site.serve_json("/youtube/v3/videos", {"items": [video("v1", commentCount="1")]})
    thread = {"snippet": {"topLevelComment": comment("c1", NOON - 60)}}
    site.serve_json("/youtube/v3/commentThreads", {"items": [thread]})
    found = youtube.fetch(options, visit())
    assert [mention.key for mention in found.mentions] == ["youtube:v1", "youtube:c1"]
    assert found.mentions[0].engagement == Engagement(likes=8, replies=1, views=900)
    with_nothing_left = youtube.fetch(options, visit(budget=Budget(0)))
    assert [mention.key for mention in with_nothing_left.mentions] == ["youtube:v1"]


def test_settings_ask_for_a_key_where_one_is_needed() -> None:
    for written in ({}, {"query": "acme"}, {"channel": CHANNEL, "comments": True}):
        with pytest.raises(ValueError, match="key"):
            youtube.Options.model_validate(written)


def test_the_brands_queries_are_searched_for_with_bars_between_alternatives() -> None:
    service = Service()
    options, queries = youtube.Options(key=SecretStr("k3y")), (of_phrases(["Acme Air", "acmeair"]),)
    youtube.fetch(options, Visit(cast("Client", service), {}, NOW, queries=queries))
    assert service.asked[0][1]["q"] == '"Acme Air"|"acmeair"'


WRONG: list[Any] = [None, True, -1, 10**30, 1.5, "odd", "", [], {}, "javascript:x"]
PLACES = [(part, name) for part in ("snippet", "statistics") for name in video("v", commentCount="1")[part]]


@pytest.mark.parametrize(("place", "value"), list(product(PLACES, WRONG)), ids=str)
def test_an_odd_field_costs_at_most_its_own_video(place: tuple[str, str], value: Any) -> None:
    odd = video("v1", commentCount="1")
    odd[place[0]][place[1]] = value
    videos = {"v1": video("v1"), "v2": video("v2", commentCount="1")}
    service = Service(videos, {"v1": [], "v2": [("c", NOON)]}, {"v1": odd})
    assert keys(visited(service, comments=True)) == {"v1", "v2", "c"}
