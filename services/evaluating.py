"""Looking at every brand: is this a wave, does it open an incident, who is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from database import incidents as store
from database.listening import buckets_between, listening_since, voices_since
from detection.baseline import LONG, REFERENCE, window_start
from detection.signal import BrandView, Reason, Signal, Verdict, kinds, load
from incidents import lifecycle
from incidents.admission import Admit, Echo, Join, admit
from incidents.incident import Actor, Incident
from incidents.severity import assess
from playbooks import library
from playbooks.checklist import reclock
from sentiment.score import Label
from services.announcing import News, announce, route
from services.installation import Installation
from settings.model import Brand

PLAYBOOK = "communication-crisis"
# A signal that stays held is one row an hour, not one a tick.
REPEAT_HELD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A signal and what came of it.

    Attributes:
        incident_id: the incident that it opened or belongs to, None where there is none.
        opened: it opened that incident.
    """

    signal: Signal
    incident_id: int | None = None
    opened: bool = False


def evaluate(inst: Installation) -> tuple[Evaluated, ...]:
    """Judge every brand now; one answer per brand and kind of signal.

    An incident, its checklist, its first timeline rows and its letters are stored together or not at all.
    """
    return tuple(answer for brand in inst.settings.brands for answer in _evaluate_brand(inst, brand))


def _evaluate_brand(inst: Installation, brand: Brand) -> list[Evaluated]:
    view = _view(inst, brand)
    signals = [load(kind).evaluate(view) for kind in kinds()]
    if all(signal.verdict is Verdict.QUIET for signal in signals):
        return [Evaluated(signal) for signal in signals]
    # The signal furthest beyond what is usual comes first: it is the one that the incident is about.
    signals.sort(key=lambda signal: -signal.ratio)
    with inst.database.writing() as connection:
        return [_settle(connection, inst, brand, signal) for signal in signals]


def _view(inst: Installation, brand: Brand) -> BrandView:
    now = inst.clock()
    with inst.database.reading() as connection:
        return BrandView(
            brand=brand.id,
            name=brand.name,
            now=now,
            buckets=buckets_between(connection, brand.id, now - REFERENCE - LONG, now),
            negative_voices=voices_since(connection, brand.id, window_start(now), Label.NEGATIVE),
            voices=voices_since(connection, brand.id, window_start(now), None),
            listening_since=listening_since(connection, brand.id),
        )


def _settle(connection: Connection, inst: Installation, brand: Brand, signal: Signal) -> Evaluated:
    if signal.verdict is Verdict.QUIET:
        return Evaluated(signal)
    if signal.verdict is Verdict.HELD:
        return _hold(connection, signal)
    resolved_at = store.last_resolved_at(connection, brand.id)
    match admit(signal, store.all_open(connection, brand.id), resolved_at):
        case Admit():
            return _open(connection, inst, brand, signal)
        case Join(incident):
            return _join(connection, inst, incident, signal)
        case Echo(resolved_at):
            sentence = f"{signal.sentence} Held: an incident over this was resolved within the hour."
            return _hold(
                connection, replace(signal, verdict=Verdict.HELD, reason=Reason.JUST_RESOLVED, sentence=sentence)
            )


def _hold(connection: Connection, signal: Signal) -> Evaluated:
    last = store.last_signal(connection, signal.brand, signal.kind)
    again = last is not None and last.reason == signal.reason and timedelta(0) <= signal.at - last.at < REPEAT_HELD
    if not again:
        store.record_signal(connection, signal, None)
    return Evaluated(signal)


def _open(connection: Connection, inst: Installation, brand: Brand, signal: Signal) -> Evaluated:
    assessment, playbook = assess(signal), library.load(PLAYBOOK)
    routed = route(inst.settings.routing, brand.id, signal.kind, assessment.severity)
    opening = lifecycle.open_incident(
        signal,
        assessment,
        playbook,
        Actor(routed.owner, inst.name_of(routed.owner)),
        brand.name,
        signal.at,
        owned_because=routed.reason,
    )
    incident_id = store.add(connection, opening)
    store.record_signal(connection, signal, incident_id)
    incident = replace(opening.incident, id=incident_id)
    announce(connection, inst, News(incident, opening.steps, signal, routed, signal.at))
    return Evaluated(signal, incident_id, opened=True)


def _join(connection: Connection, inst: Installation, incident: Incident, signal: Signal) -> Evaluated:
    assessment, playbook = assess(signal), library.load(incident.playbook)
    change = lifecycle.join(incident, signal, assessment, playbook, signal.at)
    if change is None or incident.id is None:
        return Evaluated(signal, incident.id)
    store.change(connection, change)
    store.record_signal(connection, signal, incident.id)
    if change.incident.severity is not incident.severity:
        steps = reclock(store.steps(connection, incident.id), playbook, change.incident.severity, incident.opened_at)
        store.reclock(connection, incident.id, steps)
        now = change.incident
        routed = route(inst.settings.routing, now.brand, now.kind, now.severity, now.owner)
        announce(connection, inst, News(now, steps, signal, routed, signal.at, raised_from=incident.severity))
    return Evaluated(signal, incident.id)
