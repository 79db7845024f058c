"""What programs propose, and what people do about it; errors as :func:`services.acting.act`.

Whether something could be done is found out by deciding it as for a person, and keeping the proposal in place of the
change. Doing it goes through the same service as the person's own button; that, the row which says who proposed it and
the answer to the proposal are stored together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from database import incidents as store
from database import responses
from database.proposals import add_proposal, decide_proposal, find_proposal, hold_proposing, proposals_of
from incidents import proposals
from incidents.incident import Change, Refusal
from incidents.proposals import (
    Author,
    Dismissed,
    NewCategory,
    NewSeverity,
    NewStatement,
    NewTask,
    Note,
    Proposal,
    Resolved,
    State,
    StatementEdit,
    StepDone,
    StepSkipped,
    Update,
    What,
)
from incidents.statements import Edit
from services import checklists, response, statements
from services.acting import Desk, actor_of, amending
from services.installation import Installation


def propose(inst: Installation, incident_id: int, author: Author, what: What, because: str) -> Proposal | Refusal:
    """Put something before the people of an incident; what they could not do now is refused with the reason."""
    kept: list[Proposal] = []

    def keep(desk: Desk, _change: Change) -> Refusal | None:
        hold_proposing(desk.connection, incident_id)
        before = proposals_of(desk.connection, incident_id)
        made = proposals.propose(desk.incident, before, what, because, author, inst.clock())
        if isinstance(made, Refusal):
            return made
        add_proposal(desk.connection, incident_id, made)
        kept[:] = [made]
        return None

    refusal = proposals.refuse_form(what, because)
    if refusal:
        return refusal
    with amending(keep, readers_may=True):
        done = _perform(inst, incident_id, author.person, what, because)
    return done if isinstance(done, Refusal) else kept[0]


def accept(inst: Installation, incident_id: int, number: int, actor: str, words: str | None = None) -> Change | Refusal:
    """Do what was proposed, as the person who says so.

    Args:
        words: theirs in place of those that were proposed, where something is to be written; None for those.

    Raises:
        UnknownProposalError: there is no such proposal.
    """
    with inst.database.reading() as connection:
        found = find_proposal(connection, incident_id, number)
        refusal = proposals.refuse_deciding(found, store.find(connection, incident_id), inst.clock(), inst.names)
    if refusal:
        return refusal
    what = proposals.in_words(found.what, words)

    def take(desk: Desk, change: Change) -> Change | Refusal:
        who = actor_of(inst, actor)
        answered = _answer(desk, number, lambda one: proposals.decided(one, State.ACCEPTED, who, inst.clock()))
        if isinstance(answered, Refusal):
            return answered
        return proposals.told(change, answered, who, inst.names, reworded=what != found.what)

    with amending(take):
        return _perform(inst, incident_id, actor, what, found.because)


def decline(inst: Installation, incident_id: int, number: int, actor: str, because: str = "") -> Proposal | Refusal:
    """Decide against it.

    Raises:
        UnknownIncidentError: there is no such incident.
        UnknownProposalError: there is no such proposal.
    """
    if actor not in inst.names:
        return Refusal(f"There is nobody called {actor} in the settings. Choose one of the people listed there.")
    with inst.database.writing() as connection:
        desk = Desk(connection, inst, store.find(connection, incident_id))
        who = actor_of(inst, actor)
        return _answer(desk, number, lambda one: proposals.decided(one, State.DECLINED, who, inst.clock(), because))


def _answer(desk: Desk, number: int, decide: Callable[[Proposal], Proposal | Refusal]) -> Proposal | Refusal:
    """Keep what is decided on a proposal that still waits for it."""
    waiting = find_proposal(desk.connection, desk.number, number)
    refusal = proposals.refuse_deciding(waiting, desk.incident, desk.inst.clock(), desk.inst.names)
    answered = refusal or decide(waiting)
    if isinstance(answered, Refusal) or decide_proposal(desk.connection, desk.number, answered):
        return answered
    return Refusal("Somebody else answered it a moment ago. Look at the page again.")


def _perform(inst: Installation, incident_id: int, actor: str, what: What, because: str) -> Change | Refusal:
    """What a person would do with one press of a button."""
    this = (inst, incident_id, actor)
    match what:
        case Note(text=text):
            done = response.add_note(*this, text)
        case Update(text=text):
            done = statements.brief(*this, text)
        case NewStatement(statement_kind=kind, text=text, title=title):
            done = statements.draft(*this, kind, text, title)
        case StatementEdit(statement=number, seen=seen, text=text):
            done = statements.edit(*this, Edit(number, seen, text))
        case NewTask(title=title, assignee=assignee, hours=hours):
            due_at = inst.clock() + timedelta(hours=hours) if hours else None
            done = checklists.add_task(*this, title, assignee or None, due_at)
        case NewSeverity() | NewCategory():
            done = _judge(inst, incident_id, actor, what, because)
        case StepDone() | StepSkipped():
            done = _go_through(inst, incident_id, actor, what, because)
        case Resolved():
            done = response.resolve(*this)
        case Dismissed():
            done = response.dismiss(*this, because)
    return done


def _judge(
    inst: Installation, incident_id: int, actor: str, what: NewSeverity | NewCategory, because: str
) -> Change | Refusal:
    if isinstance(what, NewSeverity):
        return response.change_severity(inst, incident_id, actor, what.severity, because, what.seen)
    return response.change_category(inst, incident_id, actor, what.category, because, what.seen)


def _go_through(
    inst: Installation, incident_id: int, actor: str, what: StepDone | StepSkipped, because: str
) -> Change | Refusal:
    """Tick or skip the step with a key, wherever in the checklist it is by now."""
    with inst.database.reading() as connection:
        positions = {step.key: step.position for step in responses.steps(connection, incident_id)}
    position = positions.get(what.step)
    if position is None:
        return Refusal(f"The checklist has no step called {what.step}. It has: {', '.join(positions) or 'none'}.")
    if isinstance(what, StepDone):
        return checklists.complete_step(inst, incident_id, position, actor, what.evidence, what.step)
    return checklists.skip_step(inst, incident_id, position, actor, because, what.step)
