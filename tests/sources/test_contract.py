"""Every kind of source, found by name, keeps the contract; a new file is tested from the day it appears."""

from __future__ import annotations

import inspect
import json
import re
import socket
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import AfterValidator

from mentions.query.terms import of_phrases
from sources.contract import (
    Fetched,
    SourceError,
    SourceOptions,
    UnknownKindError,
    Visit,
    WebAddress,
    fingerprint,
    kinds,
    load,
)

if TYPE_CHECKING:
    from tests.sources.conftest import Site

every_kind = pytest.mark.parametrize("kind", kinds())
(IS_ADDRESS,) = (each for each in WebAddress.__metadata__ if isinstance(each, AfterValidator))  # type: ignore[attr-defined]


def options_for(kind: str, server: str) -> SourceOptions:
    """A kind's options made of its own examples, every address in them leading to a server."""
    values: dict[str, Any] = {}
    for name, described in load(kind).Options.model_fields.items():
        if IS_ADDRESS in described.metadata:
            values[name] = server
        elif described.is_required():
            assert described.examples, f"{kind}.{name} is required and has no example"
            values[name] = described.examples[0]
    return load(kind).Options(**values)


def attempt(kind: str, server: str, visit: Callable[..., Visit]) -> Fetched | SourceError:
    try:
        return load(kind).fetch(options_for(kind, server), visit(queries=(of_phrases(["acme"]),)))
    except SourceError as error:
        return error


def test_the_kinds_are_the_modules_of_the_folder_and_others_are_unknown() -> None:
    assert {"hackernews", "mastodon", "rss"} <= set(kinds())
    with pytest.raises(UnknownKindError, match="mastodon"):
        load("contract")


@every_kind
def test_a_kind_says_what_it_reads_and_where_that_is_described(kind: str) -> None:
    text = inspect.getdoc(load(kind)) or ""
    assert "What is read: https://" in text
    assert inspect.signature(load(kind).fetch).parameters.keys() == {"options", "visit"}
    assert "cursor" in (load(kind).fetch.__doc__ or "")


@every_kind
def test_options_are_frozen_refuse_what_they_do_not_know_and_describe_themselves(kind: str) -> None:
    options = options_for(kind, "https://acme.example")
    assert options.model_config["frozen"]
    with pytest.raises(ValueError, match="extra"):
        type(options)(**{**options.model_dump(), "extra": 1})
    assert all(described.description for described in type(options).model_fields.values())
    assert any(IS_ADDRESS in described.metadata for described in type(options).model_fields.values())


@every_kind
def test_a_dead_server_is_a_source_error(kind: str, visit: Callable[..., Visit]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    outcome = attempt(kind, f"http://127.0.0.1:{port}", visit)
    assert isinstance(outcome, SourceError)
    assert not outcome.permanent


@every_kind
@pytest.mark.parametrize("status", [304, 401, 404, 410, 429, 500, 503])
def test_an_error_status_is_a_source_error_in_plain_words(
    kind: str, status: int, site: Site, visit: Callable[..., Visit]
) -> None:
    site.serve("*", "oops", status=status)
    outcome = attempt(kind, site.url, visit)
    assert isinstance(outcome, SourceError)
    assert outcome.subject.startswith(site.url)
    assert re.fullmatch(r"[a-z].*\.", outcome.problem)
    assert re.fullmatch(r"[A-Z].*\.", outcome.remedy)


GARBAGE = [
    b"",
    b"\x00\xff\x80",
    b"oops",
    b"<html>oops</html>",
    b'{"cut',
    b"[" * 100_000,
    b"NaN",
    b"\xef\xbb\xbf",
    b"1e999",
]


@every_kind
@pytest.mark.parametrize("body", GARBAGE, ids=lambda body: repr(body[:12]))
def test_garbage_is_a_source_error(kind: str, body: bytes, site: Site, visit: Callable[..., Visit]) -> None:
    site.serve("*", body)
    assert isinstance(attempt(kind, site.url, visit), SourceError)


ODD_ITEMS: list[Any] = [None, 1, "x", [], {}, {"id": None}, {"id": [], "objectID": {}, "uri": 1, "content": None}]
ODD: list[Any] = [None, 1, "x", True, {}, *([item, item] for item in ODD_ITEMS)]
WRAPPED = [{name: odd} for odd in ODD for name in ("hits", "items", "statuses", "data", "results")]


@every_kind
@pytest.mark.parametrize("value", [*ODD, *WRAPPED], ids=json.dumps)
def test_json_of_the_wrong_types_is_a_source_error(
    kind: str, value: Any, site: Site, visit: Callable[..., Visit]
) -> None:
    site.serve_json("*", {"nbHits": 2, "version": "https://jsonfeed.org/version/1.1", **value}
                    if isinstance(value, dict) else value)  # fmt: skip
    outcome = attempt(kind, site.url, visit)
    assert isinstance(outcome, SourceError) or outcome.mentions == ()


def test_a_cursor_left_by_other_settings_is_not_resumed(visit: Callable[..., Visit]) -> None:
    cursor = {"asked": fingerprint("a"), "newest": "7"}
    assert visit(cursor).cursor_of(fingerprint("a")) == cursor
    assert visit(cursor).cursor_of(fingerprint("b")) == {}
