"""Lengths of time as options."""

from __future__ import annotations

from datetime import timedelta

import click

from cli.output import plain
from settings import durations

_LEAST = timedelta(minutes=1)


class Length(click.ParamType[timedelta]):
    """A length of time as settings write it, of a minute or more."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or say how it is written."""
        try:
            length = durations.parse(str(value))
            if length < _LEAST:
                raise ValueError("shorter than a minute")  # noqa: TRY301  # said as what cannot be read is
        except ValueError as error:
            self.fail(f"{plain(str(value))!r} is {error}. Write it as 90m, 24h or 7d.", param, ctx)
        return length
