"""Every route for every role: a table made from the routes themselves, so that a new one without a rule is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from access.roles import GRANTS, Permission, Role
from console.access import RuledRoute
from console.app import PARTS
from console.session_cookie import form_token
from services.installation import Installation
from tests.console.seeding import hear, open_incident
from tests.console.signed_in import SignedIn, asking_who, stranger
from tests.installations import NOON, installation, outcry

ROUTES = [
    (method, route)
    for part in PARTS
    for route in part.router.routes
    if isinstance(route, RuledRoute)
    for method in sorted(route.methods or ())
]
RULED = [(method, route) for method, route in ROUTES if route.permission is not None]
CHANGING = [(method, route) for method, route in RULED if method != "GET"]
# Where people sign in, nobody says who they are.
REFUSED = {"/you"}
SIGN_IN = re.compile(r"/sign-in($|\?)")


def named(table: list[tuple[str, RuledRoute]]) -> dict[str, Any]:
    return {"argvalues": table, "ids": [f"{method} {route.path}" for method, route in table]}


@pytest.fixture(scope="module")
def inst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all: what a route changes is nothing to the next one."""
    made = asking_who(installation(tmp_path_factory.mktemp("routes")))
    hear(made, outcry(NOON))
    open_incident(made)
    with made.database:
        yield made


@pytest.fixture(scope="module")
def browsers(inst: Installation) -> dict[Role, SignedIn]:
    return {role: SignedIn(inst, f"the-{role}") for role in Role}


def path_of(route: RuledRoute) -> str:
    """An address of the route; number 1 is there where there is one."""
    return re.sub(r"{[^}]+}", "1", route.path)


@pytest.mark.parametrize(("method", "route"), **named(RULED))
def test_roles_hold(browsers: dict[Role, SignedIn], method: str, route: RuledRoute) -> None:
    for role, browser in browsers.items():
        browser.enter()  # some routes end the session that asks
        answer = browser.request(
            method, path_of(route), data={"csrf": form_token(browser.token)} if method != "GET" else None
        )
        may = route.permission in GRANTS[role] and route.path not in REFUSED
        assert (answer.status_code != 403) is may, (role, answer.status_code)
        assert answer.status_code != 401
        assert not SIGN_IN.match(answer.headers.get("location", "")), role


@pytest.mark.parametrize(("method", "route"), **named(RULED))
def test_nobody_is_answered_who_is_not_signed_in(inst: Installation, method: str, route: RuledRoute) -> None:
    answer = stranger(inst).request(method, path_of(route))
    if method == "GET" and not route.path.startswith("/api/"):
        assert answer.status_code == 303
        assert SIGN_IN.match(answer.headers["location"])
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize(("method", "route"), **named(CHANGING))
@pytest.mark.parametrize("token", ["", "0" * 64, "ü"])
def test_nothing_is_changed_without_the_token_of_the_session(
    browsers: dict[Role, SignedIn], method: str, route: RuledRoute, token: str
) -> None:
    answer = browsers[Role.ADMIN].request(method, path_of(route), data={"csrf": token} if token else {})
    assert answer.status_code == 409
    assert "nothing was changed yet" in " ".join(answer.text.split())


def test_the_table_is_whole() -> None:
    """Whoever adds a part without telling the application is told here."""
    assert {permission for _, route in ROUTES if (permission := route.permission)} >= {
        Permission.READ,
        Permission.REPORT,
        Permission.EXPORT,
        Permission.RESPOND,
        Permission.LEAD,
        Permission.ADMINISTER,
    }
    assert len(RULED) > 50
