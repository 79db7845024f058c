"""The gallery holds every page, and every page of it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from services.installation import Installation
from tests.console.gallery.conftest import Door
from tests.console.gallery.pages import DOORS, FILES, PAGES, TROUBLES, Shown, page_routes
from tests.installations import HandClock, installation

WEIGHT = 200_000  # bytes, of the brief


@pytest.fixture(scope="module")
def app(rich: Installation) -> TestClient:
    return TestClient(create_app(rich), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    """An installation that has heard nothing and has nobody but its two people."""
    with (made := installation(tmp_path, HandClock())).database:
        yield TestClient(create_app(made), base_url="http://127.0.0.1:8420")


def test_no_page_is_missing_and_no_entry_is_left_over() -> None:
    listed = {one.route for one in PAGES + DOORS + TROUBLES if one.route} | set(FILES)
    assert listed == set(page_routes())


def test_no_two_entries_are_called_the_same() -> None:
    names = [one.name for one in PAGES + DOORS + TROUBLES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("shown", PAGES + TROUBLES, ids=lambda one: one.name)
def test_every_page_is_shown_and_light(app: TestClient, shown: Shown) -> None:
    app.cookies.clear()
    if shown.person:
        app.cookies.set("groundswell_you", shown.person)
    answer = app.get(shown.address) if shown.action is None else app.post(shown.address, data=dict(shown.action))
    assert answer.status_code == shown.status
    assert answer.headers["content-type"].startswith("text/html")
    assert len(answer.content) < WEIGHT


@pytest.mark.parametrize("shown", DOORS, ids=lambda one: one.name)
def test_every_page_of_those_who_sign_in_is_shown(door: Door, shown: Shown) -> None:
    client = TestClient(create_app(door.inst), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)
    if shown.person:
        client.cookies.set("groundswell_session", door.session)
    path = shown.address.format(link=door.link)
    answer = client.get(path) if shown.action is None else client.post(path, data=dict(shown.action))
    assert (answer.status_code, str(answer.url.path)) == (shown.status, path.partition("?")[0])
    assert len(answer.content) < WEIGHT


@pytest.mark.parametrize("path", ["/", "/incidents", "/mentions", "/mentions/corrections", "/signals", "/playbooks",
                                  "/drills", "/team", "/sources", "/tip", "/brands/northwind"])  # fmt: skip
def test_an_empty_installation_says_what_will_appear(empty: TestClient, path: str) -> None:
    answer = empty.get(path)
    assert answer.status_code == 200
    assert 'class="calm"' in answer.text
