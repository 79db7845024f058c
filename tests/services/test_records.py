from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from cli.incidents.commands import command
from database.reading import Figures
from incidents.incident import EventKind, Follower, Statement, Status, Task, TimelineEvent
from playbooks.playbook import Severity, StatementKind
from services.records import Version, Whole, incident_record, incident_summary, timeline_record
from tests.conftest import ROOT
from tests.database.incident_rows import opening
from tests.installations import NOON

NAMES = {"dana": "Dana Reyes"}
DOCUMENTED = (ROOT / "docs" / "incidents.md").read_text(encoding="utf-8")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")


def whole(**changed: Any) -> Whole:
    """An incident with one of everything."""
    made = opening()
    draft = Statement(1, "holding", StatementKind.HOLDING, "Holding", "We [do what].", 1, "dana", NOON)
    return Whole(
        incident=replace(made.incident, id=7, **changed),
        steps=made.steps,
        tasks=(Task(1, "Call", None, NOON, "dana", NOON),),
        statements=(draft,),
        versions={1: (Version(1, draft.text, "dana", NOON),)},
        followers=(Follower("gone", "dana", NOON),),
        timeline=(TimelineEvent(NOON, EventKind.NOTE, "dana", "Hello", {}, 3),),
        figures=Figures(40, 2.0, 38, 0.1, learning=False, window=timedelta(hours=1), since=None, at=NOON),
    )


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, key)
            yield key, None
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, name)
    else:
        yield name, value


def test_every_name_of_a_record_is_documented_and_every_command_too() -> None:
    names = {name for name, _ in leaves(incident_record(whole(), NAMES, NOON))} - {"id", "name"}
    assert [name for name in sorted(names) if f"`{name}`" not in DOCUMENTED] == []
    told = {match[1] for match in re.finditer(r"`([a-z-]+) (?:N|\[)", DOCUMENTED)} | {"statement"}
    assert set(command.commands) == told


def test_times_are_of_utc_whatever_zone_they_were_given_in() -> None:
    abroad = NOON.astimezone(timezone(timedelta(hours=-5)))
    record = incident_record(whole(acknowledged_at=abroad, update_due_at=abroad), NAMES, NOON)
    times = {name: one for name, one in leaves(record) if name.endswith(("_at", "_by", "at")) and isinstance(one, str)}
    assert record["acknowledged_at"] == NOON.isoformat()
    assert {name: one for name, one in times.items() if name.endswith("_at") and not _TIME.fullmatch(one)} == {}
    assert datetime.fromisoformat(record["figures"]["at"]).tzinfo == UTC
    assert json.loads(json.dumps(record)) == record


def test_what_is_not_known_is_null_and_who_has_left_has_their_id() -> None:
    record = incident_record(whole(), NAMES, NOON)
    assert [record[name] for name in ("category", "offered_to", "ended_at", "merged_into")] == [None] * 4
    assert record["followers"][0]["person"] == {"id": "gone", "name": "gone"}
    assert record["steps"][0]["evidence_asked"] is None
    assert incident_record(replace(whole(), figures=None), NAMES, NOON)["figures"] is None


def test_late_is_what_is_open_after_its_time_and_what_was_done_after_it() -> None:
    made = whole()
    due = made.steps[0].due_at
    late = [incident_record(made, NAMES, now)["steps"][0]["late"] for now in (due, due + timedelta(seconds=1))]
    assert late == [False, True]
    done = replace(made.steps[0], done_at=due, done_by="dana")
    assert incident_record(replace(made, steps=(done,)), NAMES, due + timedelta(hours=1))["steps"][0]["late"] is False
    task = incident_record(made, NAMES, NOON + timedelta(minutes=1))["tasks"][0]
    assert (task["late"], task["assignee"]) == (True, None)


def test_a_statement_needs_approval_at_the_severities_that_ask_for_it() -> None:
    asked = {one: incident_record(whole(severity=one), NAMES, NOON)["statements"][0] for one in Severity}
    assert [one["needs_approval"] for one in asked.values()] == [True, True, False, False]
    assert asked[Severity.SEV1]["blanks"] == ["do what"]


def test_nothing_is_next_once_it_has_ended_or_every_step_is_done() -> None:
    made = whole()
    assert incident_summary(made.incident, made.steps, NAMES, NOON)["next"]["position"] == 1
    ended = replace(made.incident, status=Status.RESOLVED, resolved_at=NOON)
    assert incident_summary(ended, made.steps, NAMES, NOON)["next"] is None
    done = [replace(step, done_at=NOON) for step in made.steps]
    told = incident_summary(made.incident, done, NAMES, NOON)
    assert (told["next"], told["steps_done"], told["steps_in_all"]) == (None, 8, 8)


def test_a_row_of_the_timeline_says_who_wrote_it() -> None:
    row = TimelineEvent(NOON, EventKind.NOTE, "groundswell", "Hello", {"a": "b"})
    assert timeline_record(row, NAMES) == {
        "row": None,
        "at": "2026-03-04T12:00:00+00:00",
        "kind": "note",
        "by": {"id": "groundswell", "name": "Groundswell"},
        "text": "Hello",
        "facts": {"a": "b"},
    }
