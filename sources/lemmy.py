"""Lemmy: posts and comments that a search on one server finds, newest first.

What is read: https://join-lemmy.org/docs/contributors/04-api.html, ``/api/v3/search`` with ``q`` and ``page``, or, on
servers that no longer have it, ``/api/v4/search`` with ``search_term`` and ``page_cursor``
(https://github.com/LemmyNet/lemmy-js-client); most servers allow 60 searches in ten minutes. A post has the same
address (``ap_id``) on every server, so that one seen on two of them is one mention. Languages are numbered differently
on every server and are not read; alternatives, phrases and operators are not understood by the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, AwareDatetime, BaseModel, Field, SecretStr, TypeAdapter

from mentions.mention import Engagement, Mention, date_mention
from sources.contract import Fetched, SourceError, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.fetching import Answer
from sources.reading.answers import Count, Identifier, Link, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Found, Page, Stretch, milliseconds, read_newest_first
from sources.visiting.searching import Dialect

_PAGE = 50  # the most that a server gives at once
_HORIZON = timedelta(days=21)
# Posts of other servers arrive late.
_OVERLAP = int(timedelta(minutes=30) / timedelta(milliseconds=1))
_DIALECT = Dialect(any_of=None, none_of=None, groups=False, quotes=False, longest=300)
_LINK: TypeAdapter[str | None] = TypeAdapter(Maybe[Link])


class Options(SourceOptions):
    """A search, or the brands' own queries, on a server."""

    server: WebAddress = Field(description="address of the server", examples=["https://lemmy.example"])
    query: str = Field(
        default="", max_length=300, description="what to search for; empty for the queries of the brands"
    )
    token: SecretStr | None = Field(default=None, description="access token, where the server asks for one")
    api: Literal["v3", "v4"] | None = Field(
        default=None, description="which interface the server has; left out, it is found out"
    )
    pages: int = Field(default=5, ge=1, le=50, description="the most pages of a search to read in one visit")


class _Counts(BaseModel):
    upvotes: Maybe[Count] = None
    comments: Maybe[Count] = None
    child_count: Maybe[Count] = None


class _Item(_Counts):
    """A post or a comment; from v4 on it carries its own counts."""

    ap_id: Identifier
    name: Maybe[str] = None
    body: Maybe[str] = None
    content: Maybe[str] = None
    published: Maybe[AwareDatetime] = Field(default=None, validation_alias=AliasChoices("published", "published_at"))
    deleted: Maybe[bool] = None
    removed: Maybe[bool] = None


class _Person(BaseModel):
    name: str
    display_name: Maybe[str] = None
    address: Maybe[Link] = Field(default=None, validation_alias=AliasChoices("actor_id", "ap_id"))


class _View(BaseModel):
    """A post, or a comment beside the post it belongs to."""

    post: _Item
    comment: _Item | None = None
    creator: Maybe[_Person] = None
    counts: Maybe[_Counts] = None

    @property
    def said(self) -> _Item:
        return self.comment or self.post


@dataclass(frozen=True, slots=True)
class _Asking:
    options: Options
    visit: Visit
    api: str

    def page(self, search: str, stretch: Stretch) -> Page[_View]:
        token = self.options.token
        names = {"v3": ("q", "page", "New"), "v4": ("search_term", "page_cursor", "new")}
        query, place, newest_first = names[self.api]
        answer = self.visit.http.get(
            f"{self.options.server.rstrip('/')}/api/{self.api}/search",
            params={
                query: search,
                "sort": newest_first,
                "limit": str(_PAGE),
                **({place: stretch.place} if stretch.place else {}),
            },
            headers={"Authorization": f"Bearer {token.get_secret_value()}"} if token else None,
        )
        return _page(answer, stretch, self.visit)


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts and comments since the last visit, of the last 21 days for a search that was not made before.

    The cursor holds, for each search, up to when everything was read and what is left below; and which of its
    interfaces the server has.

    Raises:
        SourceError: the server could not be asked or answered something else than posts.
    """
    asked = fingerprint(f"{options.server} {options.api}")
    cursor = visit.cursor_of(asked)
    searches = searches_for(options.query, visit, _DIALECT, options.server)

    def read(api: str) -> Found[_View]:
        start = Stretch(milliseconds(visit.now - _HORIZON))
        known = {} if visit.fresh or cursor.get("api") != api else cursor
        page = _Asking(options, visit, api).page
        return read_newest_first(searches, known, start, page, pages=options.pages, overlap=_OVERLAP)

    api, found = (options.api, read(options.api)) if options.api else _either(cursor.get("api", "v3"), read)
    kept = [view for view in found.posts if not view.said.deleted and not view.said.removed]
    mentions = tuple(mention for view in kept if (mention := _mention(view, visit)))
    counts = [(found.malformed, "not as Lemmy describes them"), (len(kept) - len(mentions), "no text")]
    following = {"asked": asked, "api": api, **found.cursor}
    return Fetched(mentions, following, warnings=skipped(counts), behind=bool(found.unread))


def _either(first: str, read: Callable[[str], Found[_View]]) -> tuple[str, Found[_View]]:
    """What an interface brings, or the other where the server has not got this one."""
    try:
        return first, read(first)
    except SourceError as error:
        if not error.permanent:
            raise
        other = "v3" if first == "v4" else "v4"
        try:
            return other, read(other)
        except SourceError:
            raise error from None


def _page(answer: Answer, stretch: Stretch, visit: Visit) -> Page[_View]:
    """A page of either shape: one list with a cursor, or posts and comments apart with page numbers."""
    found = read_json(answer)
    lists = _lists(found) if isinstance(found, dict) else []
    if not lists:
        raise unexpected(answer, "its answer holds no posts")
    number, cursor = int(stretch.place) if stretch.place.isdecimal() else 1, found.get("next_page")
    views: list[_View] = []
    malformed, unfinished, oldest = 0, False, []
    for items in lists:
        fitting, others = read_items(answer, _View, items)
        views, malformed = [*views, *fitting], malformed + others
        if cursor or ("posts" in found and len(items) >= _PAGE):
            unfinished = True
            oldest += _times(fitting, visit)[-1:]
    newest = max(_times(views, visit), default=None)
    following = (str(cursor) if cursor else str(number + 1)) if unfinished else ""
    # Where posts and comments come apart, everything is read only down to the end that is nearer.
    return Page(tuple(views), malformed, newest, max(oldest, default=None), following)


def _lists(found: dict[str, Any]) -> list[list[object]]:
    names = ("posts", "comments") if "posts" in found else ("search", "items", "results")
    return [
        [each for each in found[name] if not _is_other(each)] for name in names if isinstance(found.get(name), list)
    ]


def _is_other(item: object) -> bool:
    """A community or a person, which the search finds too."""
    return isinstance(item, dict) and "post" not in item and "type_" in item


def _times(views: Iterable[_View], visit: Visit) -> list[int]:
    return [milliseconds(min(view.said.published, visit.now)) for view in views if view.said.published]


def _mention(view: _View, visit: Visit) -> Mention | None:
    said, counts = view.said, view.counts or view.said
    title = "" if view.comment else one_line(said.name or "")
    text = plain_text(said.content or said.body or "")
    if not title and not text:
        return None
    handle = _handle(view.creator)
    return Mention(
        key=f"lemmy:{said.ap_id}",
        title=title,
        text=text,
        published=date_mention(said.published, visit.now),
        url=_LINK.validate_python(said.ap_id),
        author=(one_line(view.creator.display_name or "", 200) if view.creator else "") or handle,
        handle=handle,
        engagement=Engagement(counts.upvotes, counts.child_count if view.comment else counts.comments),
    )


def _handle(creator: _Person | None) -> str | None:
    """The full handle: a name alone means another person on every server."""
    if creator is None:
        return None
    host = urlsplit(creator.address or "").hostname
    return one_line(f"{creator.name}@{host}" if host else creator.name, 300) or None
