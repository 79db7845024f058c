"""What a review is written from: an incident with all that was recorded about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Protocol
from zoneinfo import ZoneInfo

from incidents.incident import SYSTEM, EventKind, Incident, TimelineEvent
from incidents.promises import Promised
from playbooks.playbook import ChecklistStep, Clocks, Severity
from reports.wave import WaveChart
from voices.crowd import Crowd, SilentCustomers

# How many unhappy customers stand behind each who says so, where a team has no figure of its own.
SILENT_FACTOR = 26


class Ending(StrEnum):
    """How an incident ended."""

    RUNNING = "running"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Statement(Protocol):
    """A public text, as far as a review tells of it."""

    @property
    def kind(self) -> str:
        """``holding``, ``apology``, ``correction``, ``update`` or ``closing``."""

    @property
    def title(self) -> str:
        """What the team calls it."""

    @property
    def text(self) -> str:
        """Its last version."""

    @property
    def published_at(self) -> datetime | None:
        """When the public could read it, None where it was not published."""

    @property
    def url(self) -> str | None:
        """Where it stands."""

    @property
    def author(self) -> str:
        """Id of who wrote the last version."""

    @property
    def approved_by(self) -> str | None:
        """Id of who approved it."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote beside the review; ``by`` is a person's id, in a review the name."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done about it, by whom and until when; empty and None where that is still open."""

    what: str
    who: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many spoke while it went on.

    Attributes:
        voices: who stands behind all mentions.
        complaints: who stands behind the negative ones.
        reach: followers of everybody who spoke, None where no source tells.
        factor: unhappy customers behind each who complains.
    """

    voices: Crowd = field(default_factory=Crowd)
    complaints: Crowd = field(default_factory=Crowd)
    reach: int | None = None
    factor: int = SILENT_FACTOR

    @property
    def silent(self) -> SilentCustomers:
        """Those who think the same and say nothing, estimated."""
        return SilentCustomers(self.complaints.authors, self.factor)


@dataclass(frozen=True, slots=True)
class Record:
    """What the clocks and the checklist of an incident are read from.

    Attributes:
        clocks: of the playbook that the incident is pinned to.
        now: the moment at which the review is written.
        first_public_at: when the public first heard from us, None where it did not.
        skipped: reasons by the position of the step.
    """

    incident: Incident
    events: tuple[TimelineEvent, ...]
    steps: tuple[ChecklistStep, ...]
    clocks: Mapping[Severity, Clocks]
    now: datetime
    first_public_at: datetime | None = None
    drill: bool = False
    skipped: Mapping[int, str] = field(default_factory=dict)

    @property
    def ending(self) -> Ending:
        """How it ended."""
        status = self.incident.status.value
        if status in {Ending.DISMISSED.value, Ending.MERGED.value}:
            return Ending(status)
        return Ending.RESOLVED if self.incident.resolved_at else Ending.RUNNING

    def severity_at(self, moment: datetime) -> Severity:
        """How bad it was held to be at a moment."""
        said = ((event.at, event.facts) for event in self.events if "severity" in event.facts)
        changes = sorted(said, key=lambda change: change[0])
        before = [facts["severity"] for at, facts in changes if at <= moment]
        after = [facts.get("previous_severity", "") for at, facts in changes if at > moment]
        told = chain(reversed(before), after)
        return next((Severity(one) for one in told if one in set(Severity)), self.incident.severity)

    def first(self, kind: EventKind) -> TimelineEvent | None:
        """The earliest row of a kind, None where there is none."""
        return min((event for event in self.events if event.kind is kind), key=lambda event: event.at, default=None)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a review is drafted from.

    Attributes:
        names: of people, by their ids.
        time_zone: the team's; all times are told in it.
        rise_at: when the rise began; None to take it from the row that opened the incident.
        wave: counts from before the rise to the end, None where nothing was counted.
        category, playbook: in words for people.
    """

    record: Record
    brand: str
    names: Mapping[str, str]
    time_zone: ZoneInfo
    rise_at: datetime | None = None
    wave: WaveChart | None = None
    figures: Figures = field(default_factory=Figures)
    statements: tuple[Statement, ...] = ()
    promises: tuple[Promised, ...] = ()
    comments: tuple[Comment, ...] = ()
    category: str = ""
    playbook: str = ""

    def name(self, person: str | None) -> str:
        """The name of a person, the id where no name is known; the system's own rows are Groundswell's."""
        return SYSTEM.name if person == SYSTEM.id else self.names.get(person or "", person or "")
