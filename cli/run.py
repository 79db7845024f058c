"""``groundswell run``: one tick, without a Prefect server."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cli.config import config_option
from cli.output import counted, plain
from detection.signal import Verdict
from services.collecting import Collected
from services.installation import open_installation
from services.settling import Evaluated
from services.ticking import TickReport, tick


@click.command(
    help="Listen once: ask every source that is due, look at every brand, send what waits. Needs no Prefect server. "
    "The exit code is 0 even where a source failed, and 1 where the tick could not be done."
)
@config_option
@click.option("--all", "everything", is_flag=True, help="Ask sources that are not due, too.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(config: Path, *, everything: bool, as_json: bool) -> int:
    """Exit code 0, or 1 where another process is in the middle of a tick; other failures are raised."""
    inst = open_installation(config, os.environ)
    with inst.database:
        report = tick(inst, everything=everything)
    if as_json:
        click.echo(json.dumps(as_record(report)))
    else:
        for line in lines(report):
            click.echo(plain(line))
    return 1 if report.skipped else 0


def lines(report: TickReport) -> list[str]:
    """A tick for people: a line a source, a line a signal, a line about mails."""
    if report.skipped:
        return [f"Nothing was done: {report.skipped}. Try again in a few seconds."]
    if not report.collected:
        sources = ["No source is due; --all asks every one."]
    else:
        width = max(len(one.source) for one in report.collected) + 1
        sources = [f"{f'{one.source}:':<{width}} {_source(one)}" for one in report.collected]
    signals = [_signal(one) for one in report.evaluated]
    return [*sources, *(signals or ["No signal."]), *_mails(report)]


def as_record(report: TickReport) -> dict[str, Any]:
    """A tick for programs."""
    return {
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat(),
        "skipped": report.skipped,
        "sources": [asdict(one) for one in report.collected],
        "signals": [_signal_record(one) for one in report.evaluated],
        "mails": asdict(report.delivered),
    }


def _source(one: Collected) -> str:
    if one.problem:
        return f"FAILED. {one.problem} {one.remedy or ''}".rstrip()
    if one.postponed:
        return f"Put off. {one.postponed}"
    notes = f" (note: {' '.join(one.warnings)})" if one.warnings else ""
    return f"{counted(one.new, 'new mention')} among {counted(one.seen, 'entry', 'entries')}{notes}"


def _signal(one: Evaluated) -> str:
    if one.signal.verdict is not Verdict.FIRED:
        return f"{_NO_ALARM[one.signal.verdict]}: {one.signal.sentence}"
    opened = "is opened" if one.opened else "is open"
    return f"Signal: {one.signal.sentence} Incident {one.incident_id} {opened}."


_NO_ALARM = {Verdict.HELD: "No alarm", Verdict.NOTICED: "Worth knowing", Verdict.GOES_ON: "Still raised"}


def _mails(report: TickReport) -> list[str]:
    delivered = report.delivered
    if not delivered.sent and not delivered.failed:
        return ["No mail was due."]
    waiting = f", {delivered.failed} not sent and kept for later" if delivered.failed else ""
    return [f"{counted(delivered.sent, 'mail')} sent{waiting}.", *delivered.problems]


def _signal_record(one: Evaluated) -> dict[str, Any]:
    signal = one.signal
    return {
        "brand": signal.brand,
        "kind": signal.kind,
        "verdict": signal.verdict,
        "reason": signal.reason,
        "sentence": signal.sentence,
        "observed": signal.observed,
        "expected": signal.expected,
        "threshold": signal.threshold,
        "at": signal.at.isoformat(),
        "incident": one.incident_id,
        "opened": one.opened,
    }
