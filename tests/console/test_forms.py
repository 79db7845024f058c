"""Every form that changes something carries the token of the session, on every page and in every template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.rendering import HERE
from console.session_cookie import form_token
from services.installation import Installation
from tests.console.seeding import hear, open_incident
from tests.console.signed_in import SignedIn, asking_who
from tests.installations import NOON, outcry

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
FORM = re.compile(r"<form\b[^>]*>", re.IGNORECASE)
POSTED = re.compile(r"""<form\b[^>]*\bmethod\s*=\s*["']?post["']?[^>]*>(.{0,20})""", re.IGNORECASE | re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(HERE / "templates")))
def test_no_template_has_a_form_that_changes_something_without_its_token(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert [found for found in POSTED.findall(text) if not found.startswith("{{ csrf() }}")] == []
    stated = [form for form in FORM.findall(text) if "method=" in form]
    assert len(stated) >= len(POSTED.findall(text))


def test_no_page_has_a_form_that_changes_something_without_its_token(inst: Installation) -> None:
    asking = asking_who(inst)
    hear(asking, outcry(NOON))
    number = open_incident(asking)
    dana, seen = SignedIn(asking, "dana"), 0
    field = f'<input type="hidden" name="csrf" value="{form_token(dana.token)}">'
    pattern = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>(.{0,%d})' % len(field), re.DOTALL)  # noqa: UP031  # braces
    for path in (
        "/",
        "/incidents",
        f"/incidents/{number}",
        "/mentions",
        "/signals",
        "/drills",
        "/tip",
        "/account",
        "/nowhere",
    ):
        forms = pattern.findall(dana.get(path).text)
        assert [form for form in forms if form != field] == [], path
        seen += len(forms)
    assert seen > 20
