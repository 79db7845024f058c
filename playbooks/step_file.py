"""The shape of a step in a playbook file."""

from __future__ import annotations

from itertools import pairwise

from pydantic import ConfigDict, model_validator

from playbooks.file_types import Amount, Duration, FileModel, Key, Keys, Line, PerSeverity, Severities, Text
from playbooks.playbook import ALWAYS, Applies, Spending, Step


class OnlyFile(FileModel):
    """When this is meant. An incident has to fit every line that is written here; leave ``only`` out for always."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    severity: Severities | None = None
    """Severities, such as ``[SEV1, SEV2]``."""
    category: Keys | None = None
    """Ids of crisis categories, such as ``[data-breach]``."""
    brand: Keys | None = None
    """Ids of brands from your settings, such as ``[northwind]``."""

    @model_validator(mode="after")
    def _names_something(self) -> OnlyFile:
        if self.severity is self.category is self.brand is None:
            raise ValueError("name severity, category or brand here, or leave it out")
        return self

    def applies(self) -> Applies:
        """The same as the domain has it."""
        return Applies(self.severity or (), self.category or (), self.brand or ())


class SpendingFile(FileModel):
    """What may be spent without asking, in whole units of your currency."""

    each: Amount
    """On one person."""
    total: Amount
    """In the whole incident."""

    @model_validator(mode="after")
    def _one_fits_in_all(self) -> SpendingFile:
        if self.each > self.total:
            raise ValueError("allow at least as much in all as for one person")
        return self


class Due(PerSeverity[Duration]):
    """Time allowed, by severity. It counts from the opening of the incident, or as ``after`` says."""

    @model_validator(mode="after")
    def _worse_is_never_slower(self) -> Due:
        for (worse, sooner), (milder, later) in pairwise(self.by_severity().items()):
            if sooner > later:
                raise ValueError(f"give {worse} no more time than {milder}")
        return self


class StepFile(FileModel):
    """One thing to do."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"approval_at": ["approval"]}})

    key: Key
    """A short name that stays the same when you reword the step; running incidents find the step by it."""
    phase: Key
    """Key of the phase that it belongs to."""
    title: Line
    """What to do, in a line that begins with a verb."""
    why: Text
    """A sentence or two on why it matters now."""
    how: Text
    """What to do in detail, one line for each action."""
    role: Line
    """Who does it, such as comms lead."""
    you_may: Text | None = None
    """What may be done without asking."""
    spending: SpendingFile | None = None
    preapproved: Keys | None = None
    """Keys of statements that may be published as they stand here, without the approval."""
    after: Key | None = None
    """Key of an earlier step. The time allowed then counts from when that one is done, or from its deadline while it is
    still open."""
    due: Due
    evidence: Line | None = None
    """What has to be shown when the step is ticked, such as a link."""
    approval: Line | None = None
    """The role that must approve, such as legal."""
    approval_at: Severities | None = None
    """The severities at which the approval is asked; leave it out for all."""
    only: OnlyFile | None = None
    statement: Key | None = None
    """Key of the statement that this step publishes."""

    def step(self) -> Step:
        """The same as the domain has it."""
        return Step(
            key=self.key,
            title=self.title,
            why=self.why,
            how=self.how,
            role=self.role,
            you_may=self.you_may or "",
            due=self.due.by_severity(),
            phase=self.phase,
            after=self.after or "",
            evidence=self.evidence or "",
            approval=self.approval or "",
            approval_at=self.approval_at or (),
            applies=self.only.applies() if self.only else ALWAYS,
            statement=self.statement or "",
            spending=Spending(self.spending.each, self.spending.total) if self.spending else None,
            preapproved=self.preapproved or (),
        )
