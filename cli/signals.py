"""``groundswell signals``: what stood out and what was decided; marks for what was noise and what was missed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from cli.config import config_option
from cli.lengths import Length
from cli.output import plain
from cli.tip import person_called
from console.decision_words import OUTCOMES, in_short, kind_words, reason_words
from database.marks import all_marks
from database.reading_signals import Asked, Decision, Shown, list_decisions, tally
from detection.marks import Mark
from errors import GroundswellError
from incidents.incident import Refusal
from services.installation import Installation, open_installation
from services.marking import mark_missed, mark_noise, mark_wrongly_held, read_moment, unmark

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])
_MOST = 10_000


class MarkError(GroundswellError):
    """A mark was not kept or not taken back; nothing was changed."""


def by_options(function: AnyFunction) -> AnyFunction:
    """Add who says it, and a note."""
    by = click.option(
        "--by", required=True, metavar="PERSON", help="Who says it: id or name of somebody of the settings."
    )
    return by(click.option("--note", default="", help="Why, in one line.")(function))


@click.group(
    help="List what stood out and what was decided, also where nobody was woken, with the reason; say afterwards what "
    "was noise and what was missed."
)
def command() -> None:
    """The commands below do the work."""


@command.command("list", help="List the decisions of a time, the last one made first, and what people said of them.")
@config_option
@click.option("--brand", default="", help="Id of a brand; else all.")
@click.option("--since", type=Length(), default="7d", show_default=True, help="How far back: 90m, 24h, 30d.")
@click.option("--held", is_flag=True, help="Only what was held.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def list_signals(config: Path, brand: str, since: timedelta, *, held: bool, as_json: bool) -> None:
    """Show what was decided and what was missed."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _check_brand(inst, brand)
        asked = Asked(brand, Shown.HELD if held else Shown.ALL, inst.clock() - since)
        with inst.database.reading() as connection:
            decisions = list_decisions(connection, asked, None, _MOST)
            marks = all_marks(connection, brand or None, asked.since)
            told = in_short(tally(connection, asked))
    missed = [one for one in marks if one.signal_id is None]
    if as_json:
        records = {"signals": [as_record(one) for one in decisions], "missed": [mark_record(one) for one in missed]}
        click.echo(json.dumps(records))
        return
    for line in (*lines(inst, decisions), *missed_lines(inst, missed)):
        click.echo(plain(line))
    click.echo(f"{told or 'Nothing has stood out'}. Times are {inst.settings.time_zone}.")


@command.command(help="Say that an alarm was noise. Its incident stays as it is.")
@config_option
@click.argument("signal_id", metavar="ID", type=click.IntRange(min=1))
@by_options
def noise(config: Path, signal_id: int, by: str, note: str) -> None:
    """Mark one; what is not taken is raised."""
    _mark(config, signal_id, mark_noise, by, note)


@command.command("wrongly-held", help="Say that what was held should have been an alarm.")
@config_option
@click.argument("signal_id", metavar="ID", type=click.IntRange(min=1))
@by_options
def wrongly_held(config: Path, signal_id: int, by: str, note: str) -> None:
    """Mark one; what is not taken is raised."""
    _mark(config, signal_id, mark_wrongly_held, by, note)


def _mark(config: Path, signal_id: int, marking: Callable[..., Mark | Refusal], by: str, note: str) -> None:
    inst = open_installation(config, os.environ)
    with inst.database:
        mark = _taken(f"signal {signal_id}", marking(inst, signal_id, _person(inst, by), note))
    click.echo(plain(f"Signal {signal_id} is marked as {mark.verdict}{_undone_by(mark)}"))


@command.command(
    help='Say that an alarm about a brand should have come at a moment: "2026-05-12 14:30", in the time zone of the '
    "settings, or with an offset, 2026-05-12T14:30+02:00."
)
@config_option
@click.argument("brand")
@click.argument("when")
@by_options
def missed(config: Path, brand: str, when: str, by: str, note: str) -> None:
    """Mark a moment; what is not taken is raised."""
    inst = open_installation(config, os.environ)
    with inst.database:
        moment = _moment(when, inst.settings.time_zone)
        mark = _taken(brand, mark_missed(inst, brand, moment, _person(inst, by), note))
    told = _clock(moment, inst.settings.time_zone)
    click.echo(plain(f"Noted: an alarm about {inst.name_of_brand(brand)} was missed on {told}{_undone_by(mark)}"))


@command.command("unmark", help="Take a mark back, by the number that it was given.")
@config_option
@click.argument("mark_id", metavar="ID", type=click.IntRange(min=1))
def unmark_one(config: Path, mark_id: int) -> None:
    """Take one back; one that is not there is raised."""
    inst = open_installation(config, os.environ)
    with inst.database:
        mark = _taken(f"mark {mark_id}", unmark(inst, mark_id))
    about = f"signal {mark.signal_id}" if mark.signal_id else f"{inst.name_of_brand(mark.brand)}"
    click.echo(plain(f"Taken back: mark {mark_id} ({mark.verdict}) on {about}."))


def lines(inst: Installation, decisions: tuple[Decision, ...]) -> Iterator[str]:
    """Decisions for people."""
    zone = inst.settings.time_zone
    for one in decisions:
        outcome = OUTCOMES[one.outcome].lower()
        held = f" ({reason_words(one.reason)})" if one.outcome == "held" else ""
        incident = f", incident {one.incident_id}" if one.incident_id else ""
        about = f"{inst.name_of_brand(one.brand)}: {kind_words(one.kind).lower()}"
        yield f"{one.id:>5}  {_clock(one.at, zone)}  {about}, {outcome}{held}{incident}"
        yield f"       {one.sentence}"
        if one.mark:
            yield f"       {_said(inst, one.mark)}"


def missed_lines(inst: Installation, missed: list[Mark]) -> Iterator[str]:
    """Alarms that did not come, for people."""
    for one in missed:
        yield f"       {_clock(one.moment, inst.settings.time_zone)}  {inst.name_of_brand(one.brand)}: no alarm came"
        yield f"       {_said(inst, one)}"


def as_record(one: Decision) -> dict[str, Any]:
    """A decision for programs: times are ISO 8601, lengths seconds, null where nothing is known."""
    values = {**asdict(one), "window": one.window.total_seconds(), "mark": one.mark and mark_record(one.mark)}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def mark_record(one: Mark) -> dict[str, Any]:
    """A mark for programs."""
    return {**asdict(one), "moment": one.moment.isoformat(), "at": one.at.isoformat()}


def _said(inst: Installation, mark: Mark) -> str:
    note = f": {mark.note}" if mark.note else ""
    return f"mark {mark.id}: {mark.verdict}, says {inst.name_of(mark.by)}{note}"


def _undone_by(mark: Mark) -> str:
    return f" (mark {mark.id}). To take it back: groundswell signals unmark {mark.id}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _taken(subject: str, done: Mark | Refusal) -> Mark:
    if isinstance(done, Refusal):
        raise MarkError(subject, done.text, "Nothing was changed.")
    return done


def _person(inst: Installation, name: str) -> str:
    person = person_called(inst, name)
    if person is None:
        raise click.BadParameter(f'"{plain(name)}" is none of: {", ".join(inst.names)}.', param_hint="--by")
    return person


def _moment(written: str, zone: ZoneInfo) -> datetime:
    moment = read_moment(written, zone)
    if moment is None:
        told = (
            f'"{plain(written)}" is not a day and a time. Write it as "2026-05-12 14:30", which is read in {zone}, or '
        )
        raise click.BadParameter(f"{told}with an offset, as 2026-05-12T14:30+02:00.", param_hint="WHEN")
    return moment


def _check_brand(inst: Installation, brand: str) -> None:
    known = [one.id for one in inst.settings.brands]
    if brand and brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")
