"""Reading back what waits in the outbox."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from alerts.contract import DeliveryError

Alert = TypeVar("Alert")


def read_stored(adapter: TypeAdapter[Alert], text: str) -> Alert:
    """An alert as it was stored.

    Raises:
        DeliveryError: the text is not such an alert; permanent.
    """
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole text"
        raise DeliveryError(
            "A stored alert",
            f"cannot be read: {where}: {first['msg']}.",
            "It stays in the outbox. Update every process to the same version of Groundswell and send it again.",
            permanent=True,
        ) from error
