from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from database import incidents as store
from services import response
from services.installation import Installation
from tests.cli.incidents.conftest import Terminal


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accept", 1), "Nobody is asked to take it over at the moment"),
        (("decline", 1), "Nobody is asked to take it over any more."),
        (("handover", 1, "dana"), "Dana Reyes has it already."),
        (("monitor", 1), "Nobody has acknowledged it yet"),
        (("dismiss", 1, "--reason", " "), "Say why in a few words"),
        (("reopen", 1, "--reason", "x"), "It is not over, so there is nothing to reopen."),
        (("merge", 1, "--into", 1), "An incident cannot become a part of itself."),
        (("severity", 1, "SEV2", "--reason", "x"), "It is SEV2 already."),
        (("category", 1, "weather", "--reason", "x"), "There is no category weather."),
        (("category", 1, "none", "--reason", "x"), "Its category is none already."),
        (("step", 1, 99), "There is no step 99"),
        (("step", 1, 4, "--evidence", "x"), "needs a yes first"),
        (("step", 1, 1, "--undo"), "Step 1 is not done"),
        (("step", 1, 1, "--skip"), "Say why in a few words"),
        (("step", 1, 1, "--approve"), "Step 1 needs nobody's yes."),
        (("task", 1, " "), "Say in a few words what is to be done."),
        (("task-done", 1, 3), "There is no task 3 here. None was added yet."),
        (("note", 1, ""), "The note is empty"),
        (("correct", 1, 999, "x"), "That row is not in the timeline"),
        (("update", 1, "x", "--next", "8d"), "more than 7 days from now"),
        (("promise", 1, "8d"), "more than 7 days from now"),
        (("statement", "draft", 1, "--from", "poem"), "The playbook has no statement called poem."),
        (
            ("statement", "edit", 1, 1, "--seen", 1, "--text", "x"),
            "There is no statement 1 here. Nothing is drafted yet.",
        ),
        (("statement", "approve", 1, 1, "--seen", 1), "There is no statement 1 here. Nothing is drafted yet."),
        (("statement", "publish", 1, 1, "--seen", 1), "There is no statement 1 here. Nothing is drafted yet."),
        (("statement", "publish", 1, 1, "--seen", 1, "--url", "javascript:x"), "The link is no web address"),
        (("statement", "show", 1, 1), "There is no statement 1 in incident 1; there are 0."),
        (("unfollow", 1, "kim"), "Kim Sato does not read along."),
        (("follow", 1, "dana"), "Dana Reyes has it or is asked to take it"),
        (("playbook", 1, "chess"), "There is no playbook chess."),
        (("playbook", 1, "--move", "--seen", "old"), "The playbook has changed again since you looked."),
        (("show", 9), "incident 9: there is no such incident."),
        (("ack", 2**70), "there is no such incident."),
        (("merge", 1, "--into", 9), "incident 9: there is no such incident."),
    ],
)
def test_what_is_not_done_says_why_with_exit_code_1_and_changes_nothing(
    type_: Terminal, inst: Installation, arguments: tuple[object, ...], says: str
) -> None:
    told = type_.refused("lee", *arguments)
    assert says in told
    assert told.count("\n") == 1
    with inst.database.reading() as connection:
        assert len(store.timeline(connection, 1)) == 3


@pytest.mark.parametrize("arguments", [("accept", 1), ("ack", 9), ("show", 9), ("playbook", 1, "chess")])
def test_programs_are_told_why_something_was_not_done(type_: Terminal, arguments: tuple[object, ...]) -> None:
    outcome = type_("lee", *arguments, "--json")
    assert (outcome.code, outcome.err) == (1, "")
    assert list(json.loads(outcome.out)) == ["refused"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("handover", 1, "nobody"), '"nobody" is none of: Dana Reyes (dana), Lee Okafor (lee), Kim Sato (kim).'),
        (("dismiss", 1), "Missing option '--reason'"),
        (("severity", 1, "SEV9", "--reason", "x"), "SEV9"),
        (("step", 1, 1, "--reason", "x"), "--reason belongs to --skip."),
        (("step", 1, 1, "--undo", "--evidence", "x"), "--evidence belongs to --done."),
        (("task", 1, "x", "--due", "soon"), '"soon" is no time. Write it as 30m, 14:30 or 2026-05-12 14:30'),
        (("task", 1, "x", "--due", "2001-01-01 12:00"), "has passed already"),
        (("statement", "draft", 1), "Give --from KEY, or --kind and --text"),
        (("statement", "draft", 1, "--kind", "update"), "Give --from KEY, or --kind and --text"),
        (("statement", "draft", 1, "--from", "holding", "--text", "x"), "Give --from KEY, or --kind and --text"),
        (("statement", "edit", 1, 1, "--seen", 1), "either with --text or with --file"),
        (("statement", "edit", 1, 1, "--text", "x"), "Missing option '--seen'"),
        (("statement", "edit", 1, 1, "--seen", 1, "--file", "/nowhere"), "cannot be read"),
        (("ack", 0), "0 is not in the range"),
        (("list", "--brand", "nobody"), '"nobody" is none of: northwind, southwind.'),
    ],
)
def test_what_is_typed_wrongly_is_told_with_exit_code_2(
    type_: Terminal, arguments: tuple[object, ...], says: str
) -> None:
    outcome = type_("lee", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert says in " ".join(outcome.err.split())


@pytest.mark.parametrize("arguments", [("ack", 1), ("list", "--mine"), ("playbook", 1, "--move")])
def test_nobody_acts_without_saying_who_they_are(type_: Terminal, arguments: tuple[object, ...]) -> None:
    outcome = type_("", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Say who you are: --as PERSON, or set GROUNDSWELL_PERSON once." in outcome.err
    assert "Dana Reyes (dana), Lee Okafor (lee), Kim Sato (kim)" in outcome.err
    assert "none of" in type_("stranger", *arguments).err


def test_the_environment_says_who_somebody_is(type_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_PERSON", "kim sato")
    assert type_.done("", "ack", 1).startswith("You have it.")
    assert type_.record("show", 1)["owner"] == {"id": "kim", "name": "Kim Sato"}


def test_whoever_reads_along_acts_on_nothing_until_they_stop(type_: Terminal) -> None:
    assert type_.done("dana", "follow", 1, "kim").startswith("Kim Sato gets the internal updates by mail.")
    assert "Reading along       Kim Sato" in type_.done("", "show", 1)
    assert "You read along here." in type_.refused("kim", "note", 1, "hello")
    type_.done("kim", "unfollow", 1, "kim")
    type_.done("kim", "note", 1, "hello")


def test_two_people_who_take_it_at_once_get_one_change_and_one_refusal(config: Path, inst: Installation) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "cli", "incidents", "ack", "1", "-c", str(config), "--as", person],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for person in ("lee", "kim")
    ]
    ended = [(process.communicate(), process.returncode) for process in started]
    assert sorted(code for _, code in ended) == [0, 1]
    (won,) = (out for (out, _), code in ended if code == 0)
    (lost,) = (err for (_, err), code in ended if code == 1)
    assert won.startswith("You have it.")
    assert lost.startswith("It was acknowledged already, at ")
    assert response.acknowledge(inst, 1, "dana").text.endswith(("Lee Okafor has it.", "Kim Sato has it."))  # type: ignore[union-attr]


def test_a_version_that_somebody_else_wrote_meanwhile_is_not_overwritten(type_: Terminal) -> None:
    type_.done("dana", "statement", "draft", 1, "--kind", "update", "--text", "One", "--title", "First")
    type_.done("kim", "statement", "edit", 1, 1, "--seen", 1, "--text", "Two")
    refused = type_.refused("dana", "statement", "edit", 1, 1, "--seen", 1, "--text", "Three")
    assert "Kim Sato wrote version 2" in refused
    assert "There is no version" in type_.refused("", "statement", "show", 1, 1, "--version", 3)
