"""Mastodon's hashtag timeline: https://docs.joinmastodon.org/methods/timelines/#tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.parse import quote, urlencode
from zlib import crc32

from simulation import dress
from simulation.exchange import Answer, Request, as_json
from simulation.post import Post
from simulation.shelf import Numbered

_DEFAULT_LIMIT = 20
_MAXIMUM = 40
# So many requests in so many seconds for each address, https://docs.joinmastodon.org/api/rate-limits/.
RATE_LIMIT = 300
RATE_WINDOW = 300
_KEPT_IN_LINKS = ("limit", "local", "only_media")
_TAG = re.compile(r"(?<!\w)#(\w+)")
# Ids that stay the same wherever the simulation listens; the domain is reserved by RFC 2606.
_HOME = "https://social.example"


@dataclass(frozen=True, slots=True)
class _Page:
    """Which statuses are wanted: ids strictly between the bounds, from the old or from the new end."""

    limit: int
    above: int
    below: int | None
    from_oldest: bool


def tag_timeline(request: Request, tag: str, posts: Sequence[Numbered], used: int) -> Answer:
    """One page, newest first; ``posts`` are everything visible, oldest first.

    ``min_id`` gives the page immediately newer than the id, ``since_id`` the newest page that is newer than it and
    counts only without ``min_id``, ``max_id`` bounds either. As the real one, an empty page has no Link header.
    ``used`` requests were made before in this window; the header counts them down and nothing is refused for it.
    """
    page = _page(request)
    tagged = [item for item in posts if item.number > page.above and _carries(item.post, tag)]
    if page.below is not None:
        tagged = [item for item in tagged if item.number < page.below]
    chosen = tagged[: page.limit] if page.from_oldest else tagged[max(0, len(tagged) - page.limit) :]
    headers = _rate_headers(request.now, used)
    if chosen:
        headers["link"] = _link(request, newest=chosen[-1].number, oldest=chosen[0].number)
    return as_json([_status(item, request.base) for item in reversed(chosen)], headers=headers)


def rate_window(now: datetime) -> int:
    """The number of the five minutes that now falls into."""
    return int(now.timestamp()) // RATE_WINDOW


def _page(request: Request) -> _Page:
    limit = min(abs(_number(request.query.get("limit", str(_DEFAULT_LIMIT)))), _MAXIMUM)
    below = _number(request.query["max_id"]) if request.query.get("max_id") else None
    if request.query.get("min_id"):
        return _Page(limit, _number(request.query["min_id"]), below, from_oldest=True)
    return _Page(limit, _number(request.query.get("since_id", "")), below, from_oldest=False)


def _number(text: str) -> int:
    """As Ruby's ``to_i``, which the real one uses: what is no number is 0."""
    found = re.match(r"\s*([+-]?\d{1,30})", text)
    return int(found[1]) if found else 0


def _carries(post: Post, tag: str) -> bool:
    text, wanted = post.text.lower(), tag.lower()
    return f"#{wanted}" in text and wanted in _TAG.findall(text)


def _link(request: Request, *, newest: int, oldest: int) -> str:
    kept = {name: request.query[name] for name in _KEPT_IN_LINKS if name in request.query}
    address = f"{request.base}{quote(request.path)}"
    following = urlencode({**kept, "max_id": oldest})
    previous = urlencode({**kept, "min_id": newest})
    return f'<{address}?{following}>; rel="next", <{address}?{previous}>; rel="prev"'


def _rate_headers(now: datetime, used: int) -> dict[str, str]:
    reset = datetime.fromtimestamp((rate_window(now) + 1) * RATE_WINDOW, UTC)
    return {
        "x-ratelimit-limit": str(RATE_LIMIT),
        "x-ratelimit-remaining": str(max(1, RATE_LIMIT - 1 - used)),
        "x-ratelimit-reset": f"{reset:%Y-%m-%dT%H:%M:%S}.000000Z",
    }


def _status(item: Numbered, base: str) -> dict[str, Any]:
    post = item.post
    dice = Random(post.id)  # noqa: S311 - made-up figures that stay the same from request to request
    return {
        "id": str(item.number),
        "created_at": _time(post.published_at),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": post.language,
        "uri": f"{_HOME}/users/{quote(post.author, errors='replace')}/statuses/{item.number}",
        "url": f"{base}/@{quote(post.author, errors='replace')}/{item.number}",
        "replies_count": dice.randrange(4),
        "reblogs_count": dice.randrange(2 + post.followers // 200),
        "favourites_count": dice.randrange(3 + post.followers // 60),
        "edited_at": None,
        "content": dress.mastodon(post.text, base),
        "reblog": None,
        "account": _account(post, base),
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": tag.lower(), "url": f"{base}/tags/{quote(tag.lower())}"} for tag in _TAG.findall(post.text)],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def _account(post: Post, base: str) -> dict[str, Any]:
    address = f"{base}/@{quote(post.author, errors='replace')}"
    return {
        "id": str(crc32(post.author.encode("utf-8", "surrogatepass"))),
        "username": post.author,
        "acct": post.author,
        "display_name": post.author.rstrip("0123456789").replace("_", " ").title(),
        "locked": False,
        "bot": False,
        "url": address,
        "uri": f"{_HOME}/users/{quote(post.author, errors='replace')}",
        "avatar": "",
        "followers_count": post.followers,
        "following_count": post.followers // 2,
        "emojis": [],
        "fields": [],
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
