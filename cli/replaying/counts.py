"""``groundswell replay --counts``: what counts of the past would have raised."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from cli.output import counted, plain
from cli.replaying.output import Output, clock, csv_lines, remark_lines, remark_record
from detection.waking import Sensitivity, Waking
from playbooks.playbook import Severity
from services.files.exporting import write_whole
from services.replay.count_files import Counts, read_counts
from services.replay.counting import Judged, replay_counts
from services.replay.picturing import Listing, page, picture, replay_chart

# Counts say how many spoke, not how they felt or who they were: no more than a repeated pattern.
_SEVERITY = Severity.SEV3
_KIND = "volume_wave"
_COLUMNS = ("timestamp", "kind", "severity", "window_minutes", "observed", "expected", "threshold", "sentence")


def replay_file_of_counts(
    file: Path, output: Output, sensitivity: Sensitivity, date_format: str, encoding: str
) -> None:
    """Judge a file of counts, and say, write and draw what comes of it."""
    counts = read_counts(file, output.zone, date_format, encoding)
    judged = _judge(counts, sensitivity)
    alarms = [one for one in judged if one.waking is Waking.ALARM]
    if output.alerts:
        write_whole(output.alerts, csv_lines(_COLUMNS, [_alarm(one) for one in alarms]))
    if output.picture:
        write_whole(output.picture, [_drawn(counts, judged, alarms, file, output)])
    if output.as_json:
        click.echo(json.dumps(_record(counts, judged, alarms)))
        return
    for line in (*_lines(counts, judged, alarms, output.zone), *remark_lines(counts.remarks)):
        click.echo(plain(line))


def _drawn(
    counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged], file: Path, output: Output
) -> str | bytes:
    chart = replay_chart(judged, counts.step, file.stem, output.zone)
    if not output.is_page:
        return picture(chart)
    rows = [(clock(one.at, output.zone), one.sentence) for one in alarms]
    return page(file.stem, [_total(counts, judged, alarms)], [chart], [Listing(("Alarm", "Why"), rows)])


def _judge(counts: Counts, sensitivity: Sensitivity) -> list[Judged]:
    steps = replay_counts(counts, sensitivity)
    with click.progressbar(steps, length=len(counts.values), label="Replaying", file=sys.stderr) as shown:
        return [*shown]


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
        "remarks": [remark_record(one) for one in counts.remarks],
    }


def _lines(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged], zone: ZoneInfo) -> list[str]:
    each = (f"{one.at.astimezone(zone):%Y-%m-%d %H:%M %Z}  {one.sentence}" for one in alarms)
    return [*each, _total(counts, judged, alarms)]


def _total(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged]) -> str:
    weeks = _weeks(judged, counts)
    return f"{counted(len(alarms), 'alarm')} in {weeks:.1f} weeks, {len(alarms) / weeks:.2f} a week."
