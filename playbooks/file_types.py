"""The kinds of value that a playbook file holds, in the words that its author reads when something is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from playbooks.playbook import Severity

KEY = r"[a-z0-9][a-z0-9-]{0,62}"
KIND = r"[a-z][a-z0-9_]{0,62}"
DURATION = r"([1-9][0-9]{0,3})([mhd])"
AMOUNT = r"[1-9][0-9]{0,8}"
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _duration(written: object) -> timedelta:
    match = re.fullmatch(DURATION, written) if isinstance(written, str) else None
    if match is None:
        raise ValueError("write a number of minutes, hours or days above zero, such as 20m, 4h or 1d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _amount(written: object) -> int:
    if not isinstance(written, str) or not re.fullmatch(AMOUNT, written):
        raise ValueError("write a whole number above zero without separators, such as 5000")
    return int(written)


def _printable(text: str) -> str:
    """Neither a terminal nor a database takes control characters and halves of characters well."""
    odd = next((sign for sign in text if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"), "")
    if odd:
        raise ValueError(f"remove the character \\u{ord(odd):04x}")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("write it on one line")
    return text


def _key(text: str) -> str:
    if not re.fullmatch(KEY, text):
        raise ValueError("write small letters, digits and hyphens, such as holding-statement")
    return text


def _kind(text: str) -> str:
    if not re.fullmatch(KIND, text):
        raise ValueError("write the name of a kind of signal, such as negative_wave")
    return text


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{DURATION}$", "examples": ["20m", "4h", "1d"]}),
]
Amount = Annotated[
    int, BeforeValidator(_amount), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 999_999_999})
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_printable),
    WithJsonSchema({"type": "string", "pattern": r"\S"}),
]
Line = Annotated[Text, AfterValidator(_one_line), WithJsonSchema({"type": "string", "pattern": r"^\s*\S[^\n]*\s*$"})]
Key = Annotated[str, AfterValidator(_key), WithJsonSchema({"type": "string", "pattern": f"^{KEY}$"})]
Kind = Annotated[str, AfterValidator(_kind), WithJsonSchema({"type": "string", "pattern": f"^{KIND}$"})]
Severities = Annotated[tuple[Severity, ...], Field(min_length=1)]
Keys = Annotated[tuple[Key, ...], Field(min_length=1)]
T = TypeVar("T")


class FileModel(BaseModel):
    """Refuses what it does not know, so that a misspelt setting is never silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PerSeverity(FileModel, Generic[T]):
    """One value for each severity, SEV1 the worst."""

    SEV1: T
    SEV2: T
    SEV3: T
    SEV4: T

    def by_severity(self) -> dict[Severity, T]:
        """The values from the worst severity to the mildest."""
        return {severity: getattr(self, severity.value) for severity in Severity}
