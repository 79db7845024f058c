from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import resources

from sqlalchemy import update

from database import incidents as store
from database.response_tables import IncidentRow
from services.installation import Installation
from tests.cli.incidents.conftest import Terminal
from tests.database.incident_rows import opening

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnol\u2028{{ 7 * 7 }} $(reboot) <script>"


def test_the_head_says_who_has_it_what_is_next_and_what_is_promised(type_: Terminal) -> None:
    head = type_.done("dana", "show", 1).partition("Why ")[0]
    assert "SEV2  Northwind Air: many people are complaining\nIncident 1. Not acknowledged, open " in head
    assert "Owner               You own it and have not acknowledged it, due in 29 min (" in head
    assert "Next                step 1, Verify what happened and set the severity, due in 29 min (" in head
    assert "First public answer due in 59 min (" in head


def test_the_present_step_is_told_in_full_and_the_others_in_short(type_: Terminal) -> None:
    page = type_.done("", "show", 1)
    assert "   >   1  Verify what happened" in page
    assert "You may, without asking: Set the severity." in page
    assert "  [ ]  4  Publish a holding statement: due in 59 min (" in page
    assert "needs a yes first, from: legal" in page
    assert "asks for evidence: The address of the published statement." in page
    assert page.count("You may, without asking:") == 1
    assert max(map(len, page.splitlines())) <= 100


def test_the_timeline_is_as_long_as_asked_with_numbers_to_correct_and_corrections_beside(type_: Terminal) -> None:
    type_.done("kim", "note", 1, "Twelve flights")
    type_.done("kim", "correct", 1, 4, "Eleven flights")
    page = type_.done("", "show", 1, "--timeline", 2)
    told = page.partition("Timeline  ")[2].splitlines()
    assert told[0] == "(the newest 2 of 5 rows, by number and time)"
    assert [told[1].split()[0], told[1].split("  ")[-1]] == ["4", "Kim Sato: Twelve flights"]
    assert told[2].strip() == "corrected by Kim Sato: Eleven flights"
    assert told[3].endswith("Kim Sato corrects row 4: Eleven flights")
    assert "Timeline" not in type_.done("", "show", 1, "--timeline", 0)


def test_what_was_done_and_said_is_on_the_page(type_: Terminal) -> None:
    type_.done("lee", "step", 1, 3, "--skip", "--reason", "nothing was planned")
    type_.done("lee", "task", 1, "Call the airport", "--for", "kim", "--due", "2h")
    type_.done("lee", "statement", "draft", 1, "--from", "holding")
    page = type_.done("", "show", 1)
    assert "[-]  3  Pause scheduled posts and advertising: skipped by Lee Okafor, " in page
    assert "because: nothing was planned" in page
    assert "[ ]  1  Call the airport, for Kim Sato, due in 1 h 59 min (" in page
    flat = " ".join(page.split())
    assert "1 Holding statement, version 1: draft by Lee Okafor; still to be filled in: doing what right now" in flat
    assert "somebody else has to approve it" in flat
    assert "to start from: holding (Holding statement), apology (Apology)" in page


def test_words_of_strangers_cannot_steer_the_terminal(type_: Terminal, inst: Installation) -> None:
    with inst.database.writing() as connection:
        connection.execute(update(IncidentRow).values(title=HOSTILE, why=HOSTILE))
    for arguments in (("note", 1, HOSTILE), ("task", 1, HOSTILE), ("step", 1, 1, "--evidence", HOSTILE)):
        type_.done("kim", *arguments)
    type_.done(
        "kim", "statement", "draft", 1, "--kind", "update", "--text", f"{HOSTILE}\nSecond line", "--title", HOSTILE
    )
    said = [type_.done("", *one) for one in (("list",), ("show", 1), ("statement", "show", 1, 1), ("playbook", 1))]
    told = "".join(said) + type_.refused("kim", "handover", 1, "dana") + type_("kim", "follow", 1, HOSTILE).err
    assert "{{ 7 * 7 }} $(reboot) <script>" in said[0]
    assert "<script>\nSecond line" in said[2]
    assert not set(told) & set("\x1b\x07\u202e\u2028")


def test_a_drill_is_marked_and_what_is_mine_or_ended_is_listed_apart(type_: Terminal, inst: Installation) -> None:
    with inst.database.writing() as connection:
        made = opening("reported", "southwind")
        now = inst.clock()
        store.add(connection, replace(made, incident=replace(made.incident, drill=True, owner="kim", opened_at=now)))
    assert [line for line in type_.done("", "list").splitlines() if "  DRILL  Not acknowledged  " in line]
    assert type_.done("", "show", 2).startswith("DRILL  SEV")
    assert type_.done("kim", "ack", 2).startswith("DRILL. You have it.")
    numbers = [
        [one["number"] for one in json.loads(type_.done("kim", "list", "--json", *options))["incidents"]]
        for options in ((), ("--mine",), ("--brand", "northwind"), ("--ended",), ("--all",))
    ]
    assert numbers == [[1, 2], [2], [1], [], [1, 2]]
    assert "A drill and a real incident are never mixed." in type_.refused("kim", "merge", 2, "--into", 1)
    type_.done("kim", "dismiss", 2, "--reason", "practice")
    assert "Dismissed as noise" in type_.done("", "list", "--ended")
    assert type_.done("kim", "list", "--mine") == "No incident of that kind is open.\n"


def test_two_incidents_become_one(type_: Terminal, inst: Installation) -> None:
    with inst.database.writing() as connection:
        store.add(connection, opening("reported"))
    merged = type_.done("lee", "merge", 2, "--into", 1)
    assert merged == "Incident 2 is a part of incident 1, where the work goes on.\n"
    assert "It is a part of incident 1." in type_.done("", "show", 2)
    assert type_.record("show", 2)["merged_into"] == 1


def test_programs_get_all_of_it(type_: Terminal) -> None:
    type_.done("dana", "task", 1, "Call the airport")
    type_.done("dana", "follow", 1, "kim")
    type_.done("dana", "statement", "draft", 1, "--from", "holding")
    told = type_.record("show", 1)
    assert (told["number"], told["severity"], told["drill"], told["category"]) == (1, "SEV2", False, None)
    assert told["owner"] == {"id": "dana", "name": "Dana Reyes"}
    assert datetime.fromisoformat(told["opened_at"]).utcoffset() == timedelta()
    assert (told["next"]["position"], told["next"]["late"], told["steps_in_all"]) == (1, False, 8)
    assert told["next"] == told["steps"][0]
    assert (told["figures"]["observed"], told["figures"]["window"]) == (40, 3600)
    (task,), (follower,), (statement,) = told["tasks"], told["followers"], told["statements"]
    assert (task["assignee"], task["due_at"], task["late"]) == (None, None, False)
    assert (follower["person"]["id"], follower["until"]) == ("kim", None)
    assert (statement["needs_approval"], len(statement["versions"])) == (True, 1)
    assert statement["blanks"][0] == "doing what right now"
    assert [row["row"] for row in told["timeline"]] == [1, 2, 3, 4, 5, 6]
    assert type_.record("list")["incidents"][0].items() <= told.items()


def test_a_program_that_acts_is_told_what_was_written_and_what_is_true_now(type_: Terminal) -> None:
    told = json.loads(type_.done("dana", "step", 1, 1, "--json"))
    assert [row["kind"] for row in told["done"]] == ["acknowledged", "step_done"]
    assert told["done"][1]["by"] == {"id": "dana", "name": "Dana Reyes"}
    assert told["incident"]["next"]["position"] == 2
    assert told["incident"].keys() == type_.record("show", 1).keys()


def test_a_playbook_is_moved_to_only_when_asked(type_: Terminal, inst: Installation) -> None:
    assert type_.done("", "playbook", 1).startswith("Incident 1 follows Communication crisis, version ")
    assert type_.record("playbook", 1)["changes"] == []
    mended = resources.files("playbooks").joinpath("communication-crisis.yaml").read_text(encoding="utf-8")
    inst.settings.playbook_folder.mkdir(parents=True)
    file = inst.settings.playbook_folder / "communication-crisis.yaml"
    file.write_text(mended.replace("Pause scheduled posts", "Pause every post", 1), encoding="utf-8")
    told = type_.done("", "playbook", 1)
    assert told.startswith("What would change if incident 1 went on by Communication crisis, version ")
    assert "“Pause every post and advertising” changes: title." in told
    version = type_.record("playbook", 1)["playbook"]["version"]
    assert f"groundswell incidents playbook 1 communication-crisis --move --seen {version}" in told
    assert "it has changed since" in type_.done("", "show", 1)
    assert "It goes on by Communication crisis." in type_.done("lee", "playbook", 1, "--move", "--seen", version)
    assert [one["title"] for one in type_.record("show", 1)["steps"]][2] == "Pause every post and advertising"
