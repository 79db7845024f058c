"""How each place turns what an author typed into the HTML that it serves."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from simulation.post import Post

_SPECIAL = re.compile(r"(?P<link>https?://[^\s<>\"]*[^\s<>\".,!?])|(?<!\w)#(?P<tag>\w+)|(?<!\w)@(?P<handle>\w+)")
_LINK = 'href="{}" rel="nofollow noopener" target="_blank"'
# What Mastodon shows of a link before it cuts it short.
_SHOWN_LINK = 30


def forum(text: str) -> str:
    """Paragraphs and links, as forum software writes them."""
    return _paragraphs(text, lambda found: _plain_link(found) if found["link"] else escape(found[0], quote=False))


def hackernews(text: str) -> str:
    """Hacker News separates paragraphs by a lone ``<p>`` and escapes slashes and quotes too."""

    def special(found: re.Match[str]) -> str:
        return _plain_link(found, _hn_escape) if found["link"] else _hn_escape(found[0])

    return "<p>".join(_replaced(part, special, _hn_escape) for part in text.split("\n\n"))


def mastodon(text: str, base: str) -> str:
    """Paragraphs whose tags, handles and links are wrapped the way Mastodon wraps them."""

    def special(found: re.Match[str]) -> str:
        if found["tag"]:
            tag = found["tag"]
            address = escape(f"{base}/tags/{quote(tag.lower())}")
            return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{escape(tag)}</span></a>'
        if found["handle"]:
            handle = escape(found["handle"])
            address = escape(f"{base}/@{quote(found['handle'])}")
            return f'<span class="h-card"><a href="{address}" class="u-url mention">@<span>{handle}</span></a></span>'
        return _mastodon_link(found["link"])

    return _paragraphs(text, special)


def page(post: Post) -> str:
    """The page of one post, for people who follow a link to it."""
    title = escape(post.title or f"{post.author} wrote")
    return (
        f'<!doctype html><html lang="{escape(post.language or "en")}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><style>body{max-width:38rem;margin:3rem auto;'
        "padding:0 1rem;font:1.1rem/1.5 system-ui}</style>"
        f"<title>{title}</title><h1>{title}</h1><p>{escape(post.author)}, {post.published_at:%d %B %Y, %H:%M} UTC</p>"
        f"{forum(post.text)}<p><small>A made-up post of a simulated network.</small></p></html>"
    )


def _paragraphs(text: str, special: Callable[[re.Match[str]], str]) -> str:
    parts = (_replaced(part, special, lambda plain: escape(plain, quote=False)) for part in text.split("\n\n") if part)
    return "".join(f"<p>{part}</p>" for part in parts).replace("\n", "<br />")


def _replaced(text: str, special: Callable[[re.Match[str]], str], plain: Callable[[str], str]) -> str:
    pieces, end = [], 0
    for found in _SPECIAL.finditer(text):
        pieces += [plain(text[end : found.start()]), special(found)]
        end = found.end()
    return "".join([*pieces, plain(text[end:])])


def _plain_link(found: re.Match[str], shown: Callable[[str], str] = escape) -> str:
    return f'<a href="{escape(found["link"])}" rel="nofollow">{shown(found["link"])}</a>'


def _mastodon_link(address: str) -> str:
    scheme, rest = address.split("://", 1)
    shown, hidden = escape(rest[:_SHOWN_LINK]), escape(rest[_SHOWN_LINK:])
    return (
        f"<a {_LINK.format(escape(address))}>"
        f'<span class="invisible">{scheme}://</span><span class="{"ellipsis" if hidden else ""}">{shown}</span>'
        f'<span class="invisible">{hidden}</span></a>'
    )


def _hn_escape(text: str) -> str:
    return escape(text).replace("/", "&#x2F;")
