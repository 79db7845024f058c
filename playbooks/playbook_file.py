"""The shape of a playbook file, in the words that its author reads when something is wrong with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from playbooks.playbook import Clocks, Playbook, Severity, Step

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _duration(written: object) -> timedelta:
    match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", written) if isinstance(written, str) else None
    if match is None:
        raise ValueError("write a number of minutes, hours or days above zero, such as 20m, 4h or 1d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("write it on one line")
    return text


def _key(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", text):
        raise ValueError("write small letters, digits and hyphens, such as holding-statement")
    return text


def _kind(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", text):
        raise ValueError("write the name of a kind of signal, such as negative_wave")
    return text


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[Text, AfterValidator(_one_line)]
T = TypeVar("T")


class FileModel(BaseModel):
    """Refuses what it does not know, so that a misspelt setting is never silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PerSeverity(FileModel, Generic[T]):
    """One value for each severity."""

    SEV1: T
    SEV2: T
    SEV3: T
    SEV4: T

    def by_severity(self) -> dict[Severity, T]:
        """The values from the worst severity to the mildest."""
        return {severity: getattr(self, severity.value) for severity in Severity}


class Due(PerSeverity[Duration]):
    """Time allowed for a step."""

    @model_validator(mode="after")
    def _worse_is_never_slower(self) -> Due:
        for (worse, sooner), (milder, later) in pairwise(self.by_severity().items()):
            if sooner > later:
                raise ValueError(f"give {worse} no more time than {milder}")
        return self


class ClocksFile(FileModel):
    """The clocks of a severity."""

    acknowledge: Duration
    first_public: Duration
    update_every: Duration | None = None

    def clocks(self) -> Clocks:
        """The same as the domain has it."""
        return Clocks(self.acknowledge, self.first_public, self.update_every)


class StepFile(FileModel):
    """A step."""

    key: Annotated[str, AfterValidator(_key)]
    title: Line
    why: Text
    how: Text
    role: Line
    you_may: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    due: Due

    def step(self) -> Step:
        """The same as the domain has it."""
        return Step(self.key, self.title, self.why, self.how, self.role, self.you_may, self.due.by_severity())


def _keys_differ(steps: tuple[StepFile, ...]) -> tuple[StepFile, ...]:
    twice = sorted(key for key, count in Counter(step.key for step in steps).items() if count > 1)
    if twice:
        raise ValueError(f"give every step a key of its own; used more than once: {', '.join(twice)}")
    return steps


class PlaybookFile(FileModel):
    """A whole playbook; ``categories`` and ``kinds`` say which waves it is taken for."""

    title: Line
    summary: Text
    categories: tuple[Annotated[str, AfterValidator(_key)], ...] = ()
    kinds: tuple[Annotated[str, AfterValidator(_kind)], ...] = ()
    clocks: PerSeverity[ClocksFile]
    steps: Annotated[tuple[StepFile, ...], Field(min_length=1), AfterValidator(_keys_differ)]

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
        )
