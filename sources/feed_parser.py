"""The child process in which feeds are parsed, because a feed can hang feedparser or fill all memory.

Run as ``python -m sources.feed_parser MEMORY_BYTES SECONDS`` by ``sources.feed_processes``, it reads requests from its
input until that ends, which it does when the parent ends, however it ends.
"""

from __future__ import annotations

import calendar
import html
import io
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import MAXYEAR, MINYEAR
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax import SAXParseException

import feedparser
from feedparser.exceptions import CharacterEncodingOverride

from sources.entries import Entry, Parsed, frame, read_frame
from sources.text import html_to_text, one_line, plain_text

# An entry that begins after the last one ended was cut off; prefixes as in <rss:item>.
_BEGINS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENDS = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_MAILBOX = re.compile(r"\S+@\S+ \((?P<after>[^()]+)\)|(?P<before>[^<>()]+?) ?[(<]\S+@\S+[)>]")


def parse(body: bytes, content_type: str, url: str) -> Parsed:
    """Parse a feed; any exception of feedparser or its libraries may come out."""
    found = feedparser.parse(
        # Bytes of strangers are never given as such: feedparser takes them for the name of a file and opens it.
        io.BytesIO(body),
        # Without the feed's address, against which feedparser would resolve ids that are no addresses at all.
        response_headers={"content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    problem = found.get("bozo_exception") if found.bozo else None
    misdeclared = isinstance(problem, CharacterEncodingOverride)
    damaged = problem is not None and not misdeclared
    cut_off = damaged and _ends_within_an_entry(body)
    entries = found.entries[:-1] if cut_off else found.entries
    language = _language(found.feed, ("title_detail",))
    return Parsed(
        version=found.version or "",
        entries=[_entry(entry, url, language, atom=found.version.startswith("atom")) for entry in entries],
        damaged=_damage(problem) if damaged else "",
        encoding_note=one_line(str(problem), 200) if misdeclared else "",
        cut_off=cut_off and bool(found.entries),
    )


def _damage(problem: Any) -> str:
    if isinstance(problem, SAXParseException):
        return one_line(f"line {problem.getLineNumber()}: {problem.getMessage()}", 200)
    return one_line(str(problem), 200)


def _ends_within_an_entry(body: bytes) -> bool:
    last_end = max((match.start() for match in _ENDS.finditer(body)), default=-1)
    return any(match.start() > last_end for match in _BEGINS.finditer(body, max(last_end, 0)))


def _entry(entry: Any, url: str, language: str, *, atom: bool) -> Entry:
    bodies = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    base = _joined(url, (entry.get("title_detail") or {}).get("base") or "") or url
    identity, link = (str(entry.get(name) or "").strip() for name in ("id", "link"))
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    return Entry(
        id=identity,
        link=_joined(base, link) if link != identity else "",
        title=one_line(_text(entry.get("title_detail") or {}, atom=atom)),
        text=next((text for body in bodies if (text := _text(body, atom=atom))), ""),
        author=_author(entry),
        language=_language(entry, ("title_detail", "summary_detail")) or language,
        published=_seconds(stamp) if stamp else None,
    )


def _seconds(stamp: Sequence[int]) -> int:
    """Seconds since 1970; a time zone can carry a date into years that Python does not count."""
    return calendar.timegm((min(max(stamp[0], MINYEAR), MAXYEAR), *stamp[1:]))


def _text(detail: Any, *, atom: bool) -> str:
    """The text of one construct; in RSS, where a title's type is a guess, entities are undone once more."""
    value, kind = str(detail.get("value") or ""), str(detail.get("type") or "text/plain")
    if "html" in kind:
        return html_to_text(value)
    if not kind.startswith("text/"):
        return ""
    return plain_text(value if atom else html.unescape(value))


def _author(entry: Any) -> str:
    """The person's name, else the outlet that Google News names as the source of an article.

    RSS writes ``mail@host (Name)``; feedparser joins an Atom author as ``Name (mail@host)``, and its own split of the
    two fails for hosts under .news or .media.
    """
    stated = one_line(str(entry.get("author") or (entry.get("source") or {}).get("title") or ""), 200)
    mailbox = _MAILBOX.fullmatch(stated)
    return (mailbox["after"] or mailbox["before"]) if mailbox else stated


def _language(thing: Any, details: tuple[str, ...]) -> str:
    stated = [thing.get("language"), *((thing.get(name) or {}).get("language") for name in details)]
    return next((str(tag) for tag in stated if tag), "")


def _joined(base: str, link: str) -> str:
    try:
        return link if not link or urlsplit(link).scheme else urljoin(base, link)
    except ValueError:
        return ""


def _answer(meta: bytes, body: bytes) -> dict[str, Any]:
    try:
        return asdict(parse(body, **json.loads(meta)))
    except MemoryError:
        return {"failure": "memory"}
    except Exception as error:  # noqa: BLE001  the edge of this process: whatever it is, the parent says so in words
        return {"failure": type(error).__name__}


def main() -> None:
    """Answer requests until the input ends."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that nothing a library prints gets between two frames
    while True:
        try:
            meta, body = read_frame(sys.stdin.buffer), read_frame(sys.stdin.buffer)
        except EOFError:
            return
        # Normally the parent's clock ends a feed that takes too long; this one does when there is no parent any more.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answers.write(frame(json.dumps(_answer(meta, body)).encode("ascii")))
        answers.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
