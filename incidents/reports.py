"""What somebody told us: it opens an incident by hand, or belongs to one that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from incidents.clocks import tightened
from incidents.incident import (
    REPORTED,
    SYSTEM,
    Actor,
    Change,
    EventKind,
    Incident,
    Opening,
    Refusal,
    Status,
    TimelineEvent,
    clamped,
    first_owner,
)
from playbooks.checklist import checklist
from playbooks.playbook import Playbook, Severity

USUAL = Severity.SEV3
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tip:
    """Something that listening did not hear.

    Attributes:
        brand: id of the brand it concerns.
        headline: its beginning, on one short line.
        words: what was said, in full; written by a stranger.
        said_by: who said it, in words for people; empty where that is not known.
        url: http or https address where it can be seen, None where there is none.
        taken_by: who wrote it down.
        severity: how bad it is, None where nobody judged that.
    """

    brand: str
    headline: str
    words: str
    said_by: str
    url: str | None
    taken_by: Actor
    severity: Severity | None = None

    @property
    def source(self) -> str:
        """Who told us, for the beginning of a sentence."""
        return self.said_by or (self.taken_by.name if self.taken_by != SYSTEM else "Somebody")


def report_in(facts: Mapping[str, str]) -> Mapping[str, str]:
    """What a timeline row records of a tip: ``words``, ``said_by``, ``url``; empty where it records none."""
    return {"words": facts["words"], "said_by": facts["said_by"], "url": facts["url"]} if "words" in facts else _NOTHING


def open_reported(
    tip: Tip, playbook: Playbook, owner: Actor, brand_name: str, now: datetime, *, owned_because: str = ""
) -> Opening:
    """A new incident with its checklist and its first rows: what was said, how bad it is, who has it.

    There are no figures behind it: whether many people care is what the first step of its checklist finds out.
    """
    severity = tip.severity or USUAL
    incident = Incident(
        id=None,
        brand=tip.brand,
        kind=REPORTED,
        title=f"{brand_name}: {tip.headline}",
        severity=severity,
        status=Status.OPEN,
        owner=owner.id,
        why=f"{tip.source} reported this; it was not found by listening. Whether it is true is still to be found out.",
        playbook=playbook.id,
        playbook_version=playbook.version,
        opened_at=now,
        acknowledge_by=now + playbook.clocks[severity].acknowledge,
        first_public_by=now + playbook.clocks[severity].first_public,
        severity_by=tip.taken_by.id if tip.severity else SYSTEM.id,
        wave_at=now,
    )
    judged = f"{tip.taken_by.name} judged it so." if tip.severity else "What is reported by hand starts here."
    rows = (
        TimelineEvent(now, EventKind.OPENED, tip.taken_by.id, _sentence(tip), _facts(tip)),
        TimelineEvent(now, EventKind.SEVERITY, incident.severity_by, f"Set to {severity}. {judged}", _set(severity)),
        first_owner(owner, now, owned_because),
    )
    return Opening(incident, checklist(playbook, severity, now, brand=incident.real_brand), rows)


def join_reported(incident: Incident, tip: Tip, playbook: Playbook, now: datetime) -> Change | Refusal:
    """A tip that belongs to an open incident.

    One that is said to be worse than the incident raises it; the caller then moves the checklist
    (:func:`playbooks.checklist.reclock`). None lowers it.
    """
    if incident.ended:
        return Refusal(f"Incident {incident.id} is over already; report it as something else.")
    at = clamped(incident, now)
    told = TimelineEvent(at, EventKind.JOINED, tip.taken_by.id, _sentence(tip), _facts(tip))
    joined = replace(incident, version=incident.version + 1, changed_at=at)
    if tip.severity is None or tip.severity.rank >= incident.severity.rank:
        return Change(joined, told)
    judged = replace(joined, severity=tip.severity, severity_by=tip.taken_by.id)
    raised = tightened(judged, playbook, playbook.clocks[incident.severity])
    text = f"Raised from {incident.severity} to {tip.severity}. {tip.taken_by.name} judged it so."
    facts = {**_set(tip.severity), "previous_severity": incident.severity.value}
    return Change(raised, TimelineEvent(at, EventKind.SEVERITY, tip.taken_by.id, text, facts), (told,))


def newest_report(events: Sequence[TimelineEvent]) -> TimelineEvent | None:
    """The newest row that records a tip, None where none does; the rows come oldest first."""
    return next((event for event in reversed(events) if report_in(event.facts)), None)


def _sentence(tip: Tip) -> str:
    link = f" {tip.url}" if tip.url else ""
    return f"{tip.source} reported: “{tip.words}”{link}"


def _facts(tip: Tip) -> dict[str, str]:
    return {"words": tip.words, "said_by": tip.source, "url": tip.url or ""}


def _set(severity: Severity) -> dict[str, str]:
    return {"severity": severity.value}
