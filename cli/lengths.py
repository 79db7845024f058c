"""Lengths of time as options."""

from __future__ import annotations

from datetime import timedelta

import click

from cli.output import plain
from settings import durations


class Length(click.ParamType[timedelta]):
    """A length of time as settings write it."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or say how it is written."""
        try:
            return durations.parse(str(value))
        except ValueError as error:
            self.fail(f"{plain(str(value))!r} is {error}. Write it as 90m, 24h or 7d.", param, ctx)
