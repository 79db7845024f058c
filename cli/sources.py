"""``groundswell sources``: which sources are heard, which are not and what to do; ``wake`` asks one again."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from cli.config import config_option
from cli.output import ago, ahead, counted, plain
from detection.source_state import SourceState
from services.installation import open_installation
from services.source_reports import SourceReport, source_reports
from services.watching_sources import wake_source

_HEAD = ("SOURCE", "STATE", "ANSWERED", "LAST NEW POST", "NEXT VISIT", "TODAY (UTC)")
_COLOURS = {
    SourceState.STOPPED: "red",
    SourceState.FAILING: "red",
    SourceState.SILENT: "yellow",
    SourceState.BUDGET_SPENT: "yellow",
    SourceState.RESTING: "yellow",
}


@click.group(
    invoke_without_command=True,
    help="Show how the sources fare, those that are not heard first: when each answered, when it last showed something "
    "new, when it is asked again, and what it used today.",
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Write one JSON array.")
@click.pass_context
def command(ctx: click.Context, config: Path, *, as_json: bool) -> None:
    """List the sources, unless a command below is called."""
    if ctx.invoked_subcommand:
        return
    inst = open_installation(config, os.environ)
    with inst.database, inst.database.reading() as connection:
        reports = source_reports(connection, inst)
    if as_json:
        click.echo(json.dumps([as_record(report) for report in reports]))
        return
    for line in lines(reports, inst.clock()):
        click.echo(line)


@command.command(help="Ask a source again in the next round, although it stopped for good or its host wants a rest.")
@config_option
@click.argument("source_id", metavar="ID")
@click.pass_context
def wake(ctx: click.Context, config: Path, source_id: str) -> None:
    """Clear what keeps a source from being asked; an id that is not there is raised."""
    if ctx.parent and ctx.get_parameter_source("config") is ParameterSource.DEFAULT:
        config = ctx.parent.params["config"]
    inst = open_installation(config, os.environ)
    with inst.database:
        woken = wake_source(inst, source_id)
    told = "is asked in the next round." if woken else "was not asked yet; the next round does."
    click.echo(plain(f"{source_id} {told}"))


def lines(reports: Sequence[SourceReport], now: datetime) -> list[str]:
    """The sources for people: a table, under each row what is the matter and what to do, then a sum."""
    if not reports:
        return [
            "There are no sources in the settings. Add one under sources; groundswell preview shows what it brings."
        ]
    rows = [_HEAD, *(_row(report, now) for report in reports)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    told = [click.style(_line(_HEAD, widths), dim=True)]
    for report, row in zip(reports, rows[1:], strict=True):
        told += [_coloured(_line(row, widths), report.health.state), *_notes(report, now)]
    deaf = sum(report.health.deaf for report in reports)
    total = counted(len(reports), "source")
    return [*told, f"{len(reports) - deaf} of {total} heard." if deaf else f"Nothing is amiss with {total}."]


def as_record(report: SourceReport) -> dict[str, Any]:
    """A source for programs; times are ISO 8601, ``budget`` is null where nobody counts."""
    facts, health, allowance = report.facts, report.health, report.allowance
    moments = {
        "since": health.since,
        "last_success": facts.succeeded_at,
        "last_change": facts.brought_at,
        "newest_post": facts.newest_at,
        "next_visit": None if health.state is SourceState.STOPPED else facts.next_at,
    }
    return {
        "source": report.source.id,
        "kind": report.source.kind,
        "state": health.state,
        "deaf": health.deaf,
        "sentence": health.sentence,
        "remedy": health.remedy,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "warning": facts.warning,
        "requests_today": report.usage.requests,
        "budget": allowance and {"used": allowance.used, "per_day": allowance.per_day, "unit": allowance.unit},
    }


def _row(report: SourceReport, now: datetime) -> tuple[str, ...]:
    facts, state = report.facts, report.health.state
    visit = ahead(facts.next_at, now) if facts.next_at else "next round"
    spoke_at = facts.newest_at or facts.brought_at
    return (
        plain(report.source.id),
        state.value,
        ago(facts.succeeded_at, now) if facts.succeeded_at else "never",
        ago(spoke_at, now) if spoke_at else "none yet",
        "none" if state is SourceState.STOPPED else visit,
        _used(report),
    )


def _coloured(line: str, state: SourceState) -> str:
    return click.style(line, fg=_COLOURS[state]) if state in _COLOURS else line


def _used(report: SourceReport) -> str:
    requests, allowance = counted(report.usage.requests, "request"), report.allowance
    if allowance is None:
        return requests
    counts = f"{allowance.used:,} of {allowance.per_day:,} {allowance.unit}"
    return counts if allowance.unit == "requests" else f"{requests}, {counts}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _notes(report: SourceReport, now: datetime) -> list[str]:
    """What is the matter and what to do, where something is; else what is odd but does not hurt."""
    health, facts = report.health, report.facts
    if health.remedy:
        since = f" (since {ago(health.since, now)})" if health.since else ""
        wake = [f"    To ask it once more: groundswell sources wake {report.source.id}"]
        told = [f"    {plain(health.sentence)}{since}", f"    {plain(health.remedy)}"]
        return told + wake if health.state.can_be_woken else told
    return [f"    note: {plain(facts.warning)}"] if facts.warning else []
