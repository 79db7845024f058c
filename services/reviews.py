"""The review after an incident: drafted from what was recorded, written on by people; and a team's figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from database import incidents as store
from database import reading, responses
from database.reading_voices import Span, people_in
from incidents import reviewing
from incidents.incident import Actor, Change, Incident, Refusal
from incidents.promises import promises
from reports.review.contents import Edits, Review
from reports.review.drafting import draft
from reports.review.record import Action, Figures, Material, Record
from reports.team import Finished, finished
from services.acting import Desk, act
from services.installation import Installation
from services.picturing import chart_on
from services.tag_names import category_names

# The wave is drawn from before the rise until it is over, and what is usual beside it.
BEFORE, AFTER = timedelta(hours=6), timedelta(hours=24)


def review_of(connection: Connection, inst: Installation, incident_id: int) -> Review:
    """The review of an incident as it stands now, with what people wrote in place of the draft.

    Raises:
        UnknownIncidentError: there is no such incident.
    """
    incident = store.find(connection, incident_id)
    written = responses.review(connection, incident_id)
    return draft(_material(connection, inst, incident), edits_of(written.texts) if written else None)


def write(inst: Installation, incident_id: int, actor: str, texts: Mapping[str, str], seen: int) -> Change | Refusal:
    """Put words in place of those that were drafted; errors as :func:`services.acting.act`."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return reviewing.write_review(desk.incident, desk.review, texts, who, inst.clock(), inst.names, seen=seen)

    return act(inst, incident_id, actor, decide)


def finish(inst: Installation, incident_id: int, actor: str) -> Change | Refusal:
    """Declare the review complete; errors as :func:`services.acting.act`."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return reviewing.finish_review(desk.incident, desk.review, who, inst.clock())

    return act(inst, incident_id, actor, decide)


def edits_of(texts: Mapping[str, str]) -> Edits:
    """What people wrote, as the review takes it; actions are lines of ``what | who | until``."""
    words = {name: texts[name] for name in texts if name != "actions"}
    actions = actions_of(texts["actions"]) if "actions" in texts else None
    return Edits(**words, actions=actions)


def actions_of(text: str) -> tuple[Action, ...]:
    """One action for each line: ``Answer the phone at night | Lee Okafor | 2026-06-01``; only the first is needed."""
    return tuple(_action(line) for line in text.splitlines() if line.strip())


def actions_told(actions: tuple[Action, ...]) -> str:
    """The lines that :func:`actions_of` reads."""
    return "\n".join(
        " | ".join(filter(None, (one.what, one.who or ("-" if one.until else ""), str(one.until or ""))))
        for one in actions
    )


def team(connection: Connection, inst: Installation, since: datetime | None = None) -> tuple[Finished, ...]:
    """What counts of every incident that has ended, of those opened from ``since`` on where it is given."""
    records = (
        _record(connection, inst, one)
        for one in store.all_opened(connection)
        if one.ended and (since is None or one.opened_at >= since)
    )
    return tuple(one for one in map(finished, records) if one)


def _action(line: str) -> Action:
    what, _, rest = line.partition("|")
    who, _, until = rest.partition("|")
    name = who.strip()
    try:
        return Action(what.strip(), "" if name == "-" else name, date.fromisoformat(until.strip()))
    except ValueError:
        said = " ".join(filter(None, (name, until.strip())))
        return Action(what.strip(), said)


def _record(connection: Connection, inst: Installation, incident: Incident) -> Record:
    number = incident.id or 0
    steps = responses.steps(connection, number)
    playbook = inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
    return Record(
        incident=incident,
        events=store.timeline(connection, number),
        steps=steps,
        clocks=playbook.clocks,
        now=inst.clock(),
        first_public_at=incident.first_public_at,
        drill=incident.drill,
        skipped={step.position: step.skipped for step in steps if step.skipped},
    )


def _material(connection: Connection, inst: Installation, incident: Incident) -> Material:
    record = _record(connection, inst, incident)
    signal = reading.figures(connection, incident)
    rise_at = signal.since if signal else None
    began, ended = rise_at or incident.opened_at, incident.resolved_at or inst.clock()
    playbook = inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
    people = people_in(connection, Span(incident.brand, began, ended))
    return Material(
        record=record,
        brand=inst.name_of_brand(incident.brand),
        names=inst.names,
        time_zone=inst.settings.time_zone,
        rise_at=rise_at,
        wave=chart_on(
            connection, inst, incident.brand, began - BEFORE, min(ended + AFTER, inst.clock()), record.events
        ),
        figures=Figures(people.voices, people.complaints, factor=inst.settings.silent_customers),
        statements=responses.statements(connection, incident.id or 0),
        promises=promises(record.events),
        category=category_names(inst.settings).get(incident.category or "", ""),
        playbook=playbook.title,
    )
