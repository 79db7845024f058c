"""Asking a company's provider who somebody is: a real one on this machine, and ones that lie, fail and hang."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey, RSAKey

from services.provider import AT_ONCE, LARGEST, Provider, ProviderError, identity
from tests.companies import CLIENT, DISCOVERY, TOKEN, Company, company

BACK = "http://127.0.0.1:8420/oidc/callback"
DANA = {"email": "dana@example.com", "email_verified": True}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[Company]:
    with company(dana=DANA) as made:
        yield made


@pytest.fixture
def honest(running: Company) -> Company:
    running.says.clear()
    running.asked.clear()
    return running


def through(
    provider: Provider, honest: Company, *, changed: Mapping[str, str] | None = None, verifier: str = ""
) -> Mapping[str, Any]:
    """Dana signs in, and comes back."""
    started = provider.start()
    back = honest.signs_in(started.address, "dana", **(changed or {}))
    return provider.finish(back["code"], started.nonce, verifier or started.verifier, back.get("iss"))


def test_what_the_provider_says_is_what_comes_back(honest: Company) -> None:
    claims = through(Provider(honest.oidc(), BACK, now), honest)
    assert (claims["sub"], claims["email"], claims["email_verified"]) == ("dana", "dana@example.com", True)


def test_what_a_sign_in_asks_for_is_bound_to_whoever_began_it(honest: Company) -> None:
    provider = Provider(honest.oidc(), BACK, now)
    first, second = provider.start(), provider.start()
    asked = {name: value[0] for name, value in parse_qs(urlsplit(first.address).query).items()}
    digest = hashlib.sha256(first.verifier.encode()).digest()
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid email profile",
        "state": first.state,
        "nonce": first.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    assert len({first.state, first.nonce, first.verifier, second.state, second.nonce, second.verifier}) == 6


def test_whoever_began_it_proves_it_with_the_code(honest: Company) -> None:
    provider = Provider(honest.oidc(), BACK, now)
    started = provider.start()
    provider.finish(honest.signs_in(started.address, "dana")["code"], started.nonce, started.verifier, None)
    (sent,) = honest.asked
    assert (sent["code_verifier"], sent["grant_type"], sent["redirect_uri"]) == (
        started.verifier,
        "authorization_code",
        BACK,
    )
    assert "hush" not in str(sent)  # it goes in a header


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(honest: Company) -> None:
    honest.says[DISCOVERY] = lambda said: said.update(token_endpoint_auth_methods_supported=["client_secret_post"])
    provider = Provider(honest.oidc(), BACK, now)
    for _ in range(2):  # the second time it is known already what the provider wants
        through(provider, honest)
    assert [sent["client_secret"] for sent in honest.asked] == ["hush", "hush"]


def test_an_answer_to_another_question_is_refused(honest: Company) -> None:
    with pytest.raises(ProviderError, match=r"cannot be believed \(invalid_claim\)"):
        through(Provider(honest.oidc(), BACK, now), honest, changed={"nonce": "another"})


def test_a_token_that_is_over_is_refused(honest: Company) -> None:
    late = Provider(honest.oidc(), BACK, lambda: now() + timedelta(hours=1, minutes=2))
    with pytest.raises(ProviderError, match=r"cannot be believed \(expired_token\)"):
        through(late, honest)


def test_a_code_is_taken_once(honest: Company) -> None:
    provider = Provider(honest.oidc(), BACK, now)
    started = provider.start()
    code = honest.signs_in(started.address, "dana")["code"]
    provider.finish(code, started.nonce, started.verifier, None)
    with pytest.raises(ProviderError, match=r"cannot be believed \(OAuthError\)"):
        provider.finish(code, started.nonce, started.verifier, None)


@pytest.mark.parametrize(
    ("issuer", "announced", "taken"),
    [
        ("", False, True),
        ("", True, False),
        ("own", True, True),
        ("own", False, True),
        ("https://evil.example", False, False),
    ],
)
def test_an_answer_of_another_provider_is_refused(
    honest: Company, issuer: str, *, announced: bool, taken: bool
) -> None:
    """RFC 9207: who sent the browser back says so, and has to where the provider announces it."""
    honest.says[DISCOVERY] = lambda said: said.update(authorization_response_iss_parameter_supported=announced)
    provider = Provider(honest.oidc(), BACK, now)
    started = provider.start()
    code = honest.signs_in(started.address, "dana")["code"]
    came_from = {"own": honest.issuer, "": None}.get(issuer, issuer)
    if taken:
        assert provider.finish(code, started.nonce, started.verifier, came_from)["sub"] == "dana"
    else:
        with pytest.raises(ProviderError, match="another provider answered than was asked"):
            provider.finish(code, started.nonce, started.verifier, came_from)
    assert len(honest.asked) == int(taken)  # nobody else was shown the code


@pytest.mark.parametrize(
    ("path", "lie", "said"),
    [
        (DISCOVERY, {"issuer": "https://evil.example"}, "calls itself by another name"),
        (DISCOVERY, {"token_endpoint": "http://evil.example/token"}, "names no encrypted token_endpoint"),
        (DISCOVERY, {"authorization_endpoint": "javascript:alert(1)"}, "names no encrypted authorization_endpoint"),
        (DISCOVERY, {"jwks_uri": None}, "names no encrypted jwks_uri"),
        (DISCOVERY, {"token_endpoint_auth_methods_supported": 7}, "cannot be believed"),
        (DISCOVERY, {"padding": "x" * LARGEST}, "its answer is too large"),
        ("/jwks", {"keys": []}, "cannot be believed"),
        ("/jwks", {"keys": "none"}, "cannot be believed"),
        ("/jwks", {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, "cannot be believed"),
        (TOKEN, {"id_token": "a.b.c"}, "cannot be believed"),
        (TOKEN, {"id_token": None}, "cannot be believed"),
        (TOKEN, {"id_token": ["x"]}, "cannot be believed"),
    ],
)
def test_a_provider_that_answers_nonsense_is_not_believed(
    honest: Company, path: str, lie: dict[str, object], said: str
) -> None:
    honest.says[path] = lambda answer: answer.update(lie)
    with pytest.raises(ProviderError, match=said):
        through(Provider(honest.oidc(), BACK, now), honest)


@pytest.mark.parametrize(("subject", "taken"), [("dana", True), ("eve", False)])
def test_a_mail_address_that_is_told_only_when_asked_for_counts_for_the_same_person(
    honest: Company, subject: str, *, taken: bool
) -> None:
    provider = Provider(honest.oidc(), BACK, now)
    honest.says["/userinfo"] = lambda said: said.update(sub=subject, email="dana@example.com")
    # Without the scope the provider says nothing of mail by itself.
    if taken:
        assert through(provider, honest, changed={"scope": "openid"})["email"] == "dana@example.com"
    else:
        with pytest.raises(ProviderError, match="speaks of somebody else"):
            through(provider, honest, changed={"scope": "openid"})


def test_a_provider_that_is_away_is_told(honest: Company) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = honest.oidc(issuer=f"http://127.0.0.1:{port}")
    with pytest.raises(ProviderError, match=r"Northwind: it cannot be reached \(ConnectionError\)"):
        Provider(away, BACK, now).start()


def test_a_provider_that_hangs_holds_up_nobody_for_long(honest: Company) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = honest.oidc(issuer=f"http://127.0.0.1:{silent.getsockname()[1]}")
        provider = Provider(hanging, BACK, now, patience=timedelta(seconds=0.2))
        with pytest.raises(ProviderError, match="it does not answer in time"):
            provider.start()


def test_a_provider_that_hangs_holds_up_few_at_once(honest: Company) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(AT_ONCE) as waiting:
        hanging = honest.oidc(issuer=f"http://127.0.0.1:{silent.getsockname()[1]}")
        provider = Provider(hanging, BACK, now, patience=timedelta(minutes=1), in_all=timedelta(minutes=1))
        first = [waiting.submit(provider.start) for _ in range(AT_ONCE)]
        asked = [silent.accept()[0] for _ in first]
        with pytest.raises(ProviderError, match="others wait already"):
            provider.start()
        for one in asked:
            one.close()
        for told in first:
            with pytest.raises(ProviderError, match="it cannot be reached"):
                told.result()


KEY, OTHER = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})
MOMENT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
RIGHT: dict[str, Any] = {
    "iss": "https://id.example.com",
    "aud": CLIENT,
    "sub": "dana",
    "nonce": "asked",
    "iat": int(MOMENT.timestamp()),
    "exp": int(MOMENT.timestamp()) + 300,
}


def signed(claims: Mapping[str, Any], key: Any = KEY, alg: str = "RS256") -> dict[str, Any]:
    token = jwt.encode({"alg": alg, "kid": "one"}, dict(claims), key, [alg])
    return {"id_token": token, "access_token": "opaque"}


def read(token: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = KeySet([KEY]).as_dict(private=False)
    oidc = Company().oidc(issuer="https://id.example.com")
    return identity(token, dict(keys), oidc, "asked", MOMENT)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "other"], "azp": CLIENT},
        {"exp": int(MOMENT.timestamp()) - 30},  # clocks differ a little
        {"at_hash": create_half_hash("opaque", "RS256").decode()},
    ],
)
def test_a_right_token_is_read(changed: dict[str, Any]) -> None:
    assert read(signed({**RIGHT, **changed}))["sub"] == "dana"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": "https://id.example.com/"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": [CLIENT, "other"]},
        {"aud": CLIENT, "azp": "other"},
        {"aud": "other", "azp": CLIENT},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(MOMENT.timestamp()) - 90},
        {"exp": None},
        {"exp": "never"},
        {"iat": int(MOMENT.timestamp()) + 3600},
        {"nbf": int(MOMENT.timestamp()) + 3600},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
def test_a_token_with_one_wrong_claim_is_refused(changed: dict[str, Any]) -> None:
    claims = {name: value for name, value in {**RIGHT, **changed}.items() if value is not None}
    with pytest.raises((JoseError, ValueError, TypeError)):
        read(signed(claims))


PUBLIC = KEY.as_pem(private=False)


@pytest.mark.parametrize(
    "forge",
    [
        lambda: signed(RIGHT, OTHER),
        # The public key taken for a shared secret: https://auth0.com/blog/critical-vulnerabilities-in-json-web-token-libraries/
        lambda: signed(RIGHT, OctKey.import_key(base64.b64encode(PUBLIC)), "HS256"),
        lambda: {"id_token": f"{_part({'alg': 'none'})}.{_part(RIGHT)}."},
        lambda: {"id_token": signed(RIGHT)["id_token"][:-8] + "AAAAAAAA"},
        lambda: {"id_token": "x" * 100_000},
        dict,
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(forge: Callable[[], dict[str, Any]]) -> None:
    with pytest.raises((JoseError, ValueError)):
        read(forge())


def _part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
