"""What programs take away is written down like what people do."""

from __future__ import annotations

import pytest

from access.audit import AuditKind
from access.roles import Permission
from database import auditing
from services.installation import Installation
from tests.console.api.conftest import Program


def exported(inst: Installation) -> list[tuple[str, str, dict[str, str]]]:
    with inst.database.reading() as connection:
        rows = [row.noted for row in auditing.rows(connection, 50, kind=AuditKind.EXPORTED)]
    assert all(one.facts.get("token") for one in rows), "nothing is said of the token that took it"
    return [
        (one.person, one.subject, {name: said for name, said in one.facts.items() if name != "token"}) for one in rows
    ]


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        ("mentions/export?tone=negative", ("lee", "mentions.jsonl", {"filters": "tone=negative"})),
        ("mentions/export?form=csv", ("lee", "mentions.csv", {"filters": "form=csv"})),
        ("incidents/1/review.md", ("lee", "the review of incident 1", {"form": "md"})),
    ],
)
def test_every_file_is_written_down_with_who_took_it(
    program: Program, closed: Installation, number: int, path: str, noted: tuple[str, str, dict[str, str]]
) -> None:
    assert number == 1
    assert program("lee", Permission.EXPORT).get(f"/api/v1/{path}").status_code == 200
    assert exported(closed) == [noted]


def test_what_is_refused_is_not(program: Program, closed: Installation, number: int) -> None:
    for path in ("mentions/export", f"incidents/{number}/review.md"):
        assert program("lee").get(f"/api/v1/{path}").status_code == 403
    assert exported(closed) == []
