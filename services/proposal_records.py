"""What is proposed for an incident, for programs; docs/assistants.md tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from database import incidents as store
from database import responses
from database.proposals import proposals_of
from incidents.incident import Incident
from incidents.proposals import Around, Proposal, state_of, would
from services.installation import Installation
from services.tag_names import category_names


@dataclass(frozen=True, slots=True)
class Proposed:
    """Every proposal that an incident ever had, the first one first, with what sentences about them name."""

    incident: Incident
    proposals: tuple[Proposal, ...]
    around: Around


def proposed_for(connection: Connection, inst: Installation, incident_id: int) -> Proposed:
    """What is proposed for an incident.

    Raises:
        UnknownIncidentError: there is none with this number.
    """
    steps, said = responses.steps(connection, incident_id), responses.statements(connection, incident_id)
    around = Around(steps, said, inst.names, category_names(inst.settings))
    return Proposed(store.find(connection, incident_id), proposals_of(connection, incident_id), around)


def proposal_records(found: Proposed, shown: Sequence[Proposal], now: datetime) -> list[dict[str, Any]]:
    """Some of what is proposed."""
    return [_record(one, found, now) for one in shown]


def _record(one: Proposal, found: Proposed, now: datetime) -> dict[str, Any]:
    names = found.around.people
    return {
        "number": one.number,
        "kind": one.what.kind,
        "would": would(one.what, found.around),
        "what": {name: value for name, value in asdict(one.what).items() if name != "kind"},
        "because": one.because,
        "proposed_by": {"program": one.author.program, "person": _person(one.author.person, names)},
        "at": _time(one.at),
        "expires_at": _time(one.expires_at),
        "state": state_of(one, found.incident, now).value,
        "decided_by": _person(one.decided_by, names) if one.decided_by else None,
        "decided_at": _time(one.decided_at),
        "declined_because": one.declined_because or None,
    }


def _person(person: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"id": person, "name": names.get(person, person)}


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
