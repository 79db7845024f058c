"""Lists page by page: an opaque cursor for a place that stays the same while rows arrive."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from pydantic import Field

from console.api.failures import WrongError
from console.api.shapes import LARGEST, Answer

One = TypeVar("One")
Row = TypeVar("Row")
USUAL, MOST = 50, 200
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at once.")]
Cursor = Annotated[
    str, Query(max_length=200, description="Where to go on: `next` of the page before. Leave the filters as they were.")
]
_LONGEST = 18


class Page(Answer, Generic[One]):
    """A part of a list."""

    items: list[One]
    next: str | None = Field(description="The cursor of what follows; null at the end.")


def cut(found: Sequence[Row], limit: int, place: Callable[[Row], object]) -> tuple[Sequence[Row], str | None]:
    """What of one row more than asked for is shown, and the cursor of what follows."""
    shown = found[:limit]
    return shown, written(str(place(shown[-1]))) if len(found) > limit else None


def written(place: str) -> str:
    """The cursor for a place."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str) -> str:
    """The place that a cursor stands for, empty where none is given.

    Raises:
        WrongError: it is none of ours.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        raise not_ours() from None


def number_of(cursor: str) -> int | None:
    """The number that a cursor stands for, None where none is given.

    Raises:
        WrongError: it is none of ours.
    """
    place = place_of(cursor)
    if not place:
        return None
    if not place.isdecimal() or len(place) > _LONGEST or not 0 <= int(place) <= LARGEST:
        raise not_ours()
    return int(place)


def not_ours() -> WrongError:
    """A cursor that stands for nothing."""
    return WrongError("The cursor is none that was given out for this list. Begin without one.", "#/cursor", "query")


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Point to the next page in a header, too: https://www.rfc-editor.org/rfc/rfc8288."""
    if cursor:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        response.headers["Link"] = f'<{request.url.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'
