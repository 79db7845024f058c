"""A web server of feeds for bench_collecting.py, in a process of its own: every tenth is slow, every twentieth fails.

Run as ``python feed_server.py``; it prints its port and serves ``/SHARE/NUMBER``, where every SHARE-th entry names the
brand. It speaks just enough HTTP/1.1 (RFC 9112) to be much faster than what is measured against it.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from itertools import accumulate, product

ENTRIES = 40
SLOW = 0.5  # seconds before a slow feed answers
BRAND = "Northwind Air"
_BEGAN = datetime.now(UTC)
# Words as frequent as in English, the n-th commonest 1/n as often as the first (Zipf); one in twenty carries feeling.
_COMMON = [
    "the",
    "a",
    "to",
    "and",
    "of",
    "in",
    "we",
    "they",
    "was",
    "on",
    "at",
    "with",
    "for",
    "from",
    "nobody",
    "then",
]
_FELT = ["terrible", "lovely", "friendly", "rude", "lost", "happy", "awful", "calm", "broken", "great"]
_SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "pa", "de", "go", "fi", "lu", "har", "sten"]
_WORDS = _COMMON + ["".join(each) for each in product(_SYLLABLES, repeat=3)]
_RANKS = list(accumulate(1 / rank for rank in range(1, len(_WORDS) + 1)))
_SLOW_ONE, _FAILING_ONE = 3, 7
_FAILURES = (
    (500, "text/html", "<h1>Sorry</h1>"),
    (404, "text/html", "<h1>Nothing here</h1>"),
    (200, "text/html", "<!doctype html><html><body>We are moving</body></html>"),
    (200, "application/rss+xml", "<rss version='2.0'><channel><title>cut"),
    (0, "", ""),  # hangs up without a word
)


def is_slow(number: int) -> bool:
    """One feed in ten."""
    return number % 10 == _SLOW_ONE


def failure(number: int) -> tuple[int, str, str] | None:
    """How a feed fails: one in twenty does, each in one of five ways."""
    return _FAILURES[number // 20 % len(_FAILURES)] if number % 20 == _FAILING_ONE else None


@cache
def feed(share: int, number: int) -> bytes:
    """RSS of 40 entries of some 120 words each, in HTML, as blogs write it; the same one whenever asked."""
    chance = random.Random(f"{share}/{number}")  # noqa: S311  made-up text, the same at each run
    items = "".join(_item(chance, f"{number}-{n}", names_brand=n % share == 0, n=n) for n in range(ENTRIES))
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Travel talk {number}</title><link>https://talk{number}.example/</link>"
        f"<description>What people say</description><language>en</language>{items}</channel></rss>"
    ).encode()


def _item(chance: random.Random, name: str, *, names_brand: bool, n: int) -> str:
    paragraphs = [_said(chance, 40) for _ in range(3)]
    if names_brand:
        paragraphs[1] += f" with {BRAND} today"
    body = "".join(f"<p>{words}, <a href='https://talk.example/{name}'>more</a>.</p>\n" for words in paragraphs)
    link = f"https://talk.example/posts/{name}"
    published = format_datetime(_BEGAN - timedelta(minutes=30 * n + chance.randrange(30)))
    return (
        f"<item><title>{_said(chance, 8)}</title><link>{link}</link>"
        f"<guid isPermaLink='true'>{link}</guid><dc:creator>{_said(chance, 1)} {n}</dc:creator>"
        f"<pubDate>{published}</pubDate><category>travel</category><category>talk</category>"
        f"<description>{escape(paragraphs[0])}</description><content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def _said(chance: random.Random, count: int) -> str:
    words = chance.choices(_WORDS, cum_weights=_RANKS, k=count)
    return " ".join(chance.choice(_FELT) if chance.random() < 1 / 20 else word for word in words)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path, known = head.split(b" ", 2)[1].decode(), b"if-none-match:" in head.lower()
            share, number = (int(part) for part in path.strip("/").split("/"))
            if is_slow(number):
                await asyncio.sleep(SLOW)
            failing = failure(number)
            if failing and not failing[0]:
                break
            writer.write(_failed(*failing) if failing else _answer(share, number, known=known))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def _failed(status: int, kind: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status} Failed\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


def _answer(share: int, number: int, *, known: bool) -> bytes:
    etag = f'ETag: "{share}-{number}"\r\n'
    if known:
        return f"HTTP/1.1 304 Not Modified\r\n{etag}\r\n".encode()
    body = feed(share, number)
    kind = "Content-Type: application/rss+xml; charset=utf-8\r\n"
    return f"HTTP/1.1 200 OK\r\n{kind}{etag}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
