"""What was typed and not taken is shown again under the name of what it is."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from services import statements
from services.installation import Installation
from tests.console.seeding import open_incident

LONG = "long " * 3000


@pytest.mark.parametrize(
    ("path", "fields", "label"),
    [
        ("notes", {"text": LONG}, "Your note"),
        ("rows/1/correct", {"text": LONG}, "Your correction"),
        ("updates", {"text": LONG}, "Your internal update"),
        ("statements", {"template": "kind:update", "text": LONG}, "Your statement"),
        ("statements/1/edit", {"seen": "1", "text": LONG}, "Your version of the statement"),
        ("tasks", {"title": LONG}, "Your task"),
        ("steps/4/done", {"evidence": LONG}, "What you show for the step"),
    ],
)
def test_every_field_that_comes_back_is_named_as_what_it_is(
    dana: TestClient, inst: Installation, path: str, fields: dict[str, str], label: str
) -> None:
    number = open_incident(inst)
    statements.draft_from(inst, number, "lee", "holding")
    answer = dana.post(f"/incidents/{number}/{path}", data=fields)
    assert answer.status_code == 409
    assert f">{label}, as you typed it</label>" in answer.text
    assert LONG in answer.text
