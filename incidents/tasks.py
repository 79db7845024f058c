"""What is to be done and stands in no playbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from incidents.deciding import NOBODY, Names, change, clock, event, name_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Status, Task, clamped

TITLE_LIMIT = 200  # characters; a line of the list


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, by whom (id; None for whoever comes first) and until when (None where there is no hurry)."""

    title: str
    assignee: str | None = None
    due_at: datetime | None = None


def add_task(
    incident: Incident, tasks: Sequence[Task], wanted: Wanted, actor: Actor, now: datetime, names: Names = NOBODY
) -> Change | Refusal:
    """Write down something to do, for somebody or for whoever comes first."""
    line, assignee, due_at = " ".join(wanted.title.split()), wanted.assignee, wanted.due_at
    if not line:
        return Refusal("Say in a few words what is to be done.")
    if len(line) > TITLE_LIMIT:
        return Refusal(f"The task has {len(line)} characters; shorten it to {TITLE_LIMIT}, the rest can be a note.")
    if incident.status is Status.MERGED:
        return Refusal(f"It is a part of incident {incident.merged_into}; add the task there.")
    at = clamped(incident, now)
    task = Task(len(tasks) + 1, line, assignee, due_at, actor.id, at)
    whose = f" for {name_of(names, assignee)}" if assignee and assignee != actor.id else ""
    facts = {"task": str(task.number), "assignee": assignee or "", "due_at": due_at.isoformat() if due_at else ""}
    row = event(at, EventKind.TASK, actor, f"{actor.name} added a task{whose}: {line}", {**facts, "did": "added"})
    return change(incident, row, also=(task,))


def complete_task(
    incident: Incident, tasks: Sequence[Task], number: int, actor: Actor, now: datetime, names: Names = NOBODY
) -> Change | Refusal:
    """Tick a task."""
    task = _task(tasks, number)
    if isinstance(task, Refusal):
        return task
    if task.done_at is not None:
        facts = {"done_by": task.done_by or "", "at": task.done_at.isoformat()}
        return Refusal(
            f"Task {number} was done already, on {clock(task.done_at)} by {name_of(names, task.done_by)}.", facts
        )
    at = clamped(incident, now)
    row = event(at, EventKind.TASK, actor, f"{actor.name} completed the task: {task.title}", _facts(task, "done"))
    return change(incident, row, also=(replace(task, done_at=at, done_by=actor.id),))


def undo_task(incident: Incident, tasks: Sequence[Task], number: int, actor: Actor, now: datetime) -> Change | Refusal:
    """Untick a task."""
    task = _task(tasks, number)
    if isinstance(task, Refusal):
        return task
    if task.done_at is None:
        return Refusal(f"Task {number} is not done, so there is nothing to undo.")
    text = f"{actor.name} reopened the task: {task.title}"
    row = event(clamped(incident, now), EventKind.TASK, actor, text, _facts(task, "undone"))
    return change(incident, row, also=(replace(task, done_at=None, done_by=None),))


def _task(tasks: Sequence[Task], number: int) -> Task | Refusal:
    found = next((task for task in tasks if task.number == number), None)
    return found or Refusal(f"There is no task {number} here. {_how_many(len(tasks))}")


def _how_many(count: int) -> str:
    if not count:
        return "None was added yet."
    return "There is one, number 1." if count == 1 else f"There are {count}, numbered from 1."


def _facts(task: Task, did: str) -> dict[str, str]:
    return {"task": str(task.number), "did": did}
