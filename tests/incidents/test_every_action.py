"""What may be done in which status, and how a refusal reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from incidents import lifecycle, ownership, plans, remarks, reviewing, statements, steps, tasks
from incidents.incident import Actor, Change, Follower, Incident, Refusal, Review, Statement, Status, Task
from incidents.statements import Draft, Edit, Publication
from incidents.steps import Roles
from incidents.tasks import Wanted
from playbooks.playbook import ChecklistStep, Severity, StatementKind
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, OPENED, PLAYBOOK, RESOLVED, made, opened
from tests.incidents.cases import steps as checklist

Decided = Change | tuple[Change, Change] | Refusal
CLEO = Actor("cleo", "Cleo Park")
NAMES = {person.id: person.name for person in (DANA, BEN, CLEO)}
NOW = LATER + timedelta(minutes=5)
OTHER = replace(opened(), id=2)
DRAFT = Statement(1, "holding", StatementKind.HOLDING, "Holding statement", "We are sorry.", 1, "ben", OPENED)
APPROVED = replace(DRAFT, approved_by="dana", approved_at=OPENED)
TASK = Task(1, "Call the airport", None, None, "dana", OPENED)
READER = Follower("cleo", "dana", OPENED)
REVIEW = Review({"people": "Nobody looked.", "changes": "Somebody looks."}, 1, "dana", OPENED)
NEWER = replace(PLAYBOOK, version="0123456789ab")

_BASE = replace(ACKNOWLEDGED, id=1)
STAGES = {
    Status.OPEN: replace(opened(), id=1),
    Status.ACKNOWLEDGED: _BASE,
    Status.RESPONDING: made(lifecycle.respond(_BASE, DANA, LATER)).incident,
    Status.MONITORING: made(lifecycle.monitor(_BASE, DANA, LATER)).incident,
    Status.RESOLVED: replace(RESOLVED, id=1),
    Status.REVIEWED: made(reviewing.finish_review(replace(RESOLVED, id=1), REVIEW, DANA, LATER)).incident,
    Status.DISMISSED: made(lifecycle.dismiss(_BASE, "A joke.", DANA, LATER)).incident,
    Status.MERGED: replace(_BASE, status=Status.MERGED, resolved_at=LATER, merged_into=2),
}

# What somebody else than the owner (Ben; Dana has it) asks for. Each letter stands for a status in which it is done:
# o open, a acknowledged, r responding, m monitoring, R resolved, V reviewed, D dismissed, X merged.
_LETTERS = dict(zip("oarmRVDX", Status, strict=True))
ACTIONS: dict[str, tuple[str, Callable[[Incident], Decided]]] = {
    "acknowledge": ("o", lambda one: ownership.acknowledge(one, BEN, NOW, NAMES)),
    "offer": ("oarm", lambda one: ownership.offer(one, BEN, CLEO, NOW, NAMES)),
    "accept": ("oarm", lambda one: ownership.accept(_offered(one), BEN, NOW, NAMES)),
    "decline": ("oarm", lambda one: ownership.decline(_offered(one), BEN, "", NOW, NAMES)),
    "take over": ("oarm", lambda one: ownership.take_over(one, BEN, NOW)),
    "assign": ("oarm", lambda one: ownership.assign(one, BEN, CLEO, NOW)),
    "respond": ("oam", lambda one: lifecycle.respond(one, BEN, NOW)),
    "monitor": ("ar", lambda one: lifecycle.monitor(one, BEN, NOW)),
    "resolve": ("oarm", lambda one: lifecycle.resolve(one, checklist(), BEN, NOW)),
    "dismiss": ("oarm", lambda one: lifecycle.dismiss(one, "A joke.", BEN, NOW)),
    "reopen": ("RVD", lambda one: lifecycle.reopen(one, "It is back.", BEN, NOW)),
    "merge": ("oarm", lambda one: lifecycle.merge(one, OTHER, BEN, NOW)),
    "be merged into": ("oarm", lambda one: lifecycle.merge(OTHER, one, BEN, NOW)),
    "severity": ("oarm", lambda one: lifecycle.change_severity(one, Severity.SEV1, "Press.", PLAYBOOK, BEN, NOW)),
    "category": ("oarm", lambda one: lifecycle.change_category(one, "outage", "It is down.", BEN, NOW)),
    "playbook": (
        "oarm",
        lambda one: plans.follow_playbook(
            one, NEWER, checklist(), "One step.", BEN, NOW, before=NEWER.clocks[one.severity]
        ),
    ),
    "step": ("oarmRVD", lambda one: steps.complete_step(one, checklist(), 1, BEN, NOW, NAMES)),
    "skip": ("oarmRVD", lambda one: steps.skip_step(one, checklist(), 1, "Not needed.", BEN, NOW, NAMES)),
    "undo": ("oarmRVD", lambda one: steps.undo_step(one, checklist(1), 1, BEN, NOW)),
    "agree": ("oarmRVD", lambda one: steps.approve_step(one, _asking(), 1, BEN, NOW, Roles({}), NAMES)),
    "add a task": ("oarmRVD", lambda one: tasks.add_task(one, [], Wanted("Call."), BEN, NOW)),
    "task": ("oarmRVDX", lambda one: tasks.complete_task(one, [TASK], 1, BEN, NOW)),
    "note": ("oarmRVDX", lambda one: remarks.add_note(one, BEN, "The press called.", NOW)),
    "brief": ("oarmRVDX", lambda one: remarks.brief(one, BEN, "It goes on.", None, NOW)),
    "follow": ("oarm", lambda one: remarks.follow(one, [], CLEO, BEN, NOW)),
    "unfollow": ("oarmRVDX", lambda one: remarks.unfollow(one, [READER], CLEO, BEN, NOW)),
    "draft": ("oarmRV", lambda one: statements.draft(one, [], Draft(StatementKind.UPDATE, "", "So."), BEN, NOW)),
    "edit": ("oarmRVDX", lambda one: statements.edit(one, [DRAFT], Edit(1, 1, "We are very sorry."), BEN, NOW)),
    "publish": ("oarmRV", lambda one: statements.publish(one, [APPROVED], Publication(1, 1), BEN, NOW)),
    "promise": ("oarm", lambda one: statements.promise(one, None, BEN, NOW, by_clock="")),
    "write the review": ("RV", lambda one: reviewing.write_review(one, None, {"people": "Nobody."}, BEN, NOW, seen=0)),
    "finish the review": ("R", lambda one: reviewing.finish_review(one, REVIEW, BEN, NOW)),
}


def _offered(incident: Incident) -> Incident:
    return incident if incident.ended else replace(incident, offered_to="ben")


def _asking() -> tuple[ChecklistStep, ...]:
    first, *others = checklist()
    return (replace(first, approval="legal"), *others)


def test_every_status_has_a_stage() -> None:
    assert {status: stage.status for status, stage in STAGES.items()} == {status: status for status in Status}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", Status)
def test_an_action_is_done_in_the_statuses_it_is_for_and_refused_in_the_others(status: Status, action: str) -> None:
    letters, act = ACTIONS[action]
    decided = act(STAGES[status])
    assert (not isinstance(decided, Refusal)) == (status in {_LETTERS[letter] for letter in letters}), decided
    if isinstance(decided, Refusal):
        assert re.fullmatch(r"[A-Z“].*[.:]", decided.text), decided.text
        assert "None" not in decided.text
        assert not re.search(r"  |\.\.|: ?\.|\bdana\b|\bben\b", decided.text), decided.text


def test_the_end_of_an_incident_reads_well() -> None:
    said = {status: ownership.take_over(STAGES[status], BEN, NOW) for status in Status if STAGES[status].ended}
    assert {status: one.text for status, one in said.items() if isinstance(one, Refusal)} == {
        Status.RESOLVED: "It is resolved already, since 2031-05-06 at 13:58 UTC.",
        Status.REVIEWED: "It is resolved and reviewed already, since 2031-05-06 at 13:58 UTC.",
        Status.DISMISSED: "It is dismissed as noise already, since 2031-05-06 at 13:58 UTC.",
        Status.MERGED: "It is a part of incident 2 already, since 2031-05-06 at 13:58 UTC. Go on there.",
    }
