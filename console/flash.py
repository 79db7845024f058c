"""A message that survives one redirect, in a cookie that lives half a minute."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass

from fastapi import Request, Response

COOKIE = "groundswell_told"
_SECONDS = 30
# Browsers keep about 4 kB of a cookie.
_MOST_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Flash:
    """What just happened.

    Attributes:
        refused: it did not happen, and the text says why.
        undo: path to post to in order to undo it, empty where that is not offered.
    """

    text: str
    refused: bool = False
    undo: str = ""


def put(response: Response, flash: Flash) -> None:
    """Show a message on the next page."""
    values = {**asdict(flash), "text": flash.text[:_MOST_CHARACTERS]}
    packed = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    response.set_cookie(COOKIE, packed, max_age=_SECONDS, httponly=True, samesite="lax")


def take(request: Request) -> Flash | None:
    """The message for this page; whoever answers deletes the cookie."""
    packed = request.cookies.get(COOKIE)
    if not packed:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(packed))
        told = Flash(str(values["text"]), bool(values["refused"]), str(values["undo"]))
        f"{told.text}{told.undo}".encode()  # such as can be sent
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        return None
    return told
