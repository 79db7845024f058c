"""Playbooks on the command line: reading those that come with Groundswell, checking one's own."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from cli.main import run
from cli.playbooks import command
from playbooks.library import available
from playbooks.schema import schema
from tests.playbooks.test_library import COMPLETE


def playbooks(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_the_list_holds_each_with_what_it_is_for() -> None:
    told = playbooks("list").output
    assert [line.split()[0] for line in told.splitlines()] == list(available())
    assert "Communication crisis: 8 steps, for whatever no other is made for" in told


def test_programs_get_one_object_a_line() -> None:
    records = [json.loads(line) for line in playbooks("list", "--json").output.splitlines()]
    assert [record["id"] for record in records] == list(available())
    assert all({"version", "title", "summary", "categories", "kinds", "steps"} <= record.keys() for record in records)


def test_a_playbook_is_shown_with_all_that_a_team_needs() -> None:
    lines = playbooks("show", "communication-crisis").output.splitlines()
    assert "  SEV3  acknowledge 1 h, first public answer 4 h, update every 4 h" in lines
    assert "  4 Publish a holding statement (spokesperson)" in lines
    assert '    Due: SEV1 30 min, SEV2 1 h, SEV3 4 h, SEV4 1 d, after "Publish a holding statement"' in lines
    assert "    Needs a yes: legal at SEV1, SEV2" in lines
    assert "    Approved in advance: Holding statement" in lines
    assert any(
        line.endswith("Spend up to 200 per person and 5,000 in all, in your currency, without asking.")
        for line in lines
    )
    assert "STATEMENT: Apology (apology)" in lines
    assert "  Preventable (a mistake we could have avoided, a broken rule, a misdeed)" in lines


def test_programs_get_the_whole_of_it_with_times_in_minutes() -> None:
    record = json.loads(playbooks("show", "communication-crisis", "--json").output)
    assert record["clocks"]["SEV4"] == {"acknowledge": 240, "first_public": 1440, "update_every": None}
    assert record["steps"][3]["due"] == {"SEV1": 20, "SEV2": 60, "SEV3": 240, "SEV4": 1440}
    assert record["statements"][0]["kind"] == "holding"


def test_one_that_does_not_exist_is_answered_with_those_that_do() -> None:
    assert run(["playbooks", "show", "no-such"]) == 1


def test_a_file_is_checked_with_its_line_before_anybody_relies_on_it(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(COMPLETE, encoding="utf-8")
    bad.write_text(COMPLETE.replace("after: count", "after: cuont"), encoding="utf-8")
    told = playbooks("check", str(good), str(bad))
    assert told.stdout.startswith(f"{good}: Lost luggage, 2 steps, version ")
    assert f"{bad}:33: cannot be used as a playbook." in told.stderr
    assert (playbooks("check", str(good)).exit_code, run(["playbooks", "check", str(bad)])) == (0, 1)


def test_a_file_that_is_no_text_steers_no_terminal(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"title: \x1b[2J\xff")
    told = playbooks("check", str(file))
    assert "\x1b" not in told.output
    assert "save the file as text in UTF-8" in told.output


def test_the_schema_is_written_as_it_is_published() -> None:
    assert json.loads(playbooks("schema").output) == schema()
