"""The first draft of words for the public: a playbook's template with what is known of the incident."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.wording import clock
from database.incidents import signal_of
from incidents.incident import Incident
from incidents.severity import COMPLAINTS
from incidents.statements import Draft, next_promise
from playbooks.facts import Facts
from playbooks.playbook import StatementTemplate
from playbooks.statements import render
from sentiment.score import Label
from services.acting import Desk
from services.leading import leading_in
from services.tag_names import category_names


def draft_of(desk: Desk, template: StatementTemplate) -> Draft:
    """A template filled with the facts; what only people know is left blank in it."""
    return Draft(template.kind, template.title, render(template, facts_of(desk)), template.key)


def facts_of(desk: Desk) -> Facts:
    """What is known of an incident, in words for the public."""
    incident, inst, now = desk.incident, desk.inst, desk.inst.clock()
    signal = signal_of(desk.connection, desk.number)
    zone = inst.settings.time_zone
    promised = incident.update_due_at or next_promise(desk.playbook.clocks[incident.severity].update_every, now)
    return Facts(
        brand=inst.name_of_brand(incident.brand),
        since=_clock((signal and signal.since) or incident.opened_at, zone, now),
        now=_clock(now, zone, now),
        next_update=_clock(promised, zone, now) if promised and promised > now else "",
        people=f"{signal.authors:,}" if signal else "",
        mentions=f"{signal.observed:,}" if signal else "",
        drivers=", ".join(_drivers(desk, incident)),
        severity=incident.severity.value,
        category=category_names(inst.settings).get(incident.category or "", ""),
        owner=inst.name_of(incident.owner),
    )


def _drivers(desk: Desk, incident: Incident) -> tuple[str, ...]:
    label = Label.NEGATIVE if incident.kind == COMPLAINTS else None
    since = incident.opened_at - (desk.inst.clock() - incident.opened_at)
    signal = signal_of(desk.connection, desk.number)
    since = signal.at - signal.window if signal else since
    leading = leading_in(desk.connection, desk.inst, incident.brand, since, desk.inst.clock(), label=label)
    return leading.words if leading else ()


def _clock(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    return clock(at, zone, now)
