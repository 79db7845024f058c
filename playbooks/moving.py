"""A running incident moves to another version of its playbook: what would change, in words, before it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from playbooks.checklist import refit
from playbooks.playbook import ChecklistStep, Clocks, Playbook, Severity, StatementTemplate

# Field of a checklist step or statement -> what people call it.
_STEP_WORDS = {
    "title": "title",
    "why": "why it matters",
    "how": "what to do",
    "role": "who does it",
    "you_may": "what may be done without asking",
    "phase": "phase",
    "after": "what it waits for",
    "evidence_asked": "what has to be shown",
    "approval": "who must approve",
    "statement": "the statement it publishes",
}
_STATEMENT_WORDS = {"kind": "what it is for", "title": "title", "text": "words", "applies": "when it is meant"}
_CLOCK_WORDS = {
    "acknowledge": "to acknowledge",
    "first_public": "for the first public answer",
    "update_every": "between two updates",
}
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Changed:
    """A step or a statement that both versions have, and that is not the same in both.

    Attributes:
        title: in the new version.
        what: what is different, in the words of people.
    """

    key: str
    title: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """An open step that is due at another time."""

    key: str
    title: str
    before: datetime
    after: datetime

    def __str__(self) -> str:
        length = _spoken(abs(self.after - self.before))
        return f"“{self.title}” is due {length} {'later' if self.after > self.before else 'earlier'}."


@dataclass(frozen=True, slots=True)
class Difference:
    """What moving a running incident from one version of a playbook to another would change.

    Attributes:
        steps: the checklist after the move.
        added: steps that come in.
        removed: open steps that leave.
        kept: done or skipped steps that the new version does not have; they stay, at the end.
        changed: open steps whose text or demands are others.
        reordered: whether steps that stay stand in another order.
        deadlines: open steps that are due at another time.
        statements_added, statements_removed: templates, whether or not they are meant for this incident.
        statements_changed: templates that are worded otherwise.
        clocks: sentences on the clocks that are others at this severity.
        stances_changed: whether the advice on the stance is other.
    """

    steps: tuple[ChecklistStep, ...]
    added: tuple[ChecklistStep, ...]
    removed: tuple[ChecklistStep, ...]
    kept: tuple[ChecklistStep, ...]
    changed: tuple[Changed, ...]
    reordered: bool
    deadlines: tuple[Deadline, ...]
    statements_added: tuple[StatementTemplate, ...]
    statements_removed: tuple[StatementTemplate, ...]
    statements_changed: tuple[Changed, ...]
    clocks: tuple[str, ...]
    stances_changed: bool

    def sentences(self) -> tuple[str, ...]:
        """The same for people, the gravest first; one sentence where nothing changes."""
        told = (
            *(f"“{step.title}” is new." for step in self.added),
            *(f"“{step.title}” is no longer to be done." for step in self.removed),
            *(f"“{step.title}” is no longer in the plan; what was done stays, at the end." for step in self.kept),
            *map(str, self.deadlines),
            *(f"“{one.title}” changes: {_listed(one.what)}." for one in self.changed),
            *(("The steps stand in another order.",) if self.reordered else ()),
            *self.clocks,
            *(f"The statement “{one.title}” is new." for one in self.statements_added),
            *(f"The statement “{one.title}” is gone; drafts made from it stay." for one in self.statements_removed),
            *(f"The statement “{one.title}” changes: {_listed(one.what)}." for one in self.statements_changed),
            *(("The advice on the stance changes.",) if self.stances_changed else ()),
        )
        return told or ("Nothing changes for this incident.",)


def difference(
    steps: Iterable[ChecklistStep],
    old: Playbook,
    new: Playbook,
    severity: Severity,
    category: str | None,
    brand: str,
    opened_at: datetime,
) -> Difference:
    """What moving an incident to a new version of its playbook would change; its ``steps`` are the move itself.

    Args:
        steps: the checklist as it is, made from ``old``.
    """
    held = {step.key: step for step in steps}
    fitted = refit(held.values(), new, severity, category, brand, opened_at)
    was_planned, planned = ({step.key for step in playbook.steps} for playbook in (old, new))
    stay = [(held[step.key], step) for step in fitted.steps if step.key in held and step.done_at is None]
    templates = {one.key: one for one in old.statements}
    common = [(templates[one.key], one) for one in new.statements if one.key in templates]
    return Difference(
        steps=fitted.steps,
        added=fitted.came,
        removed=fitted.left,
        kept=tuple(step for step in fitted.steps if step.key in was_planned - planned),
        changed=tuple(_changes(stay, _STEP_WORDS)),
        reordered=_reordered([step.key for step in old.steps], [step.key for step in new.steps]),
        deadlines=tuple(Deadline(a.key, a.title, b.due_at, a.due_at) for b, a in stay if b.due_at != a.due_at),
        statements_added=tuple(one for one in new.statements if one.key not in templates),
        statements_removed=tuple(one for one in old.statements if one.key not in {pair[0].key for pair in common}),
        statements_changed=tuple(_changes(common, _STATEMENT_WORDS)),
        clocks=_clock_changes(old.clocks[severity], new.clocks[severity]),
        stances_changed=old.stances != new.stances,
    )


def _changes(
    pairs: Sequence[tuple[ChecklistStep, ChecklistStep]] | Sequence[tuple[StatementTemplate, StatementTemplate]],
    words: Mapping[str, str],
) -> Iterable[Changed]:
    for before, after in pairs:
        what = tuple(word for name, word in words.items() if getattr(before, name) != getattr(after, name))
        if what:
            yield Changed(after.key, after.title, what)


def _reordered(before: Sequence[str], after: Sequence[str]) -> bool:
    return [key for key in before if key in set(after)] != [key for key in after if key in set(before)]


def _clock_changes(before: Clocks, after: Clocks) -> tuple[str, ...]:
    told = []
    for field in fields(Clocks):
        was, becomes = getattr(before, field.name), getattr(after, field.name)
        if was != becomes:
            told.append(f"The time {_CLOCK_WORDS[field.name]} is {_clock(becomes)}, it was {_clock(was)}.")
    return tuple(told)


def _clock(length: timedelta | None) -> str:
    return _spoken(length) if length else "not limited"


def _spoken(length: timedelta) -> str:
    """``1 day 2 hours``, ``30 minutes``; at least a minute."""
    minutes = max(length // _MINUTE, 1)
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in parts if number)


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
