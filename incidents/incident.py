"""An incident, and what is recorded about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from playbooks.playbook import ChecklistStep, Severity

# The kind of an incident that no signal opened: somebody told us.
REPORTED = "reported"


class Status(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class EventKind(StrEnum):
    """What a timeline row records."""

    OPENED = "opened"
    JOINED = "joined"
    SEVERITY = "severity"
    ACKNOWLEDGED = "acknowledged"
    HANDED_OVER = "handed_over"
    STEP_DONE = "step_done"
    STEP_UNDONE = "step_undone"
    NOTE = "note"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    EBBED = "ebbed"
    ALERTED = "alerted"
    ALERT_FAILED = "alert_failed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts on an incident: the id that is recorded and the name that sentences use."""

    id: str
    name: str


SYSTEM = Actor("groundswell", "Groundswell")


@dataclass(frozen=True, slots=True)
class Incident:
    """One issue of one brand.

    Attributes:
        id: number, None before it is stored.
        kind: the kind of signal that opened it, one open incident per brand and kind; or ``reported``, of which a brand
            may have several.
        owner: id of the one person who has it, from the first second.
        why: the sentence of the signal that opened or last raised it.
        playbook, playbook_version: what its checklist was made from.
        update_due_at: when the next status update is promised, None where none is.
        version: rises by one with every change; a change is made only to the version its author saw.
        observed: mentions an hour of the biggest signal that the timeline recorded; what a further one is measured by.
        changed_at: when it last changed, None until it has changed since it opened.
        severity_by: who set the severity, ``groundswell`` or the id of a person, whose judgement counts do not undo.
        wave_at: when its wave was last seen.
        peak: mentions an hour of the biggest signal of its present wave.
        ebbed_at: when its wave was found to be over, None while it goes on.
        drill: it is rehearsed; nobody outside has complained, and it counts for nothing.
    """

    id: int | None
    brand: str
    kind: str
    title: str
    severity: Severity
    status: Status
    owner: str
    why: str
    playbook: str
    playbook_version: str
    opened_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    update_due_at: datetime | None = None
    version: int = 1
    observed: int = 0
    changed_at: datetime | None = None
    severity_by: str = SYSTEM.id
    wave_at: datetime | None = None
    peak: int = 0
    ebbed_at: datetime | None = None
    drill: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """A row of the timeline; rows are only ever added.

    Attributes:
        actor: id of a person, or ``groundswell`` for the system itself.
        text: the sentence people read.
        facts: figures and names behind the sentence, for programs.
    """

    at: datetime
    kind: EventKind
    actor: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


def first_owner(owner: Actor, at: datetime, because: str) -> TimelineEvent:
    """The row that says who has a new incident; ``because`` is the sentence of the routing that chose them."""
    text = " ".join(filter(None, (f"{owner.name} owns it.", because)))
    return TimelineEvent(at, EventKind.HANDED_OVER, SYSTEM.id, text, {"owner": owner.id})


def clamped(incident: Incident, now: datetime) -> datetime:
    """Now, or the moment of the last change where a clock says it is earlier."""
    return max(now, incident.changed_at or incident.opened_at)


@dataclass(frozen=True, slots=True)
class Change:
    """A decision to change an incident: what it becomes, and the rows that record it.

    Attributes:
        event: the row of what was asked for.
        preceded_by: rows of what it brought with it, such as the acknowledgement in an owner's first step.
    """

    incident: Incident
    event: TimelineEvent
    preceded_by: tuple[TimelineEvent, ...] = ()

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """All rows in order; these are what is stored."""
        return (*self.preceded_by, self.event)


@dataclass(frozen=True, slots=True)
class StepChange:
    """A decision to tick or untick a step; the incident's version rises with it."""

    position: int
    done_at: datetime | None
    done_by: str | None
    change: Change


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, for the person who asked.

    Attributes:
        facts: what the sentence rests on (ids, times in ISO 8601), for pages that show names and local times.
    """

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """A decision to open an incident: itself, its checklist and its first rows, to be stored together."""

    incident: Incident
    steps: tuple[ChecklistStep, ...]
    events: tuple[TimelineEvent, ...]
