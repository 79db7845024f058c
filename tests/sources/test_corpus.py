"""feedparser's own test files: all are read or refused with a reason, and what they expect of a mention holds."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sources.contract import SourceError
from sources.network.fetching import Answer
from sources.reading.entries import Entry, Feed
from sources.reading.feed_processes import ParserPool
from sources.reading.feeds import read_feed
from tests.sources.expectations import Condition, File, PathTo, read_file

# The address that the files' own relative addresses are resolved against.
URL = "http://127.0.0.1:8097/tests/file.xml"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "feeds.md"


@dataclass(frozen=True)
class Judged:
    """What became of a file: whether its expectation holds, or a reason why it is none of ours."""

    name: str
    kept: bool
    why: str


class Words(HTMLParser):
    """The words of some HTML, by other means than the product's."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(markup)
        self.close()

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def same_text(ours: str, stated: Any) -> bool:
    """Whether a text is what was stated, taken as it stands or as HTML."""
    readings = (str(stated), "".join(Words(str(stated)).found))
    return " ".join(ours.split()) in {" ".join(reading.split()) for reading in readings}


def same_link(entry: Entry, stated: Any) -> bool:
    return stated in {entry.link, entry.id}


def same_author(entry: Entry, stated: Any) -> bool:
    """Addresses in parentheses are left out of ours; several authors are joined."""
    return re.sub(r" \(\S+@\S+\)$", "", str(stated)) in entry.author.split(", ")


def same_moment(entry: Entry, stated: Any) -> bool:
    if isinstance(stated, str):
        at = datetime.fromisoformat(stated) if stated[:1].isdigit() else parsedate_to_datetime(stated)
        return entry.published == at.timestamp()
    return entry.published == calendar.timegm(stated)


Check = Callable[[Entry, Any], bool]


def titled(entry: Entry, stated: Any) -> bool:
    return same_text(entry.title, stated)


def worded(entry: Entry, stated: Any) -> bool:
    return same_text(entry.text, stated)


def language(entry: Entry, stated: Any) -> bool:
    return entry.language == (stated or "")


OF_AN_ENTRY: dict[PathTo, Check] = {
    ("title",): titled,
    ("title_detail", "value"): titled,
    ("summary",): worded,
    ("summary_detail", "value"): worded,
    ("description",): worded,
    ("description", "ord"): lambda entry, stated: entry.text == chr(stated),
    ("content", 0, "value"): worded,
    ("id",): lambda entry, stated: entry.id == stated,
    ("guid",): lambda entry, stated: entry.id == stated,
    ("link",): same_link,
    ("links", 0, "href"): same_link,
    ("author",): same_author,
    ("author_detail", "name"): same_author,
    ("authors", 0, "name"): same_author,
    ("authors", 1, "name"): same_author,
    ("source", "title"): same_author,
    ("source", "authors", 0, "name"): same_author,
    ("source", "authors", 1, "name"): same_author,
    ("language",): language,
    ("title_detail", "language"): language,
    ("summary_detail", "language"): language,
    ("content", 0, "language"): language,
    **{
        (name,): same_moment
        for name in ("published", "updated", "published_parsed", "updated_parsed", "created_parsed")
    },
}
# Of the feed's own fields those are looked at that an entry has too: as an entry that is made of the feed's children.
OF_A_FEED = {
    path: check
    for path, check in OF_AN_ENTRY.items()
    if path[0] in {"title", "title_detail", "description", "link", "author", "author_detail", "published", "updated"}
    or path in {("language",), ("updated_parsed",), ("published_parsed",)}
}

ENTITIES = "defines entities of its own, which is refused"
BASE = "the base of relative addresses: a mention's text holds none"
PLACED = "addresses resolved by Content-Location, which is no base (RFC 7231, B), and ids, which are no addresses"
MARKUP = "what a text was written in: a mention's text is plain"
SECOND = "a second text, or its language, beside the fuller one"
FEED = "fields of the feed that its entries have not"
OTHER = "categories, enclosures, licences, publishers, contributors and other fields that no mention has"
ENCODING = "the name of the encoding of a file that holds no text"
VERSION = "which format it is"
UNWELL = "feedparser's mark for what is odd but harms nothing"
DRAWN = "words inside drawings (SVG) and what HTML calls a comment"
# The test's own entry made of the feed's children is no longer what the file is about.
UNFIT = "fields of the feed beside ones that its entries have under the same name"
ONE_OF_A_KIND = {
    "entities__attr_amp.xml": UNFIT,
    "wellformed__rss__channel_image_title_conflict.xml": UNFIT,
    "wellformed__rss__channel_textInput_link_conflict.xml": UNFIT,
    "wellformed__rss__channel_textInput_title_conflict.xml": UNFIT,
    "wellformed__rss__item_description_not_a_doctype.xml": DRAWN,
    "wellformed__namespace__rss2.0svgtitle.xml": DRAWN,
    "wellformed__base__http_entry_id_base_content_location.xml": PLACED,
    "wellformed__base__http_entry_id_base_docuri.xml": PLACED,
    "wellformed__rss__item_description_and_summary.xml": SECOND,
    "wellformed__lang__entry_title_xml_lang_inherit_3.xml": SECOND,
}


def wrapped(file: File) -> bytes:
    """The file with its feed's children put into an entry."""
    text = file.body.decode(file.encoding)
    for outer, inner in (("channel", "item"), ("feed", "entry")):
        text = re.sub(rf"(<{outer}(?:\s[^>]*)?(?<!/)>)", rf"\1<{inner}>", text, count=1)
        text = re.sub(rf"(</{outer}>)", rf"</{inner}>\1", text, count=1)
    return text.encode(file.encoding)


def of_entry(found: Feed | SourceError, at: int, path: PathTo, value: Any) -> bool | str:
    check = OF_AN_ENTRY.get(path)
    if check is None:
        return BASE if path[-1:] == ("base",) else MARKUP if path[-1:] == ("type",) else OTHER
    return isinstance(found, Feed) and check(found.entries[at], value)


@dataclass(frozen=True)
class Reader:
    pool: ParserPool

    def read(self, file: File, body: bytes) -> Feed | SourceError:
        try:
            return read_feed(Answer(200, URL, file.headers, body), self.pool)
        except SourceError as error:
            return error

    def judge(self, file: File) -> Judged:
        found = self.read(file, file.body)
        if isinstance(found, SourceError) and "entities" in found.problem:
            return Judged(file.name, kept=False, why=ENTITIES)
        if file.name in ONE_OF_A_KIND:
            return Judged(file.name, kept=False, why=ONE_OF_A_KIND[file.name])
        verdicts = [self.check(file, found, each) for each in file.expects]
        reasons = [verdict for verdict in verdicts if isinstance(verdict, str)]
        if any(verdict is False for verdict in verdicts):
            return Judged(file.name, kept=False, why="")
        if reasons and not any(verdict is True for verdict in verdicts):
            return Judged(file.name, kept=False, why=reasons[-1])
        return Judged(file.name, kept=True, why="")

    def check(self, file: File, found: Feed | SourceError, wanted: Condition) -> bool | str | None:
        """Whether a condition holds, or why it is not looked at; None where it says nothing alone."""
        match wanted.path:
            case ("bozo",):
                odd = isinstance(found, SourceError) or bool(found.warnings)
                return None if odd == wanted.value else UNWELL
            case ("entries", int(at), *rest):
                return of_entry(found, at, tuple(rest), wanted.value)
            case ("feed", *rest) if tuple(rest) in OF_A_FEED:
                return self.of_feed(file, tuple(rest), wanted.value)
            case ("encoding",):
                return self.of_encoding(file, wanted.value)
            case ("version",):
                return VERSION
        return FEED if wanted.path[:1] == ("feed",) else OTHER

    def of_feed(self, file: File, path: PathTo, value: Any) -> bool | str:
        if "content-location" in file.headers:
            return PLACED
        inside = self.read(file, wrapped(file))
        return isinstance(inside, Feed) and OF_A_FEED[path](inside.entries[0], value)

    def of_encoding(self, file: File, encoding: str) -> bool | str:
        title = re.search("<title>([^<]+)</title>", file.body.decode(encoding, "replace"))
        if title is None:
            return ENCODING
        read = (self.read(file, file.body), self.read(file, wrapped(file)))
        return title[1].strip() in [entry.title for feed in read if isinstance(feed, Feed) for entry in feed.entries]


@pytest.fixture(scope="module")
def corpus(recorded: Path) -> list[File]:
    folder = recorded / "payloads" / "feedparser-corpus"
    if not folder.is_dir():
        pytest.skip(f"no feedparser-corpus in {recorded}")
    return [read_file(path) for path in sorted(folder.iterdir())]


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    with ParserPool(size=1, time_limit=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def judged(corpus: list[File], pool: ParserPool) -> list[Judged]:
    return [Reader(pool).judge(file) for file in corpus]


def test_every_file_is_read_or_refused_with_a_reason_within_two_seconds(corpus: list[File], pool: ParserPool) -> None:
    for file in corpus:
        found = Reader(pool).read(file, file.body)
        if isinstance(found, SourceError):
            assert found.remedy, file.name
            assert "too long" not in found.problem, file.name


def test_what_the_files_expect_of_a_mention_holds(judged: list[Judged]) -> None:
    assert [one.name for one in judged if not one.kept and not one.why] == []


def test_the_table_in_the_documentation_counts_what_is_kept_and_what_is_not(judged: list[Judged]) -> None:
    counted = Counter(one.why or "kept" for one in judged)
    rows = re.findall(r"^\| (.+?) \| (\d+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {why: int(count) for why, count in rows} == counted
