from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from access.roles import Role
from console.app import create_app
from console.settings_pages import changed_since
from console.settings_words import Entry, in_words, sections
from services.installation import Installation
from settings.loading import load_text
from settings.model import Settings
from tests.console.signed_in import SignedIn, asking_who
from tests.installations import HandClock, installed
from tests.settings.conftest import COMPLETE

SECRET = "hunter2"  # noqa: S105  # what must not be shown
WRITTEN = """\
inbound:
  - {id: calls, secret: "${SECRET}", about: [northwind]}
privacy: {authors: pseudonyms, key: "${LONG}"}
database: postgresql+psycopg://groundswell:${SECRET}@db.example.com/groundswell?sslpassword=${SECRET}
contact: https://ops:${SECRET}@example.com/?token=${SECRET}
console:
  address: https://groundswell.example.com
  trusted_proxies: [10.0.0.5, 10.1.0.0/16]
  oidc: {issuer: "https://id.example.com", client_id: groundswell, client_secret: "${SECRET}"}
topics:
  tags: {stage: {booking: book*, after: refund*}}
detection:
  severity:
    - {severity: SEV1, people: 50, times: 2.5}
"""
MORE_SOURCES = """\
  - {id: shop, kind: jsonapi, url: "https://api.example.com/reviews?key=${SECRET}", items: data,
     fields: {id: id, text: body}, headers: {Authorization: "${SECRET}"}, params: {token: "${SECRET}"}}
  - {id: alerts, kind: google_alerts, feed: "${FEED}"}
people:
"""
ENVIRON = {
    "SMTP_PASSWORD": SECRET,
    "SECRET": SECRET,
    "LONG": SECRET * 3,
    "FEED": "https://www.google.com/alerts/feeds/1234567/7654321",
}


def read(text: str, folder: Path = Path("/etc/groundswell")) -> Settings:
    return load_text(text, folder / "groundswell.yaml", ENVIRON)


def entries(settings: Settings) -> dict[str, Entry]:
    """All entries by section, part and key."""
    found = sections(settings, settings.database.get_secret_value())
    return {
        ".".join(filter(None, (section.key, part.name, entry.key))): entry
        for section in found
        for part in section.parts
        for entry in part.entries
    }


def test_what_somebody_wrote_and_what_holds_by_default_are_told_apart() -> None:
    shown = entries(read(COMPLETE))
    assert shown["tick"] == Entry("tick", "A round of listening every", "10 s", default=False)
    assert shown["spacing"] == Entry("spacing", "Between two requests to a host", "1 s", default=True)
    assert (shown["sources.forum.every"].value, shown["sources.tags.every"].default) == ("30 s", True)
    assert shown["sources.forum.about"].value == "northwind"
    assert shown["sources.forum.url"].value == "https://forum.example.com/feed.xml"
    assert shown["data_folder"] == Entry("data_folder", "Data", "/etc/groundswell/groundswell-data", default=True)
    assert shown["database"].default
    assert shown["privacy.keep"] == Entry("keep", "Texts are erased after", "not set", default=True)
    moved = entries(read(f"{COMPLETE}data_folder: /srv/data\n"))
    assert (moved["data_folder"].default, moved["database"].default) == (False, True)


def test_no_secret_is_shown_wherever_it_stands() -> None:
    text = COMPLETE.replace("people:\n", MORE_SOURCES, 1) + WRITTEN
    shown = entries(read(text))
    assert SECRET not in repr(shown)
    assert "7654321" not in repr(shown)
    assert shown["mail.password"].value == "set"
    assert shown["inbound.calls.secret"].value == "set"
    assert shown["privacy.key"].value == "set"
    assert shown["sources.shop.fields"].value == "id: id, text: body"
    assert shown["sources.shop.headers"].value == "Authorization: set"
    assert shown["sources.alerts.feed"].value == "set"
    assert "client secret: set" in shown["console.oidc"].value
    assert shown["database"].value == "postgresql+psycopg://***@db.example.com/groundswell?..."
    assert shown["contact"].value == "https://***@example.com/?..."


def test_what_holds_more_than_one_value_is_written_out() -> None:
    text = COMPLETE.replace("people:\n", MORE_SOURCES, 1) + WRITTEN
    shown = entries(read(text))
    assert shown["console.trusted_proxies"].value == "10.0.0.5, 10.1.0.0/16"
    assert shown["topics.tags"].value == "stage: booking: book*; after: refund*"
    assert shown["detection.severity"].value == "severity: SEV1, people: 50, times: 2.5"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (SecretStr(""), "not set"),
        ("", "not set"),
        ((), "not set"),
        ({}, "not set"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (8420, "8420"),
        (0.05, "0.05"),
        (timedelta(0), "0 s"),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), "2026-12-01 09:00"),
        (Role.LEAD, "lead"),
        (Path("/etc/x"), "/etc/x"),
    ],
)
def test_values_are_words(value: object, words: str) -> None:
    assert in_words(value) == words


def test_whoever_administers_sees_all_sections_and_where_they_come_from(inst: Installation) -> None:
    admin = SignedIn(asking_who(inst), "the-admin")
    page = " ".join(re.sub(r"<[^>]+>", " ", admin.get("/settings").text).split())
    for title in ("Brands", "Sources", "Mail", "What is news", "What is kept of people", "These pages"):
        assert title in page
    assert str(inst.settings.path) in page
    assert "read just now" in page
    assert "Programs that push inbound None." in page
    assert "The file was changed" not in page


@pytest.mark.parametrize("path", ["/settings", "/audit", "/audit.csv"])
def test_others_do_not(inst: Installation, path: str) -> None:
    asking = asking_who(inst)
    for role in (Role.VIEWER, Role.RESPONDER, Role.LEAD):
        browser = SignedIn(asking, f"the-{role}")
        assert browser.get(path).status_code == 403
        assert f'href="{path}"' not in browser.get("/").text
    assert 'href="/people"' in SignedIn(asking, "the-viewer").get("/").text


def test_a_file_that_was_changed_since_says_so(inst: Installation, clock: HandClock) -> None:
    inst.settings.path.write_text("changed")
    later = clock.advance(minutes=5)
    client = TestClient(create_app(installed(inst.settings, HandClock(later - timedelta(minutes=10)))))
    client.base_url = "http://127.0.0.1:8420"
    os.utime(inst.settings.path, (later.timestamp(), later.timestamp()))
    page = client.get("/settings").text
    assert "The file was changed" in page
    assert "groundswell serve" in page


def test_a_file_that_is_older_or_gone_was_not_changed(tmp_path: Path) -> None:
    file, now = tmp_path / "groundswell.yaml", datetime(2026, 3, 4, tzinfo=UTC)
    assert changed_since(file, now) is None
    file.write_text("x")
    os.utime(file, (now.timestamp(), now.timestamp()))
    assert changed_since(file, now) is None
    assert changed_since(file, now - timedelta(seconds=1)) == now
