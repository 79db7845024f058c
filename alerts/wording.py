"""How letters put things: text of strangers on one line, times in the reader's zone, links that are safe to show."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

# Control characters, line and paragraph separators and lone surrogates break headers, layouts and encodings.
_BREAKS = re.compile("[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ud800-\udfff]+")
# Direction overrides and invisible characters let a stranger's text rewrite the words around it (Unicode UTS 39).
_INVISIBLE = re.compile("[\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_NOT_IN_ADDRESSES = re.compile(r'[\s\x00-\x20\x7f-\x9f<>"\\^`{|}\ud800-\udfff]')
_LONGEST_ADDRESS = 2_000
# A cut at the last space is made only where it keeps this much; some scripts write without spaces.
_WORTH_KEEPING = 0.6
_SURELY = 0.5
_TENFOLD = 10


def one_line(text: str, limit: int) -> str:
    """The text on one line of at most ``limit`` characters, cut at the end of a word with an ellipsis."""
    line = _BREAKS.sub(" ", _INVISIBLE.sub("", text)).strip()
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * _WORTH_KEEPING else cut).rstrip(" ,;:") + "…"


def clock(at: datetime, zone: ZoneInfo, written_at: datetime) -> str:
    """``14:20 CEST``, with the date where it is not that of the letter: ``Wed 13 May, 09:00 CEST``."""
    local = at.astimezone(zone)
    name = local.strftime("%Z")
    time = f"{local:%H:%M} {f'UTC{name}' if name[0] in '+-' else name}"
    same_day = local.date() == written_at.astimezone(zone).date()
    return time if same_day else f"{local:%a} {local.day} {local:%b}, {time}"


def times_usual(ratio: float) -> str:
    """``14 times usual``; below ten with a decimal that says something."""
    return f"{ratio:.0f} times usual" if ratio >= _TENFOLD else f"{ratio:.1f}".removesuffix(".0") + " times usual"


def usually(expected: float) -> str:
    """``usually 6``, or what is said where hardly anything is usual."""
    return f"usually {expected:,.0f}" if expected >= _SURELY else "usually none"


def web_address(url: str | None) -> str:
    """The address if it is one of http or https that can be shown as it is, otherwise empty."""
    if not url or len(url) > _LONGEST_ADDRESS or _NOT_IN_ADDRESSES.search(url):
        return ""
    return url if host(url) else ""


def host(url: str) -> str:
    """The host that an http or https address leads to, empty for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its other half
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
