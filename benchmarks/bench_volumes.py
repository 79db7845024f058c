"""How well real mention counts are judged, as they are, thinned, multiplied and shifted: figures of docs/detection.md.

Run as ``python bench_volumes.py DATA SCORER``: DATA holds ``*.csv`` with ``timestamp,value`` and ``labels.json``,
SCORER is a program that takes ``--data``, ``--labels``, ``--alerts`` and ``--json`` and prints figures for each file
and for all. Neither is part of this repository; without them nothing is measured, and that is said.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from detection.waking import Waking
from services.replay.count_files import read_counts
from services.replay.counting import replay_counts

Rows = Sequence[tuple[str, int]]
UTC = ZoneInfo("UTC")
FIGURES = ("standard", "low_fp", "f1", "false_alarms_per_brand_week", "median_delay_minutes_after_label")


def thinned(share: float, seed: int) -> Callable[[Rows], Rows]:
    """Each mention kept with a chance."""

    def change(rows: Rows) -> Rows:
        dice = Random(seed)  # noqa: S311  # the same choice every time
        return [(at, sum(dice.random() < share for _ in range(value))) for at, value in rows]

    return change


VARIANTS: dict[str, Callable[[Rows], Rows]] = {
    "as they are": lambda rows: rows,
    "times ten": lambda rows: [(at, 10 * value) for at, value in rows],
    "without the first 5 h": lambda rows: rows[60:],
    "without the first 17 h": lambda rows: rows[204:],
    **{f"a third, choice {seed}": thinned(1 / 3, seed) for seed in range(1, 4)},
    **{f"a tenth, choice {seed}": thinned(0.1, seed) for seed in range(1, 7)},
}


def read(file: Path) -> Rows:
    with file.open(newline="") as opened:
        return [(row["timestamp"], round(float(row["value"]))) for row in csv.DictReader(opened)]


def write(file: Path, header: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]) -> None:
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def alarms(file: Path) -> Iterator[list[str]]:
    """When a file would have raised alarms."""
    for one in replay_counts(read_counts(file, UTC)):
        if one.waking is Waking.ALARM:
            yield [one.at.isoformat()]


def measure(data: Path, scorer: Path, change: Callable[[Rows], Rows]) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        counts, alerts = Path(folder, "counts"), Path(folder, "alerts")
        counts.mkdir()
        alerts.mkdir()
        for file in sorted(data.glob("*.csv")):
            write(counts / file.name, ("timestamp", "value"), change(read(file)))
            write(alerts / file.name, ("timestamp",), alarms(counts / file.name))
        where = ("--data", counts, "--labels", data / "labels.json", "--alerts", alerts, "--json")
        done = subprocess.run([sys.executable, scorer, *where], check=True, capture_output=True)  # noqa: S603  as asked
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("scorer", type=Path, nargs="?")
    asked = parser.parse_args()
    if not asked.data or not asked.scorer:
        print("no data and no scorer are given: nothing is measured")
        return
    print(f"{'':<28}{'NAB':>8}{'low FP':>8}{'F1':>8}{'false/week':>12}{'delay/min':>11}")
    for name, change in VARIANTS.items():
        found = measure(asked.data, asked.scorer, change)
        for key, figures in found.items():
            if key == "ALL" or name == "as they are":
                nab, low, f1, false, delay = (figures[each] for each in FIGURES)
                title = name if key == "ALL" else f"  {key.removesuffix('.csv')}"
                print(f"{title:<28}{nab:8.1f}{low:8.1f}{f1:8.2f}{false:12.2f}{delay:11.0f}", flush=True)


if __name__ == "__main__":
    main()
