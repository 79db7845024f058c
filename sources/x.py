"""X: posts of the last seven days that a search finds.

What is read: https://docs.x.com/x-api/posts/search-recent-posts with an application's bearer token. Every post that is
read costs money (https://docs.x.com/x-api/getting-started/pricing), so nothing is asked for twice: reading goes by ids,
from the newest down to the newest known (https://docs.x.com/x-api/posts/search/integrate/paginate), and stops where the
day's budget does; what was paid for is kept, and the rest stays for when there is room again.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, SecretStr, ValidationError

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import BudgetError, Fetched, MeteredOptions, SourceError, Visit, WebAddress, fingerprint
from sources.network.failures import name_of
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Language, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Page, Stretch, milliseconds, read_newest_first
from sources.visiting.searching import Dialect

_Model = TypeVar("_Model", bound=BaseModel)
# How many posts an answer may hold, at least and at most.
_LEAST, _PAGE = 10, 100
# Ids carry the time: milliseconds since this moment, above 22 bits (https://docs.x.com/resources/fundamentals/x-ids).
_EPOCH_MS, _BELOW_TIME = 1_288_834_974_657, 22
# Seven days, less what a request may take: ids from before are refused.
_SHOWN = timedelta(days=7) - timedelta(minutes=10)
# https://docs.x.com/x-api/posts/search/integrate/operators; 512 characters, of which some are added about reposts.
_DIALECT = Dialect(none_of="-", handle="@{}", tag="#{}", longest=480)
_FIELDS = {
    "tweet.fields": "author_id,created_at,entities,lang,note_tweet,public_metrics,referenced_tweets",
    "user.fields": "name,public_metrics,username",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
}
# What X answers where it knows no language, and two codes older than the standard.
_NO_LANGUAGE = {"und", "art", "zxx", "qam", "qct", "qht", "qme", "qst"}
_RENAMED = {"in": "id", "iw": "he"}
_QUOTED_LIMIT = 1_000


class Options(MeteredOptions):
    """A search, or the brands' own queries; every post that is read costs money."""

    UNIT: ClassVar[str] = "posts"
    TRIAL: ClassVar[int | None] = _LEAST
    per_day: int = Field(default=500, ge=_LEAST, description="the most posts to read and pay for in one day (UTC)")
    token: SecretStr = Field(description="bearer token of the application", examples=["AAAAexample"])
    query: str = Field(
        default="", max_length=4_000, description="what to search for; empty for the queries of the brands"
    )
    reposts: bool = Field(default=True, description="reposts too, each of which costs as much as a post")
    history_hours: int = Field(
        default=24, ge=1, le=167, description="how far back to read a search that was not made before"
    )
    pages: int = Field(default=5, ge=1, le=100, description="the most pages of 100 posts of a search in one visit")
    server: WebAddress = Field(default="https://api.x.com", description="address of the service")


class _Metrics(BaseModel):
    like_count: Maybe[Count] = None
    reply_count: Maybe[Count] = None
    retweet_count: Maybe[Count] = None
    quote_count: Maybe[Count] = None
    impression_count: Maybe[Count] = None
    followers_count: Maybe[Count] = None


class _Reference(BaseModel):
    type: str
    id: Identifier


class _Url(BaseModel):
    url: str = Field(min_length=1)
    expanded_url: Link


class _Entities(BaseModel):
    urls: Maybe[list[Maybe[_Url]]] = None


class _Note(BaseModel):
    """The whole of a text that is longer than 280 characters."""

    text: str
    entities: Maybe[_Entities] = None


class _Post(BaseModel):
    """https://docs.x.com/x-api/fundamentals/data-dictionary#tweet."""

    id: Identifier = Field(pattern=r"^[0-9]{1,19}$")
    text: str
    author_id: Maybe[Identifier] = None
    created_at: Maybe[AwareDatetime] = None
    lang: Maybe[Language] = None
    entities: Maybe[_Entities] = None
    note_tweet: Maybe[_Note] = None
    public_metrics: Maybe[_Metrics] = None
    referenced_tweets: Maybe[list[Maybe[_Reference]]] = None


class _User(BaseModel):
    id: Identifier
    username: str = Field(pattern=r"^\w{1,50}$")
    name: Maybe[str] = None
    public_metrics: Maybe[_Metrics] = None


class _Meta(BaseModel):
    result_count: Maybe[Count] = None
    next_token: Maybe[str] = None


class _Answer(BaseModel):
    meta: _Meta
    data: Maybe[list[Any]] = None
    includes: Maybe[Mapping[str, Any]] = None


class _Reading:
    """A visit that pays for what it reads.

    Attributes:
        failure: what ended it, after something had been paid for.
    """

    def __init__(self, options: Options, visit: Visit) -> None:
        self.options = options
        self.visit = visit
        self.failure: SourceError | None = None

    @property
    def room(self) -> int:
        """How many posts the next answer may hold."""
        left = self.visit.budget.left
        return _PAGE if left is None else min(left, _PAGE)

    def ask(self, params: Mapping[str, str]) -> Answer | None:
        """An answer; None where there is no room for one, or the service failed after something had been paid for.

        Raises:
            SourceError: the service failed, and nothing had been paid for.
        """
        if self.room < _LEAST or self.failure:
            return None
        try:
            return self.visit.http.get(
                f"{self.options.server.rstrip('/')}/2/tweets/search/recent",
                params={**_FIELDS, "max_results": str(self.room), **params},
                headers={"Authorization": f"Bearer {self.options.token.get_secret_value()}"},
            )
        except SourceError as error:
            if not self.visit.budget.spent:
                raise
            self.failure = error
            return None

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.failure is None:
            return ()
        return (f"Reading stopped early: {self.failure.problem} What was paid for is kept, the rest is read later.",)


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit; of the last day, unless set otherwise, for a search that was not made before.

    The cursor holds, for each search, the id up to which everything was read and what is left below. What was paid for
    is not asked for again, not even on a fresh visit: brands that change change the search, which is then read anew.

    Raises:
        BudgetError: less is left of today's budget than the smallest answer may hold.
        SourceError: the service could not be asked or answered something else than posts.
    """
    asked = fingerprint(f"{options.server} {options.reposts}")
    reading = _Reading(options, visit)
    if reading.room < _LEAST:
        raise BudgetError(
            name_of(options.server),
            f"fewer than {_LEAST} of the {options.per_day} posts of today are left, which is the least to ask for.",
            "It goes on tomorrow (UTC); raise per_day if that is too late and the cost is right.",
        )
    searches = searches_for(options.query, visit, _DIALECT, options.server)
    found = read_newest_first(
        searches if options.reposts else [f"({each}) -is:retweet" for each in searches],
        visit.cursor_of(asked),
        Stretch(_first_id(visit.now - timedelta(hours=options.history_hours))),
        partial(_page, reading),
        pages=options.pages,
    )
    mentions = tuple(mention for mention in found.posts if mention)
    counts = [(found.malformed, "not as X describes them"), (len(found.posts) - len(mentions), "no text")]
    warnings = (*skipped(counts), *reading.warnings)
    return Fetched(mentions, {"asked": asked, **found.cursor}, warnings=warnings, behind=bool(found.unread))


def _first_id(moment: datetime) -> int:
    """The lowest id that a post of a moment can have."""
    return (milliseconds(moment) - _EPOCH_MS) << _BELOW_TIME


def _page(reading: _Reading, search: str, stretch: Stretch) -> Page[Mention | None] | None:
    """A page of a search; its place is the id below which it goes on, and the token that says the same."""
    shown = _first_id(reading.visit.now - _SHOWN)
    until, _, token = stretch.place.partition(" ")
    if until and int(until) <= shown:
        return Page(())  # X has forgotten what is left
    # A token only goes with the since_id it was given for.
    place = {"next_token": token} if stretch.down_to >= shown else {"until_id": until}
    since = str(max(stretch.down_to, shown))
    answer = reading.ask({"query": search, "since_id": since, **(place if until else {})})
    return None if answer is None else _read_page(answer, reading.visit)


def _read_page(answer: Answer, visit: Visit) -> Page[Mention | None]:
    try:
        found = _Answer.model_validate(read_json(answer))
    except ValidationError:
        raise unexpected(answer, "its answer holds no posts") from None
    referred = _fitting(_Post, (found.includes or {}).get("tweets"))
    posts, malformed = read_items(answer, _Post, found.data or [])
    visit.budget.spend(len({post.id for post in (*posts, *referred)}) + malformed)
    known = {post.id: post for post in (*referred, *posts)}
    users = {user.id: user for user in _fitting(_User, (found.includes or {}).get("users"))}
    ids = [int(post.id) for post in posts]
    following = f"{min(ids)} {found.meta.next_token}" if ids and found.meta.next_token else ""
    mentions = tuple(_mention(post, known, users, visit.now) for post in posts)
    return Page(mentions, malformed, max(ids, default=None), min(ids, default=None), following)


def _fitting(model: type[_Model], items: object) -> Sequence[_Model]:
    """What stands beside the posts; whatever of it cannot be read is missing."""
    found: list[_Model] = []
    for item in items if isinstance(items, list) else []:
        try:
            found.append(model.model_validate(item))
        except ValidationError:
            continue
    return found


def _mention(post: _Post, known: Mapping[str, _Post], users: Mapping[str, _User], now: datetime) -> Mention | None:
    original = _referred(post, "retweeted", known)
    text = _text(original or post)
    if quoted := _referred(original or post, "quoted", known):
        by = users.get(quoted.author_id or "")
        text += f"\nQuoting {by.username if by else 'another post'}: {_text(quoted)[:_QUOTED_LIMIT]}"
    if not text.strip():
        return None
    user = users.get(post.author_id or "")
    handle = user.username if user else None
    return Mention(
        key=f"x:{post.id}",
        title="",
        text=plain_text(text),
        published=date_mention(post.created_at, now),
        url=f"https://x.com/{handle or 'i'}/status/{post.id}",
        author=(one_line(user.name or "", 200) if user else "") or handle,
        handle=handle,
        language=_language(post.lang),
        # The figures of a repost are those of the original, which is counted by itself.
        engagement=_engagement(None if original else post.public_metrics),
        followers=user.public_metrics.followers_count if user and user.public_metrics else None,
    )


def _referred(post: _Post, how: str, known: Mapping[str, _Post]) -> _Post | None:
    """The post that another passes on or quotes, where the answer holds it."""
    wanted = (known.get(each.id) for each in post.referenced_tweets or [] if each and each.type == how)
    return next((found for found in wanted if found), None)


def _text(post: _Post) -> str:
    """The whole text, with its links in full."""
    written = post.note_tweet or post
    text = html.unescape(written.text)
    for link in (written.entities.urls if written.entities else None) or []:
        text = text.replace(link.url, link.expanded_url) if link else text
    return text


def _language(tag: str | None) -> str | None:
    return None if tag in _NO_LANGUAGE else _RENAMED.get(tag or "", tag)


def _engagement(metrics: _Metrics | None) -> Engagement:
    if metrics is None:
        return Engagement()
    passed_on = [count for count in (metrics.retweet_count, metrics.quote_count) if count is not None]
    reposts = sum(passed_on) if passed_on else None
    return Engagement(metrics.like_count, metrics.reply_count, reposts, metrics.impression_count)
