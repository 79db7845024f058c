from __future__ import annotations

import csv
import io
import re

import pytest
from starlette.testclient import TestClient

from access.audit import AuditKind, Noted
from console.audit_pages import AT_ONCE, COLUMNS
from database import auditing
from services.auditing import note
from services.installation import Installation
from tests.console.signed_in import SignedIn, asking_who


@pytest.fixture
def asking(inst: Installation) -> Installation:
    return asking_who(inst)


@pytest.fixture
def admin(asking: Installation) -> SignedIn:
    return SignedIn(asking, "the-admin")


def happened(inst: Installation, *noted: Noted) -> None:
    with inst.database.writing() as connection:
        for one in noted:
            note(connection, one, inst.clock())


def told(page: str) -> list[str]:
    """The rows as one reads them, the last first."""
    found = re.findall(r'<tr data-key="audit-.*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_what_was_written_down_stands_there_the_last_first(asking: Installation, admin: SignedIn) -> None:
    happened(
        asking,
        Noted(AuditKind.INVITED, "dana", "lee", address="203.0.113.7"),
        Noted(AuditKind.ACCESS_CHANGED, "", "lee", {"before": "viewer", "after": "lead"}),
    )
    assert told(admin.get("/audit").text) == [
        "12:00 The access of Lee Okafor changed from viewer to lead. this machine",
        "12:00 Dana Reyes invited Lee Okafor. 203.0.113.7",
        "12:00 The admin signed in (password). testclient",
    ]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("person=lee", ["invited", "signed out"]),
        ("person=lee&kind=invited", ["invited"]),
        ("kind=signed_out", ["signed out"]),
        ("kind=throttled", []),
        ("kind=nonsense&person=nobody", ["signed out", "invited", "signed in"]),
    ],
)
def test_filters_stand_in_the_address(asking: Installation, admin: SignedIn, query: str, kinds: list[str]) -> None:
    happened(asking, Noted(AuditKind.INVITED, "dana", "lee"), Noted(AuditKind.SIGNED_OUT, "lee", "lee"))
    rows = told(admin.get(f"/audit?{query}").text)
    assert len(rows) == len(kinds)
    assert all(any(kind in row for row in rows) for kind in kinds)


def test_pages_follow_one_another_without_a_gap_also_under_filters(asking: Installation, admin: SignedIn) -> None:
    happened(asking, *(Noted(AuditKind.EXPORTED, "dana", f"file {number}") for number in range(AT_ONCE + 7)))
    path, seen = "/audit?kind=exported", []
    while path:
        page = admin.get(path).text
        seen += told(page)
        # Something is written down meanwhile; nothing moves.
        happened(asking, Noted(AuditKind.EXPORTED, "lee", "another"))
        older = re.search(r'href="(/audit\?[^"]*before=\d+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
        assert not path or "kind=exported" in path
    assert [re.search(r"file \d+", row)[0] for row in seen] == [  # type: ignore[index]  # each has one
        f"file {number}" for number in reversed(range(AT_ONCE + 7))
    ]


def test_what_strangers_typed_is_shown_as_text_and_no_formula(asking: Installation, admin: SignedIn) -> None:
    hostile = '=cmd|"/c calc"!A1<script>alert(1)</script>'
    happened(asking, Noted(AuditKind.COMPANY_REFUSED, "", hostile, {"reason": "unknown"}, "203.0.113.7"))
    assert "<script>alert" not in admin.get("/audit").text
    rows = list(csv.reader(io.StringIO(admin.get("/audit.csv").text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    refused = next(row for row in rows if row[2] == "company_refused")
    assert refused[4] == f"'{hostile}"
    assert not [cell for row in rows[1:] for cell in row if cell[:1] in {"=", "+", "-", "@"}]


def test_taking_it_away_is_written_down_first(asking: Installation, admin: SignedIn) -> None:
    happened(asking, *(Noted(AuditKind.EXPORTED, "dana", f"file {number}") for number in range(AT_ONCE + 7)))
    answer = admin.get("/audit.csv?kind=exported")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == AT_ONCE + 8
    assert (rows[0]["person"], rows[0]["subject"], rows[0]["what"]) == (
        "the-admin",
        "the audit",
        "The admin took away the audit.",
    )
    with asking.database.reading() as connection:
        newest = auditing.rows(connection, 1)[0].noted
    assert newest.facts["filters"] == "kind=exported"


def test_an_empty_audit_says_what_will_stand_there(dana: TestClient) -> None:
    assert "Nothing was written down yet." in dana.get("/audit").text
    assert "Nothing like this yet." in dana.get("/audit?kind=invited").text
