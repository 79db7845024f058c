"""Asking the JSON API of a Groundswell, with a token from the environment."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from assistant.untrusted import cut, visible
from errors import GroundswellError

URL, TOKEN = "GROUNDSWELL_URL", "GROUNDSWELL_TOKEN"
MOST_BYTES = 4_000_000
_SECONDS = (5, 60)  # to connect, and between two parts of an answer
_AT_ONCE = 65_536
_DETAIL = 1_000


class AskingError(GroundswellError):
    """Groundswell could not be asked, or did not do what it was asked for; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Api:
    """The API of one Groundswell.

    Attributes:
        address: as ``https://groundswell.example.com``, without a path.
    """

    address: str
    token: str = field(repr=False)

    def get(self, *path: object, **asked: object) -> dict[str, Any]:
        """What stands at a path under ``/api/v1``; parameters that are empty or None are left out.

        Raises:
            AskingError: it cannot be had.
        """
        wanted = {name: value for name, value in asked.items() if value not in {None, ""}}
        return self._ask("GET", path, params=wanted)

    def post(self, *path: object, body: Mapping[str, Any]) -> dict[str, Any]:
        """What comes of sending a body to a path.

        Raises:
            AskingError: it is refused, or cannot be sent.
        """
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: tuple[object, ...], **given: Any) -> dict[str, Any]:
        address = "/".join([self.address, "api/v1", *(quote(str(part), safe="") for part in path)])
        try:
            with requests.Session() as session:
                # A proxy of the environment would read what goes to this machine in the clear.
                session.trust_env = self.address.startswith("https://")
                # A redirect would carry the token elsewhere.
                with session.request(
                    method,
                    address,
                    auth=self._authorized,
                    timeout=_SECONDS,
                    allow_redirects=False,
                    stream=True,
                    **given,
                ) as answer:
                    return _read(answer)
        except (requests.RequestException, ValueError) as error:
            raise AskingError(
                self.address,
                f"Groundswell cannot be reached or its answer not be read ({type(error).__name__}).",
                f"Check that it runs and that {URL} is its address.",
            ) from None

    def _authorized(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """With the token; as a function, so that no file of passwords puts another one in its place."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        request.headers["Accept"] = "application/json"
        return request


def from_environment(environ: Mapping[str, str]) -> Api:
    """The API that the environment names.

    Raises:
        AskingError: it names none, or none that a token may be sent to.
    """
    given, token = environ.get(URL, "").strip(), environ.get(TOKEN, "").strip()
    remedy = f"Set {URL} to its address, as https://groundswell.example.com or http://127.0.0.1:8420."
    if not given:
        raise AskingError(URL, "nothing says where Groundswell is.", remedy)
    try:
        parts = urlsplit(given)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        known = None
    if not known or parts.username is not None or parts.query or parts.fragment or parts.path.strip("/"):
        raise AskingError(URL, "that is no address of a Groundswell.", remedy)
    if parts.scheme == "http" and not _here(parts.hostname or ""):
        raise AskingError(URL, "a token would be sent to another machine for everybody to read.", "Use https.")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        told = f"Make one with the scopes read and propose, and set {TOKEN} to it (docs/assistants.md)."
        raise AskingError(TOKEN, "there is no token, or it is none.", told)
    return Api(f"{parts.scheme}://{parts.netloc}", token)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(answer: requests.Response) -> dict[str, Any]:
    body = bytearray()
    for part in answer.iter_content(_AT_ONCE):
        body += part
        if len(body) > MOST_BYTES:
            raise AskingError("the answer", f"it has more than {MOST_BYTES:,} bytes.", "Ask for less at once.")
    found = json.loads(body) if answer.status_code < HTTPStatus.MULTIPLE_CHOICES or _is_problem(answer) else None
    if answer.ok and isinstance(found, dict) and answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        return found
    raise _problem(answer.status_code, found if isinstance(found, dict) else {})


def _is_problem(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Type", "").partition(";")[0] == "application/problem+json"


_REMEDIES = {
    HTTPStatus.UNAUTHORIZED: f"The token may have expired or been revoked. Make another one and set {TOKEN} to it.",
    HTTPStatus.FORBIDDEN: "The token needs the scopes read and propose, and its owner the access for both.",
    HTTPStatus.NOT_FOUND: "Look it up in a list first.",
    HTTPStatus.CONFLICT: "Read it again before you propose something else.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Mend what was sent and try again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Try again in a moment.",
}


def _problem(status: int, told: Mapping[str, Any]) -> AskingError:
    """What was refused, in the words of the API (RFC 9457)."""
    detail = visible(cut(str(told.get("detail") or told.get("title") or ""), _DETAIL))
    problem = detail or f"it answered with status {status}, which says nothing more."
    usual = f"Check that {URL} is the address of a Groundswell that has this API."
    known = next((remedy for code, remedy in _REMEDIES.items() if code == status), usual)
    return AskingError(f"Groundswell ({status})", problem, known)
