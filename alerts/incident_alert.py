"""What a letter about an incident says, as it waits in the outbox until it is written and delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from alerts.stored import read_stored
from playbooks.playbook import Severity


class LetterKind(StrEnum):
    """What happened."""

    OPENED = "opened"
    RAISED = "raised"
    JOINED = "joined"
    HANDED_OVER = "handed_over"
    OFFERED = "offered"
    DECLINED = "declined"
    UPDATE = "update"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Post:
    """One of the posts that show what it is about; written by a stranger. ``source`` is its name for people."""

    author: str | None
    source: str
    text: str
    url: str | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told us: their words, who they are for people, where it can be seen, when they said it."""

    words: str
    said_by: str
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class WavePoint:
    """Counts from ``start`` until the next point, what is usual there, and up to where a count is still usual."""

    start: datetime
    observed: int
    expected: float
    expected_high: float
    negative: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """The first open step of the checklist."""

    position: int
    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentAlert:
    """An alert to one person about one incident.

    Attributes:
        title: what is going on; a leading ``<brand>: `` is not repeated.
        why: the sentence of the signal.
        about: what kind of trouble most posts tell of, a sentence; empty where none stands out.
        observed, expected, ratio, authors: the figures of the signal.
        since: when the rise began, None where that is unknown.
        happened_at: when the incident was opened or raised.
        posts: the first three are shown.
        reason: why the recipient gets this, to follow "because": ``you own this incident``.
        acknowledge_by: None once somebody has acknowledged it.
        next_step: None where every step is done.
        link: page of the incident.
        time_zone: the recipient's.
        points: for the chart, in order of time, evenly spaced.
        raised_from: the severity before, where it was raised.
        counted: what ``observed`` counts, in the plural.
        learning: what is usual is not known yet; ``expected`` and ``ratio`` then say nothing.
        measured: there are figures; those of an incident that was only reported by hand say nothing.
        told: what somebody reported by hand or wrote as an update, where that is the news or all that is known.
        drill: it is rehearsed; the letter says so before anything else.
    """

    kind: LetterKind
    incident_id: int
    brand: str
    severity: Severity
    title: str
    why: str
    observed: int
    expected: float
    ratio: float
    authors: int
    since: datetime | None
    happened_at: datetime
    posts: tuple[Post, ...]
    owner_id: str
    owner_name: str
    recipient_id: str
    recipient_name: str
    reason: str
    acknowledge_by: datetime | None
    next_step: NextStep | None
    link: str
    time_zone: ZoneInfo
    points: tuple[WavePoint, ...] = ()
    raised_from: Severity | None = None
    counted: str = "mentions"
    learning: bool = False
    measured: bool = True
    told: Told | None = None
    about: str = ""
    drill: bool = False

    def to_json(self) -> str:
        """As text for the outbox."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> IncidentAlert:
        """The alert as it was stored.

        Raises:
            DeliveryError: the text is not an alert; permanent.
        """
        return read_stored(_ADAPTER, text)


_ADAPTER = TypeAdapter(IncidentAlert)
