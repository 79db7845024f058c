"""The options of a kind of source as fields of a form, what was typed into them, and the settings that say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, SecretStr

from settings import shape
from settings.document import Entry
from settings.loading import read_options
from settings.problems import Problem
from sources.contract import SourceOptions, load

LONGEST_VALUE = 4_000
_LONGEST_ID = 40
_TYPED = "GROUNDSWELL_TYPED_"


class Shape(StrEnum):
    """How a value is typed."""

    LINE = "line"
    LINES = "lines"
    PAIRS = "pairs"
    HIDDEN = "hidden"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class OptionField:
    """One option of a kind.

    Attributes:
        secret: it is never shown again, and stands in the settings as the name of an environment variable.
        example: how a right value looks, empty where that is plain.
        default: what counts where nothing is typed, as people write it.
        aside: it is right as it is in most cases.
    """

    name: str
    help: str
    shape: Shape
    required: bool
    secret: bool
    example: str
    default: str
    aside: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, read under the rules of a settings file.

    Attributes:
        options: None where something is wrong.
        snippet: what to paste into the settings, empty where something is wrong.
    """

    options: SourceOptions | None
    problems: tuple[Problem, ...]
    snippet: str = ""


def fields_of_kind(kind: str) -> tuple[OptionField, ...]:
    """The options of a kind, those that must be given first."""
    model = load(kind).Options
    found = [_field(model, name) for name in model.model_fields]
    return tuple(sorted(found, key=lambda one: (not one.required, one.aside)))


def read_form(kind: str, typed: Mapping[str, str], taken: Sequence[str] = ()) -> Filled:
    """The options that a form says.

    Nothing of the environment can be named in it: what a settings file may, whoever looks at a page must not have sent
    to a server of their choice.

    Args:
        typed: by option.
        taken: ids that other sources have.
    """
    model, secrets = load(kind).Options, dict[str, str]()
    given = {one: value for one in fields_of_kind(kind) if (value := typed.get(one.name, "").strip()[:LONGEST_VALUE])}
    named = tuple(one.name for one, value in given.items() if "${" in value and one.shape is not Shape.HIDDEN)
    if named:
        told = ("names an environment variable, which a form cannot read.", "Type the value itself.")
        return Filled(None, tuple(Problem(None, name, "", *told) for name in named))
    written = {one.name: _entry(one, value, secrets) for one, value in given.items()}
    options, problems = read_options(model, written, secrets, Path())
    if not isinstance(options, SourceOptions):
        return Filled(None, problems)
    return Filled(options, (), _snippet(kind, written, taken))


def _field(model: type[BaseModel], name: str) -> OptionField:
    field = model.model_fields[name]
    annotation, default = field.annotation, field.get_default(call_default_factory=True)
    known = "" if field.is_required() else _as_written(default)
    return OptionField(
        name=name,
        help=field.description or "",
        shape=_shape(annotation),
        required=field.is_required(),
        secret=_is_secret(annotation),
        example=_as_example(field.examples[0]) if field.examples else "",
        default=known,
        aside=bool(known) and not field.is_required(),
        choices=("true", "false") if annotation is bool else (),
    )


def _shape(annotation: object) -> Shape:
    if shape.is_section(annotation):
        return Shape.PAIRS
    if shape.is_secret(annotation):
        return Shape.HIDDEN
    if annotation is bool:
        return Shape.CHOICE
    return Shape.LINE if shape.element_of(annotation) is Any else Shape.LINES


def _is_secret(annotation: object) -> bool:
    return shape.is_secret(annotation) or SecretStr in get_args(annotation)


def _as_written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "" if value is None or isinstance(value, dict | BaseModel) else str(value)


def _as_example(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {one}" for key, one in value.items())
    return _as_written(value)


def _entry(one: OptionField, value: str, secrets: dict[str, str]) -> Entry:
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if one.shape is Shape.LINES:
        return [part.strip() for line in lines for part in line.split(",") if part.strip()]
    if one.shape is Shape.PAIRS:
        pairs = (line.partition(":") for line in lines)
        return {key.strip(): part.strip() for key, _, part in pairs}
    if one.shape is Shape.HIDDEN:
        variable = f"{_TYPED}{one.name.upper()}"
        secrets[variable] = value
        return "${%s}" % variable  # noqa: UP031  # braces that stay
    return value


def _snippet(kind: str, written: Mapping[str, Entry], taken: Sequence[str]) -> str:
    secret = {one.name for one in fields_of_kind(kind) if one.secret}
    shown = {name: _hidden(kind, name, value) if name in secret else value for name, value in written.items()}
    entry = {"id": _free_id(kind, shown, taken), "kind": kind, **shown}
    return yaml.safe_dump({"sources": [entry]}, sort_keys=False, allow_unicode=True, width=1_000)


def _hidden(kind: str, name: str, value: Entry) -> Entry:
    """The value as the name of an environment variable; settings hold no secrets."""
    if isinstance(value, dict):
        return {key: _hidden(kind, f"{name}_{key}", part) for key, part in value.items()}
    return "${%s}" % re.sub(r"\W", "_", f"{kind}_{name}").upper()  # noqa: UP031  # braces that stay


def _free_id(kind: str, written: Mapping[str, Entry], taken: Sequence[str]) -> str:
    """An id that no source has yet: of the kind, and of the host where one is named."""
    addresses = (value for value in written.values() if isinstance(value, str) and "://" in value)
    host = (urlsplit(next(addresses, "")).hostname or "").removeprefix("www.")
    wanted = re.sub(r"[^a-z0-9]+", "-", f"{kind}-{host}").strip("-")[:_LONGEST_ID].strip("-")
    number, found = 2, wanted
    while found in taken:
        number, found = number + 1, f"{wanted}-{number}"
    return found
