"""Reading what an API answered: JSON of strangers, checked at the edge.

A kind describes an item of an answer as a pydantic model. What identifies the item is required; everything else is a
``Maybe``, so that one odd field costs that field and not the item. Items that do not fit at all are skipped and
counted; an answer in which none fits means that the service has changed, which nobody should have to find out by
hearing nothing. (One item alone is no proof of that: it is skipped, or a single odd post would stop the source.)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from sources.contract import SourceError
from sources.network.failures import name_of
from sources.network.fetching import Answer

_T = TypeVar("_T")
_Model = TypeVar("_Model", bound=BaseModel)


def _or_none(value: object, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError:
        return None


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_link(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError("not a link to show")
    return value.strip()


def _primary_subtag(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


# A value of that type, or None where the stranger sent anything else.
Maybe = Annotated[_T | None, WrapValidator(_or_none)]
# What tells items apart; numbers are taken as their digits.
Identifier = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=2_000)]
# How many; bounded by what a database column holds.
Count = Annotated[int, Field(ge=0, lt=2**63)]
# An address that may be shown as a link: http or https.
Link = Annotated[str, Field(max_length=4_000), AfterValidator(_as_link)]
# A language tag's primary subtag, in lower case (BCP 47).
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(?:[-_].*)?$"), AfterValidator(_primary_subtag)]


def read_json(answer: Answer) -> Any:
    """The JSON value that was answered.

    Raises:
        SourceError: it is none.
    """
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise unexpected(answer, "it did not answer with JSON") from None


def read_items(answer: Answer, model: type[_Model], items: object) -> tuple[tuple[_Model, ...], int]:
    """The items of an answer that fit the model, and how many did not.

    Raises:
        SourceError: there is no list of items, or none of several fits.
    """
    if not isinstance(items, list):
        raise unexpected(answer, "its answer holds no list of posts")
    fitting = tuple(found for item in items if (found := _read(model, item)) is not None)
    if len(items) > 1 and not fitting:
        raise unexpected(answer, f"none of the {len(items)} posts in its answer can be read")
    return fitting, len(items) - len(fitting)


def _read(model: type[_Model], item: object) -> _Model | None:
    try:
        return model.model_validate(item)
    except ValidationError:
        return None


def unexpected(answer: Answer, problem: str) -> SourceError:
    """The error for an answer in a shape that this kind of source does not know."""
    return SourceError(
        name_of(answer.url),
        f"{problem}.",
        "Check that the address is that of such a service; if it is, the service has changed: please report it.",
        permanent=True,
    )


def skipped(counts: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Warnings such as "2 posts skipped: no text.", one for each count that is not zero."""
    return tuple(f"{count} {'post' if count == 1 else 'posts'} skipped: {reason}." for count, reason in counts if count)
