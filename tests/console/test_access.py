"""Every route says whom it answers, and roles hold on all of them."""

from __future__ import annotations

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from access.roles import Permission, Role
from console.access import allowed, needing, require_rules
from console.app import create_app
from services.installation import Installation
from tests.console.seeding import hear, open_incident
from tests.installations import LEE, NOON, HandClock, installed, outcry


@pytest.fixture
def lee(inst: Installation, clock: HandClock, request: pytest.FixtureRequest) -> TestClient:
    """Somebody with the role of the test, in a console that trusts whoever reaches it."""
    people = (inst.settings.people[0], LEE.model_copy(update={"access": request.param}))
    again = installed(inst.settings.model_copy(update={"people": people}), clock)
    client = TestClient(create_app(again), base_url="http://127.0.0.1:8420")
    client.cookies.set("groundswell_you", "lee")
    return client


def test_a_route_without_a_rule_is_refused() -> None:
    router = APIRouter()
    router.get("/open")(lambda: None)
    with pytest.raises(TypeError, match="/open"):
        require_rules(router.routes)


def test_a_route_may_need_another_permission_than_its_router() -> None:
    router = APIRouter(route_class=needing(Permission.READ))
    router.get("/a")(lambda: None)
    router.post("/b")(allowed(Permission.RESPOND)(lambda: None))
    assert [getattr(route, "permission", None) for route in router.routes] == [Permission.READ, Permission.RESPOND]


@pytest.mark.parametrize(("lee", "status"), [(Role.VIEWER, 403), (Role.RESPONDER, 303)], indirect=["lee"])
def test_a_viewer_acts_on_nothing(lee: TestClient, inst: Installation, status: int) -> None:
    hear(inst, outcry(NOON))
    number = open_incident(inst)
    assert lee.post(f"/incidents/{number}/acknowledge", follow_redirects=False).status_code == status


@pytest.mark.parametrize("lee", [Role.VIEWER], indirect=True)
def test_who_may_not_is_told_whose_access_it_takes(lee: TestClient) -> None:
    told = lee.post("/drills", data={"brand": "northwind"}).text
    assert "It takes the access of lead." in " ".join(told.split())
    assert lee.get("/drills").status_code == 200
