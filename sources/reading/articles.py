"""What the kinds that read news share: links, outlets, and keys for articles that a service gives no id."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import TypeAdapter

from sources.contract import fingerprint
from sources.reading.answers import Language, Link, Maybe

# Parameters that tell a publisher where a reader came from, and not which article is meant.
_TRACKING = re.compile(r"utm_\w+|mtm_\w+|pk_\w+|[gd]clid|fbclid|msclkid|igshid|mc_[ce]id|cmpid|ocid|ref_?src|_ga")
_LINK: TypeAdapter[str | None] = TypeAdapter(Maybe[Link])
_LANGUAGE: TypeAdapter[str | None] = TypeAdapter(Maybe[Language])


def link_of(address: str) -> str | None:
    """An address that may be shown as a link, None where it may not."""
    return _LINK.validate_python(address)


def language_of(tag: str) -> str | None:
    """A language tag's primary subtag, None where it is none."""
    return _LANGUAGE.validate_python(tag)


def outlet_of(link: str) -> str | None:
    """The host that published what is at an address, without a leading ``www.``; None where it names none."""
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def article_key(kind: str, link: str) -> str:
    """The key of a mention that a service gives no id: articles at the same address are the same one.

    Not counted as part of the address are its scheme, a leading ``www.``, the fragment, a slash at the end, parameters
    that only track readers, and the order of the others.
    """
    parts = urlsplit(link)
    kept = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    port = f":{parts.port}" if parts.port else ""
    canonical = f"{outlet_of(link)}{port}{parts.path.rstrip('/')}?{urlencode(kept)}"
    return f"{kind}:{fingerprint(canonical)}"
