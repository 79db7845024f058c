"""The page that describes the API says all that there is, and what it shows works."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape

import pytest
from starlette.testclient import TestClient

from console.access import RuledRoute
from console.api.application import ROUTES
from console.api_pages import sections
from console.problem_details import Kind

OPERATIONS = [operation for section in sections() for operation in section.operations]


def test_every_route_stands_on_the_page(client: TestClient) -> None:
    shown = client.get("/api")
    assert shown.status_code == 200
    for route in ROUTES:
        if isinstance(route, RuledRoute) and route.include_in_schema:
            assert f"/api{route.path}</code>" in unescape(shown.text)
    assert len(shown.content) < 200_000


def test_every_problem_has_its_place(client: TestClient) -> None:
    shown = client.get("/api").text
    for kind in Kind:
        assert f'id="{kind.address.partition("#")[2]}"' in shown


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.curl], ids=lambda one: one.id)
def test_every_example_is_one_that_the_api_takes(client: TestClient, operation: object) -> None:
    """Nothing is there yet, so that most are told so; none is told that it was sent wrongly."""
    words = shlex.split(operation.curl.replace("\\\n", " "))  # type: ignore[attr-defined]
    path = next(word for word in words if word.startswith("$GROUNDSWELL")).removeprefix("$GROUNDSWELL")
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
    answer = client.request(method, path, json=body, headers={"groundswell-person": "dana"})
    assert answer.status_code in {200, 201, 404, 409}, answer.text


def test_what_can_be_looked_at_is_there(client: TestClient) -> None:
    client.cookies.set("groundswell_you", "dana")
    paths = [one.open_at for one in OPERATIONS if one.open_at]
    assert len(paths) > 8
    for path in paths:
        assert client.get(path).status_code == 200


def test_no_address_on_the_page_leads_nowhere(client: TestClient) -> None:
    shown = client.get("/api").text
    for path in set(re.findall(r'href="(/[a-z][^"#?]*)"', shown)):
        assert client.get(path, headers={"groundswell-person": "dana"}).status_code == 200, path
