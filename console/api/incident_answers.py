"""How an action on an incident is answered: with what was done and the incident as it is now, or why it was not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.api.failures import RefusedError
from incidents.incident import Change, Refusal
from services.installation import Installation
from services.records import Whole, incident_record, timeline_record, whole_of


def answered(
    inst: Installation, number: int, done: Change | Refusal, *, stale: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """What was done.

    Args:
        stale: of a refusal, whether what the program saw has changed since.

    Raises:
        RefusedError: nothing was done; it carries the incident as it is now.
    """
    now = incident_record(whole(inst, number), inst.names, inst.clock())
    if isinstance(done, Refusal):
        raise RefusedError(done, now, stale=stale())
    return {"done": [timeline_record(row, inst.names) for row in done.events], "incident": now}


def whole(inst: Installation, number: int) -> Whole:
    """All that is kept of an incident now.

    Raises:
        UnknownIncidentError: there is none.
    """
    with inst.database.reading() as connection:
        return whole_of(connection, number)
