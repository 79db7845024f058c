"""All that is known of a brand's past at a full hour, small enough to be kept beside it."""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import timedelta
from functools import lru_cache

from detection.buckets import BUCKET
from detection.history import NEWEST, Past, Surely, totals_of, upper_past_of
from detection.rhythm import Rhythm, rhythm_of
from detection.tails import Least, Tail
from detection.waking import LEARNING

# Rises with every change of what a kept past says; older ones are made anew.
FORM = 2
_LENGTHS = struct.Struct("<2I")


@dataclass(frozen=True, slots=True)
class Known:
    """What the hour that follows a full hour is judged by, of one series of counts.

    Attributes:
        length: how much of the past is known.
        share: of what could be judged in the time before the newest three hours, the part that this series counts; None
            where nothing could be, or it makes no sense.
    """

    past: Past
    rhythm: Rhythm
    length: timedelta
    share: float | None = None

    @property
    def learning(self) -> bool:
        """Too little is known for anything to be usual."""
        return self.length < LEARNING

    def to_bytes(self) -> bytes:
        """In one piece; :meth:`from_bytes` reads it again."""
        past, surely = self.past, self.past.surely
        tails = b"".join(_written(tail) for tail in (past.quarter, past.hour, past.half_day))
        told = {
            "rhythm": asdict(self.rhythm),
            "seconds": self.length.total_seconds(),
            "share": self.share,
            "surely": [astuple(each) for each in (surely.quarter, surely.hour, surely.half_day)],
        }
        return zlib.compress(tails + json.dumps(told).encode(), level=1)

    @classmethod
    @lru_cache(maxsize=4096)  # the same is read tick after tick
    def from_bytes(cls, content: bytes) -> Known:
        """What :meth:`to_bytes` wrote."""
        rest, tails = zlib.decompress(content), list[Tail]()
        for _ in range(3):
            tail, rest = _read(rest)
            tails.append(tail)
        told = json.loads(rest)
        length = timedelta(seconds=told["seconds"])
        quarter, hour, half_day = tails
        surely = Surely(*(Least(*each) for each in told["surely"]))
        return cls(Past(quarter, hour, half_day, surely), Rhythm(**told["rhythm"]), length, told["share"])


def known_of(counts: Sequence[int], judged: Sequence[int] = (), *, swells: bool = True) -> Known:
    """What is known at a full hour.

    Args:
        counts: of consecutive buckets up to that hour, :data:`detection.history.SPAN` of them or as many as are known.
        judged: mentions whose tone could be judged, in the same buckets, where ``counts`` are of one tone.
        swells: whether their rhythm is asked about more than single hours.
    """
    newest, totals = round(NEWEST / BUCKET), totals_of(counts)
    of_tone, of_all = sum(counts[:-newest]), sum(judged[:-newest])
    rhythm = rhythm_of(totals, swells=swells)
    return Known(upper_past_of(totals), rhythm, len(counts) * BUCKET, of_tone / of_all if of_all else None)


def _written(tail: Tail) -> bytes:
    codes = array("H", tail.codes)
    if sys.byteorder == "big":
        codes.byteswap()
    return _LENGTHS.pack(tail.below, len(codes)) + codes.tobytes()


def _read(content: bytes) -> tuple[Tail, bytes]:
    below, length = _LENGTHS.unpack_from(content)
    end = _LENGTHS.size + length * 2
    codes = array("H", content[_LENGTHS.size : end])
    if sys.byteorder == "big":
        codes.byteswap()
    return Tail.sorted_already(codes, below), content[end:]
