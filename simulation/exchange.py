"""What the made-up services are asked, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """A GET request.

    Attributes:
        base: scheme, host and port of the simulated network, without a slash at the end.
        path: decoded.
        query: the last value of each parameter.
        headers: names in lower case.
        now: what the network's clock says.
    """

    base: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; its length is worked out when it is sent."""

    status: HTTPStatus
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(content: Any, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer that carries JSON."""
    return Answer(
        status, json.dumps(content).encode(), {"content-type": "application/json; charset=utf-8", **(headers or {})}
    )


def as_html(page: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """An answer that carries a web page."""
    return Answer(status, page.encode("utf-8", "replace"), {"content-type": "text/html; charset=utf-8"})


NOT_FOUND = as_html("<!doctype html><title>Not found</title><p>There is no such page.", HTTPStatus.NOT_FOUND)
