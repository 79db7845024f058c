"""The clocks of an incident when its severity changes: those that still run follow, those that stopped stay."""

from __future__ import annotations

from dataclasses import replace

from incidents.incident import Incident
from playbooks.playbook import Clocks, Playbook


def on_clocks(incident: Incident, playbook: Playbook, before: Clocks) -> Incident:
    """The incident with the clocks of its severity, also where those are later.

    Args:
        before: the clocks by which it was asked for so far. That asking began anew where a wave woke it: days after the
            opening it is not late for that.
    """
    clocks = playbook.clocks[incident.severity]
    acknowledge_by = incident.acknowledge_by + (clocks.acknowledge - before.acknowledge)
    first_by = incident.opened_at + clocks.first_public
    return replace(
        incident,
        acknowledge_by=incident.acknowledge_by if incident.acknowledged_at else acknowledge_by,
        first_public_by=incident.first_public_by if incident.first_public_at else first_by,
    )


def tightened(incident: Incident, playbook: Playbook, before: Clocks) -> Incident:
    """The incident with the clocks of its severity where those are sooner; ``before`` as for :func:`on_clocks`."""
    moved = on_clocks(incident, playbook, before)
    first_by = moved.first_public_by
    if first_by and incident.first_public_by:
        first_by = min(first_by, incident.first_public_by)
    return replace(moved, acknowledge_by=min(moved.acknowledge_by, incident.acknowledge_by), first_public_by=first_by)
