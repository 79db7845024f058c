"""A playbook as the checklist engine sees it, and the checklist of one incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; SEV1 is the worst. Compare with :attr:`rank`."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"

    @property
    def rank(self) -> int:
        """1 for the worst to 4 for the mildest."""
        return int(self.value[-1])

    @property
    def meaning(self) -> str:
        """What makes it so, in a few words."""
        return _MEANINGS[self]


_MEANINGS = {
    Severity.SEV1: "safety, law or national media",
    Severity.SEV2: "spreading fast, or trade press",
    Severity.SEV3: "the same complaint, repeated",
    Severity.SEV4: "one isolated complaint",
}


class StatementKind(StrEnum):
    """What words for the public are for."""

    HOLDING = "holding"
    APOLOGY = "apology"
    CORRECTION = "correction"
    UPDATE = "update"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Clocks:
    """How fast a severity asks a team to be; None where it does not ask.

    Attributes:
        acknowledge: from opening until somebody says "I have it".
        first_public: from opening until the first public word.
        update_every: longest silence between two updates.
    """

    acknowledge: timedelta
    first_public: timedelta
    update_every: timedelta | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        key: stable name within the playbook (``holding-statement``).
        title: imperative, a line long.
        why: a sentence or two on why it matters now.
        how: what to do, plain text, may have several lines.
        role: who does it (``comms lead``).
        you_may: what may be done without asking, empty where nothing special.
        due: time allowed from the opening, by severity; every severity has one.
    """

    key: str
    title: str
    why: str
    how: str
    role: str
    you_may: str
    due: dict[Severity, timedelta]


@dataclass(frozen=True, slots=True)
class Playbook:
    """A step-by-step plan.

    Attributes:
        id: its file's name (``communication-crisis``).
        version: changes with every change of its content; an incident keeps the version it started with.
        clocks: per severity.
        categories: crisis categories it is made for, by their ids.
        kinds: kinds of signal it is made for where no playbook is for the category.
    """

    id: str
    version: str
    title: str
    summary: str
    clocks: dict[Severity, Clocks]
    steps: tuple[Step, ...]
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistStep:
    """A step of a running incident, pinned to the text it had when the incident opened.

    Attributes:
        position: of the step in its playbook, 1 for the first; steps that do not apply are left out.
        due_at: its deadline.
        done_at: when it was ticked or skipped, None while open; ``done_by`` is the person's id.
        phase: title of its phase, empty where the playbook has none.
        after: key of the step that its deadline counts from, empty where it counts from the opening.
        evidence_asked: what is to be shown when it is done, empty where nothing is; ``evidence`` is what was shown.
        approval: the role whose yes it needs, empty where it needs none; ``approved_by`` is the person's id.
        statement: key of the statement it publishes, empty where it publishes none.
        skipped: why it was left out, empty where it was not.
    """

    position: int
    key: str
    title: str
    why: str
    how: str
    role: str
    you_may: str
    due_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None
    phase: str = ""
    after: str = ""
    evidence_asked: str = ""
    evidence: str = ""
    approval: str = ""
    approved_by: str | None = None
    approved_at: datetime | None = None
    statement: str = ""
    skipped: str = ""
