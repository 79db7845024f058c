"""Refusals for programs: https://www.rfc-editor.org/rfc/rfc9457."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import JSONResponse

PATH = "/api/"


def problem(status: int, detail: str) -> JSONResponse:
    """A problem; the status tells programs which one, the detail tells people."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "StandardWebhooks"  # RFC 9110, section 15.5.2 wants one named
    body = {"title": HTTPStatus(status).phrase, "status": int(status), "detail": detail[:1].upper() + detail[1:]}
    return JSONResponse(body, status, headers, media_type="application/problem+json")
