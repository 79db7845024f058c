"""Refusals for programs: https://www.rfc-editor.org/rfc/rfc9457.

The kinds of problems have addresses on the page that describes the API, which says what to do about each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from fastapi.encoders import jsonable_encoder
from starlette.responses import JSONResponse

PATH = "/api/"
# What is pushed here is signed, which no foreign page can do.
SIGNED = "/api/mentions/"
MEDIA_TYPE = "application/problem+json"
# As OpenAPI describes the content of an answer.
PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a kind of problem: its status, its title, and what to do about it."""

    status: HTTPStatus
    title: str
    remedy: str


class Kind(Enum):
    """The kinds of problems that the API tells apart; the names are the ends of their addresses."""

    MALFORMED = "malformed"
    TOKEN_MISSING = "token-missing"  # noqa: S105  # the name of a problem
    TOKEN_INVALID = "token-invalid"  # noqa: S105  # as above
    TOKEN_MISPLACED = "token-misplaced"  # noqa: S105  # as above
    SCOPE_MISSING = "scope-missing"
    ACCESS_MISSING = "access-missing"
    PERSON_MISSING = "person-missing"
    OTHER_SITE = "other-site"
    NOT_FOUND = "not-found"
    METHOD = "method-not-allowed"
    REFUSED = "refused"
    CONFLICT = "conflict"
    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    OTHER_NAME = "other-name"
    INVALID = "invalid"
    FAULT = "fault"
    UNAVAILABLE = "unavailable"

    @property
    def address(self) -> str:
        """Its ``type``."""
        return f"/api#problem-{self.value}"

    @property
    def told(self) -> Told:
        """What is known of it."""
        return KINDS[self]


KINDS: Mapping[Kind, Told] = {
    Kind.MALFORMED: Told(HTTPStatus.BAD_REQUEST, "The request cannot be read", "Mend the JSON of the body."),
    Kind.TOKEN_MISPLACED: Told(
        HTTPStatus.BAD_REQUEST, "A token stands in the address", "Revoke it; send tokens in the header Authorization."
    ),
    Kind.TOKEN_MISSING: Told(
        HTTPStatus.UNAUTHORIZED, "A token is needed", "Make one on your account page; send Authorization: Bearer."
    ),
    Kind.TOKEN_INVALID: Told(
        HTTPStatus.UNAUTHORIZED, "The token lets nobody in", "It is unknown, expired or revoked: make a new one."
    ),
    Kind.SCOPE_MISSING: Told(
        HTTPStatus.FORBIDDEN, "The token lacks a scope", "Make a token with the scope that the answer names."
    ),
    Kind.ACCESS_MISSING: Told(
        HTTPStatus.FORBIDDEN, "Your access does not include this", "Ask whoever administers Groundswell for it."
    ),
    Kind.PERSON_MISSING: Told(
        HTTPStatus.FORBIDDEN, "Nobody is named who acts", "Send a token, or the header Groundswell-Person."
    ),
    Kind.OTHER_SITE: Told(
        HTTPStatus.FORBIDDEN, "Asked for by another site", "Programs send neither Origin nor Sec-Fetch-Site."
    ),
    Kind.NOT_FOUND: Told(HTTPStatus.NOT_FOUND, "There is no such thing", "Look at the list that it would be part of."),
    Kind.METHOD: Told(
        HTTPStatus.METHOD_NOT_ALLOWED, "Not done with that method", "The header Allow names those that are."
    ),
    Kind.REFUSED: Told(
        HTTPStatus.CONFLICT, "Refused as things stand", "The detail says why; “now” says how things stand."
    ),
    Kind.CONFLICT: Told(
        HTTPStatus.CONFLICT, "Somebody else was faster", "Look at “now”, decide again, and send what you saw."
    ),
    Kind.TOO_LARGE: Told(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large", "Send less at once."),
    Kind.NOT_JSON: Told(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is not JSON", "Send application/json."),
    Kind.OTHER_NAME: Told(
        HTTPStatus.MISDIRECTED_REQUEST, "Asked under a foreign name", "Use the address of the settings."
    ),
    Kind.INVALID: Told(
        HTTPStatus.UNPROCESSABLE_ENTITY, "What was sent is not as asked for", "“errors” says what is wrong, and where."
    ),
    Kind.FAULT: Told(
        HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of Groundswell", "The console's log says what happened."
    ),
    Kind.UNAVAILABLE: Told(
        HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be used", "Nothing was changed: try again in a moment."
    ),
}


def told(kind: Kind, detail: str, headers: Mapping[str, str] | None = None, **members: object) -> JSONResponse:
    """A problem of a kind; the detail says what it is this time, ``members`` are for programs."""
    known = kind.told
    body = {"type": kind.address, "title": known.title, "status": int(known.status), "detail": detail, **members}
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(jsonable_encoder(body), known.status, headers, MEDIA_TYPE)


def problem(status: int, detail: str) -> JSONResponse:
    """A problem without a kind of its own; the status tells programs which one, the detail tells people."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "StandardWebhooks"  # RFC 9110, section 15.5.2 wants one named
    body = {"title": HTTPStatus(status).phrase, "status": int(status), "detail": detail[:1].upper() + detail[1:]}
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)
