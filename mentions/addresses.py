"""The one form of an address in which the same page is recognised wherever it is linked from.

Case and escapes are normalised as RFC 3986 section 6.2.2 says; beyond that, what only tells where a reader came from
or on what screen he reads is left out. (A library for the first half, url-normalize, takes as long over one address as
storing a mention takes, and drops parameters that pages need.)
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Subdomains under which sites show the same pages for other screens or from a cache.
_SCREENS = ("www.", "m.", "mobile.", "amp.")
# What advertisers, newsletters and share buttons add to links.
_TRACKING = re.compile(
    r"utm_\w*|at_(?:medium|campaign|custom\d)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid"
    r"|igshid|igsh|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|oly_(?:anon|enc)_id|vero_id|cmpid|ocid|ncid|smid"
    r"|ref|ref_src|ref_url|referrer|source|feature|si|amp|outputtype"
)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# A fragment with a number in it stands for one post of many on a page (#comment-17); others are places to scroll to.
_ITEM = re.compile(r"(?=\D*\d)[\w!/.=-]+")
_LONGEST = 2_000


def canonical(url: str) -> str | None:
    """Host, path and query without what differs between links to the same page.

    The scheme, ``www.`` and its like, default ports, tracking parameters, the order of parameters, a trailing slash
    and fragments that stand for no item are left out. None where the address is not http or https, cannot be read,
    is longer than 2,000 characters, or is a site's front page, to which much is linked that has nothing in common.
    """
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    path, query = _path(parts.path), _query(parts.query)
    if not path and not query:
        return None
    at = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    item = f"#{parts.fragment}" if _ITEM.fullmatch(parts.fragment) else ""
    return f"{_host(host)}{at}{path}{query and '?' + query}{item}"


def address_digest(url: str | None) -> str | None:
    """32 hexadecimal digits that stand for the canonical address, None where there is none."""
    page = canonical(url) if url else None
    return page and hashlib.blake2b(page.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _host(host: str) -> str:
    """Without the screen it is for; in the form that name servers are asked in, where it has one."""
    host = host.rstrip(".")
    for screen in _SCREENS:
        if host.startswith(screen) and "." in host.removeprefix(screen):
            host = host.removeprefix(screen)
            break
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _path(path: str) -> str:
    return _escaped(path).rstrip("/").removesuffix("/amp").removesuffix("/index.html")


def _query(query: str) -> str:
    """Parameters in order of their names, those for tracking left out."""
    if not query:
        return ""
    pairs = _escaped(query).split("&")
    return "&".join(sorted(pair for pair in pairs if pair and not _TRACKING.fullmatch(pair.partition("=")[0].lower())))


def _escaped(text: str) -> str:
    """With the same characters escaped, however it came."""
    if not text.isascii():
        text = quote(text, safe="%/:?@!$&'()*+,;=~", errors="surrogatepass")
    return _ESCAPE.sub(_unescaped, text) if "%" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if _UNRESERVED.match(character) else escape[0].upper()
