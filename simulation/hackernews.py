"""Hacker News search as Algolia serves it: https://hn.algolia.com/api.

Spoken here: ``search_by_date`` with ``query`` (all words, quotes hold a phrase, the last word may be a beginning),
``tags`` (comma is and, parentheses are or), ``numericFilters`` on ``created_at_i``, ``page`` and ``hitsPerPage``.
Typing errors in a query, which the real one forgives, find nothing here.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from http import HTTPStatus
from random import Random
from typing import Any

from simulation import dress
from simulation.exchange import Answer, Request, as_json
from simulation.phrases_elsewhere import THREADS
from simulation.post import Post
from simulation.shelf import Numbered

# However many hits there are, no page shows one beyond this:
# https://www.algolia.com/doc/api-reference/api-parameters/paginationLimitedTo/
REACHABLE = 1000
_DEFAULT_HITS = 20
_FILTER = re.compile(r"\s*created_at_i\s*(<=|>=|<|>|=)\s*(-?\d{1,18})\s*")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_Test = Callable[[Numbered], bool]
_TAG_GROUP = re.compile(r"\(([^)]*)\)|([^,()\s]+)")
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")


class _BadRequestError(ValueError):
    """The query cannot be understood; the text is for the one who asked."""


def search_by_date(request: Request, posts: Sequence[Numbered]) -> Answer:
    """One page of hits, newest first; ``posts`` are everything visible, oldest first."""
    try:
        tests = [*_time_tests(request), *_tag_tests(request)]
        page, size = _natural(request, "page", 0), _natural(request, "hitsPerPage", _DEFAULT_HITS)
    except _BadRequestError as problem:
        return as_json({"message": str(problem), "status": 400}, HTTPStatus.BAD_REQUEST)
    size = min(size, REACHABLE)
    query = request.query.get("query", "")
    found = [item for item in reversed(posts) if all(test(item) for test in tests) and _matches(item.post, query)]
    reachable = found[:REACHABLE]
    return as_json(
        {
            "hits": [_hit(item) for item in reachable[page * size : (page + 1) * size]],
            "nbHits": len(found),
            "page": page,
            "nbPages": -(-len(reachable) // size) if size else 0,
            "hitsPerPage": size,
            "processingTimeMS": 1,
            "query": query,
            "params": "",
        }
    )


def _natural(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _BadRequestError(f"invalid value for {name}")
    return int(text)


def _time_tests(request: Request) -> Iterator[_Test]:
    for part in filter(None, request.query.get("numericFilters", "").split(",")):
        found = _FILTER.fullmatch(part)
        if not found:
            raise _BadRequestError(f"invalid numeric filter: {part}")
        yield _dated(_COMPARE[found[1]], int(found[2]))


def _dated(compare: Callable[[int, int], bool], bound: int) -> _Test:
    return lambda item: compare(_seconds(item.post), bound)


def _tag_tests(request: Request) -> Iterator[_Test]:
    for group, single in _TAG_GROUP.findall(request.query.get("tags", "")):
        yield _tagged({tag.strip() for tag in (group or single).split(",")})


def _tagged(wanted: set[str]) -> _Test:
    return lambda item: not wanted.isdisjoint(_tags(item))


def _matches(post: Post, query: str) -> bool:
    words = [word.lower() for word in _WORD.findall(f"{post.title} {post.text} {post.author}")]
    terms = _TERM.findall(query)
    for place, (phrase, loose) in enumerate(terms):
        wanted = [word.lower() for word in _WORD.findall(phrase or loose)]
        is_beginning = bool(loose) and place == len(terms) - 1
        if wanted and not _contains(words, wanted, is_beginning=is_beginning):
            return False
    return True


def _contains(words: list[str], wanted: list[str], *, is_beginning: bool) -> bool:
    *whole, last = wanted
    for at in range(len(words) - len(whole)):
        end = at + len(whole)
        if words[at:end] == whole and (words[end].startswith(last) if is_beginning else words[end] == last):
            return True
    return False


def _seconds(post: Post) -> int:
    return int(post.published_at.timestamp())


def _tags(item: Numbered) -> tuple[str, ...]:
    kind = "story" if item.post.title else "comment"
    special = tuple(
        tag for opening, tag in (("Ask HN", "ask_hn"), ("Show HN", "show_hn")) if item.post.title.startswith(opening)
    )
    return (kind, f"author_{item.post.author}", f"story_{_story(item)}", *special)


def _story(item: Numbered) -> int:
    return item.number if item.post.title else _dice(item.post).getrandbits(25)


def _dice(post: Post) -> Random:
    return Random(post.id)  # noqa: S311 - made-up figures that stay the same from request to request


def _hit(item: Numbered) -> dict[str, Any]:
    post = item.post
    common = {
        "objectID": str(item.number),
        "created_at": post.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "created_at_i": _seconds(post),
        "author": post.author,
        "_tags": list(_tags(item)),
    }
    return {**common, **(_story_fields(item) if post.title else _comment_fields(item))}


def _story_fields(item: Numbered) -> dict[str, Any]:
    post = item.post
    dice = _dice(post)
    return {
        "title": post.title,
        "url": None if post.text else f"https://news.example/{item.number}",
        "story_text": dress.hackernews(post.text) or None,
        "points": dice.randrange(1, 60),
        "num_comments": dice.randrange(40),
        "story_id": item.number,
        "parent_id": None,
        "comment_text": None,
        "story_title": None,
        "story_url": None,
    }


def _comment_fields(item: Numbered) -> dict[str, Any]:
    story = _story(item)
    return {
        "title": None,
        "url": None,
        "story_text": None,
        "points": None,
        "num_comments": None,
        "story_id": story,
        "parent_id": story,
        "comment_text": dress.hackernews(item.post.text),
        "story_title": THREADS[story % len(THREADS)],
        "story_url": None,
    }
