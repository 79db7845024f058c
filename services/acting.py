"""How a person acts on an incident: it is loaded, decided upon, and the decision is stored whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from alerts.incident_alert import LetterKind
from database import incidents as store
from database import responses
from incidents.incident import (
    Actor,
    Change,
    Checklist,
    Follower,
    Incident,
    Refusal,
    Review,
    Statement,
    Task,
    TimelineEvent,
)
from incidents.remarks import reads_only
from playbooks.checklist import reclock, refit
from playbooks.playbook import ChecklistStep, Playbook
from services.announcing import announce, news_of, route
from services.installation import Installation

# On PostgreSQL two people can decide on the same version; the slower one then decides again on what is true now.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """An incident and all that is decided upon together with it, as it was loaded in one transaction."""

    connection: Connection
    inst: Installation
    incident: Incident

    @property
    def number(self) -> int:
        """The number of the incident."""
        return self.incident.id or 0

    @property
    def steps(self) -> tuple[ChecklistStep, ...]:
        """Its checklist."""
        return responses.steps(self.connection, self.number)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is to be done besides."""
        return responses.tasks(self.connection, self.number)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What is said to the public."""
        return responses.statements(self.connection, self.number)

    @property
    def followers(self) -> tuple[Follower, ...]:
        """Who reads along or did."""
        return responses.followers(self.connection, self.number)

    @property
    def review(self) -> Review | None:
        """What was written of it afterwards."""
        return responses.review(self.connection, self.number)

    @property
    def timeline(self) -> tuple[TimelineEvent, ...]:
        """What happened."""
        return store.timeline(self.connection, self.number)

    @property
    def playbook(self) -> Playbook:
        """The plan it follows, in the version it follows."""
        return self.inst.playbooks.of(self.connection, self.incident.playbook, self.incident.playbook_version)


Decide = Callable[[Desk, Actor], Change | Refusal]
Tell = Callable[[Desk, Change], None]
Amend = Callable[[Desk, Change], Change | Refusal | None]


@dataclass(frozen=True, slots=True)
class _Amendment:
    amend: Amend
    readers_may: bool


_amendment: ContextVar[_Amendment | None] = ContextVar("amendment", default=None)


@contextmanager
def amending(amend: Amend, *, readers_may: bool = False) -> Iterator[None]:
    """Let something else be decided together with every action of the block, in its transaction.

    Args:
        amend: gets each decision before it is stored and says what is stored in its place: None stores nothing, and the
            decision is what is answered.
        readers_may: as for :func:`act`, for all of the block.
    """
    before = _amendment.set(_Amendment(amend, readers_may))
    try:
        yield
    finally:
        _amendment.reset(before)


def act(
    inst: Installation,
    incident_id: int,
    actor: str,
    decide: Decide,
    tell: Tell | None = None,
    *,
    readers_may: bool = False,
) -> Change | Refusal:
    """Load, decide, store, tell: in one transaction.

    Args:
        actor: id of the person.
        tell: writes letters about what was decided; the desk shows the incident as it was before.
        readers_may: those who only read along may do it, too.

    Raises:
        UnknownIncidentError: there is no such incident.
        ConflictError: others keep changing it; nothing was done.
        DatabaseError: it cannot be stored; nothing was done.
    """
    for _ in range(_TRIES - 1):
        try:
            return _once(inst, incident_id, actor, decide, tell, readers_may=readers_may)
        except store.ConflictError:
            continue
    return _once(inst, incident_id, actor, decide, tell, readers_may=readers_may)


def actor_of(inst: Installation, person_id: str) -> Actor:
    """A person by their id."""
    return Actor(person_id, inst.name_of(person_id))


def fitted(steps: Sequence[ChecklistStep], playbook: Playbook, incident: Incident) -> Checklist:
    """The checklist as the incident asks for it now: its steps and their deadlines.

    Where the version that it follows is nowhere any more, it keeps the steps it has: nobody moved it to another.
    """
    if playbook.version != incident.playbook_version:
        return Checklist(reclock(steps, playbook, incident.severity, incident.opened_at))
    where = (incident.severity, incident.category, incident.real_brand, incident.opened_at)
    return Checklist(refit(steps, playbook, *where).steps)


def with_checklist(desk: Desk, change: Change) -> Change:
    """A change whose steps bring the deadlines and steps that follow from it."""
    changed = {one.position: one for one in change.also if isinstance(one, ChecklistStep)}
    others = tuple(one for one in change.also if not isinstance(one, ChecklistStep))
    steps = [changed.get(step.position, step) for step in desk.steps]
    return replace(change, also=(*others, fitted(steps, desk.playbook, change.incident)))


def tell_of_raise(desk: Desk, change: Change) -> None:
    """Tell whoever has to know of a severity that is worse than before."""
    before, after = desk.incident, change.incident
    if after.severity.rank < before.severity.rank:
        routed = route(desk.inst.settings.routing, after.brand, after.kind, after.severity, after.owner)
        news = news_of(desk.connection, LetterKind.RAISED, after, routed, change.event.at)
        announce(desk.connection, desk.inst, replace(news, raised_from=before.severity))


def _once(
    inst: Installation, incident_id: int, actor: str, decide: Decide, tell: Tell | None, *, readers_may: bool
) -> Change | Refusal:
    if actor not in inst.names:
        return Refusal(f"There is nobody called {actor} in the settings. Choose one of the people listed there.")
    with inst.database.writing() as connection:
        desk = Desk(connection, inst, store.find(connection, incident_id))
        who = actor_of(inst, actor)
        amendment = _amendment.get()
        readers_may = readers_may or bool(amendment and amendment.readers_may)
        if not readers_may and reads_only(desk.followers, actor):
            return Refusal("You read along here. To act on it, stop reading along first.")
        decided = decide(desk, who)
        if isinstance(decided, Refusal):
            return decided
        amended = amendment.amend(desk, decided) if amendment else decided
        if isinstance(amended, Change):
            store.change(connection, amended)
            if tell:
                tell(desk, amended)
        return amended or decided
