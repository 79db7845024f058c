"""What of a request's body is read at all: no more than a form of ours can hold, and nothing in strange letters."""

from __future__ import annotations

from fastapi import HTTPException
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.types import Message, Receive

# A megabyte of words, in the widest way to write them in a form, and what stands around them.
MOST_BYTES = 4_000_000
_LETTERS = {b"utf-8", b"utf8"}


def is_too_long(headers: Headers) -> bool:
    """Whether a body says of itself that it is longer than any that is taken."""
    announced = headers.get("content-length", "")
    return announced.isdecimal() and int(announced[:20]) > MOST_BYTES


def is_legible(headers: Headers) -> bool:
    """Whether a form is in UTF-8, as our pages send it.

    The library takes every encoding that Python has, with escapes among them that make of plain bytes what no database
    stores and no answer can hold.
    """
    kind, options = parse_options_header(headers.get("content-type"))
    return kind != b"multipart/form-data" or options.get(b"charset", b"utf-8").lower() in _LETTERS


def limited(receive: Receive) -> Receive:
    """The same body, which ends with a refusal where it becomes too long: not every one announces its length."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                raise HTTPException(413)
        return message

    return counted
