"""How the command line writes for people."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

# Control characters, halves of characters, line and paragraph separators.
_UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
# They reorder what stands around them: Unicode Standard Annex 9, section 2.
_DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def plain(text: str, *, keep: str = "") -> str:
    """A text that strangers wrote, with nothing left in it that could steer a terminal."""
    return "".join(c if c in keep or _is_plain(c) else " " for c in text)


def ago(then: datetime, now: datetime) -> str:
    """How long ago something was, in one unit: ``3 min ago``."""
    return "just now" if now - then < _MINUTE else f"{_length(now - then)} ago"


def ahead(then: datetime, now: datetime) -> str:
    """How soon something will be, in one unit: ``in 3 min``."""
    return "now" if then <= now else f"in {_length(max(then - now, _MINUTE))}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: ``1 entry``, ``5,000 entries``."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def _length(length: timedelta) -> str:
    if length < _HOUR:
        return f"{length // _MINUTE} min"
    if length < 2 * _DAY:
        return f"{length // _HOUR} h"
    return f"{length // _DAY} days"


def _is_plain(character: str) -> bool:
    return unicodedata.category(character) not in _UNPRINTED and character not in _DIRECTIONS
