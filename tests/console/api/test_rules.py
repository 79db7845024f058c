"""Who may do what over the API: a table made of the routes, so that a new route is held to it from its first day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from access.roles import GRANTS, Permission, Role
from console.access import RuledRoute
from console.api.application import ROUTES
from console.api.describing import description
from console.app import create_app
from services import tokens
from services.installation import Installation
from services.tokens import Created
from tests.installations import DANA, LEE, HandClock, installed

RULED = [route for route in ROUTES if isinstance(route, RuledRoute) and route.permission]
OPEN = [route for route in ROUTES if isinstance(route, RuledRoute) and not route.permission]


def asked(client: TestClient) -> Iterator[tuple[RuledRoute, Any]]:
    """Every route, asked for what is not there and with a body that is none: whoever may ask is told that."""
    for route in RULED:
        path = route.path.format(**dict.fromkeys(route.param_convertors, "99") | {"form": "md"})
        for method in route.methods or ():
            yield route, client.request(method, f"/api{path}", json=None if method == "GET" else [])


def holding(inst: Installation, person: str, scopes: frozenset[Permission]) -> TestClient:
    made = tokens.create(inst, person, "a program", scopes)
    assert isinstance(made, Created), made
    client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)
    client.headers["authorization"] = f"Bearer {made.text}"
    return client


@pytest.mark.parametrize("role", Role)
def test_every_route_answers_whose_role_has_its_permission_and_nobody_else(
    closed: Installation, clock: HandClock, role: Role
) -> None:
    people = (DANA, LEE.model_copy(update={"access": role}))
    inst = installed(closed.settings.model_copy(update={"people": people}), clock)
    client = holding(inst, "lee", GRANTS[role])
    answers = {(route.path, answer.request.method): answer.status_code for route, answer in asked(client)}
    refused = {key for key, status in answers.items() if status == 403}
    meant = {(r.path, method) for r in RULED for method in r.methods or () if r.permission not in GRANTS[role]}
    assert refused == meant
    assert {status for key, status in answers.items() if key not in meant} <= {200, 404, 409, 422}


@pytest.mark.parametrize("scope", Permission)
def test_a_token_opens_what_its_scope_names_and_nothing_else(closed: Installation, scope: Permission) -> None:
    for route, answer in asked(holding(closed, "dana", frozenset({scope}))):
        assert (answer.status_code == 403) is (route.permission is not scope), route.path
        if answer.status_code == 403:
            assert answer.json()["type"] == "/api#problem-scope-missing"
            assert answer.json()["scope"] == route.permission
            assert (
                f'error="insufficient_scope", error_description="It needs {route.permission}."'
                in (answer.headers["www-authenticate"])
            )


def test_without_a_token_no_route_answers(closed: Installation) -> None:
    client = TestClient(create_app(closed), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)
    for route, answer in asked(client):
        assert answer.status_code == 401, route.path
        assert answer.headers["www-authenticate"] == 'Bearer realm="Groundswell"'
        assert answer.json()["type"] == "/api#problem-token-missing"


def test_what_is_open_to_everybody_is_the_description_and_what_is_signed() -> None:
    assert sorted(route.path for route in OPEN) == ["/mentions/{sender_id}", "/openapi.json"]


def test_the_description_names_the_scope_and_the_problems_of_every_route() -> None:
    told = description(ROUTES)
    names = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    for route in RULED:
        for method in route.methods or ():
            operation = told["paths"][route.path][method.lower()]
            assert operation["security"][0] == {"token": [route.permission]}
            assert {"401", "403", "500", "503"} <= set(operation["responses"])
            for status, answer in operation["responses"].items():
                problem = "application/problem+json" in answer.get("content", {})
                assert problem is (int(status) >= 400), (route.path, status)
    assert {tag for path in told["paths"].values() for one in path.values() for tag in one["tags"]} <= {
        tag["name"] for tag in told["tags"]
    }
