from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from access.roles import Role
from console.app import create_app
from services.installation import Installation
from services.previewing import Previews
from tests.console.seeding import hear
from tests.installations import DANA, LEE, NOON, HandClock, installation, said, source
from tests.services.test_previewing import FEED, feed
from tests.sources.conftest import Asked, Reply, Site

HOME = {"origin": "http://127.0.0.1:8420"}
EVIL = f"&lt;script&gt;alert(1)&lt;/script&gt; {{{{ 7 * 191 }}}} \N{RIGHT-TO-LEFT OVERRIDE}{'w' * 200_000}"


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    server.serve("/feed", FEED)
    yield server
    server.close()


@pytest.fixture
def inst(tmp_path: Path, site: Site) -> Iterator[Installation]:
    people = (DANA, LEE.model_copy(update={"access": Role.LEAD}))
    forum = source("forum", url=f"{site.url}/feed")
    made = installation(tmp_path, HandClock(), sources=(forum,), people=people)
    with made.database:
        yield made


@pytest.fixture
def app(inst: Installation) -> FastAPI:
    return create_app(inst)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return browser(app, "dana")


@pytest.fixture
def daring(app: FastAPI, inst: Installation) -> TestClient:
    """A console that also looks at addresses of this machine."""
    app.state.console = replace(app.state.console, previews=Previews(inst, longest=1.0, allow_private=True))
    return browser(app, "dana")


def browser(app: FastAPI, person: str) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8420", headers=HOME, cookies={"groundswell_you": person})


def told(page: str) -> str:
    return " ".join(unescape(page).split())


def test_the_form_asks_for_the_kind_first_and_then_for_what_that_kind_wants(client: TestClient) -> None:
    assert "Look now" not in client.get("/preview").text
    page = told(client.get("/preview?kind=mastodon&o-tag=acme").text)
    assert 'name="o-server"' in page
    assert 'value="acme"' in page
    assert 'name="o-token" type="password" value=""' in page
    assert "It is used for this look alone, and not kept." in page
    assert client.get("/preview?kind=carrier-pigeon").status_code == 404


def test_what_a_source_would_bring_is_shown_with_what_matches_why_and_the_settings_to_paste(
    daring: TestClient, site: Site
) -> None:
    page = told(daring.post("/preview", data={"kind": "rss", "o-url": f"{site.url}/feed"}).text)
    assert "2 posts shown, 1 is about a brand. It took 1 request. Nothing was stored." in page
    assert "Northwind Air, named as “Northwind Air”: negative (" in page
    assert "No brand is named: it would not be kept." in page
    assert f"sources: - id: rss-127-0-0-1 kind: rss url: {site.url}/feed" in page


def test_a_query_is_tried_on_what_the_source_shows(daring: TestClient, site: Site) -> None:
    page = told(daring.post("/preview", data={"kind": "rss", "o-url": f"{site.url}/feed", "about": "trains"}).text)
    assert "2 posts shown, 1 is found by your query." in page
    assert "Found by “trains”: positive" in page
    assert "<mark>trains</mark>" in page
    assert "Your query does not find it: it would not be kept." in page


def test_a_private_address_is_refused_and_says_what_to_do(client: TestClient, site: Site) -> None:
    page = told(client.post("/preview", data={"kind": "rss", "o-url": f"{site.url}/feed"}).text)
    assert "It could not be read." in page
    assert "it leads to a private address" in page
    assert "To listen to it" not in page
    assert site.asked == []


def test_a_server_that_hangs_gets_a_clear_answer(daring: TestClient, site: Site) -> None:
    over = threading.Event()

    def hang(_: Asked) -> Reply:
        over.wait(20)
        return Reply()

    page = told(daring.post("/preview", data={"kind": "rss", "o-url": site.answer("/slow", hang)}).text)
    over.set()
    assert "it did not answer in time." in page
    assert f'value="{site.url}/slow"' in page, "what was typed stays"


def test_a_second_look_of_the_same_person_is_asked_to_wait(daring: TestClient, app: FastAPI, site: Site) -> None:
    answers: list[int] = []

    def again(_: Asked) -> Reply:
        fields = {"kind": "rss", "o-url": f"{site.url}/feed"}
        answers.append(browser(app, "dana").post("/preview", data=fields).status_code)
        return Reply(FEED.encode())

    first = daring.post("/preview", data={"kind": "rss", "o-url": site.answer("/nested", again)})
    assert (first.status_code, answers) == (200, [429])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"o-url": "nonsense"}, '"nonsense" must'),
        ({"o-url": "https://evil.example/${DB_PASSWORD}"}, "names an environment variable, which a form cannot read"),
        (
            {"o-url": "https://a.example", "about": "late (bag"},
            "At character 10, the parenthesis opened",
        ),
        ({}, "It is missing."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_asked(
    daring: TestClient, fields: dict[str, str], wrong: str
) -> None:
    answer = daring.post("/preview", data={"kind": "rss", **fields})
    assert answer.status_code == 422
    assert wrong in told(answer.text)
    assert "Something is not right yet; see below." in told(answer.text)


def test_a_secret_is_never_shown_again(daring: TestClient, site: Site) -> None:
    site.serve_json("/api/v1/timelines/tag/acme", [])
    fields = {"kind": "mastodon", "o-server": site.url, "o-tag": "acme", "o-token": "hunter2"}
    page = daring.post("/preview", data=fields).text
    assert site.asked[0].headers["authorization"] == "Bearer hunter2"
    assert "It answers, with no posts at the moment." in page
    assert "token: ${MASTODON_TOKEN}" in page
    assert "set the environment variables that it names" in told(page)
    assert "hunter2" not in page
    assert "hunter2" not in daring.post("/preview", data={**fields, "o-tag": "not a tag"}).text


def test_only_who_administers_may_look(app: FastAPI, site: Site) -> None:
    lee = browser(app, "lee")
    fields = {"kind": "rss", "o-url": f"{site.url}/feed"}
    answers = (lee.get("/preview"), lee.post("/preview", data=fields), lee.post("/sources/forum/test"))
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert lee.get("/sources/forum").status_code == 200
    assert site.asked == []


def test_one_source_has_a_page_of_how_it_fares_and_what_was_kept_of_it(client: TestClient, inst: Installation) -> None:
    assert "Nothing of it was about a brand yet." in client.get("/sources/forum").text
    hear(inst, [said("Northwind Air was late", NOON, number=1)], source="forum")
    hear(inst, [said("Northwind Air by another way", NOON, number=3)], source="other")
    page = told(client.get("/sources/forum").text)
    assert "0 requests, free of charge" in page
    assert "was late" in page
    assert "by another way" not in page
    assert 'href="/sources/forum">forum</a>' in client.get("/sources").text
    assert client.get("/sources/nowhere").status_code == 404
    assert client.post("/sources/nowhere/test").status_code == 404


def test_a_source_is_tested_without_storing_what_it_shows(client: TestClient, site: Site) -> None:
    page = told(client.post("/sources/forum/test").text)
    assert "2 posts shown, 1 is about a brand." in page
    assert "No brand is named: it would not be kept." in page
    assert "Nothing of it was about a brand yet." in page
    assert client.get("/sources/forum/test").url.path == "/sources/forum", "looking at the address again asks nothing"
    assert len(site.asked) == 1


def test_a_test_that_fails_says_why_and_what_to_do(client: TestClient, site: Site) -> None:
    site.serve("/feed", status=503)
    page = told(client.post("/sources/forum/test").text)
    assert "It could not be read." in page
    assert "503" in page


def test_what_strangers_wrote_is_shown_inert(daring: TestClient, site: Site) -> None:
    hostile = feed(EVIL, f"Northwind Air {EVIL}").replace("<title>", f"<link>javascript:alert(1)</link><title>{EVIL}")
    site.serve("/feed", hostile)
    fields = {"kind": "rss", "o-url": f"{site.url}/feed"}
    for answer in (daring.post("/preview", data=fields), daring.post("/sources/forum/test")):
        assert "2 posts shown" in answer.text
        assert "<script>alert" not in answer.text
        assert "javascript:" not in answer.text
        assert "1337" not in answer.text
        assert len(answer.content) < 50_000
