"""What a feed is once it is read, and how it travels from the child process that parses it.

Frames are a length of four bytes (big endian) and that many bytes. A request is a frame of JSON (``charset``, ``url``,
``language``) and a frame of the feed's bytes; an answer is one frame of JSON, ``{"failure": reason}`` or the fields
of :class:`Parsed`. JSON and not pickle: a child that a hostile feed has taken over can then only send wrong text.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

_LENGTH = struct.Struct(">I")
# The seconds between which Python counts years; a time zone can carry a date across.
_FIRST, _LAST = -62_135_596_800, 253_402_300_799


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed as plain data; fields that the feed leaves out are empty.

    Attributes:
        id: guid of RSS, id of Atom and JSON Feed, as written.
        link: absolute, of any scheme; empty where it only repeats the id.
        title: plain text on one line.
        text: plain text.
        author: a name, or the outlet that published it.
        language: a language tag as written.
        published: seconds since 1970, negative before; None if not stated.
        author_link: of the author's page, as written.
        outlet_link: of the outlet that an aggregator names as the source of the entry, as written.
        likes, views: what Media RSS counts (https://www.rssboard.org/media-rss), None if not stated.
        text_mark, near_marks: what title and text are recognised by (:func:`mentions.stories.word_marks`), drawn where
            the feed is parsed; empty where it was parsed elsewhere.
        rating: stars that the App Store's feeds give (``im:rating``), as written.
    """

    id: str
    link: str
    title: str
    text: str
    author: str
    language: str
    published: int | None
    author_link: str = ""
    outlet_link: str = ""
    likes: int | None = None
    views: int | None = None
    rating: str = ""
    text_mark: int | None = None
    near_marks: Sequence[int] = ()

    @property
    def moment(self) -> datetime | None:
        """``published`` as a time, at most as far away as Python counts."""
        return None if self.published is None else datetime.fromtimestamp(min(max(self.published, _FIRST), _LAST), UTC)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What feedparser made of some bytes.

    Attributes:
        version: feedparser's name of the format, empty where it is no feed.
        name: what the feed calls itself: an id, or an address; empty where it does not.
        damaged: why it is not well-formed XML, empty where it is.
        encoding_note: which encoding was declared and which was found instead, empty where they agree.
        cut_off: the last entry was incomplete and is left out.
    """

    version: str
    entries: list[Entry]
    name: str = ""
    damaged: str = ""
    encoding_note: str = ""
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of any format.

    Attributes:
        entries: in the feed's own order.
        warnings: plain sentences about what was odd.
        whole: False where a part of it is known to be missing.
        name: what the feed calls itself wherever it is found, an id or an address; empty where it does not.
    """

    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    whole: bool = True
    name: str = ""


def read_frame(stream: IO[bytes]) -> bytes:
    """One frame.

    Raises:
        EOFError: the stream ended before or within it.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(head)
    body = stream.read(size)
    if len(body) < size:
        raise EOFError
    return body


def unframed(received: bytes | bytearray) -> bytes | None:
    """What is in a frame, None while it has not arrived whole."""
    if len(received) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(received)[0]
    return bytes(received[_LENGTH.size : end]) if len(received) >= end else None


def frame(body: bytes) -> bytes:
    """The bytes of one frame."""
    return _LENGTH.pack(len(body)) + body
