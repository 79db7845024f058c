"""Google News: the articles that a search finds in one edition, as RSS.

What is read: https://news.google.com/rss/search, which needs no key. Google does not document it; others did:
https://www.newscatcherapi.com/blog/google-news-rss-search-parameters-the-missing-documentaiton. It shows the 100 most
relevant articles and no more. So where it shows that many, shorter stretches of time are asked for as well, until the
newest articles are among them. Links lead to Google, which forwards the reader; the outlet is named beside each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field

from mentions.mention import Mention, date_mention
from sources.contract import Fetched, HostBusyError, SourceOptions, Visit, WebAddress, fingerprint
from sources.reading.answers import skipped
from sources.reading.articles import language_of, link_of, outlet_of
from sources.reading.entries import Entry, Feed
from sources.reading.feeds import read_feed
from sources.visiting.asking import searches_for
from sources.visiting.searching import Dialect

_SHOWN = 100
_STRETCHES = ("7d", "1d", "1h")
_TIMED = re.compile(r"\b(?:when|after|before):\S")
# Seconds between two requests; nobody knows how often Google lets itself be asked.
_SPACING = 2.0
_DIALECT = Dialect(longest=300)
# Where the language of an edition is not written as in its language tag.
_EDITIONS = {"pt-BR": "pt-419", "pt-PT": "pt-150", "es-419": "es-419", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}
_MANY = "Google News finds more than {} articles of the last hour; some of them are missing."


class Options(SourceOptions):
    """A search in one edition, or the brands' own queries."""

    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    language: str = Field(
        default="en-US",
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="language of the edition",
        examples=["en-GB"],
    )
    country: str = Field(
        default="US", pattern=r"^[A-Z]{2}$", description="country of the edition, as two letters", examples=["GB"]
    )
    server: WebAddress = Field(default="https://news.google.com", description="address of Google News")


def fetch(options: Options, visit: Visit) -> Fetched:
    """The articles of the last seven days that the searches find; storing keeps one of each.

    The cursor holds which search had no turn because the service was asked too often; it comes first then. The service
    has no way to ask for what is new.

    Raises:
        SourceError: the service could not be asked, answered something else than a feed, or there is nothing to ask
            for.
    """
    asked = fingerprint(f"{options.server} {options.language} {options.country}")
    waiting = visit.cursor_of(asked).get("waiting", "")
    wanted = searches_for(options.query, visit, _DIALECT, options.server)
    first = next((at for at, query in enumerate(wanted) if fingerprint(query) == waiting), 0)
    cursor = {"asked": asked}
    feeds: list[Feed] = []
    warnings: list[str] = []
    for query in (*wanted[first:], *wanted[:first]):
        try:
            found = list(_feeds(query, options, visit))
        except HostBusyError:
            if not feeds:
                raise
            cursor["waiting"] = fingerprint(query)
            break
        feeds += found
        warnings += [_MANY.format(_SHOWN)] if len(found) == len(_STRETCHES) and _is_full(found[-1]) else []
    entries = [entry for feed in feeds for entry in feed.entries]
    mentions = tuple(_mention(entry, visit) for entry in entries if entry.title)
    odd = (warning for feed in feeds for warning in feed.warnings)
    untitled = skipped([(len(entries) - len(mentions), "no title")])
    told = tuple(dict.fromkeys((*warnings, *odd, *untitled)))
    return Fetched(mentions, cursor, warnings=told, behind="waiting" in cursor)


def _feeds(query: str, options: Options, visit: Visit) -> Iterator[Feed]:
    """What is found in the longest stretch of time, and in shorter ones as long as not all is shown."""
    timed = _TIMED.search(query)
    for wording in [query] if timed else [f"{query} when:{stretch}" for stretch in _STRETCHES]:
        feed = _feed(wording, options, visit)
        yield feed
        if not _is_full(feed):
            return


def _is_full(feed: Feed) -> bool:
    return len(feed.entries) >= _SHOWN


def _feed(wording: str, options: Options, visit: Visit) -> Feed:
    language = _EDITIONS.get(options.language, options.language.partition("-")[0])
    params = {
        "q": wording,
        "hl": options.language,
        "gl": options.country,
        "ceid": f"{options.country}:{language}",
    }
    return read_feed(visit.http.get(f"{options.server.rstrip('/')}/rss/search", params=params, spacing=_SPACING))


def _mention(entry: Entry, visit: Visit) -> Mention:
    """An article; its description only repeats title and outlet, or those of others about the same."""
    named = entry.id or fingerprint(entry.link or f"{entry.author} {entry.title}")
    return Mention(
        key=f"google_news:{named}",
        title=entry.title.removesuffix(f" - {entry.author}") if entry.author else entry.title,
        text="",
        published=date_mention(entry.moment, visit.now),
        url=link_of(entry.link or entry.id),
        author=entry.author or None,
        handle=outlet_of(entry.outlet_link),
        language=language_of(entry.language),
    )
