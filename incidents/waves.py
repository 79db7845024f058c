"""What waves do to incidents: open them, join them, wake them, ebb; decided without doing it.

The rules of :mod:`incidents.lifecycle` hold here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from detection.signal import Signal
from incidents.clocks import tightened
from incidents.drills import is_drill
from incidents.incident import (
    REPORTED,
    SYSTEM,
    Actor,
    Change,
    EventKind,
    Incident,
    Opening,
    Status,
    TimelineEvent,
    clamped,
    first_owner,
)
from incidents.severity import COMPLAINTS, Assessment
from playbooks.checklist import checklist
from playbooks.playbook import Playbook

# A wave that goes on is one row, not one a minute; it earns another when it has become a different wave.
WORTH_A_ROW = 2
# What has not been seen for so long has ebbed.
CALM = timedelta(hours=1)
# What comes back after so long is told again, however small it is beside the last one.
FORGOTTEN = timedelta(hours=24)
_WHAT_HAPPENS = {
    COMPLAINTS: "many people are complaining",
    "critical_words": "several people use critical words",
    "loud_voice": "somebody whom many follow complains",
    "repost_wave": "one story is told by many",
}
# Talk always rises with complaints; these say something more.
_SAY_MORE = {"critical_words", "loud_voice", "repost_wave"}
_SOMETHING_HAPPENS = "far more mentions than usual"


def open_incident(
    signal: Signal,
    assessment: Assessment,
    playbook: Playbook,
    owner: Actor,
    brand_name: str,
    now: datetime,
    *,
    owned_because: str = "",
) -> Opening:
    """A new incident with its checklist and its first rows: why it was opened, how bad it is, who has it.

    No update is promised yet: the first public answer makes the first promise. ``owned_because`` is the sentence of the
    routing decision that chose the owner.
    """
    incident = Incident(
        id=None,
        brand=signal.brand,
        kind=signal.kind,
        title=_title(brand_name, signal),
        severity=assessment.severity,
        status=Status.OPEN,
        owner=owner.id,
        why=signal.sentence,
        playbook=playbook.id,
        playbook_version=playbook.version,
        opened_at=now,
        acknowledge_by=now + playbook.clocks[assessment.severity].acknowledge,
        first_public_by=now + playbook.clocks[assessment.severity].first_public,
        observed=signal.hourly,
        wave_at=signal.at,
        peak=signal.hourly,
        category=signal.category,
        drill=is_drill(signal.brand),
    )
    set_to = f"Set to {assessment.severity}. {assessment.reason}"
    events = (
        _event(now, EventKind.OPENED, signal.sentence, _figures(signal)),
        _event(now, EventKind.SEVERITY, set_to, _judged(assessment)),
        first_owner(owner, now, owned_because),
    )
    steps = checklist(playbook, assessment.severity, now, category=incident.category, brand=incident.real_brand)
    return Opening(incident, steps, events)


def join(
    incident: Incident,
    signal: Signal,
    assessment: Assessment,
    playbook: Playbook,
    now: datetime,
    *,
    first_of_kind: bool = False,
) -> Change | None:
    """What a further signal of the same issue changes, or None where it is nothing new.

    It raises a severity and never lowers one: a wave that ebbs is for people to judge. A severity that people set is
    raised only by a wave at least twice as big as the one they judged. While nobody has acknowledged, a raise tightens
    that deadline; the caller moves the checklist with it (:func:`playbooks.checklist.reclock`). At the same severity a
    signal is worth a row once it is at least twice as big as the biggest that the timeline recorded, when it is a wave
    of its own (:func:`is_new_wave`), when the wave is back after it had ebbed, and when it is the first
    of a kind that says more than that many speak.
    What is only watched is responded to again by what people have to hear of. An incident that has ended takes no
    signals.

    Args:
        first_of_kind: no signal of its kind has joined the incident yet.
    """
    if incident.ended:
        return None
    new, grown = is_new_wave(incident, signal), _has_grown(incident, signal)
    first_of_kind = first_of_kind and signal.kind in _SAY_MORE
    at, recorded = clamped(incident, now), _recorded(incident, signal, new=new)
    further = new or grown or first_of_kind
    if assessment.severity.rank < incident.severity.rank and (further or incident.severity_by == SYSTEM.id):
        judged = replace(_again(recorded), severity=assessment.severity, severity_by=SYSTEM.id)
        before = playbook.clocks[incident.severity]
        raised = replace(tightened(judged, playbook, before), why=signal.sentence)
        text = f"Raised from {incident.severity} to {assessment.severity}. {assessment.reason} {signal.sentence}"
        facts = {"previous_severity": incident.severity.value, **_judged(assessment), **_figures(signal)}
        return _change(raised, _event(at, EventKind.SEVERITY, text, facts))
    back = incident.ebbed_at is not None and _counts_alike(incident, signal)
    if further or back:
        begin = "A new wave" if new else "The wave has grown" if grown else "The wave is back" if back else "Also"
        recorded = _again(recorded) if new else recorded
        return _change(recorded, _event(at, EventKind.JOINED, f"{begin}. {signal.sentence}", _figures(signal)))
    return None


def wake(incident: Incident, signal: Signal, assessment: Assessment, playbook: Playbook, now: datetime) -> Change:
    """A resolved incident whose wave has come back: it is open again, its owner is to say anew that they have it."""
    at = clamped(incident, now)
    worse = assessment.severity.rank < incident.severity.rank
    severity = assessment.severity if worse else incident.severity
    woken = replace(
        incident,
        status=Status.OPEN,
        resolved_at=None,
        acknowledged_at=None,
        acknowledge_by=at + playbook.clocks[severity].acknowledge,
        severity=severity,
        severity_by=SYSTEM.id if worse else incident.severity_by,
        why=signal.sentence,
        observed=signal.hourly,
        wave_at=signal.at,
        peak=signal.hourly,
        ebbed_at=None,
    )
    raised = f"Raised from {incident.severity} to {severity}. {assessment.reason} " if worse else ""
    text = f"The wave is back after it was resolved, so it is open again. {raised}{signal.sentence}"
    judged = {"severity": severity.value, "previous_severity": incident.severity.value, "reason": assessment.reason}
    facts = {**judged, **_figures(signal)}
    return _change(woken, _event(at, EventKind.REOPENED, text, facts))


def ebb(incident: Incident, now: datetime) -> Change | None:
    """What is recorded once the wave of an incident has not been seen for :data:`CALM`, None otherwise."""
    over = incident.wave_at is not None and incident.peak and incident.ebbed_at is None
    if not over or incident.ended or incident.wave_at is None or now - incident.wave_at < CALM:
        return None
    text = f"The wave has ebbed: for {CALM // timedelta(minutes=1)} minutes nothing has been far beyond the usual."
    event = _event(clamped(incident, now), EventKind.EBBED, text, {"wave_at": incident.wave_at.isoformat()})
    return _change(replace(incident, ebbed_at=now), event)


def is_new_wave(incident: Incident, signal: Signal) -> bool:
    """Whether a signal is more than the wave that the incident knows: people must hear of it.

    The first complaints about what was only talk are; so is what comes after calm and is bigger than the last wave, or
    so long after it that nobody expects it.
    """
    if incident.kind == REPORTED and not incident.peak:
        return True
    if signal.kind == COMPLAINTS != incident.kind:
        return True
    calm = signal.at - incident.wave_at if incident.wave_at else FORGOTTEN
    bigger = _counts_alike(incident, signal) and signal.hourly > incident.peak
    return calm > FORGOTTEN or (calm > max(CALM, signal.window) and bigger)


def _again(incident: Incident) -> Incident:
    """What was only watched is worked on again."""
    watched = incident.status is Status.MONITORING
    return replace(incident, status=Status.RESPONDING) if watched else incident


def _has_grown(incident: Incident, signal: Signal) -> bool:
    return _counts_alike(incident, signal) and signal.hourly >= WORTH_A_ROW * max(incident.observed, 1)


def _counts_alike(incident: Incident, signal: Signal) -> bool:
    """Whether a signal counts the mentions that the incident knows figures of; what was reported knows none before."""
    return incident.kind in {signal.kind, REPORTED}


def _recorded(incident: Incident, signal: Signal, *, new: bool) -> Incident:
    """What an incident knows of its wave once a signal has joined it; other kinds of signal count other mentions."""
    seen_at = max(incident.wave_at or signal.at, signal.at)
    if signal.kind == COMPLAINTS != incident.kind:
        # What was reported by hand says more than that people complain about it.
        brand = incident.title.partition(":")[0]
        title = incident.title if incident.kind == REPORTED else _title(brand, signal)
        incident = replace(incident, kind=signal.kind, title=title, why=signal.sentence, observed=0, peak=0)
    if not _counts_alike(incident, signal):
        return replace(incident, wave_at=seen_at)
    observed = signal.hourly if new else max(signal.hourly, incident.observed)
    peak = signal.hourly if new else max(signal.hourly, incident.peak)
    return replace(incident, wave_at=seen_at, observed=observed, peak=peak, ebbed_at=None)


def _title(brand: str, signal: Signal) -> str:
    return f"{brand}: {_WHAT_HAPPENS.get(signal.kind, _SOMETHING_HAPPENS)}"


def _change(incident: Incident, event: TimelineEvent) -> Change:
    return Change(replace(incident, version=incident.version + 1, changed_at=event.at), event)


def _event(at: datetime, kind: EventKind, text: str, facts: Mapping[str, str]) -> TimelineEvent:
    return TimelineEvent(at, kind, SYSTEM.id, text, facts)


def _judged(assessment: Assessment) -> dict[str, str]:
    return {"severity": assessment.severity.value, "reason": assessment.reason}


def _figures(signal: Signal) -> dict[str, str]:
    return {
        "observed": str(signal.observed),
        "expected": f"{signal.expected:.1f}",
        "authors": str(signal.authors),
        "since": signal.since.isoformat() if signal.since else "",
    }
