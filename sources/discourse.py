"""Discourse: what is written on a forum, all of it or what its search finds.

What is read: https://docs.discourse.org/ (``/posts.json``, the newest posts before an id, and ``/search.json``, ten
pages of 50). Most forums need no key. By default a forum lets an address ask it 200 times a minute and 50 times in 10
seconds, and search 8 times a minute where nobody is logged in
(https://meta.discourse.org/t/available-settings-for-global-rate-limits-and-throttling/78612).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.failures import name_of
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import html_to_text, one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.paging import Falling, Place, Stint, descend
from sources.visiting.searching import Dialect

_PAGE = 50
_LAST_PAGE = 10
# Seconds between two requests: of the limits above, a little under the strictest.
_SPACING, _SEARCH_SPACING, _MEMBER_SPACING = 0.5, 7.5, 2.0
# Posts are indexed late: so much of what was read is read again.
_OVERLAP = timedelta(hours=1)
_LIKE = 2  # https://github.com/discourse/discourse/blob/main/app/models/post_action_type.rb
_DIALECT = Dialect(any_of=None, none_of=None, groups=False)
_Model = TypeVar("_Model", bound=BaseModel)


class Options(SourceOptions):
    """A forum; everything new on it, or what it finds."""

    server: WebAddress = Field(description="address of the forum", examples=["https://forum.example.com"])
    search: bool = Field(default=False, description="read what the brands' queries find, instead of everything new")
    query: str = Field(default="", max_length=500, description="what to search for, instead of the brands' queries")
    key: SecretStr | None = Field(default=None, description="API key, where the forum asks for one")
    user: str = Field(default="system", min_length=1, max_length=100, description="the user to whom the key belongs")
    pages: int = Field(default=5, ge=1, le=100, description="the most pages of 50 posts to read in one visit")


class _Action(BaseModel):
    id: int
    count: Maybe[Count] = None


class _Post(BaseModel):
    """A post as either address gives it; only one of ``cooked`` (HTML), ``raw`` and ``blurb`` (an excerpt) is sure."""

    id: int = Field(ge=1)
    username: str = Field(min_length=1)
    topic_id: Identifier
    post_number: int = Field(default=1, ge=1)
    name: Maybe[str] = None
    created_at: Maybe[datetime] = None
    cooked: Maybe[str] = None
    raw: Maybe[str] = None
    blurb: Maybe[str] = None
    topic_title: Maybe[str] = None
    topic_slug: Maybe[str] = None
    hidden: Maybe[bool] = None
    like_count: Maybe[Count] = None
    reply_count: Maybe[Count] = None
    actions_summary: Maybe[list[Maybe[_Action]]] = None


class _Topic(BaseModel):
    id: Identifier
    title: Maybe[str] = None
    slug: Maybe[str] = None


class _Latest(BaseModel):
    latest_posts: list[Any]


class _Result(BaseModel):
    more_full_page_results: Maybe[bool] = None
    error: Maybe[str] = None


class _Found(BaseModel):
    posts: list[Any]
    topics: Maybe[list[Maybe[_Topic]]] = None
    grouped_search_result: Maybe[_Result] = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where to go on in a search: a page of what was written before a day, of everything where that is None."""

    before: date | None = None
    page: int = 1

    @classmethod
    def read(cls, place: str) -> _Stretch:
        before, _, page = place.partition(" ")
        return cls(date.fromisoformat(before) if before != "-" else None, int(page)) if place else cls()

    def __str__(self) -> str:
        return f"{self.before or '-'} {self.page}"

    def below(self, oldest: date) -> _Stretch:
        """What follows. After the last page of a search comes another one, of the days up to its oldest post."""
        if self.page < _LAST_PAGE:
            return _Stretch(self.before, self.page + 1)
        same_day = oldest + timedelta(days=1)
        return _Stretch(same_day if self.before is None or same_day < self.before else oldest)


@dataclass(frozen=True, slots=True)
class _Forum:
    options: Options
    visit: Visit

    def newest(self, place: Place) -> Falling[_Post]:
        """The newest posts, or those before an id."""
        answer = self._get("posts.json", {"before": place.resume} if place.resume else {}, _SPACING)
        posts, malformed = read_items(answer, _Post, _read(answer, _Latest).latest_posts)
        ids = [post.id for post in posts]
        known, below = int(place.known or 0), _below(ids, int(place.resume or 0))
        following = str(below) if below > known else None
        return Falling(posts, malformed, str(max(ids, default="")), following, met=min(ids, default=below) <= known)

    def found(self, query: str, place: Place) -> Falling[_Post]:
        """A page of what a search finds, newest first."""
        stretch = _Stretch.read(place.resume)
        known = datetime.fromisoformat(place.known) - _OVERLAP if place.known else None
        asking = {"q": _term(query, known, stretch.before), "page": str(stretch.page)}
        answer = self._get("search.json", asking, _MEMBER_SPACING if self.options.key else _SEARCH_SPACING)
        found = _read(answer, _Found)
        result = found.grouped_search_result or _Result()
        if result.error:
            raise SourceError(name_of(answer.url), "its search is overloaded.", "It is asked again at the next visit.")
        posts, malformed = read_items(answer, _Post, found.posts)
        times = [date_mention(post.created_at, self.visit.now).at for post in posts if post.created_at]
        following, missed = None, False
        if result.more_full_page_results and times:
            below = stretch.below(min(times).date())
            following, missed = str(below), below.before == min(times).date()
        return Falling(
            _titled(posts, found.topics or ()),
            malformed,
            max(times).isoformat() if times else "",
            following,
            met=known is not None and bool(times) and min(times) <= known,
            warning="The search shows no more than 500 posts, and one day had more; some are missing."
            if missed
            else "",
        )

    def _get(self, path: str, params: Mapping[str, str], spacing: float) -> Answer:
        key = self.options.key
        headers = {"Api-Key": key.get_secret_value(), "Api-Username": self.options.user} if key else None
        address = f"{self.options.server.rstrip('/')}/{path}"
        return self.visit.http.get(address, params=params, headers=headers, spacing=spacing)


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit; at the first, those of the newest pages.

    What one visit has no room for is read by the next. The cursor holds the newest post that is known, of each search
    or of the forum, and where to go on.

    Raises:
        SourceError: the forum could not be asked, answered something else than posts, or there is nothing to ask for.
    """
    forum, stint, asked = _Forum(options, visit), Stint(), fingerprint(options.server)
    known = {} if visit.fresh else visit.cursor_of(asked)
    lists: dict[str, Callable[[Place], Falling[_Post]]] = {"": forum.newest}
    if options.search or options.query:
        queries = searches_for(options.query, visit, _DIALECT, options.server)
        lists = {f":{fingerprint(query)}": partial(forum.found, query) for query in queries}
    descents = {name: descend(stint, ask, Place.of(known, name), options.pages) for name, ask in lists.items()}
    cursor = {"asked": asked}
    for name, descent in descents.items():
        cursor |= descent.place.cursor(name)
    pages = [page for descent in descents.values() for page in descent.pages]
    posts = [post for page in pages for post in page.posts if not post.hidden]
    mentions = tuple(mention for post in posts if (mention := _mention(options, post, visit.now)))
    counts = [
        (sum(page.malformed for page in pages), "not as Discourse describes them"),
        (len(posts) - len(mentions), "no text"),
    ]
    warnings = (*skipped(counts), *(each for found in descents.values() for each in found.warnings), *stint.warnings)
    return Fetched(mentions, cursor, warnings=warnings, behind=any(found.behind for found in descents.values()))


def _below(ids: Sequence[int], before: int) -> int:
    """The id before which the next posts are; 0 where there are none.

    Older versions of Discourse look no further down than 50 ids and count the one that was named, so they may show
    little or nothing although more posts follow.
    """
    lowest = min(ids, default=before)
    return lowest if ids and (not before or lowest < before) else max(before - _PAGE, 0)


def _term(query: str, known: datetime | None, before: date | None) -> str:
    # One day more than needed, because a day is the forum's own.
    after = f" after:{(known - timedelta(days=1)).date()}" if known else ""
    return f"{query} order:latest{after}{f' before:{before}' if before else ''}"


def _read(answer: Answer, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(read_json(answer))
    except ValidationError:
        raise unexpected(answer, "its answer holds no posts") from None


def _titled(posts: Iterable[_Post], topics: Iterable[_Topic | None]) -> list[_Post]:
    """Posts with the titles of their topics, which a search answers beside them."""
    by_id = {topic.id: topic for topic in topics if topic}
    return [
        post.model_copy(update={"topic_title": topic.title, "topic_slug": topic.slug})
        if (topic := by_id.get(post.topic_id))
        else post
        for post in posts
    ]


def _mention(options: Options, post: _Post, now: datetime) -> Mention | None:
    text = html_to_text(post.cooked or "") or plain_text(post.raw or "") or html_to_text(post.blurb or "")
    if not text:
        return None
    server, host = options.server.rstrip("/"), urlsplit(options.server).netloc.rpartition("@")[2].lower()
    slug = f"{quote(post.topic_slug, safe='')}/" if post.topic_slug else ""
    handle = one_line(post.username, 100)
    likes = [each.count for each in post.actions_summary or () if each and each.id == _LIKE]
    return Mention(
        key=f"discourse:{host}:{post.id}",
        title=one_line(post.topic_title or ""),
        text=text,
        published=date_mention(post.created_at, now),
        url=f"{server}/t/{slug}{quote(post.topic_id, safe='')}/{post.post_number}",
        author=one_line(post.name or "", 200) or handle,
        handle=f"{handle}@{host}",
        engagement=Engagement(likes=next(iter(likes), post.like_count), replies=post.reply_count),
    )
