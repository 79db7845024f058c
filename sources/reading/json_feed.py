"""JSON Feed, versions 1 and 1.1: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel

from sources.network.fetching import Answer
from sources.reading.answers import Identifier, Language, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.entries import Entry, Feed
from sources.reading.text import html_to_text, one_line, plain_text

_VERSION = "https://jsonfeed.org/version/1"


class _Author(BaseModel):
    name: Maybe[str] = None


class _Item(BaseModel):
    id: Maybe[Identifier] = None
    url: Maybe[Link] = None
    external_url: Maybe[Link] = None
    title: Maybe[str] = None
    content_html: Maybe[str] = None
    content_text: Maybe[str] = None
    summary: Maybe[str] = None
    date_published: Maybe[datetime] = None
    date_modified: Maybe[datetime] = None
    author: Maybe[_Author] = None  # of version 1
    authors: Maybe[list[_Author]] = None
    language: Maybe[Language] = None


class _Feed(BaseModel):
    version: str
    items: object
    feed_url: Maybe[Link] = None
    author: Maybe[_Author] = None
    authors: Maybe[list[_Author]] = None
    language: Maybe[Language] = None


def read_json_feed(answer: Answer) -> Feed:
    """The entries of a JSON Feed.

    Raises:
        SourceError: it is not JSON, not this kind of it, or none of its entries can be read.
    """
    found = read_json(answer)
    version = found.get("version") if isinstance(found, dict) else None
    if not isinstance(version, str) or not version.startswith(_VERSION):
        raise unexpected(answer, "it answered with JSON that is not a JSON Feed")
    feed = _Feed.model_validate({"items": None, **found})
    items, malformed = read_items(answer, _Item, feed.items)
    entries = tuple(_entry(item, feed) for item in items)
    return Feed(entries, skipped([(malformed, "not as JSON Feed describes them")]), name=feed.feed_url or "")


def _entry(item: _Item, feed: _Feed) -> Entry:
    text = plain_text(item.content_text or "") or html_to_text(item.content_html or "")
    return Entry(
        id=item.id or "",
        link=item.url or item.external_url or "",
        title=one_line(item.title or ""),
        text=text or plain_text(item.summary or ""),
        author=_names(item) or _names(feed),
        language=item.language or feed.language or "",
        published=_stamp(item.date_published or item.date_modified),
    )


def _names(thing: _Item | _Feed) -> str:
    authors = (*(thing.authors or ()), thing.author)
    return one_line(", ".join(dict.fromkeys(author.name for author in authors if author and author.name)), 200)


def _stamp(stated: datetime | None) -> int | None:
    if stated is None:
        return None
    return int((stated if stated.tzinfo else stated.replace(tzinfo=UTC)).timestamp())
