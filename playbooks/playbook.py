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


@dataclass(frozen=True, slots=True)
class Clocks:
    """How fast a severity asks a team to be; None where it does not ask.

    Attributes:
        acknowledge: from opening until somebody says "I have it".
        first_public: from opening until the first public answer.
        update_every: longest silence between two updates.
    """

    acknowledge: timedelta
    first_public: timedelta
    update_every: timedelta | None


@dataclass(frozen=True, slots=True)
class Applies:
    """When a part of a playbook is meant; nothing named means always.

    Attributes:
        severities: any of these.
        categories: any of these crisis categories, by id.
        brands: any of these brands, by id.
    """

    severities: tuple[Severity, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()

    def to(self, severity: Severity, category: str | None, brand: str) -> bool:
        """Whether it is meant for an incident; one without a category is in none of those named."""
        return (
            (not self.severities or severity in self.severities)
            and (not self.categories or category in self.categories)
            and (not self.brands or brand in self.brands)
        )


ALWAYS = Applies()


@dataclass(frozen=True, slots=True)
class Spending:
    """What may be spent without asking, in whole units of the team's own currency.

    Attributes:
        each: on one person.
        total: in the whole incident.
    """

    each: int
    total: int

    def __str__(self) -> str:
        return f"Spend up to {self.each:,} per person and {self.total:,} in all, in your currency, without asking."


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the plan; its steps stand together.

    Attributes:
        purpose: what it is for, a line.
    """

    key: str
    title: str
    purpose: str


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
        due: time allowed, by severity; every severity has one. Counts from the opening, or as ``after`` says.
        phase: key of the phase it belongs to.
        after: key of an earlier step: the time allowed counts from when that one is done, from its deadline while it
            is open. Empty where it counts from the opening.
        evidence: what has to be shown when it is ticked, empty where nothing.
        approval: the role that must approve, empty where none.
        approval_at: severities at which ``approval`` is asked; none named means at all.
        applies: the incidents that have this step.
        statement: key of the statement that it publishes, empty where none.
        preapproved: keys of statements that need no approval when worded as in the playbook.
    """

    key: str
    title: str
    why: str
    how: str
    role: str
    you_may: str
    due: dict[Severity, timedelta]
    phase: str = ""
    after: str = ""
    evidence: str = ""
    approval: str = ""
    approval_at: tuple[Severity, ...] = ()
    applies: Applies = ALWAYS
    statement: str = ""
    spending: Spending | None = None
    preapproved: tuple[str, ...] = ()

    def approver(self, severity: Severity) -> str:
        """The role that must approve at a severity, empty where none."""
        return self.approval if not self.approval_at or severity in self.approval_at else ""


class StatementKind(StrEnum):
    """What a statement is for."""

    HOLDING = "holding"
    APOLOGY = "apology"
    CORRECTION = "correction"
    UPDATE = "update"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class StatementTemplate:
    """Words to start from.

    Attributes:
        text: Jinja source, checked (:mod:`playbooks.statements`).
    """

    key: str
    kind: StatementKind
    title: str
    text: str
    applies: Applies = ALWAYS


class Cluster(StrEnum):
    """Whom people hold responsible, in the terms of situational crisis communication theory (Coombs 2007)."""

    VICTIM = "victim"
    ACCIDENTAL = "accidental"
    PREVENTABLE = "preventable"


@dataclass(frozen=True, slots=True)
class Stance:
    """Advice on how to stand towards what happened; people choose it, nothing is done by itself.

    Attributes:
        examples: what falls under it, a few words.
        because: the reason, so that a team can disagree with it.
    """

    cluster: Cluster
    examples: str
    advice: str
    because: str


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
    phases: tuple[Phase, ...] = ()
    statements: tuple[StatementTemplate, ...] = ()
    stances: tuple[Stance, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistStep:
    """A step of a running incident, pinned to the text it had when it came in.

    Attributes:
        position: 1 for the first step of the playbook; steps that do not apply leave gaps.
        due_at: its deadline.
        done_at: when it was ticked or skipped, None while open; ``done_by`` is the person's id.
        phase: title of its phase.
        evidence_asked: what has to be shown, empty where nothing; ``evidence`` is what was shown.
        approval: the role that must approve, empty where none.
        skipped: the reason, empty where it was not skipped.
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
