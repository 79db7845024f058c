"""What ``groundswell replay`` says, writes and draws."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.replay import command

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=5)
OUTCRY = 9 * 288 + 120


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten days of talk with a rhythm; on the tenth from ten o'clock on ten times as much, for two hours."""
    values = [4 + n % 3 if 96 <= n % 288 < 264 else n % 2 for n in range(10 * 288)]
    values[OUTCRY : OUTCRY + 24] = [50] * 24
    lines = [f"{BEGIN + n * STEP:%Y-%m-%d %H:%M:%S},{value}" for n, value in enumerate(values)]
    file = tmp_path_factory.mktemp("replay") / "northwind.csv"
    file.write_text("\n".join(["timestamp,value", *lines, "2026-03-12 00:00:00,many"]) + "\n")
    return file


def groundswell(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_it_tells_when_there_would_have_been_an_alarm_and_why_and_what_was_left_out(file: Path) -> None:
    done = groundswell("--counts", file)
    alarm, total, remark = done.stdout.splitlines()
    assert alarm.startswith("2026-03-11 10:")
    assert "mentions in the last quarter of an hour; usually about 1" in alarm
    assert total == "1 alarm in 1.4 weeks, 0.70 a week."
    assert remark == 'line 2882: Its value "many" is no number. It was left out.'
    assert done.exit_code == 0


def test_alarms_are_written_with_the_moment_at_which_they_would_have_been_raised(file: Path, tmp_path: Path) -> None:
    groundswell("--counts", file, "--alerts", tmp_path / "alarms.csv")
    with (tmp_path / "alarms.csv").open(newline="") as opened:
        (row,) = csv.DictReader(opened)
    begin = BEGIN + OUTCRY * STEP
    assert begin < datetime.fromisoformat(row["timestamp"]) <= begin + timedelta(minutes=30)
    assert (row["kind"], row["severity"]) == ("volume_wave", "SEV3")
    assert float(row["observed"]) > float(row["threshold"]) > float(row["expected"])


def test_programs_get_one_object(file: Path) -> None:
    told = json.loads(groundswell("--counts", file, "--json").stdout)
    assert (told["rows"], told["step_seconds"], told["alarms_a_week"]) == (2881, 300, 0.7)
    assert (told["since"], told["until"]) == ("2026-03-02T00:00:00+00:00", "2026-03-12T00:00:00+00:00")
    assert [one["kind"] for one in told["alarms"]] == ["volume_wave"]
    assert told["remarks"] == [{"line": 2882, "text": 'Its value "many" is no number.', "used": False}]


def test_the_picture_is_a_png_or_a_page_that_lists_the_alarms_and_asks_nobody_for_anything(
    file: Path, tmp_path: Path
) -> None:
    for name in ("picture.png", "picture.html"):
        assert groundswell("--counts", file, "--picture", tmp_path / name).exit_code == 0
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "picture.html").read_text()
    assert "<svg" in page
    assert page.count("<tr><td>2026-03-11 10:") == 1
    assert "1 alarm in 1.4 weeks" in page
    assert not any(word in page for word in ("<script", " src=", "url(", "@import"))


def test_the_name_of_a_file_is_text_in_the_page(file: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "<b>&.csv"
    hostile.write_bytes(file.read_bytes())
    groundswell("--counts", hostile, "--picture", tmp_path / "picture.html")
    page = (tmp_path / "picture.html").read_text()
    assert "<h1>&lt;b&gt;&amp;</h1>" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--time-zone", "Mars/Olympus"), "is no time zone"),
        (("--sensitivity", "extreme"), "is not one of"),
        (("--alerts", "/nowhere/alarms.csv"), "is no folder to write in"),
        (("--picture", "picture.svg"), "must end in .png or .html"),
    ],
)
def test_what_is_not_understood_is_named(file: Path, arguments: Sequence[str], told: str) -> None:
    done = groundswell("--counts", file, *arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_nothing_is_written_over_the_counts_themselves(file: Path) -> None:
    before = file.read_bytes()
    assert "the file that is replayed itself" in groundswell("--counts", file, "--alerts", file).stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize("sensitivity", ["low", "normal", "high"])
def test_the_sensitivity_is_one_of_three_words(file: Path, sensitivity: str) -> None:
    assert groundswell("--counts", file, "--sensitivity", sensitivity).exit_code == 0


def test_times_are_shown_in_the_zone_that_was_said(file: Path) -> None:
    assert groundswell("--counts", file, "--time-zone", "Europe/Berlin").stdout.startswith("2026-03-11 10:05 CET  ")


def test_real_volumes_are_judged_as_well_as_the_documentation_says(recorded: Path, tmp_path: Path) -> None:
    volumes, scorer = recorded / "volumes", recorded.parent / "tools" / "score_detection.py"
    if not scorer.is_file():
        pytest.skip(f"no scorer at {scorer}")
    for file in volumes.glob("*.csv"):
        assert groundswell("--counts", file, "--alerts", tmp_path / file.name).exit_code == 0
    told = subprocess.run(
        [
            *(sys.executable, scorer, "--data", volumes, "--labels", volumes / "labels.json"),
            *("--alerts", tmp_path, "--json"),
        ],
        check=True,
        capture_output=True,
    )
    figures = json.loads(told.stdout)["ALL"]
    assert figures["standard"] >= 82
    assert figures["low_fp"] >= 76
    assert figures["f1"] >= 0.62
    assert figures["false_alarms_per_brand_week"] <= 0.5
