from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.topics import command
from tests.small_team import settings_in
from tests.topics.talk import PLACES

HEADER = "id,author,published_at,text\n"
FOODS = ("soup", "salad", "coffee")


def usual() -> Iterator[str]:
    for n in range(60):
        yield f"u{n},u{n},2026-02-{n % 20 + 2:02}T10:00:00Z,Northwind Air had warm {FOODS[n % 3]}"


def wave() -> Iterator[str]:
    for n in range(7):
        yield f'w{n},w{n},2026-03-01T10:0{n}:00Z,"Awful! On hold in {PLACES[n]}\x1b, Northwind Air #grounded"'


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from cli.import_file import command as bring_in  # noqa: PLC0415  # only this fixture

    folder = tmp_path_factory.mktemp("topics")
    file = settings_in(folder, time_zone="Europe/Madrid")
    posts = folder / "posts.csv"
    posts.write_text(HEADER + "\n".join([*usual(), *wave()]), encoding="utf-8")
    CliRunner().invoke(bring_in, [str(posts), "-c", str(file)], catch_exceptions=False)
    return file


def topics(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["northwind", "-c", str(config), *arguments])


def test_it_tells_people_what_stands_out_and_steers_no_terminal(config: Path) -> None:
    told = topics(config, "--until", "2026-03-01T12:00", "--baseline", "30d")
    assert told.exit_code == 0
    lines = told.output.splitlines()
    assert lines[:3] == [
        "Sat 28 Feb 2026 12:00 to Sun 1 Mar 2026 12:00 Europe/Madrid, against the 30 days before.",
        "Northwind Air: 7 posts by 7 voices, compared with 60 posts before.",
        "SAID MORE THAN USUAL",
    ]
    assert lines[3].startswith("  words:   on hold (7, usual 0.0, z ")
    assert lines[4].startswith("  tags:    #grounded (7, usual 0.0, z ")
    assert "STAND FOR MANY (of the negative posts)" in lines
    assert any(line.strip().startswith("says what 6 others say: ") for line in lines)
    assert "\x1b" not in told.output


def test_the_end_of_the_window_is_in_the_time_zone_of_the_settings(config: Path) -> None:
    before = topics(config, "--until", "2026-03-01T11:00", "--since", "30m")  # 10:00 UTC
    assert before.output.splitlines() == [
        "Sun 1 Mar 2026 10:30 to Sun 1 Mar 2026 11:00 Europe/Madrid, against the 14 days before.",
        "Northwind Air: nothing was said.",
    ]
    during = json.loads(topics(config, "--until", "2026-03-01T11:01", "--since", "30m", "--json").output)
    assert (during["window_total"], during["until"]) == (1, "2026-03-01T10:01:00+00:00")


def test_of_a_window_before_the_first_mention_it_says_when_that_was(config: Path) -> None:
    told = topics(config, "--until", "2026-01-05").output.splitlines()
    assert told[1:] == ["Northwind Air: nothing was said. Its first mention is of Mon 2 Feb 2026 11:00 Europe/Madrid."]


def test_without_a_baseline_it_says_so(config: Path) -> None:
    told = topics(config, "--until", "2026-03-01T12:00", "--baseline", "1d")
    assert "  No baseline yet: these are said most, not more than usual." in told.output.splitlines()
    assert "on hold (7)" in told.output


def test_json_holds_all_that_is_known(config: Path) -> None:
    told = json.loads(topics(config, "--until", "2026-03-01T12:00", "--baseline", "30d", "--json").output)
    [hold] = [one for one in told["drivers"]["found"] if one["text"] == "on hold"]
    assert (hold["kind"], hold["count"], hold["baseline_count"], hold["voices"]) == ("words", 7, 0, 7)
    assert told["drivers"]["baseline"]["texts"] == told["baseline_total"] == 60
    assert told["representatives"][0]["others"] == 6


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--since", "soon"], "Write it as 90m, 24h or 7d."),
        (["--since", "0h"], "shorter than a minute"),
        (["--baseline", "59s"], "shorter than a minute"),
        (["--until", "0001-01-01"], "too far away"),
        (["--until", "whenever"], "does not match the format"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(config: Path, arguments: list[str], problem: str) -> None:
    told = topics(config, *arguments)
    assert told.exit_code == 2
    assert problem in told.output


def test_an_unknown_brand_is_answered_with_those_there_are(config: Path) -> None:
    told = CliRunner().invoke(command, ["nobody", "-c", str(config)])
    assert (told.exit_code, "is none of: northwind" in told.output) == (2, True)
