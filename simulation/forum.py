"""A forum's RSS 2.0 feed (https://www.rssboard.org/rss-specification) with conditional requests (RFC 9110, 13)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from xml.etree import ElementTree as ET

from simulation import dress
from simulation.exchange import Answer, Request
from simulation.shelf import Numbered

_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
# Characters that XML 1.0 has no way to write, https://www.w3.org/TR/xml/#charsets.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("dc", _DUBLIN_CORE)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as bytes, and what tells one version of it from another; modified is None while it is empty."""

    body: bytes
    etag: str
    modified: datetime | None


def feed(title: str, base: str, posts: Sequence[Numbered]) -> Feed:
    """RSS of the posts, which come oldest first and are served newest first."""
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    _say(channel, "title", title)
    _say(channel, "link", f"{base}/forum/")
    _say(channel, "description", "What people write here, newest first.")
    for item in reversed(posts):
        _add_item(channel, item, base)
    body = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    modified = posts[-1].post.published_at.astimezone(UTC).replace(microsecond=0) if posts else None
    return Feed(body, f'"{blake2b(body, digest_size=12).hexdigest()}"', modified)


def answer(request: Request, current: Feed) -> Answer:
    """The feed, or 304 where the reader has it already."""
    headers = {"etag": current.etag}
    if current.modified:
        headers["last-modified"] = format_datetime(current.modified, usegmt=True)
    if _is_known(request, current):
        return Answer(HTTPStatus.NOT_MODIFIED, headers=headers)
    return Answer(HTTPStatus.OK, current.body, {"content-type": "application/rss+xml; charset=utf-8", **headers})


def _add_item(channel: ET.Element, item: Numbered, base: str) -> None:
    post = item.post
    element = ET.SubElement(channel, "item")
    if post.title:
        _say(element, "title", post.title)
    _say(element, "link", f"{base}/forum/t/{item.number}")
    _say(element, "guid", f"forum-post-{item.number}").set("isPermaLink", "false")
    _say(element, "pubDate", format_datetime(post.published_at.astimezone(UTC)))
    _say(element, f"{{{_DUBLIN_CORE}}}creator", post.author)
    if post.language:
        _say(element, f"{{{_DUBLIN_CORE}}}language", post.language)
    _say(element, "description", dress.forum(post.text))


def _say(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return element


def _is_known(request: Request, current: Feed) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:  # then the date does not count, RFC 9110, 13.1.3
        return known == "*" or current.etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return current.modified is not None and current.modified <= since
