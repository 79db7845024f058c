"""The console for others: encrypted, behind proxies that it knows, and under its own names."""

from __future__ import annotations

import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from access.audit import AuditKind
from access.sessions import Means
from console.app import create_app
from console.certificates import CertificateError
from console.clients import believed, client_address
from console.security import HSTS
from console.serving import ConsoleServer, ServingError, listen
from console.session_cookie import form_token
from database import auditing
from services.installation import Installation
from services.signing_in import open_session
from settings.model import Console
from tests.console.served import PROXY, asked, certify, proxied, served
from tests.installations import HandClock, installation
from tests.small_team import settings_in

NAME = "groundswell.example.com"
BEHIND = {"sign_in": "required", "address": f"https://{NAME}", "trusted_proxies": [PROXY, "10.0.0.0/8"]}
STRANGER = "127.0.0.3"


@contextmanager
def console(folder: Path, **said: Any) -> Iterator[Installation]:
    made = installation(folder, HandClock(), console=Console.model_validate(said))
    with made.database:
        yield made


def encrypted(folder: Path) -> AbstractContextManager[Installation]:
    return console(folder, sign_in="required", address=f"https://{NAME}", tls=certify(folder, NAME))


def test_with_a_certificate_pages_are_encrypted_and_browsers_told_to_insist(tmp_path: Path) -> None:
    with encrypted(tmp_path) as inst, served(inst) as (_, port):
        trusting = ssl.create_default_context(cafile=str(tmp_path / "console.pem"))
        answer = httpx.get(f"https://127.0.0.1:{port}/healthz", verify=trusting, headers={"host": NAME})
        assert answer.headers["strict-transport-security"] == HSTS
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/healthz")
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"https://127.0.0.1:{port}/healthz")  # nobody vouches for it


@pytest.mark.parametrize(
    ("version", "works"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_nothing_older_than_tls_1_2_is_spoken(tmp_path: Path, version: ssl.TLSVersion, *, works: bool) -> None:
    with encrypted(tmp_path) as inst, served(inst) as (_, port):
        assert (certificate_shown(port, version) is not None) is works


def certificate_shown(port: int, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> str | None:
    """The certificate that is shown; None where no version is agreed upon."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")  # ours would take what is old
    context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as opened, context.wrap_socket(opened) as spoken:
            return str(spoken.getpeercert(binary_form=True))
    except (ssl.SSLError, ConnectionError):
        return None


def test_a_renewed_certificate_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    with encrypted(tmp_path) as inst, served(inst) as (server, port):
        first = certificate_shown(port)
        assert server.renewal
        certify(tmp_path, NAME, number=2)
        server.renewal.look()
        second = certificate_shown(port)
        assert None not in {first, second}
        assert first != second


def test_a_renewed_certificate_that_has_not_its_key_yet_is_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with encrypted(tmp_path) as inst, served(inst) as (server, port):
        first, key = certificate_shown(port), (tmp_path / "console.key").read_bytes()
        renewed = certify(tmp_path, NAME, number=2)
        fitting = renewed.key.read_bytes()
        renewed.key.write_bytes(key)
        assert server.renewal
        server.renewal.look()
        assert certificate_shown(port) == first
        assert "the certificate from before is kept" in caplog.text
        renewed.key.write_bytes(fitting)
        server.renewal.look()
        assert certificate_shown(port) not in {first, None}


def test_a_certificate_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    with encrypted(tmp_path) as inst:
        (tmp_path / "console.key").unlink()
        with pytest.raises(CertificateError, match=r"console\.key: cannot be read \(no such file"):
            ConsoleServer(inst)


@pytest.mark.parametrize(
    ("source", "headers", "said"),
    [
        (PROXY, {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}, "https 203.0.113.7"),
        (PROXY, {"x-forwarded-for": "2001:db8::7", "x-forwarded-proto": "https"}, "https 2001:db8::7"),
        # What the client itself claims stands before what the proxy has seen.
        (PROXY, {"x-forwarded-for": "127.0.0.1, 203.0.113.7", "x-forwarded-proto": "https"}, "https 203.0.113.7"),
        # Two hops that are trusted both.
        (PROXY, {"x-forwarded-for": "1.2.3.4, 203.0.113.7, 10.0.0.5", "x-forwarded-proto": "https"}, "203.0.113.7"),
        (PROXY, {"x-forwarded-for": "<script>", "x-forwarded-proto": "https"}, "https "),
        (PROXY, {"x-forwarded-proto": "https"}, f"https {PROXY}"),
        (PROXY, {"x-forwarded-for": "203.0.113.7"}, "answers encrypted only"),
        (STRANGER, {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}, "answers encrypted only"),
        (STRANGER, {}, "answers encrypted only"),
    ],
)
def test_a_proxy_is_believed_and_a_stranger_is_not(
    tmp_path: Path, source: str, headers: Mapping[str, str], said: str
) -> None:
    with console(tmp_path, **BEHIND) as inst, served(inst) as (_, port):
        status, text = asked(port, "/whence", {"host": NAME, **headers}, source)
    assert said in text
    assert status == (200 if text.startswith("https") else 421)


def test_who_comes_through_a_real_proxy_is_seen_as_who_they_are(tmp_path: Path) -> None:
    with console(tmp_path, **BEHIND) as inst, served(inst) as (_, behind), proxied(behind) as port:
        forged = {"host": NAME, "x-forwarded-for": "203.0.113.7"}
        assert asked(port, "/whence", forged, STRANGER) == (200, f"https {STRANGER}")
        page = httpx.get(f"http://127.0.0.1:{port}/healthz", headers={"host": NAME})
    assert page.headers["strict-transport-security"] == HSTS


def test_the_audit_and_the_brake_on_guesses_know_the_client_behind_the_proxy(tmp_path: Path) -> None:
    headers = {"host": NAME, "x-forwarded-proto": "https"}
    form = {"mail": "dana@example.com", "password": "a guess"}
    with console(tmp_path, **BEHIND) as inst, served(inst) as (_, port):
        for client in ("203.0.113.7", "2001:db8::7"):
            said = {**headers, "x-forwarded-for": f"198.51.100.1, {client}"}
            assert asked(port, "/sign-in", said, PROXY, form)[0] == 401
        with inst.database.reading() as connection:
            noted = auditing.rows(connection, 5, kind=AuditKind.SIGN_IN_FAILED)
    assert [one.noted.address for one in noted] == ["2001:db8::7", "203.0.113.7"]


def test_the_command_serves_encrypted_and_says_where(tmp_path: Path) -> None:
    certify(tmp_path, NAME)
    said = {**BEHIND, "trusted_proxies": [], "tls": {"certificate": "console.pem", "key": "console.key"}, "port": 0}
    command = [sys.executable, "-m", "console", "--config", str(settings_in(tmp_path, console=said))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        line = running.stdout.readline()
        opened = re.fullmatch(rf"Console: https://{NAME} \(listening at 127\.0\.0\.1:(\d+)\)\n", line)
        assert opened
        trusting = ssl.create_default_context(cafile=str(tmp_path / "console.pem"))
        address = f"https://127.0.0.1:{opened[1]}/healthz"
        assert httpx.get(address, verify=trusting, headers={"host": NAME}).json()["ok"] is True
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_without_trusted_proxies_nobody_on_this_machine_is_believed_either(tmp_path: Path) -> None:
    with console(tmp_path, sign_in="required") as inst, served(inst) as (_, port):
        headers = {"host": "127.0.0.1", "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
        assert asked(port, "/whence", headers) == (200, "http 127.0.0.1")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"])
def test_a_console_without_sign_in_refuses_what_came_through_a_proxy(client: TestClient, name: str) -> None:
    """Whoever stands behind a proxy on this machine would look as if they sat at it."""
    answer = client.get("/", headers={name: "127.0.0.1"})
    assert answer.status_code == 421
    assert "this came through a proxy" in answer.text
    pushed = client.post("/api/mentions/calls", headers={name: "127.0.0.1"})
    assert (pushed.status_code, pushed.headers["content-type"]) == (421, "application/problem+json")


def test_monitors_may_ask_a_console_behind_a_proxy_directly(tmp_path: Path) -> None:
    with console(tmp_path, **BEHIND) as inst, served(inst) as (_, port):
        assert asked(port, "/healthz", {}, STRANGER)[0] in {200, 503}


@pytest.mark.parametrize(
    ("said", "host", "status"),
    [
        (BEHIND, NAME, 200),
        (BEHIND, f"{NAME.upper()}:443", 200),
        (BEHIND, "evil.example", 421),
        (BEHIND, "10.0.0.7", 421),
        ({**BEHIND, "host": "10.0.0.7"}, "10.0.0.7:8420", 200),
        ({**BEHIND, "host": "2001:db8::7"}, "[2001:db8::7]:8420", 200),
        ({**BEHIND, "host": "0.0.0.0"}, "0.0.0.0", 200),  # noqa: S104  # what is judged
    ],
)
def test_it_answers_under_its_own_names_only(tmp_path: Path, said: dict[str, Any], host: str, status: int) -> None:
    with console(tmp_path, **said) as inst:
        client = TestClient(create_app(inst), base_url=f"https://{NAME}")
        assert client.get("/static/frame.css", headers={"host": host}).status_code == status


def test_no_cookie_of_an_encrypted_console_travels_in_the_clear(tmp_path: Path) -> None:
    with console(tmp_path, **BEHIND) as inst:
        browser = TestClient(create_app(inst), base_url=f"https://{NAME}", follow_redirects=False)
        token = open_session(inst, "dana", Means.PASSWORD, "testclient", "Firefox")
        browser.cookies.set("__Host-groundswell_session", token)
        told = browser.post("/sign-out", data={"csrf": form_token(token)}).headers.get_list("set-cookie")
        assert [one.partition("=")[0] for one in told] == ["__Host-groundswell_session", "groundswell_told"]
        assert [one.lower().count("; secure") for one in told] == [1, 1]


def test_at_every_address_means_of_either_kind(tmp_path: Path) -> None:
    said = {**BEHIND, "trusted_proxies": [PROXY], "host": "::"}
    headers = {"host": NAME, "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    with console(tmp_path, **said) as inst, served(inst, "::") as (_, port):
        assert asked(port, "/whence", headers, PROXY) == (200, "https 203.0.113.7")


def test_an_address_that_this_machine_does_not_have_is_told() -> None:
    with pytest.raises(ServingError, match=r"cannot listen there .*another console\.port or console\.host"):
        listen("192.0.2.1", 0)


@given(st.ip_addresses(v=4), st.integers(1, 32))
def test_a_proxy_is_believed_in_either_spelling(address: Any, bits: int) -> None:
    network = ip_network(f"{address}/{bits}", strict=False)
    plain, mapped = believed([network])
    assert (address in ip_network(plain), ip_network(plain)) == (True, network)
    assert ip_network(f"::ffff:{address}/128").subnet_of(ip_network(mapped))  # type: ignore[arg-type]  # both are IPv6


@pytest.mark.parametrize(
    ("client", "seen"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("2001:DB8:0::7", 1), "2001:db8::7"),
        (("fe80::1%eth0", 1), "fe80::1"),
        (("<script>", 1), ""),
        (("", 0), ""),
        (None, ""),
    ],
)
def test_an_address_has_one_spelling(client: tuple[str, int] | None, seen: str) -> None:
    assert client_address(Request({"type": "http", "client": client})) == seen
