"""Looking at every brand: is this a wave, does it open an incident, who is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from alerts.incident_alert import LetterKind
from alerts.routing import Routed
from database import incidents as store
from database.buckets import buckets_between
from database.listening import known_since, voices_since
from detection.baseline import window_start
from detection.history import SPAN
from detection.signal import BrandView, Reason, Signal, Verdict, kinds, load
from errors import GroundswellError
from incidents import lifecycle
from incidents.admission import Admit, Echo, Join, admit
from incidents.incident import SYSTEM, Actor, Change, Incident
from incidents.severity import assess
from playbooks import library
from playbooks.checklist import reclock
from playbooks.playbook import ChecklistStep
from sentiment.score import Label
from services.announcing import COMPLAINTS, News, announce, announce_owner, route
from services.installation import Installation
from services.leading import category_of
from settings.model import Brand

# A signal that stays held is one row an hour, not one a tick.
REPEAT_HELD = timedelta(hours=1)
_TRIES = 3
logger = logging.getLogger(__name__)


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


class EvaluationError(GroundswellError):
    """Brands could not be judged; the others were."""


def evaluate(inst: Installation) -> tuple[Evaluated, ...]:
    """Judge every brand but competitors now; one answer per brand and kind of signal.

    An incident, its checklist, its first timeline rows and its letters are stored together or not at all.

    Raises:
        EvaluationError: some brands could not be judged; the answers of the others are stored.
    """
    _find_owners(inst)
    answers: list[Evaluated] = []
    faults: list[str] = []
    for brand in inst.settings.brands:
        if brand.competitor:
            continue
        try:
            answers += _until_undisturbed(inst, brand)
        except Exception as error:  # the edge between brands: one that fails must not leave the others unwatched
            logger.exception("brand %s could not be judged", brand.id)
            faults.append(f'brand "{brand.id}" ({type(error).__name__}: {error})')
    if faults:
        raise EvaluationError(", ".join(faults), "could not be judged.", "See the log; every other brand was judged.")
    return tuple(answers)


def _find_owners(inst: Installation) -> None:
    """Give the incidents of people who have left the settings to whom the routing names."""
    with inst.database.reading() as connection:
        orphans = [one for one in store.every_open(connection) if one.owner not in inst.names]
    for incident in orphans:
        routed = route(inst.settings.routing, incident.brand, incident.kind, incident.severity)
        heir = Actor(routed.owner, inst.name_of(routed.owner))
        change = lifecycle.hand_over(incident, SYSTEM, heir, inst.clock())
        if isinstance(change, Change):
            # Where somebody acts on it at this moment, the next tick looks again.
            with suppress(store.ConflictError), inst.database.writing() as connection:
                store.change(connection, change)
                announce_owner(connection, inst, change)


def _until_undisturbed(inst: Installation, brand: Brand) -> list[Evaluated]:
    """On PostgreSQL somebody may press a button in between; then what is true now is judged again."""
    for _ in range(_TRIES - 1):
        try:
            return _evaluate_brand(inst, brand)
        except store.ConflictError:
            continue
    return _evaluate_brand(inst, brand)


def _evaluate_brand(inst: Installation, brand: Brand) -> list[Evaluated]:
    view = _view(inst, brand)
    signals = [load(kind).evaluate(view) for kind in kinds()]
    if all(signal.verdict is Verdict.QUIET for signal in signals):
        return [Evaluated(signal) for signal in signals]
    # Complaints first: they are what an incident is about; the volume that rises with them is the same issue.
    signals.sort(key=lambda signal: (signal.kind != COMPLAINTS, -signal.ratio))
    with inst.database.writing() as connection:
        store.hold_opening(connection, brand.id)
        return [_settle(connection, inst, brand, signal) for signal in signals]


def _view(inst: Installation, brand: Brand) -> BrandView:
    now = inst.clock()
    with inst.database.reading() as connection:
        return BrandView(
            brand=brand.id,
            name=brand.name,
            now=now,
            buckets=buckets_between(connection, brand.id, now - SPAN, now),
            negative_voices=voices_since(connection, brand.id, window_start(now), Label.NEGATIVE),
            voices=voices_since(connection, brand.id, window_start(now), None),
            listening_since=known_since(connection, brand.id, window_start(now)),
        )


def _settle(connection: Connection, inst: Installation, brand: Brand, signal: Signal) -> Evaluated:
    if signal.verdict is Verdict.QUIET:
        return Evaluated(signal)
    if signal.verdict is Verdict.HELD:
        return _hold(connection, signal)
    signal = replace(signal, category=category_of(connection, inst, signal))
    resolved = store.last_resolved(connection, brand.id, signal.at)
    match admit(signal, store.all_open(connection, brand.id), resolved):
        case Admit():
            return _open(connection, inst, brand, signal)
        case Join(incident):
            return _join(connection, inst, incident, signal)
        case Echo():
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
    assessment = assess(signal, inst.settings.detection.matrix)
    playbook = library.for_wave(signal.kind, signal.category)
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
    announce(connection, inst, News(LetterKind.OPENED, incident, opening.steps, signal, routed, signal.at))
    return Evaluated(signal, incident_id, opened=True)


def _join(connection: Connection, inst: Installation, incident: Incident, signal: Signal) -> Evaluated:
    assessment = assess(signal, inst.settings.detection.matrix)
    playbook = library.load(incident.playbook)
    if incident.id is None:
        return Evaluated(signal)
    change = lifecycle.join(incident, signal, assessment, playbook, signal.at)
    store.saw_wave(connection, incident.id, signal.at)
    if change is None:
        return Evaluated(signal, incident.id)
    store.change(connection, change)
    store.record_signal(connection, signal, incident.id)
    now = change.incident
    raised = now.severity is not incident.severity
    if raised or lifecycle.is_new_wave(incident, signal):
        steps = reclock(store.steps(connection, incident.id), playbook, now.severity, incident.opened_at)
        store.reclock(connection, incident.id, steps)
        routed = route(inst.settings.routing, now.brand, now.kind, now.severity, now.owner)
        announce(connection, inst, _news(incident, now, steps, signal, routed))
    return Evaluated(signal, incident.id)


def _news(before: Incident, now: Incident, steps: Sequence[ChecklistStep], signal: Signal, routed: Routed) -> News:
    """A further signal raised the incident, or is a new wave of it."""
    if now.severity is before.severity:
        return News(LetterKind.JOINED, now, steps, signal, routed, signal.at)
    return News(LetterKind.RAISED, now, steps, signal, routed, signal.at, before.severity)
