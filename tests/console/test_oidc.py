"""Signing in with the company's own account, against a real provider on this machine, and what attackers try there."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from access.audit import AuditKind, AuditRow
from access.sessions import Means
from console.app import create_app
from database import access as accounts
from database import auditing
from services.installation import Installation
from services.signing_in import session_of
from tests.companies import DISCOVERY, Company, company
from tests.console.signed_in import COOKIE, SignedIn, asking_who, stranger
from tests.installations import HandClock

KEPT = "groundswell_oidc"
VERIFIED = {"email_verified": True}


@pytest.fixture(scope="module")
def running() -> Iterator[Company]:
    people: dict[str, dict[str, object]] = {
        "dana": {"email": "dana@example.com", **VERIFIED},
        "lee": {"email": "lee@example.com"},
        "eve": {"email": "<b>eve</b>@example.com", **VERIFIED},
        "nameless": {},
    }
    with company(**people) as made:
        yield made


@pytest.fixture
def honest(running: Company) -> Company:
    running.says.clear()
    running.asked.clear()
    return running


@pytest.fixture
def asking(inst: Installation, clock: HandClock, honest: Company) -> Installation:
    """People sign in with the company's account, or with a password; it is now, as for the provider."""
    clock.now = datetime.now(UTC)
    return asking_who(inst, oidc=honest.oidc())


@pytest.fixture
def browser(asking: Installation) -> TestClient:
    return stranger(asking)


def gone_there(browser: TestClient, honest: Company, subject: str, *, next_path: str = "/", **changed: str) -> str:
    """The address to which the provider sends a browser back."""
    away = browser.get("/oidc", params={"next": next_path})
    assert away.status_code == 303
    assert away.headers["location"].startswith(honest.issuer)
    back = honest.signs_in(away.headers["location"], subject, **changed)
    return "/oidc/callback?" + "&".join(f"{name}={value}" for name, value in back.items())


def audit(inst: Installation, kind: AuditKind) -> tuple[AuditRow, ...]:
    with inst.database.reading() as connection:
        return auditing.rows(connection, 10, kind=kind)


def is_in(browser: TestClient) -> bool:
    return browser.get("/account").status_code == 200


def test_the_page_to_sign_in_offers_the_companys_account(browser: TestClient) -> None:
    page = browser.get("/sign-in?next=/incidents%3Fa%3Db").text
    assert 'href="/oidc?next=/incidents%3Fa%3Db"' in page
    assert "Sign in with Northwind" in page
    assert 'name="password"' in page


def test_whoever_the_company_vouches_for_is_in_and_led_on(
    browser: TestClient, asking: Installation, honest: Company
) -> None:
    done = browser.get(gone_there(browser, honest, "dana", next_path="/mentions?tone=negative"))
    assert (done.status_code, done.headers["location"]) == (303, "/mentions?tone=negative")
    session = session_of(asking, browser.cookies[COOKIE], "")
    assert session
    assert (session.person, session.means) == ("dana", Means.COMPANY)
    assert "Dana Reyes" in browser.get("/").text
    (noted,) = audit(asking, AuditKind.SIGNED_IN)
    assert (noted.noted.person, noted.noted.facts["means"]) == ("dana", "company")
    assert KEPT not in browser.cookies


@pytest.mark.parametrize(
    ("subject", "said", "reason"),
    [
        (
            "eve",
            "Nobody with the address &lt;b&gt;eve&lt;/b&gt;@example.com is in the settings",
            "address not known here",
        ),
        ("lee", "does not say that lee@example.com is really yours", "address not verified"),
        ("nameless", "does not say which mail address you have", "no address given"),
    ],
)
def test_somebody_else_is_told_why_and_written_down_and_not_let_in(
    browser: TestClient, asking: Installation, honest: Company, subject: str, said: str, reason: str
) -> None:
    refused = browser.get(gone_there(browser, honest, subject))
    assert refused.status_code == 403
    assert said in refused.text
    assert not is_in(browser)
    (noted,) = audit(asking, AuditKind.COMPANY_REFUSED)
    assert noted.noted.facts["reason"] == reason


def test_where_the_settings_trust_the_providers_addresses_silence_is_enough(
    inst: Installation, clock: HandClock, honest: Company
) -> None:
    clock.now = datetime.now(UTC)
    browser = stranger(asking_who(inst, oidc=honest.oidc(trust_email=True)))
    assert browser.get(gone_there(browser, honest, "lee")).status_code == 303


def test_nobody_is_signed_in_by_an_answer_that_another_browser_asked_for(
    browser: TestClient, asking: Installation, honest: Company
) -> None:
    """Login CSRF: somebody has a victim open the end of their own sign-in."""
    back = gone_there(stranger(asking), honest, "dana")
    for victim in (stranger(asking), browser):
        refused = victim.get(back)
        assert refused.status_code == 400
        assert "not begun in this browser" in refused.text
        assert not is_in(victim)
        gone_there(victim, honest, "dana")  # the next time with a sign-in of their own on its way
    assert honest.asked == []


@pytest.mark.parametrize("state", ["", "another", "é"])
def test_a_wrong_state_is_refused(browser: TestClient, honest: Company, state: str) -> None:
    back = gone_there(browser, honest, "dana")
    refused = browser.get("/oidc/callback", params={"code": back.split("code=")[1].split("&")[0], "state": state})
    assert refused.status_code == 400
    assert not is_in(browser)
    assert honest.asked == []


def test_a_wrong_nonce_is_refused(browser: TestClient, honest: Company) -> None:
    refused = browser.get(gone_there(browser, honest, "dana", nonce="of-another-sign-in"))
    assert refused.status_code == 502
    assert not is_in(browser)


def test_a_token_that_is_over_is_refused(browser: TestClient, honest: Company, clock: HandClock) -> None:
    back = gone_there(browser, honest, "dana")
    clock.advance(hours=2)
    assert browser.get(back).status_code == 502
    assert not is_in(browser)


def test_an_answer_of_another_provider_is_refused(browser: TestClient, honest: Company) -> None:
    refused = browser.get(gone_there(browser, honest, "dana") + "&iss=https://evil.example")
    assert refused.status_code == 502
    assert honest.asked == []
    assert not is_in(browser)


def test_a_way_back_is_used_once(browser: TestClient, honest: Company) -> None:
    back = gone_there(browser, honest, "dana")
    browser.get(back)
    browser.cookies.delete(COOKIE)
    assert browser.get(back).status_code == 400
    assert not is_in(browser)


def test_whoever_says_no_at_the_provider_can_begin_again(browser: TestClient, honest: Company) -> None:
    state = gone_there(browser, honest, "dana").split("state=")[1]
    refused = browser.get(f"/oidc/callback?error=access_denied&error_description=Ring+555-0100&state={state}")
    assert refused.status_code == 403
    assert 'href="/oidc"' in refused.text
    assert "555" not in refused.text


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "/" + "x" * 3000])
def test_a_sign_in_leads_nowhere_else(browser: TestClient, honest: Company, place: str) -> None:
    done = browser.get(gone_there(browser, honest, "dana", next_path=place))
    assert (done.status_code, done.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "kept",
    ["", "x", base64.urlsafe_b64encode(b"[1]").decode(), base64.urlsafe_b64encode(b"[" * 2_000).decode()]
    + [
        base64.urlsafe_b64encode(
            json.dumps({"state": state, "nonce": "a", "verifier": "b", "next": "/"}).encode()
        ).decode()
        for state in ("", 7, "\ud800")
    ],
)
def test_a_spoiled_cookie_is_no_sign_in(browser: TestClient, kept: str) -> None:
    browser.cookies.set(KEPT, kept)
    assert browser.get("/oidc/callback?code=a&state=").status_code == 400


def test_a_sign_in_may_go_on_from_a_cookie_that_leads_elsewhere_to_the_home_page(
    browser: TestClient, honest: Company
) -> None:
    back = gone_there(browser, honest, "dana")
    begun = json.loads(base64.urlsafe_b64decode(browser.cookies[KEPT]))
    browser.cookies.delete(KEPT)
    forged = base64.urlsafe_b64encode(json.dumps({**begun, "next": "//evil.example"}).encode()).decode()
    browser.cookies.set(KEPT, forged)
    assert browser.get(back).headers["location"] == "/"


def test_a_session_from_before_ends_and_a_new_one_begins(asking: Installation, honest: Company) -> None:
    browser = SignedIn(asking, "dana")
    before = browser.token
    browser.get(gone_there(browser, honest, "dana"))
    assert session_of(asking, before, "") is None


@pytest.mark.parametrize("hangs", [True, False])
def test_a_provider_that_is_down_is_told_and_passwords_work(
    inst: Installation, honest: Company, *, hangs: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        if not hangs:
            silent.close()
        port = silent.getsockname()[1] if hangs else 1
        asking = asking_who(inst, oidc=honest.oidc(issuer=f"http://127.0.0.1:{port}"))
        browser = stranger(asking)
        told = browser.get("/oidc")
    assert told.status_code == 502
    assert "Signing in with Northwind does not work at the moment." in told.text
    assert "or sign in with your password" in " ".join(told.text.split())
    assert 'name="password"' in browser.get("/sign-in").text


def test_a_provider_that_lies_about_itself_gets_nobody(browser: TestClient, honest: Company) -> None:
    honest.says[DISCOVERY] = lambda said: said.update(authorization_endpoint="https://evil.example", issuer="x")
    assert browser.get("/oidc").status_code == 502


def test_without_passwords_the_company_alone_lets_people_in(
    inst: Installation, clock: HandClock, honest: Company
) -> None:
    clock.now = datetime.now(UTC)
    asking = asking_who(inst, oidc=honest.oidc(), passwords=False)
    browser = stranger(asking)
    page = browser.get("/sign-in").text
    assert 'name="password"' not in page
    assert "forgot" not in page
    for path in ("/reset", "/reset/token", "/invitation/token"):
        assert browser.get(path).status_code == 404
    assert browser.post("/sign-in", data={"mail": "dana@example.com", "password": "x"}).status_code == 404
    # Whoever came in by a password before is out.
    assert SignedIn(asking, "dana").get("/account").status_code == 303
    assert browser.get(gone_there(browser, honest, "dana")).status_code == 303
    assert is_in(browser)


def test_without_a_company_there_is_no_such_way(inst: Installation) -> None:
    asking = asking_who(inst)
    assert "/oidc" not in stranger(asking).get("/sign-in").text
    for path in ("/oidc", "/oidc/callback?code=a&state=b"):
        assert stranger(asking).get(path).status_code == 404


def test_who_came_in_by_the_company_is_out_when_the_settings_name_it_no_more(
    asking: Installation, browser: TestClient, honest: Company
) -> None:
    browser.get(gone_there(browser, honest, "dana"))
    later = stranger(asking_who(asking))
    later.cookies.set(COOKIE, browser.cookies[COOKIE])
    assert later.get("/account").status_code == 303


def test_what_proves_a_sign_in_is_kept_as_safely_as_a_session(
    inst: Installation, clock: HandClock, honest: Company
) -> None:
    clock.now = datetime.now(UTC)
    address = "https://groundswell.example.com"
    asking = asking_who(inst, oidc=honest.oidc(), address=address)
    browser = TestClient(create_app(asking), base_url=address, follow_redirects=False)
    kept = browser.get("/oidc").headers["set-cookie"]
    assert kept.startswith(f"__Host-{KEPT}=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=600"} <= set(kept.split("; "))
    redirect = browser.get("/oidc").headers["location"]
    assert "redirect_uri=https%3A%2F%2Fgroundswell.example.com%2Foidc%2Fcallback" in redirect


def test_two_people_with_one_address_are_told_apart_by_nobody(asking: Installation, honest: Company) -> None:
    twin = asking.settings.people[1].model_copy(update={"email": "DANA@example.com"})
    people = (asking.settings.people[0], twin)
    shared = replace(asking, settings=asking.settings.model_copy(update={"people": people}))
    browser = stranger(shared)
    refused = browser.get(gone_there(browser, honest, "dana"))
    assert refused.status_code == 403
    assert "More than one person" in refused.text
    with shared.database.reading() as connection:
        assert accounts.sessions(connection) == ()
