"""The three requests to YouTube's Data API that are made here, and what they answer.

See https://developers.google.com/youtube/v3/docs. A request costs one unit of a key's 10,000 a day, save a search, of
which there are 100 a day apart from those (https://developers.google.com/youtube/v3/determine_quota_cost). Counted as
100 units each, searches and all else keep to both limits when they keep to 10,000 units together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, SecretStr

from sources.contract import SourceError, Visit
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Language, Maybe, read_items, read_json, unexpected

# The most videos that a search shows, or that can be asked for at once.
VIDEOS = 50
_THREADS = 100
_SEARCH_COSTS = 100
# https://developers.google.com/youtube/v3/docs/errors
_USED_UP = {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"}
_BAD_KEY = {"keyInvalid", "keyExpired", "accessNotConfigured", "API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED"}
_HOUR = 3_600.0


class _Named(BaseModel):
    videoId: Identifier  # noqa: N815  the service's name


class _Dated(BaseModel):
    publishedAt: Maybe[datetime] = None  # noqa: N815  the service's name


class _Result(BaseModel):
    id: _Named
    snippet: Maybe[_Dated] = None


class _About(BaseModel):
    title: Maybe[str] = None
    description: Maybe[str] = None
    channelTitle: Maybe[str] = None  # noqa: N815  the service's names
    channelId: Maybe[str] = None  # noqa: N815
    publishedAt: Maybe[datetime] = None  # noqa: N815
    defaultLanguage: Maybe[Language] = None  # noqa: N815
    defaultAudioLanguage: Maybe[Language] = None  # noqa: N815


class _Figures(BaseModel):
    viewCount: Maybe[Count] = None  # noqa: N815  the service's names
    likeCount: Maybe[Count] = None  # noqa: N815
    commentCount: Maybe[Count] = None  # noqa: N815


class Video(BaseModel):
    """https://developers.google.com/youtube/v3/docs/videos#resource."""

    id: Identifier
    snippet: _About
    statistics: Maybe[_Figures] = None


class _Channel(BaseModel):
    value: Maybe[str] = None


class _Said(BaseModel):
    textOriginal: Maybe[str] = None  # noqa: N815  the service's names
    textDisplay: Maybe[str] = None  # noqa: N815
    authorDisplayName: Maybe[str] = None  # noqa: N815
    authorChannelId: Maybe[_Channel] = None  # noqa: N815
    likeCount: Maybe[Count] = None  # noqa: N815
    publishedAt: Maybe[datetime] = None  # noqa: N815


class Comment(BaseModel):
    """https://developers.google.com/youtube/v3/docs/comments#resource."""

    id: Identifier
    snippet: _Said


class _Opening(BaseModel):
    topLevelComment: Comment  # noqa: N815  the service's names
    totalReplyCount: Maybe[Count] = None  # noqa: N815


class _Replies(BaseModel):
    comments: Maybe[list[Maybe[Comment]]] = None


class Thread(BaseModel):
    """https://developers.google.com/youtube/v3/docs/commentThreads#resource; at most five replies come along."""

    snippet: _Opening
    replies: Maybe[_Replies] = None


@dataclass(frozen=True, slots=True)
class Results:
    """Videos that a search found; ``times`` are those of all that it named, in seconds since 1970."""

    videos: tuple[Video, ...]
    times: tuple[int, ...]
    malformed: int
    more: bool


@dataclass(frozen=True, slots=True)
class Threads:
    """A page of the threads below a video, newest first; ``following`` is the next page's token, empty at the end."""

    threads: tuple[Thread, ...]
    malformed: int
    following: str


@dataclass(frozen=True, slots=True)
class Api:
    """Asks in the name of a key.

    Every method spends from the visit's budget.

    Raises:
        SourceError: nothing usable was answered.
        BudgetError: nothing is left for today; nothing was asked.
    """

    server: str
    key: SecretStr
    visit: Visit

    def search(self, query: str, since: int, until: int) -> Results:
        """The newest videos that were published between two times, in seconds since 1970: two requests."""
        params = {
            "part": "snippet",
            "type": "video",
            "order": "date",
            "maxResults": str(VIDEOS),
            "q": query,
            "publishedAfter": _written(since),
            "publishedBefore": _written(until),
        }
        # The second request is paid for with the first, which would be in vain without it.
        answer, found = self._asked("search", params, _SEARCH_COSTS + 1)
        results, malformed = read_items(answer, _Result, found.get("items"))
        stated = (result.snippet.publishedAt for result in results if result.snippet)
        times = tuple(int(each.timestamp()) for each in stated if each)
        videos, odd = self._described([result.id.videoId for result in results], units=0)
        return Results(videos, times, malformed + odd, bool(found.get("nextPageToken")))

    def videos(self, ids: Iterable[str]) -> tuple[tuple[Video, ...], int]:
        """Text and figures of videos, and how many could not be read; those that are gone are left out."""
        return self._described(ids, units=1)

    def _described(self, ids: Iterable[str], units: int) -> tuple[tuple[Video, ...], int]:
        wanted = list(dict.fromkeys(ids))[:VIDEOS]
        if not wanted:
            return (), 0
        params = {"part": "snippet,statistics", "id": ",".join(wanted), "maxResults": str(VIDEOS)}
        answer, found = self._asked("videos", params, units)
        return read_items(answer, Video, found.get("items"))

    def threads(self, video: str, token: str) -> Threads:
        """The newest threads of comments below a video, or those of the page that a token stands for."""
        params = {"part": "snippet,replies", "videoId": video, "order": "time", "maxResults": str(_THREADS)}
        answer, found = self._asked("commentThreads", {**params, **({"pageToken": token} if token else {})}, 1)
        threads, malformed = read_items(answer, Thread, found.get("items"))
        following = found.get("nextPageToken")
        return Threads(threads, malformed, following if isinstance(following, str) else "")

    def _asked(self, what: str, params: Mapping[str, str], units: int) -> tuple[Answer, dict[str, Any]]:
        self.visit.budget.spend(units)
        # Not as a parameter: what stands in an address is written into logs on its way.
        headers = {"X-Goog-Api-Key": self.key.get_secret_value()}
        try:
            answer = self.visit.http.get(f"{self.server.rstrip('/')}/youtube/v3/{what}", params=params, headers=headers)
        except SourceError as error:
            raise _explained(error) from None
        found = read_json(answer)
        if not isinstance(found, dict):
            raise unexpected(answer, "its answer holds no list of posts")
        return answer, found


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _explained(error: SourceError) -> SourceError:
    """A refusal in words for its reason: all of them come with the status of a door that is closed for good."""
    reasons = _reasons(error.said)
    if reasons & _USED_UP:
        return SourceError(
            error.subject,
            "the key's quota of today is used up.",
            "It is asked again in an hour; quotas begin anew at midnight in California. Lower per_day if this lasts.",
            retry_after=_HOUR,
        )
    if reasons & _BAD_KEY:
        return SourceError(
            error.subject,
            "it does not accept the key.",
            "Check it at https://console.cloud.google.com/apis/credentials, and that the YouTube Data API is enabled.",
            permanent=True,
        )
    return error


def _reasons(said: bytes) -> set[str]:
    try:
        error = json.loads(said)["error"]
        return {each["reason"] for name in ("errors", "details") for each in error.get(name, ()) if "reason" in each}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return set()
