"""Google Alerts: what an alert that is delivered as a feed has found.

What is read: https://support.google.com/websearch/answer/4815696, alerts with "Deliver to: RSS feed", as Atom
(https://www.rfc-editor.org/rfc/rfc4287). Whoever knows the address of such a feed can read it, so it is a secret and
no message shows it. Links go through Google, which counts the readers; they are replaced by where they lead.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from mentions.mention import Mention, date_mention
from sources.contract import Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.failures import name_of
from sources.reading.answers import skipped
from sources.reading.articles import article_key, language_of, link_of, outlet_of
from sources.reading.entries import Entry
from sources.reading.feeds import read_feed

_ADDRESS = re.compile(r"(?:https://(?:www\.)?google\.[a-z.]+/)?(?:alerts/feeds/)?(\d+/\d+)/?")
_GOOGLE = re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}")


def _is_feed(address: SecretStr) -> SecretStr:
    if not _ADDRESS.fullmatch(address.get_secret_value().strip()):
        raise ValueError("must be the address of an alert's feed, such as https://www.google.com/alerts/feeds/123/456")
    return address


class Options(SourceOptions):
    """The feed of an alert."""

    feed: Annotated[SecretStr, AfterValidator(_is_feed)] = Field(
        description="address of the alert's feed; whoever knows it can read it",
        examples=["https://www.google.com/alerts/feeds/12345678901234567890/1234567890123456789"],
    )
    server: WebAddress = Field(default="https://www.google.com", description="address of Google")


def fetch(options: Options, visit: Visit) -> Fetched:
    """All entries of the feed that have a title or a text.

    The cursor holds ``etag`` and ``last_modified``, where the server gave them.

    Raises:
        SourceError: the feed could not be fetched or read.
    """
    try:
        return _fetched(options, visit)
    except SourceError as error:
        error.subject = f"{name_of(options.server)} (a Google alert)"
        error.args = (error.subject, error.problem, error.remedy)
        raise


def _fetched(options: Options, visit: Visit) -> Fetched:
    path = _ADDRESS.fullmatch(options.feed.get_secret_value().strip())
    address = f"{options.server.rstrip('/')}/alerts/feeds/{path[1] if path else ''}"
    asked = fingerprint(address)
    cursor = {} if visit.fresh else visit.cursor_of(asked)
    answer = visit.http.get(address, etag=cursor.get("etag"), last_modified=cursor.get("last_modified"))
    if answer.unchanged:
        return Fetched((), cursor, unchanged=True)
    feed = read_feed(answer)
    mentions = tuple(_mention(entry, visit) for entry in feed.entries if entry.title or entry.text)
    left_out = skipped([(len(feed.entries) - len(mentions), "neither title nor text")])
    stated = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
    validators = {name: value for name, value in stated.items() if value} if feed.whole else {}
    return Fetched(mentions, {"asked": asked, **validators}, warnings=(*feed.warnings, *left_out))


def _mention(entry: Entry, visit: Visit) -> Mention:
    """What was found: one mention however many alerts found it, so its key is its address and not the entry's id."""
    link = link_of(_unwrapped(entry.link))
    outlet = outlet_of(link) if link else None
    return Mention(
        key=article_key("google_alerts", link) if link else f"google_alerts:{entry.id or fingerprint(entry.title)}",
        title=entry.title,
        text=entry.text,
        published=date_mention(entry.moment, visit.now),
        url=link,
        author=entry.author or outlet,
        handle=outlet,
        language=language_of(entry.language),
    )


def _unwrapped(link: str) -> str:
    """Where a link through google.com/url leads."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    if parts.path != "/url" or not _GOOGLE.fullmatch(parts.hostname or ""):
        return link
    parameters = parse_qs(parts.query)
    return next((each for name in ("url", "q") for each in parameters.get(name, ())), link)
