"""What detection is told: how soon something is news, how many people it takes, how bad it then is."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from detection.waking import Sensitivity
from incidents.severity import Matrix
from incidents.severity_row import SeverityRow
from playbooks.playbook import Severity
from settings.rules import Every, refused
from settings.section import Model


class Row(Model):
    """A row of the severity matrix; the columns are those of :class:`incidents.severity_row.SeverityRow`."""

    severity: Severity
    kind: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    people: int = Field(default=0, ge=0)
    times: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    reach: int = Field(default=0, ge=0)
    negative_share: float = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.row == SeverityRow(self.severity):
            remedy = "Write a kind, a category, people, times, reach or negative_share; people: 1 holds for every wave."
            raise refused("The row asks for nothing.", remedy)
        return self

    @property
    def row(self) -> SeverityRow:
        """The same as incidents have it."""
        columns = (self.kind, self.category, self.people, self.times, self.reach, self.negative_share)
        return SeverityRow(self.severity, *columns)


class Detection(Model):
    """What is news, and how bad it is.

    ``sensitivity`` is how far beyond the usual extremes is news; a brand may have its own. A wave of complaints takes
    ``least_people`` distinct people. A wave within ``reopen_within`` after an incident was resolved wakes it instead of
    opening another. ``severity`` holds rows that are tried before the built-in ones.
    """

    sensitivity: Sensitivity = Sensitivity.NORMAL
    least_people: int = Field(default=5, ge=2)
    reopen_within: Every = timedelta(hours=24)
    severity: tuple[Row, ...] = ()

    @property
    def matrix(self) -> Matrix:
        """What waves are judged by: the team's rows, then the built-in ones."""
        return Matrix(tuple(row.row for row in self.severity))
