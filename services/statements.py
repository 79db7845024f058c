"""What is said about an incident, inside and outside; errors as :func:`services.acting.act`."""

from __future__ import annotations

from datetime import datetime

from alerts.wording import web_address
from database import responses
from incidents import remarks, statements
from incidents.incident import Actor, Change, Refusal, Statement
from incidents.statements import Draft, Edit, Publication
from incidents.steps import complete_by_statement
from playbooks.playbook import StatementKind
from playbooks.statements import blanks, is_filled_in
from services.acting import Desk, act, with_checklist
from services.announcing import announce_update
from services.drafting import draft_of
from services.installation import Installation


def draft(
    inst: Installation, incident_id: int, actor: str, kind: StatementKind, text: str, title: str = ""
) -> Change | Refusal:
    """Begin words for the public."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return statements.draft(desk.incident, desk.statements, Draft(kind, title, text), who, inst.clock())

    return act(inst, incident_id, actor, decide)


def draft_from(inst: Installation, incident_id: int, actor: str, key: str) -> Change | Refusal:
    """Begin words for the public as the playbook has them, with what is known of the incident."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        templates = {template.key: template for template in desk.playbook.statements}
        if key not in templates:
            return Refusal(f"The playbook has no statement called {key}. It has: {', '.join(templates) or 'none'}.")
        return statements.draft(desk.incident, desk.statements, draft_of(desk, templates[key]), who, inst.clock())

    return act(inst, incident_id, actor, decide)


def edit(inst: Installation, incident_id: int, actor: str, edited: Edit) -> Change | Refusal:
    """Write the next version of words for the public."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return statements.edit(desk.incident, desk.statements, edited, who, inst.clock(), inst.names)

    return act(inst, incident_id, actor, decide)


def approve(inst: Installation, incident_id: int, actor: str, number: int, seen: int) -> Change | Refusal:
    """Say yes to a version as the second pair of eyes."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return statements.approve(desk.incident, desk.statements, number, who, inst.clock(), inst.names, seen=seen)

    return act(inst, incident_id, actor, decide)


def publish(
    inst: Installation,
    incident_id: int,
    actor: str,
    number: int,
    seen: int,
    url: str = "",
    next_at: datetime | None = None,
) -> Change | Refusal:
    """Record that it is out, and where; what is promised next begins."""
    address = url.strip()
    if address and not web_address(address):
        return Refusal("The link is no web address, as https://example.com/post is. Mend it or leave it out.")

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        found = next((one for one in desk.statements if one.number == number), None)
        said = Publication(number, seen, address or None, next_at, blanks(found.text if found else ""))
        done = statements.publish(desk.incident, desk.statements, said, who, inst.clock())
        if isinstance(done, Refusal) or found is None:
            return done
        shown = address or f"“{found.title}” is published"
        preapproved = _is_preapproved(desk, found)
        ticked = complete_by_statement(done, desk.steps, found.key, shown, who, preapproved=preapproved)
        return with_checklist(desk, ticked)

    return act(inst, incident_id, actor, decide)


def promise(inst: Installation, incident_id: int, actor: str, next_at: datetime | None) -> Change | Refusal:
    """Move the promise of the next public word."""
    zone = inst.settings.time_zone

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        now = inst.clock()
        local = next_at.astimezone(zone) if next_at else now
        day = "" if local.date() == now.astimezone(zone).date() else f"{local:%Y-%m-%d} at "
        return statements.promise(desk.incident, next_at, who, now, by_clock=f"{day}{local:%H:%M %Z}")

    return act(inst, incident_id, actor, decide)


def brief(
    inst: Installation, incident_id: int, actor: str, text: str, next_at: datetime | None = None
) -> Change | Refusal:
    """Tell those inside who follow it where it stands; they get it by mail."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return remarks.brief(desk.incident, who, text, next_at, inst.clock())

    def tell(desk: Desk, change: Change) -> None:
        readers = [one.person for one in desk.followers if one.until is None]
        announce_update(desk.connection, inst, change, readers, actor)

    return act(inst, incident_id, actor, decide, tell)


def _is_preapproved(desk: Desk, statement: Statement) -> bool:
    """Whether whoever else would have to say yes has done so: of the playbook's wording, and of no other."""
    if not any(statement.key in step.preapproved for step in desk.playbook.steps):
        return False
    first = responses.versions(desk.connection, desk.number, statement.number)[0]
    return is_filled_in(first.text, statement.text)
