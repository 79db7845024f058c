"""What requests and answers are made of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_SURROGATES = re.compile("[\0\ud800-\udfff]")
# https://www.rfc-editor.org/rfc/rfc3339#section-5.6
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
LARGEST = 2**63 - 1


def _open(schema: dict[str, Any]) -> None:
    """Names are added to answers now and then; whoever reads them must not be surprised."""
    schema.pop("additionalProperties", None)


class Answer(BaseModel):
    """A part of an answer; one with a name that is not written here is a defect of ours, and found by tests."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_open)


class Body(BaseModel):
    """What a request says; names that are not known are refused, since they would be passed over."""

    model_config = ConfigDict(extra="forbid")


def _storable(text: str) -> str:
    if _SURROGATES.search(text):
        raise ValueError("it holds a null character or half of a surrogate pair")
    return text


def _moment(given: object) -> object:
    if isinstance(given, datetime):
        return given
    if not isinstance(given, str) or not _MOMENT.fullmatch(given):
        raise ValueError("write a moment with its offset, as 2026-05-12T14:30:00Z")  # pydantic's
    return given


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:  # near the years 1 and 9999
        raise ValueError("that moment is too far away") from None


Text = Annotated[str, AfterValidator(_storable), Field(max_length=20_000)]
Line = Annotated[str, AfterValidator(_storable), Field(max_length=500)]
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_in_utc)]
Number = Annotated[int, Path(ge=1, le=LARGEST)]


class Named(Answer):
    """Somebody, or something, with a name."""

    id: str = Field(examples=["dana"])
    name: str = Field(examples=["Dana Reyes"])
