"""What a review says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from incidents.incident import EventKind
from playbooks.playbook import Severity
from reports.review.measuring import PromiseOutcome, Reading, StepOutcome
from reports.review.record import Action, Comment, Ending, Figures
from reports.review.recovery import Wave


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """How bad it was held to be from a moment on; ``previous`` is None for the first time."""

    at: datetime
    severity: Severity
    previous: Severity | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the review is of; people are named.

    Attributes:
        number: of the incident, None where it is not stored.
        owners: everybody who had it, in order; the last one has it now.
        written_at: the moment whose state the review tells.
    """

    number: int | None
    brand: str
    title: str
    severity: Severity
    severities: tuple[SeverityChange, ...]
    drill: bool
    ending: Ending
    owners: tuple[str, ...]
    opened_at: datetime
    ended_at: datetime | None
    time_zone: ZoneInfo
    written_at: datetime
    category: str
    playbook: str


@dataclass(frozen=True, slots=True)
class Row:
    """Something that happened: a row of the timeline, with the name of who did it.

    ``minor`` says that it was work on the way, such as a draft, and no part of the story in short.
    """

    at: datetime
    kind: EventKind
    who: str
    text: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """A statement that the public could read, or a draft where ``at`` is None; people are named."""

    kind: str
    title: str
    text: str
    at: datetime | None
    url: str
    author: str
    approved_by: str


class About(StrEnum):
    """Which of the three failed."""

    PEOPLE = "people"
    PROCESS = "process"
    TECHNOLOGY = "technology"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the record shows, in a sentence.

    Attributes:
        about: which of the three it is about, None where it went well.
        remedy: what could be changed, empty where nothing need be.
    """

    text: str
    about: About | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Edits:
    """What people wrote in the place of the draft; None where the draft stands, empty where they struck it out."""

    summary: str | None = None
    worked: str | None = None
    people: str | None = None
    process: str | None = None
    technology: str | None = None
    changes: str | None = None
    actions: tuple[Action, ...] | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts of a review that people write; a line is a paragraph or a point of a list."""

    summary: str
    worked: str
    people: str
    process: str
    technology: str
    changes: str


@dataclass(frozen=True, slots=True)
class Review:
    """The whole review of one incident."""

    head: Head
    clocks: tuple[Reading, ...]
    wave: Wave | None
    figures: Figures
    steps: tuple[StepOutcome, ...]
    statements: tuple[Published, ...]
    promises: tuple[PromiseOutcome, ...]
    timeline: tuple[Row, ...]
    findings: tuple[Finding, ...]
    texts: Texts
    actions: tuple[Action, ...]
    comments: tuple[Comment, ...]

    @property
    def hand_overs(self) -> tuple[Row, ...]:
        """When it changed hands; the first owner's row is none."""
        rows = [row for row in self.timeline if row.kind is EventKind.HANDED_OVER]
        first = rows[0] if rows and rows[0].at == self.head.opened_at else None
        return tuple(row for row in rows if row is not first)
