"""Bluesky: posts that a search finds.

What is read: https://docs.bsky.app/docs/api/app-bsky-feed-search-posts, pages of 100, newest first, to which only
accounts are let: an app password (https://bsky.app/settings/app-passwords) opens a session
(https://docs.bsky.app/docs/api/com-atproto-server-create-session). Phrases in double quotes, ``#tags``, ``from:`` and
``lang:`` are understood, alternatives are not (https://bsky.social/about/blog/05-31-2024-search): each is a search of
its own. Reposts are no posts of their own here; they are counted.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, Field, SecretStr, ValidationError

from mentions.mention import EARLIEST, Engagement, Mention, date_mention
from sources.contract import Fetched, SourceOptions, Visit, WebAddress, fingerprint
from sources.network.tokens import Token, with_token
from sources.reading.answers import Count, Identifier, Language, Maybe, read_items, read_json, skipped, unexpected
from sources.reading.text import one_line, plain_text
from sources.visiting.asking import searches_for
from sources.visiting.newest_first import Found, Page, Stretch, milliseconds, read_newest_first
from sources.visiting.searching import Dialect

_PAGE = 100
_HORIZON = timedelta(days=21)
# Posts are indexed within seconds, as a rule.
_OVERLAP = int(timedelta(minutes=10) / timedelta(milliseconds=1))
_DIALECT = Dialect(any_of=None, none_of=None, groups=False, tag="#{}", longest=300)
_QUOTED_LIMIT = 1_000


class Options(SourceOptions):
    """A search, or the brands' own queries, made with an account."""

    account: str = Field(
        min_length=1, max_length=300, description="handle of the account that searches", examples=["acme.bsky.social"]
    )
    app_password: SecretStr = Field(
        description="an app password of that account, never its own password", examples=["abcd-efgh-ijkl-mnop"]
    )
    query: str = Field(
        default="", max_length=500, description="what to search for; empty for the queries of the brands"
    )
    language: str = Field(
        default="", pattern=r"^[a-z]{0,3}$", description="only posts in this language (en); empty for all"
    )
    server: WebAddress = Field(default="https://bsky.social", description="address of the account's server")
    pages: int = Field(default=20, ge=1, le=100, description="the most pages of 100 posts of a search in one visit")


class _Session(BaseModel):
    accessJwt: str = Field(min_length=1, max_length=10_000)  # noqa: N815  the service's name


class _Author(BaseModel):
    did: Maybe[str] = None
    handle: Maybe[str] = None
    displayName: Maybe[str] = None  # noqa: N815  the service's name


class _Span(BaseModel):
    """Of UTF-8 bytes; the end is not part of it."""

    byteStart: int = Field(ge=0)  # noqa: N815  the service's name
    byteEnd: int = Field(ge=0)  # noqa: N815  the service's name


class _Feature(BaseModel):
    uri: Maybe[str] = None


class _Facet(BaseModel):
    """https://docs.bsky.app/docs/advanced-guides/post-richtext."""

    index: _Span
    features: list[_Feature]


class _Record(BaseModel):
    text: str
    createdAt: Maybe[AwareDatetime] = None  # noqa: N815  the service's name
    langs: Maybe[list[Maybe[Language]]] = None
    tags: Maybe[list[Maybe[str]]] = None
    facets: Maybe[list[Maybe[_Facet]]] = None


class _External(BaseModel):
    title: Maybe[str] = None


class _Image(BaseModel):
    alt: Maybe[str] = None


class _Embed(BaseModel):
    """What a post carries along: a card for a link, pictures, another post, or the latter two together."""

    external: Maybe[_External] = None
    images: Maybe[list[Maybe[_Image]]] = None
    alt: Maybe[str] = None
    media: Maybe[_Embed] = None
    record: Maybe[_Carried] = None


class _Carried(BaseModel):
    """Another post; one deeper where it stands beside pictures."""

    author: Maybe[_Author] = None
    value: Maybe[_Record] = None
    record: Maybe[_Carried] = None


class _Post(BaseModel):
    """https://docs.bsky.app/docs/api/app-bsky-feed-get-posts (postView)."""

    uri: Identifier
    record: _Record
    author: Maybe[_Author] = None
    embed: Maybe[_Embed] = None
    indexedAt: Maybe[AwareDatetime] = None  # noqa: N815  the service's name
    likeCount: Maybe[Count] = None  # noqa: N815  the service's name
    replyCount: Maybe[Count] = None  # noqa: N815  the service's name
    repostCount: Maybe[Count] = None  # noqa: N815  the service's name
    quoteCount: Maybe[Count] = None  # noqa: N815  the service's name


def fetch(options: Options, visit: Visit) -> Fetched:
    """The posts since the last visit, of the last 21 days for a search that was not made before.

    The cursor holds, for each search, up to when everything was read and what is left below; and the session with the
    time it ends.

    Raises:
        SourceError: the server could not be asked, let us not in, or answered something else than posts.
    """
    asked = fingerprint(f"{options.server} {options.account} {options.language}")
    cursor = visit.cursor_of(asked)
    searches = searches_for(options.query, visit, _DIALECT, options.server)

    def read(token: str) -> Found[_Post]:
        return read_newest_first(
            searches,
            {} if visit.fresh else cursor,
            Stretch(milliseconds(visit.now - _HORIZON)),
            partial(_page, options, visit, token),
            pages=options.pages,
            overlap=_OVERLAP,
        )

    found, session = with_token(cursor, visit.now, partial(_log_in, options, visit), read)
    mentions = tuple(mention for post in found.posts if (mention := _mention(post, visit.now)))
    counts = [(found.malformed, "not as Bluesky describes them"), (len(found.posts) - len(mentions), "no text")]
    kept = {"asked": asked, **session, **found.cursor}
    return Fetched(mentions, kept, warnings=skipped(counts), behind=bool(found.unread))


def _log_in(options: Options, visit: Visit) -> Token:
    answer = visit.http.post(
        f"{options.server.rstrip('/')}/xrpc/com.atproto.server.createSession",
        json={"identifier": options.account.lstrip("@"), "password": options.app_password.get_secret_value()},
    )
    try:
        token = _Session.model_validate(read_json(answer)).accessJwt
    except ValidationError:
        raise unexpected(answer, "its answer opens no session") from None
    return Token(token, _expiry(token) or visit.now)


def _expiry(token: str) -> datetime | None:
    """When a JSON Web Token expires (RFC 7519, 4.1.4), None where it does not say."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (ValueError, LookupError, TypeError, OverflowError, OSError, RecursionError):
        return None


def _page(options: Options, visit: Visit, token: str, search: str, stretch: Stretch) -> Page[_Post]:
    until, _, after = stretch.place.partition(" ")
    optional = {"until": _instant(until), "cursor": after, "lang": options.language}
    answer = visit.http.get(
        f"{options.server.rstrip('/')}/xrpc/app.bsky.feed.searchPosts",
        params={
            "q": search,
            "sort": "latest",
            "limit": str(_PAGE),
            "since": _instant(str(stretch.down_to)),
            **{name: value for name, value in optional.items() if value},
        },
        headers={"Authorization": f"Bearer {token}"},
    )
    found = read_json(answer)
    if not isinstance(found, dict):
        raise unexpected(answer, "its answer holds no posts")
    posts, malformed = read_items(answer, _Post, found.get("posts"))
    # By when they were indexed, and not by what their authors say: a date made up must not end the reading.
    indexed = [milliseconds(min(post.indexedAt, visit.now)) for post in posts if post.indexedAt]
    oldest = indexed[-1] if indexed else None
    following = _following(until, oldest, found.get("cursor")) if posts else ""
    return Page(posts, malformed, max(indexed, default=None), oldest, following)


def _following(until: str, oldest: int | None, after: object) -> str:
    """Where the next page is: before the second after the oldest post, else, where that leads no further, at a cursor.

    The service's cursors count posts and end at some depth; times do not.
    """
    if not isinstance(after, str) or not after:
        return ""
    before = None if oldest is None else (oldest // 1000 + 1) * 1000
    if before is None or (until and before >= int(until)):
        return f"{until} {after}"
    return str(before)


def _instant(stamp: str) -> str:
    if not stamp:
        return ""
    return datetime.fromtimestamp(int(stamp) / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mention(post: _Post, now: datetime) -> Mention | None:
    text = _text(post)
    if not text:
        return None
    dates = [at for at in (post.record.createdAt, post.indexedAt) if at and at >= EARLIEST]
    author = post.author or _Author()
    passed_on = [count for count in (post.repostCount, post.quoteCount) if count is not None]
    handle = one_line(author.handle or author.did or "", 300) or None
    return Mention(
        key=f"bluesky:{post.uri}",
        title="",
        text=text,
        published=date_mention(min(dates, default=None), now),
        url=_web_address(post.uri, author),
        author=one_line(author.displayName or "", 200) or handle,
        handle=handle,
        language=next((each for each in post.record.langs or [] if each), None),
        engagement=Engagement(post.likeCount, post.replyCount, sum(passed_on) if passed_on else None),
    )


def _web_address(uri: str, author: _Author) -> str | None:
    """The page of a post, from its ``at://`` address (https://atproto.com/specs/at-uri-scheme)."""
    did, _, key = uri.removeprefix("at://").partition("/")
    key = key.rpartition("/")[2]
    name = author.handle if author.handle and author.handle != "handle.invalid" else did
    return f"https://bsky.app/profile/{quote(name, safe=':')}/post/{quote(key, safe='')}" if name and key else None


def _text(post: _Post) -> str:
    """What a reader sees: the text with its links whole, tags, descriptions of what is attached, and a quoted post."""
    written = _with_links(post.record)
    hidden = [f"#{tag}" for tag in post.record.tags or [] if tag and f"#{tag}".casefold() not in written.casefold()]
    return plain_text("\n".join(part for part in (written, " ".join(hidden), *_attached(post.embed)) if part))


def _attached(embed: _Embed | None) -> list[str]:
    if embed is None:
        return []
    alts = [embed.alt, *(image.alt for image in embed.images or [] if image)]
    parts = [embed.external.title if embed.external else None, *alts, *_attached(embed.media), _quoted(embed.record)]
    return [part for part in parts if part]


def _quoted(carried: _Carried | None) -> str:
    if carried is None:
        return ""
    if carried.value is None:
        return _quoted(carried.record)
    name = (carried.author.handle if carried.author else None) or "another post"
    return f"Quoting {name}: {_with_links(carried.value)[:_QUOTED_LIMIT]}"


def _with_links(record: _Record) -> str:
    """The text with every link in full: apps shorten them, and some stand behind other words."""
    text = record.text.encode("utf-8", "replace")
    facets = [facet for facet in record.facets or [] if facet]
    for facet in sorted(facets, key=lambda facet: facet.index.byteStart, reverse=True):
        start, end = facet.index.byteStart, facet.index.byteEnd
        link = next((feature.uri for feature in facet.features if feature.uri), None)
        if link and start < end <= len(text):
            shown = text[start:end].decode("utf-8", "replace")
            text = text[:start] + _linked(shown, link).encode("utf-8", "replace") + text[end:]
    return text.decode("utf-8", "replace")


def _linked(shown: str, link: str) -> str:
    bare = shown.strip().rstrip(".…").removeprefix("https://").removeprefix("http://")
    is_the_link = bool(bare) and bare.casefold() in link.casefold()
    return link if is_the_link else f"{shown} ({link})"
