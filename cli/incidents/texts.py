"""Longer texts: as typed, from standard input where ``-`` is given, or from a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.output import plain


def typed(text: str) -> str:
    """The text itself, or all of standard input in place of ``-``."""
    return _decoded(sys.stdin.buffer.read(), "Standard input") if text == "-" else text


def of_file(file: str) -> str:
    """The text of a file, ``-`` for standard input."""
    if file == "-":
        return typed(file)
    try:
        return _decoded(Path(file).read_bytes(), f'"{plain(file)}"')
    except OSError as error:
        raise click.UsageError(f'"{plain(file)}" cannot be read: {error.strerror or error}.') from None


def _decoded(found: bytes, what: str) -> str:
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError:
        raise click.UsageError(f"{what} is not UTF-8 text. Nothing was changed.") from None
