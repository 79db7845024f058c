"""The child process in which feeds are parsed, because a feed can hang feedparser or fill all memory.

Run as ``python -m sources.reading.feed_parser MEMORY_BYTES PROCESSOR_SECONDS SECONDS`` by
``sources.reading.feed_processes``, it reads requests from its input until that ends, which it does when the parent
ends, however it ends.

feedparser's own sanitising of HTML and resolving of links inside it are left out: they cost as much again as the rest,
and :mod:`sources.reading.text` makes plain text of it anyway.
"""

from __future__ import annotations

import calendar
import codecs
import html
import io
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax import SAXParseException

import feedparser
from charset_normalizer import detect
from feedparser.exceptions import CharacterEncodingOverride

from mentions.stories import word_marks
from sources.reading.entries import Entry, Parsed, frame, read_frame
from sources.reading.text import html_to_text, one_line, plain_text

# An entry that begins after the last one ended was cut off; prefixes as in <rss:item>.
_BEGINS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENDS = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
# Of a count; a database column holds no more.
_DIGITS = 18
_MAILBOX = re.compile(r"\S+@\S+ \((?P<after>[^()]+)\)|(?P<before>[^<>()]+?) ?[(<]\S+@\S+[)>]")


_XML_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding=["']([\w.:+-]+)""")
# Where neither the declared encoding nor UTF-8 fits, these are told apart well; the rest is taken for Windows-1252.
_DETECTABLE = {
    *("big5", "big5hkscs", "cp950", "gb18030", "gb2312", "gbk"),
    *("cp932", "euc-jis-2004", "euc-jp", "shift-jis", "shift-jis-2004", "cp949", "euc-kr"),
    *("koi8-r", "windows-1251"),
}
_SAMPLE = 65_536
_IMAGES = ("audio/", "font/", "image/", "video/")

feedparser.api.PREFERRED_XML_PARSERS.insert(0, "sources.reading.xml_reader")


def parse(body: bytes, charset: str, url: str, language: str = "") -> Parsed:
    """Parse a feed; any exception of feedparser or its libraries may come out.

    Args:
        charset: outweighs what the document declares of itself; empty where there is none.
        url: where the feed was found.
        language: of the Content-Language header; holds where the document says nothing else.
    """
    guessed = "" if charset else _guessed(body)
    found = feedparser.parse(
        # Bytes of strangers are never given as such: feedparser takes them for the name of a file and opens it.
        io.BytesIO(body),
        # Without the feed's address, against which feedparser would resolve ids that are no addresses at all. It still
        # follows RFC 3023, where text/xml meant US-ASCII, and warns of any type that is not XML's.
        response_headers={
            "content-type": f"application/xml; charset={charset or guessed}"
            if charset or guessed
            else "application/xml",
            **({"content-language": language} if language else {}),
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    problem = found.get("bozo_exception") if found.bozo else None
    misdeclared = isinstance(problem, CharacterEncodingOverride)
    damaged = problem is not None and not misdeclared
    cut_off = damaged and _ends_within_an_entry(body)
    entries = found.entries[:-1] if cut_off else found.entries
    stated, atom = str(found.feed.get("language") or ""), found.version.startswith("atom")
    place = _Place(url, language, stated, atom, _names(found.feed))
    note = f"document parsed as {guessed}, which it does not declare" if guessed else str(problem) * misdeclared
    return Parsed(
        version=found.version or "",
        # As plain dictionaries: feedparser's own look every key up under several names, a tenth of all the time.
        entries=[_entry(dict(entry), place) for entry in entries],
        name=_name(found.feed),
        damaged=_damage(problem) if damaged else "",
        encoding_note=one_line(note, 200),
        cut_off=cut_off and bool(found.entries),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """What an entry takes from the feed it stands in."""

    url: str
    header: str
    language: str
    atom: bool
    authors: str


def _guessed(body: bytes) -> str:
    """The encoding that the bytes look like, where it is neither the declared one nor UTF-8; empty otherwise."""
    declared = _XML_ENCODING.match(body)
    for encoding in ("utf-8", declared[1].decode() if declared else ""):
        if encoding and _decodes(body, encoding):
            return ""
    looks = detect(body[:_SAMPLE])["encoding"] or ""
    return looks if looks.lower().replace("_", "-") in _DETECTABLE else ""


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        codecs.decode(body, encoding)
    except (LookupError, ValueError):
        return False
    return True


def _name(feed: Any) -> str:
    """What the feed calls itself wherever it is found: the id of Atom, else the address that it gives as its own."""
    own = [link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self"]
    return next((str(name).strip() for name in (feed.get("id"), *own) if name), "")


def _damage(problem: Any) -> str:
    if isinstance(problem, SAXParseException):
        return one_line(f"line {problem.getLineNumber()}: {problem.getMessage()}", 200)
    return one_line(str(problem), 200)


def _ends_within_an_entry(body: bytes) -> bool:
    last_end = max((match.start() for match in _ENDS.finditer(body)), default=-1)
    return any(match.start() > last_end for match in _BEGINS.finditer(body, max(last_end, 0)))


def _entry(entry: Any, place: _Place) -> Entry:
    bodies = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    texts = ((body, _text(body, atom=place.atom)) for body in bodies)
    detail, text = next((found for found in texts if found[1]), ({}, ""))
    title = entry.get("title_detail") or {}
    identity, link = str(entry.get("id") or "").strip(), _link(entry)
    heading = one_line(_text(title, atom=place.atom))
    text_mark, near_marks = word_marks(heading, text)
    stamps = (entry.get(f"{name}_parsed") for name in ("published", "updated", "created"))
    stamp = next((stamp for stamp in stamps if stamp), None)
    return Entry(
        id=identity,
        link=_joined(place.url, link) if link != identity else "",
        title=heading,
        text=text,
        author=_author(entry, place),
        language=_language(entry, detail or title, place),
        published=_seconds(stamp) if stamp else None,
        author_link=str((entry.get("author_detail") or {}).get("href") or ""),
        outlet_link=str((entry.get("source") or {}).get("href") or ""),
        likes=_count((entry.get("media_starrating") or {}).get("count")),
        views=_count((entry.get("media_statistics") or {}).get("views")),
        rating=one_line(str(entry.get("im_rating") or ""), 20),
        text_mark=text_mark,
        near_marks=sorted(near_marks),
    )


def _count(stated: Any) -> int | None:
    """A count as Media RSS writes it; None for anything that is no number a database holds."""
    figure = str(stated or "")
    return int(figure) if re.fullmatch("[0-9]{1,18}", figure) else None


def _seconds(stamp: Sequence[int]) -> int:
    """Seconds since 1970; a time zone can carry a date into years that Python does not count."""
    return calendar.timegm((min(max(stamp[0], MINYEAR), MAXYEAR), *stamp[1:]))


def _text(detail: Any, *, atom: bool) -> str:
    """The text of one construct; in RSS, where a title's type is a guess, entities are undone once more."""
    said = dict(detail)
    value, kind = str(said.get("value") or ""), str(said.get("type") or "text/plain")
    if kind == "text/plain":
        return plain_text(value if atom else html.unescape(value))
    # Whatever else calls itself something and is text after all is read as HTML, which XML looks like.
    return "" if kind.startswith(_IMAGES) or "\0" in value else html_to_text(value)


def _author(entry: Any, place: _Place) -> str:
    """Who wrote an entry, several joined; else the outlet that it was taken from; else, in Atom, who writes the feed.

    RFC 4287, 4.2.1; the outlet is what Google News names as the source of an article.
    """
    source = entry.get("source") or {}
    stated = _names(entry) or _names(source) or _person(source.get("title") or "")
    return stated or (place.authors if place.atom else "")


def _names(thing: Any) -> str:
    names = [author.get("name") for author in thing.get("authors") or () if author.get("name")]
    if len(names) > 1:
        return one_line(", ".join(dict.fromkeys(_person(name) for name in names)), 200)
    return _person(thing.get("author") or "")


def _person(stated: Any) -> str:
    """The name of a person.

    RSS writes ``mail@host (Name)``; feedparser joins an Atom author as ``Name (mail@host)``, and its own split of the
    two fails for hosts under .news or .media.
    """
    name = one_line(str(stated), 200)
    mailbox = _MAILBOX.fullmatch(name)
    return (mailbox["after"] or mailbox["before"]) if mailbox else name


def _link(entry: Any) -> str:
    """The page of an entry; feedparser takes the text of any ``link`` element for it, whatever that links to."""
    pages = [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    return str(next(filter(None, pages), None) or entry.get("link") or "").strip()


def _language(entry: Any, detail: Any, place: _Place) -> str:
    """What the entry says, or ``xml:lang`` of its words, which Atom inherits; RSS has one for the whole feed, too.

    feedparser hands the language of the header on to all words, past what a feed of RSS says of itself.
    """
    stated = entry.get("language") or detail.get("language")
    if place.atom and detail:
        return str(stated or "")
    return place.language if stated in {None, "", place.header} else str(stated)


def _joined(base: str, link: str) -> str:
    try:
        return link if not link or urlsplit(link).scheme else urljoin(base, link)
    except ValueError:
        return ""


def _fields(one: Any) -> dict[str, Any]:
    """The fields of one of our own; ``asdict`` copies every value in them, an eighth of all the time."""
    return {name: getattr(one, name) for name in one.__slots__}


def _answer(meta: bytes, body: bytes) -> bytes:
    try:
        return json.dumps(parse(body, **json.loads(meta)), default=_fields).encode("ascii")
    except MemoryError:
        return b'{"failure": "memory"}'
    except Exception as error:  # noqa: BLE001  the edge of this process: whatever it is, the parent says so in words
        return json.dumps({"failure": type(error).__name__}).encode("ascii")


def _address_space() -> int:
    """Bytes that this process has mapped; a guess on the high side where no /proc tells."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 512 * 2**20


def main() -> None:
    """Answer requests until the input ends."""
    memory, processor, clock = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    # Feeds can wait: while the parent holds up everybody who wants to write, it goes first.
    os.nice(10)
    # On top of what is mapped already, which differs much between systems (glibc maps its archive of locales).
    resource.setrlimit(resource.RLIMIT_AS, (limit := _address_space() + memory, limit))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that nothing a library prints gets between two frames
    while True:
        try:
            meta, body = read_frame(sys.stdin.buffer), read_frame(sys.stdin.buffer)
        except EOFError:
            return
        # Either ends this process. The second is for a feed that waits for something when there is no parent any more.
        signal.setitimer(signal.ITIMER_PROF, processor)
        signal.setitimer(signal.ITIMER_REAL, clock)
        answers.write(frame(_answer(meta, body)))
        answers.flush()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
