"""A company's own sign-in: OpenID Connect Core 1.0, authorization code flow (section 3.1) with PKCE (RFC 7636)."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from errors import GroundswellError
from settings.serving import Oidc, is_loopback
from sources.network.addresses import RULES, GuardedAdapter, Rules

# Whoever stands before the sign-in waits no longer for one answer and for all of them, and no more people do at once:
# others need the console meanwhile.
PATIENCE = timedelta(seconds=5)
IN_ALL = timedelta(seconds=10)
AT_ONCE = 4
KEPT = timedelta(minutes=10)
LEEWAY = timedelta(minutes=1)
LARGEST = 1_000_000  # bytes of an answer
# Signed by a key that only the provider has; a secret that two share would vouch for nothing.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# Where it sends people back to, below the console's address; it has to be entered at the provider.
BACK = "/oidc/callback"
_DISCOVERY = "/.well-known/openid-configuration"
_BASIC = "client_secret_basic"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(GroundswellError):
    """A provider did not say who somebody is."""


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in on its way; all but the address is for the browser that began it, and nobody else.

    Attributes:
        address: where the browser goes.
        verifier: proves that whoever brings the code began the sign-in.
    """

    address: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """Asks a provider who somebody is.

    Args:
        back: the address of ours to which it sends people back.
        clock: tells the time, by which tokens expire.
        patience, in_all: how long it may take over one answer and over all of them.
    """

    def __init__(
        self,
        oidc: Oidc,
        back: str,
        clock: Callable[[], datetime],
        *,
        patience: timedelta = PATIENCE,
        in_all: timedelta = IN_ALL,
    ) -> None:
        self._oidc = oidc
        self._back = back
        self._clock = clock
        self._patience = patience.total_seconds()
        self._in_all = in_all.total_seconds()
        self._asking = BoundedSemaphore(AT_ONCE)
        self._known: tuple[datetime, Mapping[str, Any]] | None = None

    def start(self) -> Started:
        """Begin a sign-in.

        Raises:
            ProviderError: the provider does not answer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        with self._session() as session:
            endpoint = self._metadata(session)["authorization_endpoint"]
            address, _ = session.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return Started(address, state, nonce, verifier)

    def finish(self, code: str, nonce: str, verifier: str, issuer: str | None) -> Mapping[str, Any]:
        """What the provider says of whoever came back with a code.

        Args:
            issuer: who sent them back, where that was said (RFC 9207): no other provider may.

        Raises:
            ProviderError: it does not answer, does not take the code, or what it says is not to be believed.
        """
        with self._session() as session:
            metadata = self._metadata(session)
            announced = metadata.get("authorization_response_iss_parameter_supported") is True
            if issuer != self._oidc.issuer and (issuer is not None or announced):
                raise self._error("another provider answered than was asked.")
            endpoint = metadata["token_endpoint"]
            token = session.fetch_token(endpoint, code=code, code_verifier=verifier, allow_redirects=False)
            keys = self._json(session, metadata["jwks_uri"])
            claims = identity(token, keys, self._oidc, nonce, self._clock())
            userinfo = metadata.get("userinfo_endpoint")
            return claims if "email" in claims or not userinfo else self._more(session, userinfo, claims)

    @contextmanager
    def _session(self) -> Iterator[OAuth2Session]:
        """A client of the provider; whatever goes wrong with it is told as one kind of error."""
        if not self._asking.acquire(blocking=False):
            raise self._error("it does not answer, and others wait already.")
        # Where it is, the settings say: it may well stand in the company's own network.
        rules = RULES.set(Rules(time.monotonic() + self._in_all, allow_private=True))
        try:
            with OAuth2Session(
                self._oidc.client_id,
                self._oidc.client_secret.get_secret_value(),
                scope="openid email profile",
                redirect_uri=self._back,
                code_challenge_method="S256",
                default_timeout=self._patience,
            ) as session:
                session.mount("https://", GuardedAdapter())
                session.mount("http://", GuardedAdapter())
                yield session
        except requests.Timeout as error:
            raise self._error("it does not answer in time.") from error
        except requests.RequestException as error:
            raise self._error(f"it cannot be reached ({type(error).__name__}).") from error
        except (AuthlibBaseError, JoseError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise self._error(f"what it answers cannot be believed ({_why(error)}).") from error
        finally:
            RULES.reset(rules)
            self._asking.release()

    def _metadata(self, session: OAuth2Session) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, section 4), asked for again after a while."""
        now = self._clock()
        if not self._known or not timedelta(0) <= now - self._known[0] < KEPT:
            self._known = (now, self._discovered(session))
        found = self._known[1]
        methods = found.get("token_endpoint_auth_methods_supported") or [_BASIC]
        session.token_endpoint_auth_method = _BASIC if _BASIC in methods else "client_secret_post"
        return found

    def _discovered(self, session: OAuth2Session) -> Mapping[str, Any]:
        found = self._json(session, self._oidc.issuer.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != self._oidc.issuer:
            raise self._error("it calls itself by another name than the settings do.")
        for name in _ENDPOINTS:
            if not self._may_go(found.get(name)):
                raise self._error(f"it names no encrypted {name}.")
        return found

    def _may_go(self, address: object) -> bool:
        parts = urlsplit(address if isinstance(address, str) else "")
        here = is_loopback(parts.hostname or "") and self._oidc.issuer.startswith("http://")
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))

    def _json(self, session: OAuth2Session, address: str) -> dict[str, Any]:
        with session.get(address, withhold_token=True, allow_redirects=False, stream=True) as answer:
            return self._read(answer)

    def _more(self, session: OAuth2Session, address: str, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the provider says only when it is asked for it; it has to be about the same person (section 5.3.2)."""
        if not self._may_go(address):
            raise self._error("it names no encrypted userinfo_endpoint.")
        with session.get(address, allow_redirects=False, stream=True) as answer:
            found = self._read(answer)
        if found.get("sub") != claims["sub"]:
            raise self._error("it speaks of somebody else than it signed for.")
        return {**found, **claims}

    def _read(self, answer: requests.Response) -> dict[str, Any]:
        """An answer in JSON, of a sane size."""
        if answer.status_code != HTTPStatus.OK:
            raise self._error(f"it answers with status {answer.status_code}.")
        data = b""
        for part in answer.iter_content(65_536):
            data += part
            if len(data) > LARGEST:
                raise self._error("its answer is too large.")
        found = json.loads(data)
        if not isinstance(found, dict):
            raise self._error("its answer is not what was asked for.")
        return found

    def _error(self, problem: str) -> ProviderError:
        remedy = "Try again in a moment; whoever administers Groundswell finds more in the console's log."
        return ProviderError(self._oidc.name, problem, remedy)


def identity(
    token: Mapping[str, Any], keys: Mapping[str, Any], oidc: Oidc, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """The claims of an ID token, checked as OpenID Connect Core 1.0, section 3.1.3.7 asks.

    Args:
        token: the answer of the token endpoint.
        keys: the provider's own, as a JSON Web Key Set (RFC 7517).

    Raises:
        JoseError: it was not signed by the provider, is for somebody else, is over, or answers another question.
        ValueError, TypeError, LookupError, AttributeError: an answer is of no shape that it may have.
    """
    public = KeySet.import_key_set({"keys": [{**key} for key in keys["keys"]]})
    signed = jwt.decode(str(token.get("id_token")), public, ALGORITHMS)
    wanted: dict[str, Any] = {
        "iss": {"essential": True, "value": oidc.issuer},
        "aud": {"essential": True, "value": oidc.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True},
    }
    asked = {"nonce": nonce, "client_id": oidc.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(signed.claims, signed.header, wanted, asked)
    claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    return dict(claims)


def _why(error: Exception) -> str:
    """The name of what is wrong, for the log; what the provider wrote is left out."""
    return str(getattr(error, "error", "")) if isinstance(error, JoseError) else type(error).__name__
