"""Nobody is let in unknown or unencrypted from beyond this machine; the file and the line say what is missing."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from pydantic import SecretStr

from settings.model import Console, SignIn
from settings.reach import faults
from settings.serving import Oidc, Tls, is_loopback
from tests.settings.conftest import COMPLETE, ENVIRON, Desk

FIRST = COMPLETE.count("\n") + 1  # the line of "console:"
ADDRESS = "  address: https://groundswell.example.com\n"
TLS = "  tls:\n    certificate: tls/console.pem\n    key: /etc/console.key\n"
PROXY = "  trusted_proxies: [10.0.0.5, 10.0.0.0/8, '2001:db8::1']\n"
SIGN_IN = "  sign_in: required\n"
NONE = "  sign_in: none\n"
OIDC = "  oidc:\n    issuer: https://id.example.com\n    client_id: groundswell\n    client_secret: ${OIDC}\n"
KNOWN = {**ENVIRON, "OIDC": "hunter2"}


def complaint(desk: Desk, section: str) -> str:
    """The one thing that is wrong, its line counted from the line after ``console:``."""
    (line,) = desk.complaints(f"{COMPLETE}console:\n{section}", KNOWN)
    number, _, said = line.partition(": console.")
    return f"{int(number) - FIRST}: {said}"


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (
            NONE + "  host: 0.0.0.0\n",
            '2: host: "0.0.0.0" would open the console to others, and nobody would have to sign in. Write sign_in: req',
        ),
        ("  sign_in: none\n  port: 80\n  host: '::'\n", '3: host: "::" would open the console to others'),
        (
            NONE + "  host: 10.0.0.7\n" + ADDRESS.replace("https://groundswell.example.com", ""),
            '2: host: "10.0.0.7" would',
        ),
        (
            NONE + TLS,
            "2: tls: is for a console that others reach, and nobody would have to sign in. Write sign_in: required.",
        ),
        (
            NONE + "  trusted_proxies: [127.0.0.1]\n",
            "2: trusted_proxies: lets others reach the console through a proxy",
        ),
        (
            NONE + ADDRESS,
            '2: address: "https://groundswell.example.com" is opened by others, and nobody would have to sign',
        ),
        (NONE + "  address: http://10.0.0.7:8420\n", '2: address: "http://10.0.0.7:8420" is opened by others'),
        (NONE + OIDC, "2: oidc: is for signing in, and nobody has to. Write sign_in: required."),
        (
            SIGN_IN + "  host: 0.0.0.0\n" + ADDRESS,
            '2: host: "0.0.0.0" would send passwords to others unencrypted. Add tls with a certificate and its key, or',
        ),
        (SIGN_IN + "  host: 0.0.0.0\n" + TLS, '2: host: "0.0.0.0" is not where people open the console'),
        (SIGN_IN + PROXY, "2: trusted_proxies: needs an address with https. Write the one that people open, as in"),
        (
            SIGN_IN + "  address: http://groundswell.example.com\n" + PROXY,
            '2: address: "http://groundswell.example.com" needs an address with https.',
        ),
        (SIGN_IN + TLS + "  address: http://127.0.0.1:8420\n", '5: address: "http://127.0.0.1:8420" needs an addr'),
        (SIGN_IN + ADDRESS, '2: address: "https://groundswell.example.com" is opened by others, and nothing here says'),
        (SIGN_IN + "  passwords: false\n", '2: passwords: "false" leaves no way to sign in. Add oidc'),
        ("  host: groundswell.example.com\n", '1: host: "groundswell.example.com" is not an address to listen at.'),
        ("  host: ''\n", '1: host: "" is not an address to listen at.'),
        (SIGN_IN + "  tls: {certificate: a.pem}\n", '2: tls.key: is missing. Add it, as in "key: ...".'),
        (SIGN_IN + "  tls: a.pem\n", "2: tls: must be a section."),
        (SIGN_IN + "  trusted_proxies: 10.0.0.5\n", '2: trusted_proxies: "10.0.0.5" is not a list.'),
        (SIGN_IN + "  trusted_proxies: ['*']\n", '2: trusted_proxies[0]: "*" is not an address or a network.'),
        (SIGN_IN + "  trusted_proxies: [proxy]\n", '2: trusted_proxies[0]: "proxy" is not an address or a network.'),
        (SIGN_IN + "  trusted_proxies:\n  - 10.0.0.5\n  - '::/0'\n", '4: trusted_proxies[1]: "::/0" trusts everybody'),
        (SIGN_IN + "  trusted_proxies: [10.0.0.5/8]\n", '2: trusted_proxies[0]: "10.0.0.5/8" is an address within a '),
        (SIGN_IN + OIDC.replace("${OIDC}", "hunter2"), "5: oidc.client_secret: is secret and must not stand in the"),
        (SIGN_IN + OIDC.replace("https:", "http:"), '3: oidc.issuer: "http://id.example.com" is not encrypted.'),
        (SIGN_IN + OIDC.replace(".com", ".com/#x"), '3: oidc.issuer: "https://id.example.com/#x" is not the address'),
        (SIGN_IN + OIDC + "    trust_mail: true\n", "6: oidc.trust_mail: is not a key that belongs here. Did you mean"),
    ],
)
def test_what_does_not_fit_together_is_told_with_its_line(desk: Desk, section: str, said: str) -> None:
    assert complaint(desk, section).startswith(said)


@pytest.mark.parametrize(
    "section",
    [
        NONE + "  host: localhost\n",
        NONE + "  host: 127.0.0.2\n  address: http://localhost:8420\n",
        SIGN_IN,
        SIGN_IN + TLS,
        SIGN_IN + "  host: 0.0.0.0\n" + TLS + ADDRESS,
        SIGN_IN + "  host: '::'\n" + PROXY + ADDRESS,
        SIGN_IN + "  trusted_proxies: [127.0.0.1]\n" + ADDRESS,
        SIGN_IN + OIDC,
        SIGN_IN + OIDC + "  passwords: false\n",
        SIGN_IN + OIDC.replace("https://id.example.com", "http://127.0.0.1:9400"),
    ],
)
def test_what_fits_together_is_taken(desk: Desk, section: str) -> None:
    assert list(faults(desk.load(f"{COMPLETE}console:\n{section}", KNOWN).console)) == []


def test_certificates_are_looked_for_beside_the_settings(desk: Desk) -> None:
    read = desk.load(f"{COMPLETE}console:\n{SIGN_IN}{TLS}").console
    assert read.tls == Tls(certificate=desk.path.parent / "tls" / "console.pem", key=Path("/etc/console.key"))
    assert read.base_url == "https://127.0.0.1:8420"


def test_proxies_are_read_as_networks(desk: Desk) -> None:
    read = desk.load(f"{COMPLETE}console:\n{SIGN_IN}{PROXY}{ADDRESS}").console
    assert [str(one) for one in read.trusted_proxies] == ["10.0.0.5/32", "10.0.0.0/8", "2001:db8::1/128"]


def test_what_is_wrong_with_the_console_is_told_together_with_all_else(desk: Desk) -> None:
    content = desk.changed("every: 30s", "every: soon") + f"console:\n{NONE}  host: 0.0.0.0\n"
    assert [line.partition(":")[0] for line in desk.complaints(content)] == ["9", str(FIRST + 2)]


def test_the_secret_of_the_provider_is_never_shown(desk: Desk) -> None:
    assert "hunter2" not in repr(desk.load(f"{COMPLETE}console:\n{SIGN_IN}{OIDC}", KNOWN))


def test_whatever_is_taken_lets_nobody_in_unknown_or_unencrypted() -> None:
    tls = Tls(certificate=Path("a"), key=Path("b"))
    proxy = Console.model_validate({"trusted_proxies": ["127.0.0.1"]}).trusted_proxies
    oidc = Oidc(issuer="https://id.example.com", client_id="a", client_secret=SecretStr("b"))
    hosts = ("127.0.0.1", "0.0.0.0", "10.0.0.7")  # noqa: S104  # what is judged
    addresses = ("", "http://localhost", "http://a.example", "https://a.example")
    taken = 0
    for sign_in, host, address, tls_or, proxies, by in product(
        SignIn, hosts, addresses, (None, tls), ((), proxy), (None, oidc)
    ):
        console = Console(sign_in=sign_in, host=host, address=address, tls=tls_or, trusted_proxies=proxies, oidc=by)
        if next(faults(console), None):
            continue
        taken += 1
        others = not is_loopback(host) or bool(proxies) or address.endswith("a.example")
        assert console.sign_in is SignIn.REQUIRED or not others
        assert console.base_url.startswith("https://") or not others
        assert console.base_url.startswith("https://") == bool(tls_or or proxies)
    assert taken
