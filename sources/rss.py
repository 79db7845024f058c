"""Feeds: RSS, Atom and JSON Feed, at any http or https address.

What is read: https://www.rssboard.org/rss-specification, https://www.rfc-editor.org/rfc/rfc4287 (Atom) and
https://www.jsonfeed.org/version/1.1/. A feed is asked with the ETag and Last-Modified of its last answer (RFC 9110,
13.1) and remembers where permanent redirects led; should that place fail later, the configured address is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import Field, TypeAdapter

from mentions.mention import Mention, date_mention
from sources.answers import Language, Link, Maybe, skipped
from sources.contract import Cursor, Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.entries import Entry, Feed
from sources.feeds import read_feed
from sources.fetching import Answer

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
# Identifiers that are the same wherever they stand: web addresses, tag: (RFC 4151) and urn: (RFC 8141).
_UNIVERSAL = re.compile(r"https?://\S|tag:[^,\s]+,\d|urn:\w", re.IGNORECASE)
_LINK: TypeAdapter[str | None] = TypeAdapter(Maybe[Link])
_LANGUAGE: TypeAdapter[str | None] = TypeAdapter(Maybe[Language])
# The seconds between which Python counts years; a time zone can carry a date across.
_FIRST, _LAST = -62_135_596_800, 253_402_300_799


class Options(SourceOptions):
    """A feed by its address."""

    url: WebAddress = Field(description="address of the feed", examples=["https://www.example.com/feed.xml"])


def fetch(options: Options, visit: Visit) -> Fetched:
    """All entries of the feed that have a title or a text.

    The cursor holds ``etag`` and ``last_modified`` as the server gave them, and ``moved_to``.

    Raises:
        SourceError: the feed could not be fetched or read.
    """
    asked = fingerprint(options.url)
    cursor = visit.cursor_of(asked)
    answer = _ask(options.url, cursor, visit)
    if answer.unchanged:
        return Fetched((), {**cursor, **_place(answer)}, unchanged=True)
    feed = read_feed(answer)
    mentions = tuple(_mention(entry, asked, visit.now) for entry in feed.entries if entry.title or entry.text)
    left_out = skipped([(len(feed.entries) - len(mentions), "neither title nor text")])
    following = {"asked": asked, **_kept(cursor, "moved_to"), **_place(answer), **_validators(answer, feed)}
    return Fetched(mentions, following, warnings=(*feed.warnings, *left_out))


def _ask(url: str, cursor: Cursor, visit: Visit) -> Answer:
    moved_to = cursor.get("moved_to")
    etag, since = (None, None) if visit.fresh else (cursor.get("etag"), cursor.get("last_modified"))
    headers = {"Accept": _ACCEPT}
    try:
        return visit.http.get(moved_to or url, headers=headers, etag=etag, last_modified=since)
    except SourceError as error:
        if moved_to is None or error.retry_after is not None:
            raise
    return visit.http.get(url, headers=headers)


def _place(answer: Answer) -> dict[str, str]:
    return {"moved_to": answer.permanent_url} if answer.permanent_url else {}


def _kept(cursor: Cursor, *names: str) -> dict[str, str]:
    return {name: cursor[name] for name in names if name in cursor}


def _validators(answer: Answer, feed: Feed) -> Mapping[str, str]:
    """What to send next time; nothing after a feed that was cut off, which is to be sent again in full."""
    stated = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
    return {name: value for name, value in stated.items() if value} if feed.whole else {}


def _mention(entry: Entry, feed: str, now: datetime) -> Mention:
    return Mention(
        key=f"rss:{_identity(entry, feed)}",
        title=entry.title,
        text=entry.text,
        published=date_mention(_moment(entry.published), now),
        url=_first(_LINK.validate_python(link) for link in (entry.link, entry.id)),
        author=entry.author or None,
        language=_LANGUAGE.validate_python(entry.language),
    )


def _identity(entry: Entry, feed: str) -> str:
    """What stays the same when the entry is edited: its id, else its link, else (then not) its title and text.

    Identifiers that only mean something within their feed carry the feed's fingerprint.
    """
    named = entry.id or entry.link
    if _UNIVERSAL.match(named):
        return named
    return f"{feed}:{named or fingerprint(entry.title + chr(10) + entry.text)}"


def _moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(min(max(stamp, _FIRST), _LAST), UTC)


def _first(found: Iterable[str | None]) -> str | None:
    return next((each for each in found if each), None)
