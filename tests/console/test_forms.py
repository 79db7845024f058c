"""Every form that changes something carries the token of the session, on every page and in every template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from access.roles import Role
from console.rendering import HERE
from console.session_cookie import form_token
from database.corrections import Verdict
from database.visits import save_source
from services import correcting, response, reviews
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


def offered(browser: SignedIn, *paths: str) -> set[str]:
    """Where the forms of pages lead, with numbers taken out."""
    pages = "".join(browser.get(path).text for path in paths)
    return {
        re.sub(r"\d+", "#", action.partition("?")[0])
        for action in re.findall(r'<form\b[^>]*\baction="([^"]+)"[^>]*\bmethod="post"', pages)
    }


PAGES = (
    "/",
    "/incidents",
    "/incidents/2",
    "/incidents/1/review",
    "/mentions",
    "/mentions/corrections",
    "/signals",
    "/drills",
    "/sources",
    "/sources/forum",
    "/tip",
)


@pytest.fixture
def worked(inst: Installation) -> Installation:
    """Pages with all that people do on them: an incident, one that is over, a correction, a source that stopped."""
    asking = asking_who(inst)
    hear(asking, outcry(NOON))
    ended = open_incident(asking)
    response.resolve(asking, ended, "dana")
    reviews.write(asking, ended, "dana", {"summary": "It was the weather."}, 0)
    open_incident(asking)
    correcting.correct(asking, (1, "northwind"), Verdict.POSITIVE, "dana", correcting.seen_as(None, None))
    with asking.database.writing() as connection:
        save_source(connection, "forum", asked_at=asking.clock(), stopped_at=asking.clock(), problem="Gone.", remedy="")
    return asking


def test_a_viewer_is_offered_nothing_but_to_report(worked: Installation) -> None:
    viewer = SignedIn(worked, "the-viewer")
    assert offered(viewer, *PAGES) == {"/sign-out", "/tip"}
    pages = "".join(viewer.get(path).text for path in PAGES)
    assert "Acting on it takes the access of a responder." in pages
    assert "It was the weather." in pages  # what was written is read, too
    assert "mentions.csv" not in pages
    assert "review.pdf" not in pages


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (
            Role.RESPONDER,
            {
                "/incidents/#/acknowledge",
                "/incidents/#/notes",
                "/mentions/#/northwind/undo",
                "/signals/#/noise",
                "/incidents/#/review",
            },
        ),
        (Role.LEAD, {"/drills", "/incidents/#/review/finish"}),
        (Role.ADMIN, {"/sources/forum/wake", "/sources/forum/test"}),
    ],
)
def test_each_role_is_offered_what_it_may_do_and_nothing_beyond(
    worked: Installation, role: Role, more: set[str]
) -> None:
    below = list(Role)[list(Role).index(role) - 1]
    seen, seen_below = (offered(SignedIn(worked, f"the-{one}"), *PAGES) for one in (role, below))
    assert more <= seen
    assert not more & seen_below
