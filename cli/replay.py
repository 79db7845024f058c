"""``groundswell replay``: which alarms the past would have raised, when and why."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from cli.output import counted, plain
from detection.waking import Sensitivity, Waking
from playbooks.playbook import Severity
from services.replay.count_files import Counts, Remark, read_counts
from services.replay.counting import Judged, replay_counts
from services.replay.picturing import replay_chart, save_picture

# Counts say how many spoke, not how they felt or who they were: no more than a repeated pattern.
_SEVERITY = Severity.SEV3
_KIND = "volume_wave"
_COLUMNS = ("timestamp", "kind", "severity", "window_minutes", "observed", "expected", "threshold", "sentence")
_SHOWN = 10


@click.command(
    help="Run counts of the past (CSV with timestamp,value; steps of a minute to an hour) through what judges the "
    "present, and show which alarms there would have been. Counts carry no authors: floors on people do not apply."
)
@click.option("--counts", "file", required=True, type=click.Path(path_type=Path), help="The file of counts.")
@click.option(
    "--alerts", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write the alarms to a CSV file."
)
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Draw it: a .png or an .html file.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@click.option("--sensitivity", type=click.Choice([*Sensitivity]), default=Sensitivity.NORMAL, show_default=True)
@click.option("--time-zone", default="UTC", show_default=True, help="Of times that name none.")
def command(
    file: Path, out: Path | None, picture: Path | None, sensitivity: str, time_zone: str, *, as_json: bool
) -> None:
    """Judge a file of counts."""
    zone = _zone(time_zone)
    counts = read_counts(file, zone)
    judged = _judge(counts, Sensitivity(sensitivity))
    alarms = [one for one in judged if one.waking is Waking.ALARM]
    if out:
        _write(out, alarms)
    if picture:
        save_picture(
            picture, replay_chart(judged, counts.step, file.stem, zone), _total(counts, judged, alarms), alarms
        )
    if as_json:
        click.echo(json.dumps(_record(counts, judged, alarms)))
        return
    for line in (*_lines(counts, judged, alarms), *_remarks(counts.remarks)):
        click.echo(plain(line))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(
            f'"{plain(name)}" is no time zone, as Europe/Berlin is.', param_hint="--time-zone"
        ) from None


def _judge(counts: Counts, sensitivity: Sensitivity) -> list[Judged]:
    steps = replay_counts(counts, sensitivity)
    with click.progressbar(steps, length=len(counts.values), label="Replaying", file=sys.stderr) as shown:
        return [*shown]


def _write(out: Path, alarms: Sequence[Judged]) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for one in alarms:
            record = _alarm(one)
            writer.writerow([record[name] for name in _COLUMNS])


def _alarm(one: Judged) -> dict[str, Any]:
    return {
        "timestamp": one.at.isoformat(),
        "kind": _KIND,
        "severity": _SEVERITY,
        "window_minutes": one.window.total_seconds() / 60,
        "observed": one.observed,
        "expected": None if one.expected is None else round(one.expected, 1),
        "threshold": round(one.threshold, 1),
        "beyond": round(one.beyond, 2),
        "sentence": one.sentence,
    }


def _weeks(judged: Sequence[Judged], counts: Counts) -> float:
    return (judged[-1].at - counts.values[0][0]).total_seconds() / 604_800


def _record(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged]) -> dict[str, Any]:
    return {
        "rows": counts.rows,
        "step_seconds": counts.step.total_seconds(),
        "since": counts.values[0][0].isoformat(),
        "until": judged[-1].at.isoformat(),
        "alarms": [_alarm(one) for one in alarms],
        "alarms_a_week": round(len(alarms) / _weeks(judged, counts), 2),
        "remarks": [{"line": one.line, "text": one.text, "used": one.used} for one in counts.remarks],
    }


def _lines(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged]) -> list[str]:
    return [*(f"{one.at:%Y-%m-%d %H:%M}  {one.sentence}" for one in alarms), _total(counts, judged, alarms)]


def _total(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged]) -> str:
    weeks = _weeks(judged, counts)
    return f"{counted(len(alarms), 'alarm')} in {weeks:.1f} weeks, {len(alarms) / weeks:.2f} a week."


def _remarks(remarks: Sequence[Remark]) -> list[str]:
    shown = [f"line {one.line}: {one.text}{'' if one.used else ' It was left out.'}" for one in remarks[:_SHOWN]]
    more = len(remarks) - len(shown)
    return [*shown, *([f"and {counted(more, 'remark')} more; --json shows all."] if more else [])]
