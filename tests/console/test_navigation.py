"""The navigation: entries as data, and which of them one sees and stands on."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from access.roles import EVERYTHING, GRANTS, Permission, Role
from console.app import PARTS
from console.navigation import ENTRIES, Entry, Group, navigation


@pytest.mark.parametrize(
    ("at", "path", "current"),
    [
        ("/", "/", "page"),
        ("/incidents", "/incidents", "page"),
        ("/incidents/7/review", "/incidents", "true"),
        ("/brands/northwind", "/", "true"),
        ("/drills", "/drills", "page"),
        ("/mentions/corrections", "/mentions", "true"),
    ],
)
def test_a_page_belongs_to_one_entry(at: str, path: str, current: str) -> None:
    here = navigation(at, EVERYTHING).here
    assert here is not None
    assert (here.path, here.current(at)) == (path, current)


@pytest.mark.parametrize("at", ["/nowhere", "/incidentsandmore"])
def test_a_page_that_nothing_leads_to_belongs_to_none(at: str) -> None:
    assert navigation(at, EVERYTHING).here is None


def test_the_nearer_entry_holds_the_page() -> None:
    nested = (Entry("/settings", "Settings"), Entry("/settings/people", "People"))
    found = navigation("/settings/people", EVERYTHING, nested).here
    assert found is not None
    assert found.label == "People"


def test_one_sees_what_one_may_use() -> None:
    entries = (*ENTRIES, Entry("/audit", "Audit", Permission.ADMINISTER, Group.RUNNING), Entry("/in", "Sign in", None))
    everybody = {one.path for one in navigation("/", frozenset(), entries).work}
    viewer, admin = (navigation("/", GRANTS[role], entries) for role in (Role.VIEWER, Role.ADMIN))
    assert everybody == {"/in"}
    assert [title for title, _ in viewer.menus] == ["The team"]
    assert [title for title, _ in admin.menus] == ["The team", "Groundswell itself"]


def test_every_entry_leads_to_a_page() -> None:
    pages = {route.path for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)}
    assert {one.path for one in ENTRIES} <= pages


def test_entries_of_a_group_stand_together() -> None:
    titles = [title for title, _ in navigation("/", EVERYTHING).menus]
    assert len(titles) == len(set(titles))


def test_the_page_says_where_one_is(dana: TestClient) -> None:
    page = dana.get("/drills").text
    assert page.count('<a href="/drills" aria-current="page">Drills</a>') == 1
    assert '<summary class="holds-this">' in page
