from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from access.audit import AuditKind
from access.roles import Role
from access.sessions import Means
from database import access as accounts
from database import auditing
from playbooks.playbook import Severity
from services.installation import Installation
from services.inviting import invite
from services.signing_in import sessions_of
from settings.model import Match, Route, Routing
from tests.companies import Company
from tests.console.seeding import open_incident
from tests.console.signed_in import SignedIn, asking_who
from tests.installations import HandClock

ROUTING = Routing(
    owner="dana",
    notify=("lee",),
    operator="lee",
    routes=(
        Route(match=Match(severity=(Severity.SEV1, Severity.SEV2)), owner="lee", notify=("dana", "the-lead")),
        Route(match=Match(brand=("northwind",), kind=("volume_wave",)), owner="the-responder"),
    ),
)


@pytest.fixture
def asking(inst: Installation) -> Installation:
    made = asking_who(inst)
    return replace(made, settings=made.settings.model_copy(update={"routing": ROUTING}))


@pytest.fixture
def admin(asking: Installation) -> SignedIn:
    return SignedIn(asking, "the-admin")


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split()).replace(" .", ".").replace(" ;", ";")


def row(page: str, name: str) -> str:
    """The row of a person as one reads it."""
    found = re.search(rf'<tr data-key="person-{name}">.*?</tr>', page, re.DOTALL)
    assert found
    return words(found[0])


def test_everybody_who_is_signed_in_sees_who_is_who_and_what_is_theirs(asking: Installation) -> None:
    number = open_incident(asking)
    page = SignedIn(asking, "the-viewer").get("/people").text
    assert "Lee Okafor comms lead lee@example.com admin as its operator" in row(page, "lee")
    assert "responder by default" in row(page, "dana")
    assert f'href="/incidents/{number}"' in page
    assert "SEV2" in row(page, "dana")
    assert row(page, "the-viewer") == "The viewer viewer@example.com viewer nothing"
    assert "Signing in" not in page
    assert "<button" not in page.split("</header>")[1].split('id="routing"')[0]


def test_the_routing_stands_there_in_order_and_in_words(admin: SignedIn) -> None:
    page = words(admin.get("/people").text)
    first = page.index("1 SEV1 or SEV2 Lee Okafor leads; Dana Reyes and The lead are told.")
    second = page.index("2 Northwind Air, talk The responder leads.")
    default = page.index("Else No rule matches Dana Reyes leads; Lee Okafor is told.")
    assert first < second < default
    assert "Groundswell itself is unwell Lee Okafor is told." in page


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "brand=northwind&severity=SEV2",
            "Lee Okafor leads; Dana Reyes and The lead are told. Routing rule 1 applies to",
        ),
        ("brand=northwind&severity=SEV3&kind=volume_wave", "The responder leads. Routing rule 2 applies to brand"),
        (
            "brand=northwind&severity=SEV3&kind=reported",
            "Dana Reyes leads; Lee Okafor is told. No routing rule applies",
        ),
        (
            "brand=northwind&severity=SEV3&kind=nonsense",
            "Dana Reyes leads; Lee Okafor is told. No routing rule applies",
        ),
    ],
)
def test_who_would_be_told_is_answered_as_routing_decides(admin: SignedIn, question: str, answer: str) -> None:
    assert answer in words(admin.get(f"/people?{question}").text)


@pytest.mark.parametrize("question", ["brand=nowhere&severity=SEV2", "severity=SEV2", "brand=northwind&severity=%00"])
def test_a_question_about_nothing_is_not_answered(admin: SignedIn, question: str) -> None:
    answer = admin.get(f"/people?{question}")
    assert answer.status_code == 200
    assert 'id="answer"' not in answer.text


def test_whoever_administers_sees_how_everybody_stands_with_signing_in(
    asking: Installation, admin: SignedIn, clock: HandClock
) -> None:
    with asking.database.writing() as connection:
        accounts.set_password(connection, "dana", "hash", clock())
    SignedIn(asking, "dana")
    invite(asking, "lee")
    page = admin.get("/people").text
    assert "Signed in with 1 browser. Last seen just now. Password from 12:00." in row(page, "dana")
    assert "Send a link for a new password" in row(page, "dana")
    assert "Not signed in. Invited just now; the link works until" in row(page, "lee")
    assert "Invite again" in row(page, "lee")
    assert "Never invited." in row(page, "the-lead")
    assert "Sign out everywhere" not in row(page, "the-lead")
    clock.advance(days=20)
    admin.enter()
    page = admin.get("/people").text
    assert "Not signed in. Last seen 20 d ago." in row(page, "dana")
    assert "The invitation of" in row(page, "lee")


def test_an_invitation_goes_out_and_is_written_down(asking: Installation, admin: SignedIn) -> None:
    done = admin.press("/people/lee/invite")
    assert (done.status_code, done.headers["location"]) == (303, "/people")
    assert "on its way to lee@example.com" in words(admin.get("/people").text)
    with asking.database.reading() as connection:
        (noted,) = auditing.rows(connection, 5, kind=AuditKind.INVITED)
        assert (noted.noted.person, noted.noted.subject) == ("the-admin", "lee")
        assert "lee" in accounts.newest_links(connection)


def test_signing_somebody_out_ends_all_their_sessions(asking: Installation, admin: SignedIn) -> None:
    dana = SignedIn(asking, "dana")
    dana.enter()
    admin.press("/people/dana/sign-out")
    assert sessions_of(asking, "dana") == ()
    assert "Dana Reyes is signed out of 2 browsers." in words(admin.get("/people").text)
    assert dana.get("/account").status_code == 303
    admin.press("/people/dana/sign-out")
    assert "Dana Reyes was signed in nowhere." in words(admin.get("/people").text)
    with asking.database.reading() as connection:
        (noted,) = auditing.rows(connection, 5, kind=AuditKind.SESSION_REVOKED)
        assert (noted.noted.person, noted.noted.subject) == ("the-admin", "dana")


@pytest.mark.parametrize("deed", ["invite", "sign-out"])
def test_only_who_administers_does_so_with_people_who_are_there(asking: Installation, deed: str) -> None:
    for role in (Role.VIEWER, Role.RESPONDER, Role.LEAD):
        assert SignedIn(asking, f"the-{role}").press(f"/people/lee/{deed}").status_code == 403
    admin = SignedIn(asking, "the-admin")
    assert admin.press(f"/people/nobody/{deed}").status_code == 404
    assert admin.post(f"/people/lee/{deed}").status_code == 409  # without the token of a form
    with asking.database.reading() as connection:
        assert accounts.newest_links(connection) == {}


def test_where_nobody_signs_in_nobody_is_invited(dana: TestClient) -> None:
    page = dana.get("/people").text
    assert "Nobody signs in here" in page
    assert "Signing in" not in page
    assert dana.post("/people/lee/invite").status_code == 404


def test_where_the_company_signs_people_in_there_are_no_invitations(inst: Installation) -> None:
    asking = asking_who(inst, oidc=Company(port=1).oidc(), passwords=False)
    admin = SignedIn(asking, "the-admin", Means.COMPANY)
    page = admin.get("/people").text
    assert "Everybody signs in with Northwind;" in page
    assert "Invite" not in page
    assert "Never invited" not in page
    assert admin.press("/people/lee/invite").status_code == 404
