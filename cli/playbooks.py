"""``groundswell playbooks``: read the playbooks, and check one that is being written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from cli.output import counted, plain
from playbooks.library import PlaybookError, available, load, parse
from playbooks.playbook import Applies, Clocks, Playbook, Stance, StatementTemplate, Step
from playbooks.schema import written

_MINUTE = timedelta(minutes=1)


@click.group(help="Read the playbooks, and check one that you are writing. docs/playbooks.md says how to write one.")
def command() -> None:
    """Only its commands do something."""


@command.command("list", help="List the playbooks that come with Groundswell.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
def list_them(*, as_json: bool) -> None:
    """One line for each."""
    for playbook in map(load, available()):
        if as_json:
            click.echo(json.dumps(_summary(playbook)))
        else:
            click.echo(
                f"{playbook.id:<22} {playbook.title}: {counted(len(playbook.steps), 'step')}, {_made_for(playbook)}"
            )


@command.command(help="Show a playbook as a team reads it.")
@click.argument("playbook_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def show(playbook_id: str, *, as_json: bool) -> None:
    """The whole of it."""
    playbook = load(playbook_id)
    click.echo(json.dumps(as_record(playbook)) if as_json else "\n".join(lines(playbook)))


@command.command(help="Check playbook files: everything that is wrong, with file and line.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> int:
    """Exit code 0 where all can be used, else 1."""
    code = 0
    for file in files:
        try:
            playbook = parse(file.read_bytes(), str(file))
        except PlaybookError as error:
            click.echo(plain(str(error), keep="\n"), err=True)
            code = 1
        else:
            text = f"{file}: {playbook.title}, {counted(len(playbook.steps), 'step')}, version {playbook.version}"
            click.echo(plain(text))
    return code


@command.command(help="Write the JSON Schema of a playbook file, for editors and other programs.")
def schema() -> None:
    """The same as docs/playbook.schema.json."""
    click.echo(written(), nl=False)


def _summary(playbook: Playbook) -> dict[str, Any]:
    names = ("id", "version", "title", "summary", "categories", "kinds")
    return {**{name: getattr(playbook, name) for name in names}, "steps": len(playbook.steps)}


def as_record(playbook: Playbook) -> dict[str, Any]:
    """A playbook for programs; times are whole minutes."""
    record = asdict(playbook)
    record["clocks"] = {one: _minutes(asdict(clocks)) for one, clocks in playbook.clocks.items()}
    record["steps"] = [{**asdict(step), "due": _minutes(dict(step.due))} for step in playbook.steps]
    return record


def _minutes(lengths: dict[Any, timedelta | None]) -> dict[str, int | None]:
    return {str(name): None if length is None else length // _MINUTE for name, length in lengths.items()}


def lines(playbook: Playbook) -> Iterator[str]:
    """A playbook for people, one text a line."""
    yield f"{playbook.title} ({playbook.id}, version {playbook.version})"
    yield playbook.summary
    yield f"It is {_made_for(playbook)}."
    yield ""
    yield "CLOCKS, from the opening"
    yield from (f"  {severity}  {_clocks(clocks)}" for severity, clocks in playbook.clocks.items())
    for phase in playbook.phases:
        yield from ("", f"{phase.title.upper()}: {phase.purpose}")
        for number, step in enumerate(playbook.steps, start=1):
            if step.phase == phase.key:
                yield from ("", *_step(number, step, playbook))
    for template in playbook.statements:
        yield from ("", *_statement(template))
    yield from (("", "STANCE") if playbook.stances else ())
    for stance in playbook.stances:
        yield from _stance(stance)


def _made_for(playbook: Playbook) -> str:
    named = [
        *(one.replace("-", " ") for one in playbook.categories),
        *(one.replace("_", " ") for one in playbook.kinds),
    ]
    return f"for {', '.join(named)}" if named else "for whatever no other is made for"


def _clocks(clocks: Clocks) -> str:
    updates = f", update every {_length(clocks.update_every)}" if clocks.update_every else ""
    return f"acknowledge {_length(clocks.acknowledge)}, first public answer {_length(clocks.first_public)}{updates}"


def _step(number: int, step: Step, playbook: Playbook) -> Iterator[str]:
    yield f"  {number} {step.title} ({step.role}){_only(step.applies)}"
    titles = {one.key: one.title for one in playbook.steps}
    words = {one.key: one.title for one in playbook.statements}
    due = ", ".join(f"{severity} {_length(length)}" for severity, length in step.due.items())
    start = f'after "{titles[step.after]}"' if step.after else "from the opening"
    yield f"    Due: {due}, {start}"
    yield f"    Why: {step.why}"
    yield from (f"    - {line}" for line in step.how.splitlines())
    may = " ".join(part for part in (step.you_may, str(step.spending or "")) if part)
    at = f" at {', '.join(step.approval_at)}" if step.approval_at else ""
    told = {
        "You may, without asking": may,
        "Show": step.evidence,
        "Needs a yes": f"{step.approval}{at}" if step.approval else "",
        "Publishes": words.get(step.statement, ""),
        "Approved in advance": ", ".join(words[key] for key in step.preapproved),
    }
    yield from (f"    {name}: {text}" for name, text in told.items() if text)


def _statement(template: StatementTemplate) -> Iterator[str]:
    yield f"STATEMENT: {template.title} ({template.kind}){_only(template.applies)}"
    yield from (f"  {line}".rstrip() for line in template.text.splitlines())


def _stance(stance: Stance) -> Iterator[str]:
    yield f"  {stance.cluster.capitalize()} ({stance.examples})"
    yield f"    {stance.advice}"
    yield f"    Because: {stance.because}"


def _only(applies: Applies) -> str:
    named = [*applies.severities, *applies.categories, *applies.brands]
    return f", only for {', '.join(named)}" if named else ""


def _length(length: timedelta) -> str:
    minutes = length // _MINUTE
    for unit, name in ((24 * 60, "d"), (60, "h")):
        if minutes % unit == 0:
            return f"{minutes // unit} {name}"
    return f"{minutes} min"
