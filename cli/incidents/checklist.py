"""``groundswell incidents step`` and its like: the checklist, and what is to be done besides."""

from __future__ import annotations

import click

from cli.incidents import times
from cli.incidents.acting import Answer, Call, Number, action
from cli.incidents.people import named
from cli.incidents.texts import typed
from services import checklists


@action("step", "Tick a step, skip it, say yes to it, or undo that.")
@click.argument("position", type=Number)
@click.option("--done", "what", flag_value="done", help="It is done; this is what is meant where nothing is said.")
@click.option("--undo", "what", flag_value="undo", help="It is open again.")
@click.option("--skip", "what", flag_value="skip", help="It does not apply; say why with --reason.")
@click.option("--approve", "what", flag_value="approve", help="You say yes to it.")
@click.option("--reason", default="", help="Why it is skipped, in one line.")
@click.option("--evidence", default="", metavar="TEXT", help="What shows that it is done; - reads standard input.")
def step(call: Call, position: int, what: str | None, reason: str, evidence: str) -> Answer:
    """Change one step."""
    what = what or "done"
    if reason and what != "skip":
        raise click.UsageError("--reason belongs to --skip.")
    if evidence and what != "done":
        raise click.UsageError("--evidence belongs to --done.")
    at = (call.inst, call.number, position, call.person)
    match what:
        case "undo":
            return checklists.undo_step(*at), f"Step {position} is open again."
        case "skip":
            return checklists.skip_step(*at, reason), f"Step {position} is skipped."
        case "approve":
            return checklists.approve_step(*at), f"Step {position} has your yes."
        case _:
            return checklists.complete_step(*at, typed(evidence)), f"Step {position} is done."


@action("task", "Write down something to do that stands in no playbook.")
@click.argument("title")
@click.option("--for", "whom", metavar="PERSON", help="Who does it; else whoever comes first.")
@click.option("--due", metavar="WHEN", help=f"Until when: {times.WRITTEN}.")
def task(call: Call, title: str, whom: str | None, due: str | None) -> Answer:
    """Add a task."""
    inst = call.inst
    person = named(inst, whom, "--for") if whom else None
    due_at = times.ahead(due, inst.clock(), inst.settings.time_zone, "--due") if due else None
    return checklists.add_task(inst, call.number, call.person, title, person, due_at), "The task is on the list."


@action("task-done", "Tick a task.")
@click.argument("task_number", metavar="NUMBER", type=Number)
@click.option("--undo", is_flag=True, help="It is open again.")
def task_done(call: Call, task_number: int, *, undo: bool) -> Answer:
    """Tick or untick a task."""
    if undo:
        done = checklists.undo_task(call.inst, call.number, task_number, call.person)
        return done, f"Task {task_number} is open again."
    done = checklists.complete_task(call.inst, call.number, task_number, call.person)
    return done, f"Task {task_number} is done."
