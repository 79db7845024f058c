"""``groundswell replay``: which alarms the past would have raised, when and why."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from cli.output import counted, plain
from detection.waking import Sensitivity, Waking
from playbooks.playbook import Severity
from services.files.exporting import write_whole
from services.replay.count_files import Counts, Remark, read_counts
from services.replay.counting import Judged, replay_counts
from services.replay.picturing import page, replay_chart
from services.replay.picturing import picture as drawn

# Counts say how many spoke, not how they felt or who they were: no more than a repeated pattern.
_SEVERITY = Severity.SEV3
_KIND = "volume_wave"
_COLUMNS = ("timestamp", "kind", "severity", "window_minutes", "observed", "expected", "threshold", "sentence")
_SHOWN = 10
_PAGES = {".html", ".htm"}


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
@click.option(
    "--sensitivity",
    type=click.Choice([each.value for each in Sensitivity]),
    default=Sensitivity.NORMAL.value,
    show_default=True,
    help="How far beyond the usual is news.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="Of times that name none, and of those shown.")
@click.option("--date-format", default="", help="How its times are written, as %d/%m/%Y.")
@click.option("--encoding", default="", help="Where it is not UTF-8, as cp1252.")
def command(file: Path, out: Path | None, picture: Path | None, *, as_json: bool, **given: str) -> None:
    """Judge a file of counts."""
    zone = _zone(given["time_zone"])
    _check_places(file, out, picture)
    counts = read_counts(file, zone, given["date_format"], given["encoding"])
    judged = _judge(counts, Sensitivity(given["sensitivity"]))
    alarms = [one for one in judged if one.waking is Waking.ALARM]
    if out:
        write_whole(out, _csv(alarms))
    if picture:
        chart = replay_chart(judged, counts.step, file.stem, zone)
        told = _total(counts, judged, alarms)
        write_whole(picture, [page(chart, told, alarms) if picture.suffix.lower() in _PAGES else drawn(chart)])
    if as_json:
        click.echo(json.dumps(_record(counts, judged, alarms)))
        return
    for line in (*_lines(counts, judged, alarms, zone), *_remarks(counts.remarks)):
        click.echo(plain(line))


def _check_places(file: Path, out: Path | None, picture: Path | None) -> None:
    """Find out before the work what could not be written after it."""
    for option, place in (("--alerts", out), ("--picture", picture)):
        if place is None:
            continue
        if not os.access(place.absolute().parent, os.W_OK):
            raise click.BadParameter(f'"{plain(str(place.parent))}" is no folder to write in.', param_hint=option)
        if place.exists() and file.exists() and place.samefile(file):
            raise click.BadParameter("It is the file of counts itself.", param_hint=option)
    if picture and picture.suffix.lower() not in {".png", *_PAGES}:
        raise click.BadParameter("It must end in .png or .html.", param_hint="--picture")


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


def _csv(alarms: Sequence[Judged]) -> Iterator[str]:
    for row in ([*_COLUMNS], *([_alarm(one)[name] for name in _COLUMNS] for one in alarms)):
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


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


def _lines(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged], zone: ZoneInfo) -> list[str]:
    each = (f"{one.at.astimezone(zone):%Y-%m-%d %H:%M %Z}  {one.sentence}" for one in alarms)
    return [*each, _total(counts, judged, alarms)]


def _total(counts: Counts, judged: Sequence[Judged], alarms: Sequence[Judged]) -> str:
    weeks = _weeks(judged, counts)
    return f"{counted(len(alarms), 'alarm')} in {weeks:.1f} weeks, {len(alarms) / weeks:.2f} a week."


def _remarks(remarks: Sequence[Remark]) -> list[str]:
    shown = [f"line {one.line}: {one.text}{'' if one.used else ' It was left out.'}" for one in remarks[:_SHOWN]]
    more = len(remarks) - len(shown)
    return [*shown, *([f"and {counted(more, 'remark')} more; --json shows all."] if more else [])]
