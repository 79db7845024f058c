"""Kinds of text that settings are made of, each with what is right about it."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from mentions.query.parsing import QueryError, parse
from settings import durations
from settings.problems import LONGEST_SHOWN, shown

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHORTEST_EVERY = timedelta(seconds=1)
SHORTEST_TICK = timedelta(seconds=5)

# Control characters, line and paragraph separators, halves of characters.
_UNPRINTED = {"Cc", "Zl", "Zp", "Cs"}
# Characters of a long query that lead to the place where it goes wrong.
_NEAR = 40
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")


def refused(problem: str, remedy: str) -> PydanticCustomError:
    """An error that goes on from the value: ``"5 parsecs" is not a duration. Write it as ...``."""
    # What is wrong comes in as data, since the first text is a template.
    return PydanticCustomError("refused", "{problem} {remedy}", {"problem": problem, "remedy": remedy})


def is_mail_address(text: str) -> bool:
    """Whether a text is one bare mail address, as ``ana@example.com``."""
    return _ADDRESS.fullmatch(text) is not None


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        raise refused("is not an id.", "Use lower-case letters, digits and hyphens, at most 63, as in north-forum.")
    return text


def _line(text: str) -> str:
    text = text.strip()
    if not text:
        raise refused("is empty.", "Write a text.")
    if any(unicodedata.category(character) in _UNPRINTED for character in text):
        raise refused("holds a line break or a control character.", "Write it on one line.")
    return text


def _email(text: str) -> str:
    if not is_mail_address(text):
        raise refused("is not a mail address.", "Write it as ana@example.com.")
    return text


def _sender(text: str) -> str:
    _, address = parseaddr(_line(text))
    if not is_mail_address(address):
        raise refused("is not a sender.", "Write it as Groundswell <alerts@example.com>.")
    return text.strip()


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return durations.parse(value)
    except ValueError:
        raise refused("is not a duration.", "Write it as 30s, 5m, 2h or 1d.") from None


def _at_least(floor: timedelta) -> AfterValidator:
    def check(length: timedelta) -> timedelta:
        if length < floor:
            raise refused("is too short.", f"The shortest is {durations.write(floor)}.")
        return length

    return AfterValidator(check)


def _language(text: str) -> str:
    if not re.fullmatch("[a-z]{2,3}", text):
        raise refused("is not the code of a language.", "Write two or three lower-case letters, as en or de.")
    return text


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise refused("is not an address for browsers.", "Write it as https://groundswell.example.com.")
    return text


def _query(text: str) -> str:
    if text.strip():
        try:
            parse(text)
        except QueryError as error:
            raise refused(f"is not a query: {error.problem}{_before(text, error.position)}", error.remedy) from None
    return text.strip()


def _before(text: str, position: int) -> str:
    """Where a query is too long to be shown, what stands before the place that is meant."""
    near = text[max(position - _NEAR, 0) : position]
    return f" It stands behind {shown(near)}." if len(text) > LONGEST_SHOWN and near else ""


BrandQuery = Annotated[str, AfterValidator(_query)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Line = Annotated[str, AfterValidator(_line)]
EmailAddress = Annotated[str, AfterValidator(_email)]
Sender = Annotated[str, AfterValidator(_sender)]
Every = Annotated[timedelta, BeforeValidator(_duration), _at_least(SHORTEST_EVERY)]
Pause = Annotated[timedelta, BeforeValidator(_duration), Field(ge=timedelta(0), le=timedelta(minutes=10))]
Tick = Annotated[timedelta, BeforeValidator(_duration), _at_least(SHORTEST_TICK)]
Keep = Annotated[timedelta, BeforeValidator(_duration), _at_least(timedelta(days=1))]
LanguageCode = Annotated[str, AfterValidator(_language)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
