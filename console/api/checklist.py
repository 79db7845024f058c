"""The checklist and the tasks of an incident."""

from __future__ import annotations

from pydantic import Field

from access.roles import Permission
from console.api.failures import WrongError
from console.api.incident_answers import answered, whole
from console.api.incident_shapes import Done
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Body, Line, Moment, Number, Text
from incidents.incident import Change, Refusal
from services import checklists
from services.installation import Installation

router = resource(Permission.RESPOND, "checklist")


class SeenStep(Body):
    """Which step is meant: after a move to another playbook another one has its place."""

    seen: Line = Field(default="", description="`key` of the step, as it was read.", examples=["verify"])


class Ticked(SeenStep):
    """A step that is done, with the proof that it asks for."""

    evidence: Text = ""


class Skipped(SeenStep):
    """A step that is left out."""

    reason: Text


class NewTask(Body):
    """Something to do that stands in no playbook."""

    title: Line = Field(examples=["Call the airport"])
    assignee: Line | None = Field(default=None, description="Id of a person; whoever comes first where null.")
    due_at: Moment | None = None


@router.post("/incidents/{number}/steps/{position}/done", response_model=Done)
def complete_step(inst: Inst, actor: Acting, number: Number, position: Number, said: Ticked) -> object:
    """Tick a step."""
    done = checklists.complete_step(inst, number, position, actor.id, said.evidence, said.seen)
    return _stepped(inst, number, position, said.seen, done)


@router.post("/incidents/{number}/steps/{position}/skip", response_model=Done)
def skip_step(inst: Inst, actor: Acting, number: Number, position: Number, said: Skipped) -> object:
    """Leave a step out."""
    done = checklists.skip_step(inst, number, position, actor.id, said.reason, said.seen)
    return _stepped(inst, number, position, said.seen, done)


@router.post("/incidents/{number}/steps/{position}/approve", response_model=Done)
def approve_step(inst: Inst, actor: Acting, number: Number, position: Number, said: SeenStep) -> object:
    """Say yes to a step that needs it."""
    done = checklists.approve_step(inst, number, position, actor.id, said.seen)
    return _stepped(inst, number, position, said.seen, done)


@router.post("/incidents/{number}/steps/{position}/undo", response_model=Done)
def undo_step(inst: Inst, actor: Acting, number: Number, position: Number, said: SeenStep) -> object:
    """Untick a step."""
    return _stepped(
        inst, number, position, said.seen, checklists.undo_step(inst, number, position, actor.id, said.seen)
    )


@router.post("/incidents/{number}/tasks", response_model=Done, status_code=201)
def add_task(inst: Inst, actor: Acting, number: Number, said: NewTask) -> object:
    """Write down something to do."""
    if said.assignee and said.assignee not in inst.names:
        raise WrongError("There is nobody with that id in the settings. /api/v1/people lists them.", "#/assignee")
    return answered(inst, number, checklists.add_task(inst, number, actor.id, said.title, said.assignee, said.due_at))


@router.post("/incidents/{number}/tasks/{task}/done", response_model=Done)
def complete_task(inst: Inst, actor: Acting, number: Number, task: Number) -> object:
    """Tick a task."""
    return answered(inst, number, checklists.complete_task(inst, number, task, actor.id))


@router.post("/incidents/{number}/tasks/{task}/undo", response_model=Done)
def undo_task(inst: Inst, actor: Acting, number: Number, task: Number) -> object:
    """Untick a task."""
    return answered(inst, number, checklists.undo_task(inst, number, task, actor.id))


def _stepped(inst: Installation, number: int, position: int, seen: str, done: Change | Refusal) -> object:
    def moved() -> bool:
        now = next((step.key for step in whole(inst, number).steps if step.position == position), seen)
        return bool(seen) and now != seen

    return answered(inst, number, done, stale=moved)
