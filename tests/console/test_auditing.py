"""What is taken away is written down, with who took it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from access.audit import AuditKind
from database import auditing
from services.installation import Installation
from tests.console.seeding import hear, open_incident
from tests.console.signed_in import SignedIn, asking_who
from tests.installations import NOON, outcry


def exported(inst: Installation) -> list[tuple[str, str, dict[str, str]]]:
    with inst.database.reading() as connection:
        rows = [row.noted for row in auditing.rows(connection, 50, kind=AuditKind.EXPORTED)]
    return [(one.person, one.subject, dict(one.facts)) for one in rows]


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        ("/mentions.csv?tone=negative", ("lee", "mentions.csv", {"filters": "tone=negative"})),
        ("/incidents/1/review.md", ("lee", "the review of incident 1", {"form": "md"})),
        ("/incidents/1/review.html", ("lee", "the review of incident 1", {"form": "html"})),
    ],
)
def test_every_file_is_written_down_with_who_took_it(
    inst: Installation, path: str, noted: tuple[str, str, dict[str, str]]
) -> None:
    hear(inst, outcry(NOON))
    open_incident(inst)
    assert SignedIn(asking_who(inst), "lee").get(path).status_code == 200
    assert exported(inst) == [noted]


def test_what_is_refused_or_only_looked_at_is_not(inst: Installation) -> None:
    open_incident(inst)
    viewer = SignedIn(asking_who(inst), "the-viewer")
    for path in ("/mentions.csv", "/incidents/1/review.md", "/mentions", "/incidents/1/review"):
        viewer.get(path)
    assert SignedIn(asking_who(inst), "lee").get("/incidents/1/review.doc").status_code == 404
    assert exported(inst) == []


def test_where_nobody_says_who_they_are_it_is_still_written_down(client: TestClient, inst: Installation) -> None:
    client.get("/mentions.csv")
    assert exported(inst) == [("", "mentions.csv", {"filters": ""})]
