"""An incident from the alarm to its end: by the command line alone, and together with the console."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from services.installation import Installation
from tests.cli.incidents.conftest import Terminal

WORDS = "Flights are delayed. We are rebooking everybody now and pay for hotels."
Post = Callable[..., str]


@pytest.fixture
def post(inst: Installation) -> Post:
    """Sends a form of the console as somebody; the page that follows is returned."""
    client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")

    def send(person: str, path: str, **fields: object) -> str:
        form = {name: str(value) for name, value in {"person": person, **fields}.items()}
        answer = client.post(f"/incidents/1{path}", data=form)
        assert answer.status_code in {200, 409}  # done or refused, a page either way
        return answer.text

    return send


def test_three_people_take_an_incident_from_the_alarm_to_its_end_by_the_command_line(type_: Terminal) -> None:
    assert "SEV2  Not acknowledged  Northwind Air: many people are complaining" in type_.done("", "list")
    assert type_.done("dana", "ack", 1).startswith("You have it. Next: step 1, Verify what happened")
    asked = type_.done("dana", "handover", 1, "Lee Okafor")
    assert asked.startswith(
        "Lee Okafor is asked by mail. You have it; Lee Okafor is asked to take it over. Next: step 1"
    )
    type_.done("dana", "step", 1, 1)
    assert "Dana Reyes has it; you are asked to take it over" in type_.done("lee", "list", "--mine")
    assert type_.done("lee", "accept", 1).startswith("You have it. Next: step 2, Name one owner")
    assert type_.done("kim", "step", 1, 2).startswith("Step 2 is done. Lee Okafor has it. Next: step 3, Pause")
    skipped = type_.done("kim", "step", 1, 3, "--skip", "--reason", "nothing was planned")
    assert skipped.startswith("Step 3 is skipped.")
    type_.done("lee", "step", 1, 4, "--approve")
    drafted = type_.done("kim", "statement", "draft", 1, "--from", "holding")
    assert "Statement 1 is there in version 1. Still to be filled in: " in drafted
    type_.done("kim", "statement", "edit", 1, 1, "--seen", 1, "--text", WORDS)
    assert "a second person reads every word" in type_.refused("kim", "statement", "publish", 1, 1, "--seen", 2)
    type_.done("lee", "statement", "approve", 1, 1, "--seen", 2)
    published = type_.done("kim", "statement", "publish", 1, 1, "--seen", 2, "--url", "https://example.com/1")
    assert "The next word is promised for " in published
    assert "Next: step 5" in published
    type_.done("dana", "task", 1, "Call the airport", "--for", "dana", "--due", "30m")
    type_.done("dana", "task-done", 1, 1)
    type_.done("lee", "severity", 1, "sev1", "--reason", "national news")
    type_.done("lee", "category", 1, "outage", "--reason", "the system that books is down")
    type_.done("lee", "update", 1, "All are rebooked.", "--next", "2h")
    type_.done("lee", "promise", 1, "none")
    assert "It is only watched now" in type_.done("lee", "monitor", 1)
    ended = type_.done("lee", "resolve", 1)
    assert ended.startswith("Notes and steps stay open for the review. Incident 1 is resolved since ")
    told = type_.record("show", 1)
    assert (told["status"], told["owner"]["id"], told["severity"], told["category"]) == (
        "resolved", "lee", "SEV1", "outage",
    )  # fmt: skip
    assert [one["state"] for one in told["steps"][:5]] == ["done", "done", "skipped", "done", "open"]
    assert [row["kind"] for row in told["timeline"]] == [
        "opened", "severity", "handed_over", "acknowledged", "offered", "step_done", "handed_over", "step_done",
        "step_skipped", "step_approved", "statement", "statement", "statement", "step_done", "statement", "task",
        "task", "severity", "category", "update", "update", "monitoring", "resolved",
    ]  # fmt: skip


def test_people_at_a_terminal_and_in_the_console_see_what_the_other_did(type_: Terminal, post: Post) -> None:
    assert "Dana Reyes (you)" in post("dana", "/acknowledge")
    assert "It was acknowledged already" in type_.refused("lee", "ack", 1)
    type_.done("dana", "handover", 1, "lee")
    assert "you are asked to take it over" in post("lee", "/steps/1/done")
    assert "Next: step 2" in type_.done("lee", "accept", 1)
    assert "Step 1 was done already" in type_.refused("kim", "step", 1, 1)
    assert "Step 2 is done." in post("kim", "/steps/2/done")
    type_.done("kim", "step", 1, 3, "--skip", "--reason", "nothing was planned")
    assert "nothing was planned" in post("kim", "/statements", template="holding")
    assert "draft by Kim Sato" in type_.done("", "statement", "show", 1, 1)
    type_.done("kim", "statement", "edit", 1, 1, "--seen", 1, "--text", WORDS)
    assert "wrote version 2" in post("dana", "/statements/1/edit", text="Something else", seen=1)
    post("dana", "/statements/1/approve", seen=2)
    assert "Dana Reyes approved it already" in type_.refused("lee", "statement", "approve", 1, 1, "--seen", 2)
    type_.done("lee", "step", 1, 4, "--approve")
    assert "Lee Okafor said yes" in post("kim", "/notes", text="Ready to go out")
    type_.done("kim", "statement", "publish", 1, 1, "--seen", 2, "--url", "https://example.com/1")
    assert "https://example.com/1" in post("kim", "/tasks", title="Call the airport", assignee="dana", hours="1")
    assert "Task 1 is done." in type_.done("dana", "task-done", 1, 1)
    assert "done" in post("lee", "/severity", severity="SEV1", reason="national news", seen="SEV2")
    refused = type_.refused("lee", "severity", 1, "SEV3", "--reason", "calm", "--seen", "SEV2")
    assert "Somebody changed it from SEV2 to SEV1" in refused
    type_.done("lee", "promise", 1, "1h")
    assert "promised the next public update" in post("lee", "/monitor")
    type_.done("lee", "resolve", 1)
    assert "It is resolved already" in post("dana", "/resolve")
    assert "Incident 1. Resolved " in type_.done("", "show", 1)
