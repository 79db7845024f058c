"""Where evaluate and learn take labelled texts from: the team's corrections, or a file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.config import config_option
from cli.output import counted, plain
from sentiment.measures import TONES
from services.examples import Examples, of_corrections, of_rows, thresholds_of
from services.files.labelled import read_labelled
from services.installation import open_installation
from services.scorers import scorers
from settings.loading import load
from settings.model import Settings

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])
_SHOWN = 5  # rows that are left out


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the user says of the labels; ``file`` None stands for the team's corrections."""

    file: Path | None
    text: str
    label: str
    brand_column: str
    brand: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Labelled texts.

    Attributes:
        described: where they come from, for people.
        model: the file of the learned model that the settings name, None where they name none or were not read.
    """

    examples: Examples
    described: str
    model: Path | None


def label_options(function: AnyFunction) -> AnyFunction:
    """Add the options that :class:`Chosen` and ``config`` come from."""
    for option in (
        click.option("--encoding", default="", help="Of the file, where it is not UTF-8, as cp1252."),
        click.option("--brand", default="", help="Id of a brand: its corrections alone, or its scorer for the file."),
        click.option("--brand-column", default="", help="The column with the brand, whose name then is neutral."),
        click.option("--label", default="label", show_default=True, help="The column with the labels."),
        click.option("--text", default="text", show_default=True, help="The column with the texts."),
        click.option("--csv", "file", type=click.Path(path_type=Path), help="A labelled file, instead of corrections."),
        config_option,
    ):
        function = option(function)
    return function


def gather(config: Path, chosen: Chosen) -> Gathered:
    """The labelled texts that the user chose; rows of a file that are left out are told on stderr.

    Raises:
        SettingsError: the settings are wrong (they are read for corrections and for ``--brand``).
        DatabaseError: the corrections cannot be read.
        RowFileError: the file cannot be read as rows.
        ColumnsError: it lacks a column.
    """
    if chosen.brand and chosen.brand_column:
        raise click.UsageError("--brand and --brand-column exclude one another.")
    return _of_file(config, chosen.file, chosen) if chosen.file else _of_team(config, chosen.brand)


def described(gathered: Gathered) -> str:
    """How many texts there are of each label, in a sentence."""
    counted_labels = Counter(one.label for one in gathered.examples.all)
    counts = ", ".join(f"{counted_labels[label]:,} {label}" for label in TONES)
    return f"{counted(counted_labels.total(), 'labelled text')} of {gathered.described}: {counts}."


def _of_team(config: Path, brand: str) -> Gathered:
    inst = open_installation(config, os.environ)
    with inst.database:
        known = [one.id for one in inst.settings.brands]
        _check_brand(brand, known)
        found = of_corrections(inst, [brand] if brand else known)
    return Gathered(found, "the team's corrections", _model(inst.settings))


def _of_file(config: Path, file: Path, chosen: Chosen) -> Gathered:
    labelled = read_labelled(file, chosen.text, chosen.label, chosen.brand_column, chosen.encoding)
    _tell_refused(labelled.refused)
    if not chosen.brand:
        return Gathered(of_rows(labelled.rows), file.name, None)
    settings = load(config, os.environ)
    known = scorers(settings)
    _check_brand(chosen.brand, [*known])
    found = of_rows(labelled.rows, known[chosen.brand], thresholds_of(settings))
    return Gathered(found, file.name, _model(settings))


def _check_brand(brand: str, known: Sequence[str]) -> None:
    if brand and brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")


def _model(settings: Settings) -> Path | None:
    model = settings.sentiment.model
    return settings.path.parent / model if model else None


def _tell_refused(refused: Sequence[tuple[int, str]]) -> None:
    for line, why in refused[:_SHOWN]:
        click.echo(plain(f"line {line}: left out. {why}"), err=True)
    if len(refused) > _SHOWN:
        click.echo(f"{counted(len(refused), 'row')} left out in all.", err=True)
