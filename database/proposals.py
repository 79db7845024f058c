"""Storing what programs propose; each is decided once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from database.columns import storable
from database.incidents import LARGEST
from database.response_tables import IncidentRow, ProposalRow
from errors import GroundswellError
from incidents.proposals import KINDS, Author, NewSeverity, NewStatement, Proposal, State, What
from playbooks.playbook import Severity, StatementKind


class UnknownProposalError(GroundswellError):
    """There is no such proposal."""

    def __init__(self, incident_id: int, number: int) -> None:
        super().__init__(
            f"proposal {number} of incident {incident_id}",
            "there is no such proposal.",
            "Look at the list of those of the incident.",
        )


def hold_proposing(connection: Connection, incident_id: int) -> None:
    """Let no other transaction propose something for an incident before this one ends: two would not see each other's.

    On SQLite there is one writer anyway.
    """
    connection.execute(select(IncidentRow.id).where(IncidentRow.id == incident_id).with_for_update())


def proposals_of(connection: Connection, incident_id: int) -> tuple[Proposal, ...]:
    """Every proposal that an incident ever had, the first one first."""
    query = select(ProposalRow.__table__).where(ProposalRow.incident_id == incident_id).order_by(ProposalRow.number)
    return tuple(_proposal(row) for row in connection.execute(query))


def find_proposal(connection: Connection, incident_id: int, number: int) -> Proposal:
    """A proposal by its number.

    Raises:
        UnknownProposalError: the incident has none with it.
    """
    known = 0 < incident_id < LARGEST and 0 < number < 2**31  # beyond it no database counts
    where = (ProposalRow.incident_id == incident_id, ProposalRow.number == number)
    row = connection.execute(select(ProposalRow.__table__).where(*where)).one_or_none() if known else None
    if row is None:
        raise UnknownProposalError(incident_id, number)
    return _proposal(row)


def add_proposal(connection: Connection, incident_id: int, proposal: Proposal) -> None:
    """Keep a new one."""
    values = asdict(proposal)
    author = values.pop("author")
    what = {name: storable(str(one)) if isinstance(one, str) else one for name, one in values["what"].items()}
    row = {**values, **author, "what": what, "because": storable(proposal.because), "incident_id": incident_id}
    connection.execute(insert(ProposalRow).values(row))


def decide_proposal(connection: Connection, incident_id: int, decided: Proposal) -> bool:
    """Keep what somebody decided; False where somebody has before, whereupon nothing is changed."""
    where = (ProposalRow.incident_id == incident_id, ProposalRow.number == decided.number)
    values = {"state": decided.state, "decided_by": decided.decided_by, "decided_at": decided.decided_at}
    this = update(ProposalRow).where(*where, ProposalRow.state == State.PROPOSED)
    changed = connection.execute(this.values(**values, declined_because=storable(decided.declined_because)))
    return changed.rowcount == 1


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        number=row.number,
        what=_what(row.what),
        because=row.because,
        author=Author(row.program, row.person),
        at=row.at,
        state=State(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        declined_because=row.declined_because,
    )


def _what(stored: dict[str, Any]) -> What:
    what = KINDS[stored["kind"]](**stored)
    match what:
        case NewSeverity(severity=severity, seen=seen):
            return NewSeverity(Severity(severity), Severity(seen) if seen else None)
        case NewStatement(statement_kind=kind, text=text, title=title):
            return NewStatement(StatementKind(kind), text, title)
    return what
