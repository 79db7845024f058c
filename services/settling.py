"""What becomes of a signal: an incident opened, joined or woken, or a decision that is kept with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from alerts.incident_alert import LetterKind
from alerts.routing import Routed
from database import incidents as store
from database import responses
from detection.signal import Reason, Signal, Verdict
from incidents import ownership, remarks, waves
from incidents.admission import Admit, Echo, Join, Wake, admit
from incidents.incident import REPORTED, SYSTEM, Actor, Change, Incident, Refusal
from incidents.severity import assess
from playbooks.playbook import ChecklistStep, Severity
from services.acting import fitted
from services.announcing import News, announce, announce_owner, route
from services.installation import Installation
from services.leading import category_of
from settings.model import Brand

# A signal that stays held is one row an hour, not one a tick; what is worth knowing is, once a day.
REPEAT_HELD = timedelta(hours=1)
REPEAT_NOTICED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A signal and what came of it.

    Attributes:
        incident_id: the incident that it opened or belongs to, None where there is none.
        opened: it opened that incident.
        reopened: it woke that incident.
        told: people were written to.
        kept: the decision was put down; what stays as it was is not put down again for a while.
    """

    signal: Signal
    incident_id: int | None = None
    opened: bool = False
    reopened: bool = False
    told: bool = False
    kept: bool = True


def settle(connection: Connection, inst: Installation, brand: Brand, signal: Signal) -> Evaluated:
    """Do what a signal calls for."""
    match signal.verdict:
        case Verdict.HELD:
            return _keep(connection, signal, REPEAT_HELD)
        case Verdict.NOTICED:
            return _keep(connection, signal, REPEAT_NOTICED)
        case Verdict.GOES_ON:
            return _goes_on(connection, signal)
        case Verdict.FIRED:
            return _admit(connection, inst, brand, signal)


def find_owners(inst: Installation) -> None:
    """Give the incidents of people who have left the settings to whom the routing names."""
    with inst.database.reading() as connection:
        orphans = [one for one in store.every_open(connection) if one.owner not in inst.names]
    for incident in orphans:
        routed = route(inst.settings.routing, incident.brand, incident.kind, incident.severity)
        heir = Actor(routed.owner, inst.name_of(routed.owner))
        change = ownership.assign(incident, SYSTEM, heir, inst.clock())
        if isinstance(change, Change):
            # Where somebody acts on it at this moment, the next tick looks again.
            with suppress(store.ConflictError), inst.database.writing() as connection:
                store.change(connection, _no_reader(connection, incident, heir, change))
                announce_owner(connection, inst, change)


def let_ebb(inst: Installation) -> None:
    """Record of every open incident whose wave has not been seen for a while that it has ebbed."""
    with inst.database.reading() as connection:
        over = [change for one in store.every_open(connection) if (change := waves.ebb(one, inst.clock()))]
    for change in over:
        # Where somebody acts on it at this moment, the next tick looks again.
        with suppress(store.ConflictError), inst.database.writing() as connection:
            store.change(connection, change)


def _no_reader(connection: Connection, incident: Incident, heir: Actor, change: Change) -> Change:
    """The change with its end to reading along: whoever has an incident has to be able to act on it."""
    followers = responses.followers(connection, incident.id or 0)
    left = remarks.unfollow(incident, followers, heir, SYSTEM, change.event.at)
    return change if isinstance(left, Refusal) else replace(change, preceded_by=left.events, also=left.also)


def _admit(connection: Connection, inst: Installation, brand: Brand, signal: Signal) -> Evaluated:
    signal = replace(signal, category=category_of(connection, inst, signal))
    resolved = store.last_resolved(connection, brand.id, inst.clock())
    reopen_within = inst.settings.detection.reopen_within
    match admit(signal, store.all_open(connection, brand.id), resolved, reopen_within):
        case Admit():
            return _open(connection, inst, brand, signal)
        case Join(incident):
            return _join(connection, inst, incident, signal)
        case Wake(incident):
            return _wake(connection, inst, incident, signal)
        case Echo():
            sentence = f"{signal.sentence} Held: an incident over this was resolved a moment before."
            echo = replace(signal, verdict=Verdict.HELD, reason=Reason.JUST_RESOLVED, sentence=sentence)
            return _keep(connection, echo, REPEAT_HELD)


def _keep(connection: Connection, signal: Signal, repeat: timedelta) -> Evaluated:
    last = store.last_signal(connection, signal.brand, signal.kind)
    again = last is not None and last.reason == signal.reason and abs(signal.at - last.at) < repeat
    if not again:
        store.record_signal(connection, signal, None)
    return Evaluated(signal, kept=not again)


def _goes_on(connection: Connection, signal: Signal) -> Evaluated:
    for incident in store.all_open(connection, signal.brand):
        if incident.id is not None and incident.kind in {signal.kind, REPORTED} and incident.ebbed_at is None:
            store.saw_wave(connection, incident.id, signal.at, 0)
            return Evaluated(signal, incident.id)
    return Evaluated(signal)


def _open(connection: Connection, inst: Installation, brand: Brand, signal: Signal) -> Evaluated:
    assessment, now = assess(signal, inst.settings.detection.matrix), inst.clock()
    playbook = inst.playbooks.shelf(connection).for_wave(signal.kind, signal.category)
    inst.playbooks.keep(connection, playbook, now)
    routed = route(inst.settings.routing, brand.id, signal.kind, assessment.severity)
    owner = Actor(routed.owner, inst.name_of(routed.owner))
    opening = waves.open_incident(signal, assessment, playbook, owner, brand.name, now, owned_because=routed.reason)
    incident_id = store.add(connection, opening)
    store.record_signal(connection, signal, incident_id, opened=True, told=True)
    incident = replace(opening.incident, id=incident_id)
    announce(connection, inst, News(LetterKind.OPENED, incident, opening.steps, signal, routed, now))
    return Evaluated(signal, incident_id, opened=True, told=True)


def _join(connection: Connection, inst: Installation, incident: Incident, signal: Signal) -> Evaluated:
    assessment, now = assess(signal, inst.settings.detection.matrix), inst.clock()
    playbook = inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
    if incident.id is None:
        return Evaluated(signal)
    first = store.is_first_of_kind(connection, incident.id, signal.kind)
    change = waves.join(incident, signal, assessment, playbook, now, first_of_kind=first)
    if change is None:
        own = signal.kind == incident.kind
        store.saw_wave(connection, incident.id, signal.at, signal.hourly if own else 0)
        return Evaluated(signal, incident.id)
    after = change.incident
    if after.severity is not incident.severity:
        change = replace(change, also=(fitted(responses.steps(connection, incident.id), playbook, after),))
    store.change(connection, change)
    news = after.severity is not incident.severity or waves.is_new_wave(incident, signal)
    store.record_signal(connection, signal, incident.id, told=news)
    if not news:
        return Evaluated(signal, incident.id)
    steps = responses.steps(connection, incident.id)
    kind = LetterKind.JOINED if after.severity is incident.severity else LetterKind.RAISED
    before = None if kind is LetterKind.JOINED else incident.severity
    _tell(connection, inst, kind, after, steps, signal, before)
    return Evaluated(signal, incident.id, told=True)


def _wake(connection: Connection, inst: Installation, incident: Incident, signal: Signal) -> Evaluated:
    if incident.id is None:
        return Evaluated(signal)
    playbook = inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
    assessment = assess(signal, inst.settings.detection.matrix)
    change = waves.wake(incident, signal, assessment, playbook, inst.clock())
    checklist = fitted(responses.steps(connection, incident.id), playbook, change.incident)
    store.change(connection, replace(change, also=(checklist,)))
    store.record_signal(connection, signal, incident.id, told=True)
    steps = checklist.steps
    _tell(connection, inst, LetterKind.REOPENED, change.incident, steps, signal, None)
    return Evaluated(signal, incident.id, reopened=True, told=True)


def _tell(  # a letter says that much
    connection: Connection,
    inst: Installation,
    kind: LetterKind,
    incident: Incident,
    steps: Sequence[ChecklistStep],
    signal: Signal,
    raised_from: Severity | None,
) -> None:
    routed: Routed = route(inst.settings.routing, incident.brand, incident.kind, incident.severity, incident.owner)
    news = News(kind, incident, steps, signal, routed, inst.clock())
    announce(connection, inst, replace(news, raised_from=raised_from))
