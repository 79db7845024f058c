"""GDELT: news of the whole world in 65 languages, searched in its full text, known by title and address.

What is read: https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/, the article list of the DOC 2.0 API, which needs
no key. It asks for five seconds between two requests and shows 250 articles at most, so time is read backwards in
stretches. Dates are those at which GDELT saw an article. It refuses a search with a plain sentence and status 200, and
leaves backslashes of titles as they are, which makes its JSON invalid.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from mentions.mention import Mention, date_mention
from sources.contract import Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.failures import name_of
from sources.network.fetching import Answer
from sources.reading.answers import Link, Maybe, read_items, skipped, unexpected
from sources.reading.articles import article_key, outlet_of
from sources.reading.text import html_to_text, one_line
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Page, Stretch, read_newest_first
from sources.visiting.paging import Stint
from sources.visiting.searching import Dialect

_PAGE = 250
_SPACING = 5.0
# What GDELT asks to be left alone for when it says so with status 200.
_TOO_OFTEN = 60.0
_HORIZON = timedelta(days=7)
# It takes in the world's news every quarter of an hour, and is late at times. A shorter search than that it refuses.
_OVERLAP = timedelta(hours=1)
# Parentheses may only stand around alternatives, and an alternative may only be a word or a phrase: each alternative
# is a search of its own, and those that may be are joined again.
_DIALECT = Dialect(any_of=None, groups=False, longest=200)
_LONGEST = 200
_SINGLE = re.compile(r'-?"[^"]*"|[^\s"]+')
# In quotes it takes no word of less than five letters, and without quotes none that holds anything but letters.
_WORD = re.compile(r'(?P<sign>-?)(?P<quote>"?)(?P<word>\w+)(?P=quote)')
_STAMP = "%Y%m%d%H%M%S"
# Names of languages as GDELT writes them, each followed by its code (ISO 639-1).
_NAMES = """
afrikaans af albanian sq arabic ar armenian hy azerbaijani az bengali bn bosnian bs bulgarian bg catalan ca
chinese zh croatian hr czech cs danish da dutch nl english en estonian et finnish fi french fr galician gl
georgian ka german de greek el gujarati gu hebrew he hindi hi hungarian hu icelandic is indonesian id italian
it japanese ja kannada kn kazakh kk korean ko latvian lv letzeburgesch lb lithuanian lt macedonian mk malay ms
malayalam ml marathi mr mongolian mn nepali ne norwegian no norwegiannynorsk nn persian fa polish pl
portuguese pt punjabi pa romanian ro russian ru serbian sr sinhalese si slovak sk slovenian sl somali so
spanish es swahili sw swedish sv tamil ta telugu te thai th tibetan bo turkish tr ukrainian uk urdu ur
vietnamese vi
"""
_LANGUAGES = dict(re.findall(r"(\w+)\s(\w\w)\b", _NAMES))
# An escape that JSON knows, or a backslash that stands for itself.
_BACKSLASH = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\')
_BEGINS = re.compile(r'(?=\{\s*"url":)')
# Line breaks stand in titles as they are.
_DECODER = json.JSONDecoder(strict=False)
_SENTENCE = re.compile(r"[A-Z][^<>{}\[\]]{5,500}")


class Options(SourceOptions):
    """A search, or the brands' own queries."""

    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    pages: int = Field(
        default=4, ge=1, le=100, description="the most requests for one search in one visit, five seconds apart"
    )
    server: WebAddress = Field(default="https://api.gdeltproject.org", description="address of the service")


def _moment(written: object) -> object:
    """A time as GDELT writes it: ``20260310T114500Z``."""
    return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if isinstance(written, str) else None


class _Article(BaseModel):
    url: Link
    title: Maybe[str] = None
    seendate: Maybe[Annotated[datetime, BeforeValidator(_moment)]] = None
    domain: Maybe[str] = None
    language: Maybe[str] = None


@dataclass(frozen=True, slots=True)
class _Reader:
    options: Options
    visit: Visit

    def page(self, search: str, stretch: Stretch) -> Page[_Article]:
        """The newest articles of a stretch of time; its positions and places are seconds since 1970."""
        until = int(stretch.place or self.visit.now.timestamp())
        since = min(stretch.down_to, until - int(_OVERLAP.total_seconds()))
        answer = _ask(self.options, self.visit, search, since, until)
        items = _articles(answer, self.visit)
        articles, malformed = read_items(answer, _Article, items)
        stamps = (int(article.seendate.timestamp()) for article in articles if article.seendate)
        times = [stamp for stamp in stamps if since <= stamp <= until]
        more = len(items) >= _PAGE and times
        # The quarter of an hour of the last article may hold others: it is asked for again, as long as that leads on.
        following = str(min(*times, until - 1)) if more else ""
        return Page(articles, malformed, max(times, default=None), min(times) if more else since, following)


def fetch(options: Options, visit: Visit) -> Fetched:
    """The articles since the last visit; of the last seven days for a search that was not made before.

    The cursor holds, for each search, the time up to which everything was read, and what is left before it.

    Raises:
        SourceError: the service could not be asked, refused the search, answered something else than articles, or
            there is nothing to ask for.
    """
    asked = fingerprint(options.server)
    wanted = searches_for(options.query, visit, _DIALECT, options.server)
    reader, stint = _Reader(options, visit), Stint()
    found = read_newest_first(
        wanted if options.query else _joined(wanted),
        {} if visit.fresh else visit.cursor_of(asked),
        Stretch(int((visit.now - _HORIZON).timestamp())),
        lambda search, stretch: stint.turn(lambda: reader.page(search, stretch)),
        pages=options.pages,
        overlap=int(_OVERLAP.total_seconds()),
    )
    mentions = tuple(mention for article in found.posts if (mention := _mention(article, visit.now)))
    counts = [(found.malformed, "not as GDELT describes them"), (len(found.posts) - len(mentions), "no title")]
    cursor = {"asked": asked, **found.cursor}
    return Fetched(mentions, cursor, warnings=(*stint.warnings, *skipped(counts)), behind=bool(found.unread))


def _joined(alternatives: Iterable[str]) -> Iterator[str]:
    """As few searches as say the same: words and phrases share one, as alternatives in parentheses."""
    together: list[str] = []
    for alternative in alternatives:
        if not _SINGLE.fullmatch(alternative):
            yield " ".join(_worded(part) for part in _SINGLE.findall(alternative))
            continue
        if len(" OR ".join([*together, alternative])) > _LONGEST:
            yield _grouped(together)
            together = []
        together.append(_worded(alternative))
    if together:
        yield _grouped(together)


def _worded(part: str) -> str:
    word = _WORD.fullmatch(part)
    if word:
        return word["sign"] + word["word"]
    return part if part.endswith('"') else f'"{part}"'


def _grouped(alternatives: list[str]) -> str:
    return alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"


def _ask(options: Options, visit: Visit, search: str, since: int, until: int) -> Answer:
    params = {
        "query": search,
        "mode": "artlist",
        "format": "json",
        "sort": "datedesc",
        "maxrecords": str(_PAGE),
        "startdatetime": datetime.fromtimestamp(since, UTC).strftime(_STAMP),
        "enddatetime": datetime.fromtimestamp(until, UTC).strftime(_STAMP),
    }
    return visit.http.get(f"{options.server.rstrip('/')}/api/v2/doc/doc", params=params, spacing=_SPACING)


def _articles(answer: Answer, visit: Visit) -> list[Any]:
    """The articles of an answer, each as JSON; those that are none even with their backslashes mended are None."""
    text = answer.body.decode("utf-8-sig", "replace").strip()
    if _SENTENCE.fullmatch(text):
        raise _refusal(answer, text, visit)
    mended = _BACKSLASH.sub(lambda found: found[1] or r"\\", text)
    found = _json(mended)
    if found == {}:
        return []
    articles = found.get("articles") if isinstance(found, dict) else _one_by_one(mended) or None
    if not isinstance(articles, list):
        raise unexpected(answer, "its answer holds no articles")
    return articles


def _one_by_one(text: str) -> list[Any]:
    """The articles of an answer that is no JSON as a whole, because of a quotation mark in a title."""
    return [_json(piece) for piece in _BEGINS.split(text)[1:]]


def _json(text: str) -> Any:
    """The value that a text begins with, None where it begins with none."""
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _refusal(answer: Answer, sentence: str, visit: Visit) -> SourceError:
    if "limit requests" in sentence:
        visit.http.leave_alone(answer.url, _TOO_OFTEN, "it said that it was asked too often")
        remedy = "It is left alone for a while; ask it less often if this lasts."
        return SourceError(name_of(answer.url), "we asked too often.", remedy, retry_after=_TOO_OFTEN)
    return SourceError(
        name_of(answer.url),
        f'it refused the search with the words "{one_line(sentence, 200).rstrip(".")}".',
        "Give the source a query of its own that GDELT takes: longer words, phrases of several words in quotes.",
        permanent=True,
    )


def _mention(article: _Article, now: datetime) -> Mention | None:
    title = one_line(html_to_text(article.title or ""))
    if not title:
        return None
    outlet = one_line(article.domain or "", 200) or outlet_of(article.url)
    return Mention(
        key=article_key("gdelt", article.url),
        title=title,
        text="",
        published=date_mention(article.seendate, now),
        url=article.url,
        author=outlet,
        handle=outlet_of(article.url),
        language=_LANGUAGES.get((article.language or "").replace(" ", "").lower()),
    )
