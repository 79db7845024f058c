"""Feeds: RSS, Atom and JSON Feed, at any http or https address.

What is read: https://www.rssboard.org/rss-specification, https://www.rfc-editor.org/rfc/rfc4287 (Atom) and
https://www.jsonfeed.org/version/1.1/. A feed is asked with the ETag and Last-Modified of its last answer (RFC 9110,
13.1) and remembers where permanent redirects led; should that place fail later, the configured address is asked again.

What tells entries apart is their id, else their link, else their words, and none of these makes a new mention of an
entry that was edited. Ids that only mean something within their feed are joined with a name of the feed that stays when
the feed moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field, TypeAdapter

from mentions.mention import Mention, date_mention
from sources.contract import Cursor, Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.fetching import Answer
from sources.reading.answers import Language, Link, Maybe, skipped
from sources.reading.entries import Entry, Feed
from sources.reading.feeds import read_feed

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
# Identifiers that are the same wherever they stand: web addresses, tag: (RFC 4151) and urn: (RFC 8141).
_UNIVERSAL = re.compile(r"https?://\S|tag:[^,\s]+,\d|urn:\w", re.IGNORECASE)
_LINK: TypeAdapter[str | None] = TypeAdapter(Maybe[Link])
_LANGUAGE: TypeAdapter[str | None] = TypeAdapter(Maybe[Language])


class Options(SourceOptions):
    """A feed by its address."""

    url: WebAddress = Field(description="address of the feed", examples=["https://www.example.com/feed.xml"])


def fetch(options: Options, visit: Visit) -> Fetched:
    """All entries of the feed that have a title or a text.

    The cursor holds ``etag`` and ``last_modified`` as the server gave them, ``moved_to``, and the feed's ``name``.

    Raises:
        SourceError: the feed could not be fetched or read.
    """
    asked = fingerprint(options.url)
    cursor = visit.cursor_of(asked)
    answer = _ask(options.url, cursor, visit)
    if answer.unchanged:
        return Fetched((), {**cursor, **_place(answer)}, unchanged=True)
    feed = read_feed(answer)
    name = _kept_name(options.url, visit) or fingerprint(_own_name(feed, options.url))
    spoken = [entry for entry in feed.entries if entry.title or entry.text]
    keyed = dict(reversed(_keyed(spoken, name)))  # of two with one key, the upper is the newer
    mentions = tuple(_mention(key, entry, visit.now) for key, entry in reversed(keyed.items()))
    left_out = skipped([(len(feed.entries) - len(spoken), "neither title nor text")])
    following = {"asked": asked, "name": name, **_kept(cursor, "moved_to"), **_place(answer)}
    return Fetched(mentions, {**following, **_validators(answer, feed)}, warnings=(*feed.warnings, *left_out))


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


def _kept_name(url: str, visit: Visit) -> str | None:
    """The name under which this feed's entries are known already, also where its old address had moved to this one."""
    if visit.cursor.get("moved_to") == url or visit.cursor_of(fingerprint(url)):
        # A cursor that is older than names stands for keys made with the fingerprint of the address.
        return visit.cursor.get("name") or visit.cursor.get("asked")
    return None


def _own_name(feed: Feed, url: str) -> str:
    """What a feed calls itself, at whatever address it is found; else its address, without what varies.

    An id of Atom (RFC 4287, 4.2.6), ``feed_url`` of JSON Feed or the link ``self`` of RSS. Addresses count only on the
    host that was asked: templates are copied from site to site.
    """
    if _UNIVERSAL.match(feed.name) and not feed.name.lower().startswith("http"):
        return feed.name
    own, found = _plain_address(feed.name), _plain_address(url)
    return own if own.partition("/")[0] == found.partition("/")[0] else found


def _plain_address(url: str) -> str:
    """An address without its scheme, ``www.``, a slash at the end, marks of campaigns and its fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = urlencode([pair for pair in parse_qsl(parts.query) if not pair[0].lower().startswith("utm_")])
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}{query and '?'}{query}"


def _keyed(entries: Sequence[Entry], feed: str) -> list[tuple[str, Entry]]:
    """The entries with their keys.

    Where several entries have the same id, but each a link and a title of its own, it identifies none of them.
    """
    named: dict[str, list[Entry]] = {}
    for entry in entries:
        named.setdefault(entry.id, []).append(entry)
    shared = {name for name, some in named.items() if name and len(some) > 1 and _are_distinct(some)}
    return [
        (_key(entry, entry.link if entry.id in shared else entry.id or entry.link, feed), entry) for entry in entries
    ]


def _are_distinct(entries: Sequence[Entry]) -> bool:
    links, titles = {_plain_address(entry.link) for entry in entries} - {""}, {entry.title for entry in entries}
    return len(links) == len(titles) == len(entries)


def _key(entry: Entry, named: str, feed: str) -> str:
    """The key by id or link; by the words where there is neither.

    Identifiers that only mean something within their feed carry the feed's name.
    """
    if _UNIVERSAL.match(named):
        return f"rss:{named}"
    return f"rss:{feed}:{named or fingerprint(entry.title + chr(10) + entry.text)}"


def _mention(key: str, entry: Entry, now: datetime) -> Mention:
    return Mention(
        key=key,
        title=entry.title,
        text=entry.text,
        published=date_mention(entry.moment, now),
        url=_first(_LINK.validate_python(link) for link in (entry.link, entry.id)),
        author=entry.author or None,
        language=_LANGUAGE.validate_python(entry.language),
        word_marks=(entry.text_mark, frozenset(entry.near_marks)) if entry.text_mark is not None else None,
    )


def _first(found: Iterable[str | None]) -> str | None:
    return next((each for each in found if each), None)
