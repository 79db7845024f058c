"""Feeds of any format as entries, whatever the bytes are: the guards around feedparser.

RSS and Atom are parsed by feedparser, which reads more of the real world's feeds than any other library and can be
hung by a hundred kilobytes of newlines. So before it sees them, bodies are brought to UTF-8 where they are UTF-16 or
UTF-32, white space in front of the first element is collapsed and documents that define entities are refused; and it
runs in a child process with limits on time and memory. JSON Feed needs none of that.
"""

from __future__ import annotations

import atexit
import codecs
import os
import re
from functools import cache

from sources.contract import SourceError
from sources.network.failures import name_of
from sources.network.fetching import Answer
from sources.reading import json_feed
from sources.reading.answers import unexpected
from sources.reading.entries import Feed, Parsed
from sources.reading.feed_processes import ParserFailedError, ParserPool

# How a document in UTF-16 or UTF-32 begins: with a byte order mark, or with "<" (XML 1.0, appendix F).
_WIDE = (
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_FIRST_ELEMENT = re.compile(rb"<\w")
# A document type declaration with an internal subset, the only place where a document can define entities.
_SUBSET = re.compile(
    rb"""(?:\s|<!--.*?-->|<\?.*?\?>)*+ <!DOCTYPE (?:[^\[>"']|"[^"]*"|'[^']*')*+ \[""", re.DOTALL | re.VERBOSE
)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_WEB_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*+(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE | re.DOTALL)

_FAILURES = {
    "time": "it takes too long to parse; the attempt was stopped and nothing of it kept.",
    "memory": "it takes too much memory to parse; the attempt was stopped and nothing of it kept.",
    "died": "it broke the process that parses feeds; nothing of it was kept.",
}


@cache
def _shared_pool() -> ParserPool:
    pool = ParserPool(size=min(2, os.cpu_count() or 1))
    atexit.register(pool.close)
    return pool


# A forked child must not talk through its parent's pipes.
os.register_at_fork(after_in_child=_shared_pool.cache_clear)


def read_feed(answer: Answer, pool: ParserPool | None = None) -> Feed:
    """The entries of a feed, in its own order.

    Args:
        answer: what a server answered.
        pool: processes to parse in; by default the ones that all feeds of this process share.

    Raises:
        SourceError: there is no feed in it, nothing of it can be read, or parsing it went over a limit.
    """
    if not answer.body.strip():
        raise unexpected(answer, "its answer is empty")
    charset, body = _decoded(answer)
    if body.startswith(b"{"):
        return json_feed.read_json_feed(answer)
    if _WEB_PAGE.match(body):
        raise _no_feed(answer, "it answered with a web page instead of a feed")
    parsed = _parsed(answer, _guarded(answer, body), charset, pool or _shared_pool())
    return _feed(answer, parsed)


def _decoded(answer: Answer) -> tuple[str, bytes]:
    """The encoding that outweighs the document's own declaration ("" for none), and a body without leading space.

    A byte order mark outweighs the charset of the Content-Type header, and that the XML declaration, for text/xml as
    for application/xml (RFC 7303, 3.2).
    """
    body = answer.body.removeprefix(codecs.BOM_UTF8)
    if len(body) < len(answer.body):
        return "utf-8", body.lstrip()
    for beginning, encoding in _WIDE:
        if body.startswith(beginning):
            return "utf-8", body.decode(encoding, "replace").lstrip("\ufeff \t\r\n").encode("utf-8", "replace")
    stated = _CHARSET.search(answer.headers.get("content-type", ""))
    return (stated[1] if stated else ""), body.lstrip()


def _guarded(answer: Answer, body: bytes) -> bytes:
    first = _FIRST_ELEMENT.search(body)
    if first is None:
        raise _no_feed(answer, "its answer is not a feed")
    head = body[: first.start()]
    if b"<!ENTITY" in head or (_SUBSET.match(body) and b"<!ENTITY" in body):
        raise SourceError(
            name_of(answer.url),
            "it defines entities of its own, which no feed needs and attacks use; it was not read.",
            "Ask its owner to leave out <!ENTITY.",
            permanent=True,
        )
    return re.sub(rb"\s+", b" ", head) + body[first.start() :]


def _parsed(answer: Answer, body: bytes, charset: str, pool: ParserPool) -> Parsed:
    try:
        return pool.parse(body, charset, answer.url, _language(answer))
    except ParserFailedError as error:
        raise SourceError(
            name_of(answer.url),
            _FAILURES.get(error.reason, f"it cannot be parsed ({error.reason}); nothing of it was kept."),
            "It is asked again at the next visit; if this lasts, open it in a browser and tell its owner.",
        ) from error


def _language(answer: Answer) -> str:
    """The language of the answer's readers, where its header names one alone (RFC 9110, 8.5)."""
    stated = answer.headers.get("content-language", "").strip()
    return stated if _LANGUAGE_TAG.fullmatch(stated) else ""


def _feed(answer: Answer, parsed: Parsed) -> Feed:
    if not parsed.version and not parsed.entries:
        raise _no_feed(answer, "its answer is not a feed")
    if parsed.damaged and not parsed.entries:
        raise SourceError(
            name_of(answer.url),
            f"it is not well-formed XML and no whole entry can be read from it ({parsed.damaged}).",
            "It is asked again at the next visit; if this lasts, tell its owner.",
        )
    return Feed(tuple(parsed.entries), tuple(_warnings(parsed)), whole=not parsed.cut_off, name=parsed.name)


def _warnings(parsed: Parsed) -> list[str]:
    warnings = []
    if parsed.damaged:
        warnings.append(f"The feed is not well-formed XML ({parsed.damaged}); what could be read was kept.")
    if parsed.cut_off:
        warnings.append("The feed ends in the middle of an entry, which was left out.")
    if parsed.encoding_note:
        warnings.append(f"The feed's encoding had to be guessed: {parsed.encoding_note}.")
    return warnings


def _no_feed(answer: Answer, problem: str) -> SourceError:
    return SourceError(
        name_of(answer.url),
        f"{problem}.",
        "Look on the site for its feed's own address (RSS, Atom or JSON Feed) and use that.",
        permanent=True,
    )
