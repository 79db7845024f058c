"""The page that describes the JSON API to the people who connect programs to it; made of its own description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response

from access.roles import Permission, least
from console.access import needing
from console.api.application import ROUTES
from console.api.describing import description
from console.context import console_of
from console.problem_details import KINDS
from console.rendering import page
from console.token_pages import MEANINGS
from settings.model import SignIn

router = APIRouter(route_class=needing(Permission.READ))
_PREFIX = "/api"
_WORDS = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}
_FORMATS = {"date-time": "moment, as 2026-05-12T14:30:00Z"}
_CALLED = {"brand": "northwind", "form": "pdf", "playbook": "communication-crisis", "source": "forum", "token": "ID"}
_MADE_UP: Mapping[str, Any] = {"integer": 1, "number": 1, "boolean": True, "string": "…", "array": [], "object": {}}


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter, or a name of a body."""

    name: str
    place: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A route with a method.

    Attributes:
        about: its sentences; ``brief`` is the first of them.
        scope: what a token has to have, empty for what is signed.
        answers: statuses with what they mean.
        curl: how it is asked from a shell.
        open_at: where a browser can look at it, empty where a number or a change is needed.
    """

    id: str
    method: str
    path: str
    brief: str
    about: str
    scope: str
    role: str
    given: Sequence[Given]
    answers: Sequence[tuple[str, str]]
    curl: str
    open_at: str


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of one resource."""

    name: str
    about: str
    operations: Sequence[Operation]


@router.get("/api")
def handbook(request: Request) -> Response:
    """What there is, how it is asked, and what is answered."""
    settings = console_of(request).installation.settings
    return page(
        request,
        "api.html",
        sections=sections(),
        problems=[(kind, int(known.status), known.title, known.remedy) for kind, known in KINDS.items()],
        scopes=[(one, MEANINGS[one], least(one)) for one in Permission],
        address=settings.console.base_url,
        trusting=settings.console.sign_in is SignIn.NONE,
    )


@cache
def sections() -> tuple[Section, ...]:
    """The API by what it is about."""
    told = description(ROUTES)
    found = [
        (operation["tags"][0], _operation(told, path, method, operation))
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    ]
    grouped = ((tag, [one for name, one in found if name == tag["name"]]) for tag in told["tags"])
    return tuple(Section(tag["name"], tag["description"], some) for tag, some in grouped if some)


def _operation(told: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Operation:
    lines = _quoted(operation.get("description", "").partition("\n\nScope ")[0])
    scope = operation.get("x-scope", "")
    body = _body(told, operation)
    plain = method == "get" and "{" not in path
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=_PREFIX + path,
        brief=lines.partition("\n")[0],
        about=lines,
        scope=scope,
        role=str(least(Permission(scope))) if scope else "",
        given=(*_parameters(told, operation), *_fields(told, body)),
        answers=sorted((status, answer["description"]) for status, answer in operation["responses"].items()),
        curl=_curl(method, path, body, told) if scope else "",
        open_at=_PREFIX + path if plain else "",
    )


def _body(told: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return _whole(told, asked)


def _parameters(told: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Given]:
    for one in operation.get("parameters", []):
        about = _quoted(one.get("description", ""))
        yield Given(one["name"], one["in"], _kind(told, one["schema"]), one.get("required", False), about)


def _fields(told: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Given]:
    for name, schema in body.get("properties", {}).items():
        required = name in body.get("required", [])
        yield Given(name, "body", _kind(told, schema), required, _quoted(schema.get("description", "")))


def _quoted(text: str) -> str:
    """What the description marks as code, for a page that shows it as text."""
    return re.sub(r"`([^`]*)`", "“\\1”", text)


def _whole(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema itself where it is only pointed to."""
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _kind(told: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What sort of thing is asked for, in words."""
    whole = _whole(told, schema)
    if "anyOf" in whole:
        kinds = [_kind(told, one) for one in whole["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in whole:
        return ", ".join(filter(None, map(str, whole["enum"])))
    if whole.get("type") == "array":
        return f"{_kind(told, whole.get('items', {}))}; may be repeated"
    return _FORMATS.get(whole.get("format", ""), _WORDS.get(whole.get("type", ""), "JSON"))


def _curl(method: str, path: str, body: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    address = re.sub(r"\{(\w+)\}", lambda found: _CALLED.get(found[1], "1"), path)
    parts = ["curl", *(() if method == "get" else ("-X", method.upper())), f'"$GROUNDSWELL{_PREFIX}{address}"']
    lines = [" ".join(parts), '-H "Authorization: Bearer $TOKEN"']
    if body:
        example = json.dumps(_example(told, body), ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d '{example}'"]
    return " \\\n  ".join(lines)


def _example(told: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """What a body could say: what it must, and what has an example."""
    required = body.get("required", [])
    wanted = {name: one for name, one in body["properties"].items() if name in required or "examples" in one}
    return {name: _made_up(told, one) for name, one in wanted.items()}


def _made_up(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    whole = _whole(told, schema)
    if either := whole.get("anyOf") or whole.get("oneOf"):
        return _made_up(told, either[0])
    if "properties" in whole:
        return _example(told, whole)
    if whole.get("minItems"):
        return [_made_up(told, whole["items"])]
    if "const" in whole or "enum" in whole:
        return whole.get("const") or whole["enum"][0]
    return "2026-05-12T14:30:00Z" if whole.get("format") == "date-time" else _MADE_UP.get(whole.get("type", ""))
