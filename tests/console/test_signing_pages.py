"""Signing in and out through the pages, and what attackers try there."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from access.roles import Role
from access.sessions import Means
from console.kept import Kept
from console.session_cookie import form_token
from database import access as store
from database import incidents
from services.installation import Installation
from services.inviting import invite, opened
from services.passwords import hashed
from services.signing_in import open_session, session_of, sessions_of
from tests.console.elsewhere import ELSEWHERE
from tests.console.seeding import open_incident
from tests.console.signed_in import COOKIE, SignedIn, asking_who, stranger
from tests.installations import HandClock

PASSWORD, OTHER = "blue kettle on tuesday", "green ladder in the rain"
_HASH = hashed(PASSWORD)


@pytest.fixture
def asking(inst: Installation) -> Installation:
    """People have to sign in; Dana has a password."""
    made = asking_who(inst)
    with made.database.writing() as connection:
        store.set_password(connection, "dana", _HASH, made.clock())
    return made


@pytest.fixture
def nobody(asking: Installation) -> TestClient:
    return stranger(asking)


def words(text: str) -> str:
    return " ".join(text.split())


def test_whoever_signs_in_is_led_to_where_they_wanted_to_go(nobody: TestClient) -> None:
    led = nobody.get("/mentions?tone=negative&q=a%20b")
    assert led.status_code == 303
    page = nobody.get(led.headers["location"])
    assert page.status_code == 200
    assert 'name="next" value="/mentions?tone=negative&amp;q=a%20b"' in page.text
    done = nobody.post(
        "/sign-in", data={"mail": "dana@example.com", "password": PASSWORD, "next": "/mentions?tone=negative&q=a%20b"}
    )
    assert (done.status_code, done.headers["location"]) == (303, "/mentions?tone=negative&q=a%20b")
    home = nobody.get("/")
    assert home.status_code == 200
    assert "Dana Reyes" in home.text
    assert "Sign out" in home.text
    assert "You are</label>" not in home.text


@pytest.mark.parametrize("address", ELSEWHERE)
def test_after_the_sign_in_nobody_lands_elsewhere(nobody: TestClient, address: str) -> None:
    done = nobody.post("/sign-in", data={"mail": "dana@example.com", "password": PASSWORD, "next": address})
    assert (done.status_code, done.headers["location"]) == (303, "/")
    again = nobody.get("/sign-in", params={"next": address})
    assert (again.status_code, again.headers["location"]) == (303, "/")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(asking: Installation) -> None:
    def cookie_of(address: str) -> str:
        inst = asking_who(asking, address=address)
        form = {"mail": "dana@example.com", "password": PASSWORD}
        done = stranger(inst).post(f"{address}/sign-in", data=form)
        return str(done.headers["set-cookie"])

    plain, safe = cookie_of(""), cookie_of("https://alerts.example.com")
    for cookie in (plain, safe):
        assert re.search(r"; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax", cookie)
        assert "Domain" not in cookie
    assert plain.startswith("groundswell_session=")
    assert "Secure" not in plain
    assert safe.startswith("__Host-groundswell_session=")
    assert safe.endswith("Secure")


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(asking: Installation) -> None:
    """Session fixation: the attacker's own session, and a made-up one."""
    for planted in (open_session(asking, "the-viewer", Means.PASSWORD, "testclient", ""), "made-up-by-an-attacker"):
        victim = stranger(asking)
        victim.cookies.set(COOKIE, planted)
        done = victim.post("/sign-in", data={"mail": "dana@example.com", "password": PASSWORD})
        assert done.status_code == 303
        assert f"{COOKIE}={planted}" not in done.headers["set-cookie"]
        assert session_of(asking, planted, "") is None


@pytest.mark.parametrize("mail", ["dana@example.com", "lee@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(asking: Installation, mail: str) -> None:
    answer = stranger(asking).post("/sign-in", data={"mail": mail, "password": "a wrong password"})
    assert answer.status_code == 401
    assert "The mail address or the password is not right." in answer.text
    assert answer.text.replace(mail, "") == stranger(asking).post(
        "/sign-in", data={"mail": "x@example.com", "password": "a wrong password"}
    ).text.replace("x@example.com", "")
    assert "set-cookie" not in answer.headers


def test_brute_force_is_stopped_with_the_time_to_wait_and_a_way_out(nobody: TestClient, clock: HandClock) -> None:
    answers = [nobody.post("/sign-in", data={"mail": "dana@example.com", "password": f"wrong {n}"}) for n in range(9)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 4
    assert "Try again in 2 s. A new password by mail works at once." in words(answers[-1].text)
    assert nobody.post("/sign-in", data={"mail": "dana@example.com", "password": PASSWORD}).status_code == 429
    clock.advance(seconds=2)
    assert nobody.post("/sign-in", data={"mail": "dana@example.com", "password": PASSWORD}).status_code == 303


def test_opening_an_invitation_changes_nothing_and_a_choice_lets_its_person_in(asking: Installation) -> None:
    path = invite(asking, "lee").removeprefix("http://127.0.0.1:8420")
    browser = stranger(asking)
    for _ in range(3):
        page = browser.get(path)
        assert "Welcome, Lee Okafor" in page.text
        assert "set-cookie" not in page.headers
    refused = browser.post(path, data={"password": "short"})
    assert refused.status_code == 422
    assert "fewer than 12 characters" in refused.text
    done = browser.post(path, data={"password": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "Lee Okafor" in browser.get("/").text
    for answer in (browser.get(path), browser.post(path, data={"password": OTHER})):
        assert answer.status_code == 410
        assert "This link was used already." in answer.text


def test_a_forgotten_password_is_answered_alike_for_everybody(asking: Installation) -> None:
    known, unknown = (
        stranger(asking).post("/reset", data={"mail": mail}) for mail in ("dana@example.com", "x@y.example")
    )
    assert (known.status_code, known.headers["location"]) == (303, "/sign-in")
    assert dict(known.headers) == dict(unknown.headers)


def test_signing_out_ends_the_session_and_not_only_the_cookie(asking: Installation) -> None:
    lee = SignedIn(asking, "lee")
    assert lee.post("/sign-out").status_code == 409  # without the token of the session it goes on
    assert session_of(asking, lee.token, "")
    done = lee.press("/sign-out")
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert 'groundswell_session=""' in done.headers["set-cookie"]
    assert session_of(asking, lee.token, "") is None


def test_a_viewers_forged_request_changes_nothing(asking: Installation) -> None:
    number, viewer = open_incident(asking), SignedIn(asking, f"the-{Role.VIEWER}")
    answer = viewer.press(f"/incidents/{number}/acknowledge", person="dana", role="admin")
    assert answer.status_code == 403
    assert "It takes the access of responder." in words(answer.text)
    with asking.database.reading() as connection:
        assert incidents.find(connection, number).acknowledged_at is None


def test_nobody_acts_under_anothers_name(asking: Installation) -> None:
    number, lee = open_incident(asking), SignedIn(asking, "lee")
    lee.cookies.set("groundswell_you", "dana")
    answer = lee.press(f"/incidents/{number}/notes", text="It was me", person="dana")
    assert answer.status_code == 303
    assert "groundswell_you" not in answer.headers["set-cookie"]
    with asking.database.reading() as connection:
        assert incidents.timeline(connection, number)[-1].actor == "lee"


def test_the_token_of_another_session_is_none(asking: Installation) -> None:
    number, lee, dana = open_incident(asking), SignedIn(asking, "lee"), SignedIn(asking, "dana")
    forged = lee.post(f"/incidents/{number}/acknowledge", data={"csrf": form_token(dana.token)})
    assert forged.status_code == 409
    assert form_token(lee.token) not in (lee.token, form_token(dana.token))


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_another_site_cannot_sign_anybody_in_or_out(asking: Installation, headers: dict[str, str]) -> None:
    lee = SignedIn(asking, "lee")
    for path in ("/sign-in", "/sign-out", "/reset"):
        data = {"mail": "dana@example.com", "password": PASSWORD, "csrf": form_token(lee.token)}
        assert lee.post(path, data=data, headers=headers).status_code == 403
    assert session_of(asking, lee.token, "")


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/live", {}), ("/", {"x-groundswell-live": "1"}), ("/incidents", {"x-groundswell-live": "1"})],
)
def test_what_asks_by_itself_is_only_told(nobody: TestClient, path: str, headers: dict[str, str]) -> None:
    answer = nobody.get(path, headers=headers)
    assert answer.status_code == 401
    assert "<form" not in answer.text


def test_what_was_typed_survives_the_end_of_the_session(asking: Installation) -> None:
    number, dana = open_incident(asking), SignedIn(asking, "dana")
    with asking.database.writing() as connection:
        store.revoke(connection, "dana", asking.clock())
    text = 'They "said" <b>sorry</b>\r\nand meant it'
    asked = dana.press(f"/incidents/{number}/notes", text=text)
    assert asked.status_code == 401
    assert "Nothing you typed is lost" in words(asked.text)
    assert f'name="kept_action" value="/incidents/{number}/notes"' in asked.text
    carried = {"kept_action": f"/incidents/{number}/notes", "kept.text": text}
    wrong = dana.post("/sign-in", data={"mail": "dana@example.com", "password": "wrong", **carried})
    assert "Nothing you typed is lost" in words(wrong.text)
    ready = dana.post("/sign-in", data={"mail": "dana@example.com", "password": PASSWORD, **carried})
    assert ready.status_code == 200
    assert "Your note, as you typed it" in ready.text
    assert "&lt;b&gt;sorry&lt;/b&gt;" in ready.text
    (token,) = set(re.findall(r'name="csrf" value="(\w+)"', ready.text))
    sent = dana.post(f"/incidents/{number}/notes", data={"csrf": token, "text": text})
    assert sent.status_code == 303
    with asking.database.reading() as connection:
        assert "and meant it" in incidents.timeline(connection, number)[-1].text


def test_no_password_stands_in_a_page_when_the_session_ends(asking: Installation) -> None:
    dana = SignedIn(asking, "dana")
    forgotten = dana.post("/account/password", data={"csrf": "of another session", "old": PASSWORD, "password": OTHER})
    with asking.database.writing() as connection:
        store.revoke(connection, "dana", asking.clock())
    ended = dana.press("/account/password", old=PASSWORD, password=OTHER)
    assert (forgotten.status_code, ended.status_code) == (409, 401)
    for page in (forgotten.text, ended.text):
        assert PASSWORD not in page
        assert OTHER not in page
    assert 'name="next" value="/account"' in ended.text


@pytest.mark.parametrize("action", ["https://evil.example/x", "//evil.example", "javascript:alert(1)"])
def test_what_is_carried_along_is_sent_nowhere_else(nobody: TestClient, action: str) -> None:
    done = nobody.post(
        "/sign-in", data={"mail": "dana@example.com", "password": PASSWORD, "kept_action": action, "kept.text": "x"}
    )
    assert '<form class="kept" action="/" method="post">' in done.text


def test_whoever_signed_in_in_another_window_goes_on_without_a_password(asking: Installation) -> None:
    dana = SignedIn(asking, "dana")
    carried = {"kept_action": "/incidents/1/notes", "kept.text": "typed before", "already": "yes"}
    assert "typed before</textarea>" in dana.post("/sign-in", data=carried).text
    out = stranger(asking).post("/sign-in", data=carried)
    assert out.status_code == 401
    assert 'name="kept.text" value="typed before"' in out.text


def test_the_account_shows_where_one_is_signed_in_and_ends_it_there(asking: Installation) -> None:
    here, there = SignedIn(asking, "dana"), SignedIn(asking, "dana")
    page = here.get("/account").text
    assert page.count("Sign out there") == 1
    assert "Firefox on Linux" in page
    first, _ = sorted(one.id for one in sessions_of(asking, "dana"))
    theirs = there.press(f"/account/sessions/{first}/revoke")
    assert theirs.status_code == 303
    assert here.get("/account").status_code == 303
    others = SignedIn(asking, "lee").press(f"/account/sessions/{first + 1}/revoke")
    assert others.status_code == 303
    assert there.get("/account").status_code == 200  # nobody ends the session of another person


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(asking: Installation) -> None:
    here, there = SignedIn(asking, "dana"), SignedIn(asking, "dana")
    wrong = here.press("/account/password", old="wrong", password=OTHER)
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    done = here.press("/account/password", old=PASSWORD, password=OTHER)
    assert done.status_code == 303
    assert here.token not in done.headers["set-cookie"]
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert session_of(asking, here.token, "") is None


def test_where_nobody_has_to_sign_in_there_are_no_such_pages(dana: TestClient) -> None:
    for path in ("/sign-in", "/reset", "/account", "/invitation/x"):
        assert dana.get(path).status_code == 404


def test_a_link_of_an_invitation_is_good_under_either_address_and_only_as_itself(asking: Installation) -> None:
    token = invite(asking, "lee").rpartition("/")[2]
    browser = stranger(asking)
    assert browser.get(f"/invitation/{token[:-1]}").status_code == 410
    assert browser.get(f"/invitation/{token}").status_code == 200
    assert opened(asking, token)


@pytest.mark.parametrize(
    ("action", "back"),
    [
        ("/incidents/7/notes", ("/incidents/7", "Back to the incident")),
        ("/mentions/4/northwind/correct", ("/mentions", "Leave it")),
        ("/tip", ("/tip", "Leave it")),
        ("/", ("/", "Leave it")),
    ],
)
def test_whoever_gives_up_what_they_typed_is_led_back(action: str, back: tuple[str, str]) -> None:
    assert Kept.from_pairs(action, [("text", "x")]).back == back
