"""An incident, and what is recorded about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from incidents.drills import real_brand
from playbooks.playbook import ChecklistStep, Severity, StatementKind

# The kind of an incident that no signal opened: somebody told us.
REPORTED = "reported"


class Status(StrEnum):
    """Where an incident stands.

    The first four are worked on; the others have ended: over, over and learned from, noise, part of another one.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESPONDING = "responding"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    REVIEWED = "reviewed"
    DISMISSED = "dismissed"
    MERGED = "merged"


class EventKind(StrEnum):
    """What a timeline row records."""

    OPENED = "opened"
    JOINED = "joined"
    SEVERITY = "severity"
    CATEGORY = "category"
    ACKNOWLEDGED = "acknowledged"
    RESPONDING = "responding"
    MONITORING = "monitoring"
    OFFERED = "offered"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    STEP_DONE = "step_done"
    STEP_UNDONE = "step_undone"
    STEP_SKIPPED = "step_skipped"
    STEP_APPROVED = "step_approved"
    PLAYBOOK = "playbook"
    TASK = "task"
    NOTE = "note"
    CORRECTED = "corrected"
    UPDATE = "update"
    STATEMENT = "statement"
    FOLLOWED = "followed"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    MERGED = "merged"
    REOPENED = "reopened"
    REVIEWED = "reviewed"
    EBBED = "ebbed"
    PROPOSED = "proposed"
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
        resolved_at: when it ended, also as noise or as part of another one; None while it is worked on.
        update_due_at: when the next public update is promised, None where none is.
        version: rises by one with every change; a change is made only to the version its author saw.
        observed: mentions an hour of the biggest signal that the timeline recorded; what a further one is measured by.
        changed_at: when it last changed, None until it has changed since it opened.
        severity_by: who set the severity, ``groundswell`` or the id of a person, whose judgement counts do not undo.
        wave_at: when its wave was last seen.
        peak: mentions an hour of the biggest signal of its present wave.
        ebbed_at: when its wave was found to be over, None while it goes on.
        category: of the crisis, None where none stands out; with the severity it decides which steps apply.
        offered_to: id of the person who is asked to take it over and has not answered; the owner has it until then.
        merged_into: number of the incident that it became a part of.
        first_public_by: until when the public is to hear a first word, None where that is not asked.
        first_public_at: when it did.
        briefing_due_at: when those who read along are promised the next internal update, None where none is.
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
    category: str | None = None
    offered_to: str | None = None
    merged_into: int | None = None
    first_public_by: datetime | None = None
    first_public_at: datetime | None = None
    briefing_due_at: datetime | None = None
    drill: bool = False

    @property
    def real_brand(self) -> str:
        """Id of the brand that it is about, also where it is rehearsed under another."""
        return real_brand(self.brand)

    @property
    def ended(self) -> bool:
        """Nobody works on it any more."""
        return self.resolved_at is not None


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """A row of the timeline; rows are only ever added.

    Attributes:
        actor: id of a person, or ``groundswell`` for the system itself.
        text: the sentence people read.
        facts: figures and names behind the sentence, for programs.
        id: number, None before it is stored.
    """

    at: datetime
    kind: EventKind
    actor: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    id: int | None = None


def first_owner(owner: Actor, at: datetime, because: str) -> TimelineEvent:
    """The row that says who has a new incident; ``because`` is the sentence of the routing that chose them."""
    text = " ".join(filter(None, (f"{owner.name} owns it.", because)))
    return TimelineEvent(at, EventKind.HANDED_OVER, SYSTEM.id, text, {"owner": owner.id})


def clamped(incident: Incident, now: datetime) -> datetime:
    """Now, or the moment of the last change where a clock says it is earlier."""
    return max(now, incident.changed_at or incident.opened_at)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do that stands in no playbook.

    Attributes:
        number: 1 for the first of its incident.
        assignee: id of the person who does it, None where it is for whoever comes first.
        due_at: None where there is no hurry.
        done_at: None while it is open; ``done_by`` is the person's id.
    """

    number: int
    title: str
    assignee: str | None
    due_at: datetime | None
    added_by: str
    added_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Words for the public, in their newest version; the versions before stay.

    Attributes:
        number: 1 for the first of its incident.
        key: of the template it began as, empty where it began empty.
        version: 1 for the first; rises by one with every edit.
        author: id of the person who wrote this version, at ``written_at``.
        approved_by: id of the second pair of eyes that read this version, None where nobody has.
        published_at: from then on the words are as they were said.
        url: where they can be read, None where that is not known.
    """

    number: int
    key: str
    kind: StatementKind
    title: str
    text: str
    version: int
    author: str
    written_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    published_by: str | None = None
    published_at: datetime | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who reads along and does nothing: gets the internal updates. ``until`` is None while they do."""

    person: str
    added_by: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What people wrote of an incident afterwards.

    Attributes:
        texts: by the name of the part (:data:`incidents.reviewing.PARTS`); parts that nobody touched are missing.
        version: 1 for the first; rises by one with every edit.
        finished_at: when it was declared complete.
    """

    texts: Mapping[str, str]
    version: int
    written_by: str
    written_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """All steps of an incident, in order; stored in place of those before."""

    steps: tuple[ChecklistStep, ...]


Record = ChecklistStep | Checklist | Task | Statement | Follower | Review


@dataclass(frozen=True, slots=True)
class Change:
    """A decision to change an incident: what it becomes, and the rows that record it.

    Attributes:
        event: the row of what was asked for.
        preceded_by: rows of what it brought with it, such as the acknowledgement in an owner's first step.
        also: what is stored together with it.
    """

    incident: Incident
    event: TimelineEvent
    preceded_by: tuple[TimelineEvent, ...] = ()
    also: tuple[Record, ...] = ()

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """All rows in order; these are what is stored."""
        return (*self.preceded_by, self.event)


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
