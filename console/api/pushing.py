"""What programs push: ``POST /api/mentions/{sender}``, signed as Standard Webhooks has it.

Every refusal is a problem of RFC 9457 that says what was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from console.access import needing
from console.api.routing import MOST_BYTES, is_json
from console.context import console_of
from console.problem_details import PROBLEM, problem
from errors import GroundswellError
from services.receiving import DeliveryBodyError, KeyReusedError, receive
from services.signing import SecretError, SignatureError, verify
from settings.model import Inbound

router = APIRouter(route_class=needing(None), tags=["pushing"])
_STATUSES: Mapping[type[GroundswellError], HTTPStatus] = {
    SignatureError: HTTPStatus.UNAUTHORIZED,
    SecretError: HTTPStatus.INTERNAL_SERVER_ERROR,
    DeliveryBodyError: HTTPStatus.BAD_REQUEST,
    KeyReusedError: HTTPStatus.CONFLICT,
}


_ASKED: Mapping[str, Any] = {
    "operationId": "pushing_push",
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": ["object", "array"]}, "example": {"text": "Late again."}}},
    },
}
_REFUSALS = (400, 401, 404, 409, 413, 415, 500, 503)


@router.post(
    "/mentions/{sender_id}",
    openapi_extra=dict(_ASKED),
    responses={
        200: {"description": "What became of them.", "content": {"application/json": {"schema": {"type": "object"}}}},
        **{status: {"description": HTTPStatus(status).phrase, "content": PROBLEM} for status in _REFUSALS},
    },
)
async def push(request: Request, sender_id: str) -> Response:
    """Take one mention, or a list of them; the answer counts what became of them."""
    console = console_of(request)
    inbound = {one.id: one for one in console.installation.settings.inbound}
    if sender_id not in inbound:
        return problem(HTTPStatus.NOT_FOUND, "No sender of that id stands under inbound in the settings.")
    if not is_json(request):
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json, not compressed. Nothing was kept.")
    body = await _body(request)
    if body is None:
        told = f"The body has more than {MOST_BYTES:,} bytes. Send fewer mentions at once; nothing was kept."
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told)
    return await run_in_threadpool(_taken, request, inbound[sender_id], body)


def _taken(request: Request, sender: Inbound, body: bytes) -> Response:
    inst, headers = console_of(request).installation, request.headers
    secret, key = sender.secret.get_secret_value(), headers.get("webhook-id", "")
    try:
        verify(
            secret, key, headers.get("webhook-timestamp", ""), headers.get("webhook-signature", ""), body, inst.clock()
        )
        return JSONResponse(dict(receive(inst, sender, key, body)), headers={"Cache-Control": "no-store"})
    except tuple(_STATUSES) as error:
        return problem(_STATUSES[type(error)], f"{error.problem} {error.remedy}")


async def _body(request: Request) -> bytes | None:
    """The body, None where it is larger than is taken."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > MOST_BYTES:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
