"""Signatures of what programs push: Standard Webhooks, symmetric scheme ``v1``.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta

from errors import GroundswellError

# The specification's own: old enough for slow networks, too young for somebody who recorded a delivery.
TOLERANCE = timedelta(minutes=5)
_ID = re.compile(r"[!-~]{1,255}", re.ASCII)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_PREFIX = "whsec_"


class SignatureError(GroundswellError):
    """A delivery does not prove who sent it, or when; nothing of it was kept."""


class SecretError(GroundswellError):
    """The secret in the settings is none that can sign."""


def sign(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``: HMAC-SHA256 over ``<id>.<timestamp>.<body>``.

    Args:
        secret: ``whsec_`` and a key in Base64 as the specification has it; any other text is the key itself.
        timestamp: Unix time in seconds, as sent in ``webhook-timestamp``.

    Raises:
        SecretError: what follows ``whsec_`` is not Base64, or nothing.
    """
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()}"


def verify(secret: str, delivery_id: str, timestamp: str, signatures: str, body: bytes, now: datetime) -> None:
    """Accept a delivery that its sender signed, a few minutes ago at most.

    Args:
        delivery_id, timestamp, signatures: the headers ``webhook-id``, ``webhook-timestamp`` and
            ``webhook-signature``, empty where they are missing. Of several signatures one must be right, so that a
            sender can change its secret.

    Raises:
        SignatureError: a header is missing or malformed, the time is off, or no signature is right.
        SecretError: as :func:`sign`.
    """
    if not _ID.fullmatch(delivery_id):
        raise _refused("webhook-id is missing or not one.", "Send up to 255 visible ASCII characters, new each time.")
    if not _SECONDS.fullmatch(timestamp):
        raise _refused("webhook-timestamp is missing or not one.", "Send the Unix time in whole seconds.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        minutes = int(TOLERANCE.total_seconds() // 60)
        problem = f"webhook-timestamp is more than {minutes} minutes away from the clock here."
        raise _refused(problem, "Set the clocks, and sign anew at every attempt.")
    right = sign(secret, delivery_id, int(timestamp), body).encode()
    given = signatures.encode("utf-8", "surrogateescape").split()
    if not any([hmac.compare_digest(right, one) for one in given]):  # noqa: C419  # all of them, for an even time
        raise _refused(
            "webhook-signature is not the one of this body under this secret.",
            'Sign the exact bytes that are sent; it reads "v1," and the Base64 of HMAC-SHA256 over id.timestamp.body.',
        )


def _refused(problem: str, remedy: str) -> SignatureError:
    return SignatureError("signature", problem, f"{remedy} Nothing was kept.")


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:  # not Base64, or not even ASCII
        key = b""
    if not key:  # with an empty one anybody could sign
        problem = "a secret begins with whsec_ and goes on with nothing, or with what is not Base64."
        raise SecretError("inbound", problem, "Mend it in its variable.")
    return key
