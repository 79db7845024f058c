"""The shape of a playbook file; what its parts say of each other is checked in :mod:`playbooks.cross_checks`."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from playbooks.file_types import Duration, FileModel, Key, Kind, Line, PerSeverity, Text
from playbooks.playbook import ALWAYS, Clocks, Cluster, Phase, Playbook, Stance, StatementKind, StatementTemplate
from playbooks.step_file import OnlyFile, StepFile
from playbooks.wording import LONGEST


class ClocksFile(FileModel):
    """How fast a severity asks a team to be, counted from the opening of the incident."""

    acknowledge: Duration
    """Until somebody says "I have it"."""
    first_public: Duration
    """Until the first public answer."""
    update_every: Duration | None = None
    """The longest silence between two updates; leave it out where none is promised."""

    def clocks(self) -> Clocks:
        """The same as the domain has it."""
        return Clocks(self.acknowledge, self.first_public, self.update_every)


class AllClocks(PerSeverity[ClocksFile]):
    """The clocks of each severity; a worse one is never slower."""

    @model_validator(mode="after")
    def _worse_is_never_slower(self) -> AllClocks:
        for (worse, faster), (milder, slower) in pairwise(self.by_severity().items()):
            for name in ClocksFile.model_fields:
                sooner, later = getattr(faster, name), getattr(slower, name)
                if later is not None and (sooner is None or sooner > later):
                    raise ValueError(f"give {worse} no slower {name} than {milder}")
        return self


class PhaseFile(FileModel):
    """A stretch of the plan. Its steps stand together, in the order of the phases."""

    key: Key
    """The name by which steps say that they belong to it."""
    title: Line
    """A word or two for people."""
    purpose: Line
    """One line that says what this phase is for."""

    def phase(self) -> Phase:
        """The same as the domain has it."""
        return Phase(self.key, self.title, self.purpose)


class StatementFile(FileModel):
    """Words to start from, so that nobody begins with an empty page."""

    key: Key
    """The name by which steps speak of it."""
    kind: StatementKind
    """What it is for."""
    title: Line
    """Its name for people."""
    only: OnlyFile | None = None
    text: Annotated[Text, Field(json_schema_extra={"maxLength": LONGEST})]
    """The words. ``{{ brand }}`` stands for a fact of the incident, ``[where people get help]`` for what only people
    know."""

    def statement(self) -> StatementTemplate:
        """The same as the domain has it."""
        return StatementTemplate(
            self.key, self.kind, self.title, self.text, self.only.applies() if self.only else ALWAYS
        )


class StanceFile(FileModel):
    """Advice on how to stand towards what happened."""

    cluster: Cluster
    """Whom people hold responsible: nobody of us (victim), us without intent (accidental), us (preventable)."""
    examples: Line
    """What falls under it, in a few words."""
    advice: Text
    """What to do and to say."""
    because: Text
    """The reason, so that somebody can disagree with it."""

    def stance(self) -> Stance:
        """The same as the domain has it."""
        return Stance(self.cluster, self.examples, self.advice, self.because)


class PlaybookFile(FileModel):
    """A step-by-step plan for a crisis in public: what to do, by whom, by when, and what to say."""

    title: Line
    """Its name for people."""
    summary: Text
    """What it is for and the thought behind it, a sentence or three."""
    categories: tuple[Key, ...] = ()
    """Ids of the crisis categories that it is taken for."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of signal that it is taken for where no playbook is made for the category."""
    clocks: AllClocks
    phases: Annotated[tuple[PhaseFile, ...], Field(min_length=1, max_length=20)]
    """The phases, in their order."""
    steps: Annotated[tuple[StepFile, ...], Field(min_length=1, max_length=100)]
    """The steps, in the order in which they are done."""
    statements: Annotated[tuple[StatementFile, ...], Field(max_length=100)] = ()
    """The statements to start from."""
    stances: tuple[StanceFile, ...] = ()
    """Advice on the stance to take, with its reason."""

    def version(self) -> str:
        """12 hexadecimal digits that stand for the content; comments, order of settings and layout don't count.

        Settings left at their default are not part of it, so that a setting added to this format one day does not
        change the version of files that know nothing of it.
        """
        content = json.dumps(self.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def playbook(self, playbook_id: str) -> Playbook:
        """The same as the domain has it."""
        return Playbook(
            id=playbook_id,
            version=self.version(),
            title=self.title,
            summary=self.summary,
            clocks={severity: clocks.clocks() for severity, clocks in self.clocks.by_severity().items()},
            steps=tuple(step.step() for step in self.steps),
            categories=self.categories,
            kinds=self.kinds,
            phases=tuple(phase.phase() for phase in self.phases),
            statements=tuple(statement.statement() for statement in self.statements),
            stances=tuple(stance.stance() for stance in self.stances),
        )
