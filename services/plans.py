"""An incident that goes on by a newer version of its playbook, or by another one: first shown, then done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from database import incidents as store
from incidents.incident import Actor, Change, Refusal
from incidents.plans import follow_playbook
from playbooks.moving import Difference, difference
from playbooks.playbook import Playbook
from services.acting import Desk, act
from services.installation import Installation


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change if an incident went on by a playbook as it is now."""

    playbook: Playbook
    difference: Difference


def preview(connection: Connection, inst: Installation, incident_id: int, playbook_id: str) -> Preview | Refusal:
    """What would change; nothing is.

    Raises:
        UnknownIncidentError: there is no such incident.
    """
    return _preview(Desk(connection, inst, store.find(connection, incident_id)), playbook_id)


def move(inst: Installation, incident_id: int, actor: str, playbook_id: str, seen: str) -> Change | Refusal:
    """Go on by a playbook as it is now; what is done stays done. Errors as :func:`services.acting.act`.

    Args:
        seen: the version whose preview the person saw.
    """

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        shown = _preview(desk, playbook_id)
        if isinstance(shown, Refusal):
            return shown
        if shown.playbook.version != seen:
            return Refusal("The playbook has changed again since you looked. Look at what it would change now.")
        told, steps = _told(desk, shown), shown.difference.steps
        inst.playbooks.keep(desk.connection, shown.playbook, inst.clock())
        before = desk.playbook.clocks[desk.incident.severity]
        return follow_playbook(desk.incident, shown.playbook, steps, told, who, inst.clock(), before=before)

    return act(inst, incident_id, actor, decide)


def _told(desk: Desk, shown: Preview) -> str:
    """What changes, for the timeline; of another playbook nearly everything does, which is counted."""
    if shown.playbook.id == desk.incident.playbook:
        return " ".join(shown.difference.sentences())
    came, left = len(shown.difference.added), len(shown.difference.removed)
    return f"Steps that come in: {came}; open ones that leave: {left}."


def _preview(desk: Desk, playbook_id: str) -> Preview | Refusal:
    found = desk.inst.playbooks.shelf(desk.connection).playbooks
    if playbook_id not in found:
        return Refusal(f"There is no playbook {playbook_id}. There are: {', '.join(sorted(found))}.")
    incident, new = desk.incident, found[playbook_id]
    where = (incident.severity, incident.category, incident.real_brand, incident.opened_at)
    return Preview(new, difference(desk.steps, desk.playbook, new, *where))
