"""What people do with checklist, tasks and playbook of an incident; errors as :func:`services.acting.act`."""

from __future__ import annotations

from datetime import datetime

from incidents import steps, tasks
from incidents.incident import Actor, Change, Refusal
from incidents.steps import Roles
from incidents.tasks import Wanted
from services.acting import Desk, act, with_checklist
from services.installation import Installation


def complete_step(
    inst: Installation, incident_id: int, position: int, actor: str, evidence: str = "", seen: str = ""
) -> Change | Refusal:
    """Tick a step, with the proof that it asks for.

    Args:
        seen: key of the step that the person saw at that position, empty where that is not known. Where somebody has
            moved the incident to another playbook it is another one by now.
    """

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        moved = _moved(desk, position, seen)
        if moved:
            return moved
        done = steps.complete_step(
            desk.incident, desk.steps, position, who, inst.clock(), inst.names, evidence=evidence
        )
        return done if isinstance(done, Refusal) else with_checklist(desk, done)

    return act(inst, incident_id, actor, decide)


def skip_step(
    inst: Installation, incident_id: int, position: int, actor: str, reason: str, seen: str = ""
) -> Change | Refusal:
    """Leave a step out, with the reason; ``seen`` as for :func:`complete_step`."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        moved = _moved(desk, position, seen)
        if moved:
            return moved
        done = steps.skip_step(desk.incident, desk.steps, position, reason, who, inst.clock(), inst.names)
        return done if isinstance(done, Refusal) else with_checklist(desk, done)

    return act(inst, incident_id, actor, decide)


def approve_step(inst: Installation, incident_id: int, position: int, actor: str, seen: str = "") -> Change | Refusal:
    """Say yes to a step that needs it; ``seen`` as for :func:`complete_step`."""
    roles = Roles({person.id: person.role for person in inst.settings.people})

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        moved = _moved(desk, position, seen)
        return moved or steps.approve_step(desk.incident, desk.steps, position, who, inst.clock(), roles, inst.names)

    return act(inst, incident_id, actor, decide)


def undo_step(inst: Installation, incident_id: int, position: int, actor: str, seen: str = "") -> Change | Refusal:
    """Untick a step; ``seen`` as for :func:`complete_step`."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        moved = _moved(desk, position, seen)
        if moved:
            return moved
        undone = steps.undo_step(desk.incident, desk.steps, position, who, inst.clock())
        return undone if isinstance(undone, Refusal) else with_checklist(desk, undone)

    return act(inst, incident_id, actor, decide)


def add_task(
    inst: Installation,
    incident_id: int,
    actor: str,
    title: str,
    assignee: str | None = None,
    due_at: datetime | None = None,
) -> Change | Refusal:
    """Write down something to do."""
    if assignee and assignee not in inst.names:
        return Refusal(f"There is nobody called {assignee} in the settings. Choose one of the people listed there.")
    wanted = Wanted(title, assignee or None, due_at)

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return tasks.add_task(desk.incident, desk.tasks, wanted, who, inst.clock(), inst.names)

    return act(inst, incident_id, actor, decide)


def complete_task(inst: Installation, incident_id: int, number: int, actor: str) -> Change | Refusal:
    """Tick a task."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return tasks.complete_task(desk.incident, desk.tasks, number, who, inst.clock(), inst.names)

    return act(inst, incident_id, actor, decide)


def undo_task(inst: Installation, incident_id: int, number: int, actor: str) -> Change | Refusal:
    """Untick a task."""

    def decide(desk: Desk, who: Actor) -> Change | Refusal:
        return tasks.undo_task(desk.incident, desk.tasks, number, who, inst.clock())

    return act(inst, incident_id, actor, decide)


def _moved(desk: Desk, position: int, seen: str) -> Refusal | None:
    """Why nothing is done to a step that is another one than the person saw, None where it is the same."""
    now = next((step for step in desk.steps if step.position == position), None)
    if not seen or now is None or now.key == seen:
        return None
    return Refusal(
        f"The checklist has changed since you looked: step {position} is now “{now.title}”. Look at it again."
    )
