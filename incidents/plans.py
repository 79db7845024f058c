"""An incident and the plan it follows: its checklist when severity or category change, and a newer playbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from incidents.clocks import on_clocks
from incidents.deciding import change, ended_already, event
from incidents.incident import Actor, Change, Checklist, EventKind, Incident, Refusal, clamped
from playbooks.playbook import ChecklistStep, Clocks, Playbook


def follow_playbook(
    incident: Incident,
    playbook: Playbook,
    steps: tuple[ChecklistStep, ...],
    difference: str,
    actor: Actor,
    now: datetime,
    *,
    before: Clocks,
) -> Change | Refusal:
    """Go on by another version of the playbook, or by another playbook.

    Args:
        steps: the checklist as it will be, with what is done already.
        difference: what changes by it, in a sentence.
        before: the clocks that it went by so far.
    """
    if incident.ended:
        return ended_already(incident)
    if (incident.playbook, incident.playbook_version) == (playbook.id, playbook.version):
        return Refusal("It follows this version of the playbook already.")
    moved = on_clocks(replace(incident, playbook=playbook.id, playbook_version=playbook.version), playbook, before)
    text = f"{actor.name} moved it to the playbook “{playbook.title}” as it is now. {difference}"
    facts = {
        "playbook": playbook.id,
        "version": playbook.version,
        "previous_playbook": incident.playbook,
        "previous_version": incident.playbook_version,
    }
    row = event(clamped(incident, now), EventKind.PLAYBOOK, actor, text, facts)
    return change(moved, row, also=(Checklist(steps),))
