"""What is said about an incident: words for the public in versions, promises, and updates for those inside."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from access.roles import Permission
from console.api.incident_answers import answered, whole
from console.api.incident_shapes import Done
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Body, Line, Moment, Number, Text
from incidents.incident import Change, Refusal
from incidents.statements import Edit
from playbooks.playbook import StatementKind
from services import statements
from services.installation import Installation

router = resource(Permission.RESPOND, "statements")
Version = Annotated[int, Field(strict=True, ge=1, le=2**31, description="`version` of the statement, as it was read.")]
NextWord = Annotated[Moment | None, Field(description="When the next word is promised.")]


class NewStatement(Body):
    """Words to begin with: those of a template of the playbook, or your own."""

    template: Line | None = Field(default=None, description="Key of a template.", examples=["holding"])
    kind: StatementKind | None = Field(default=None, description="What your own words are for.")
    title: Line = ""
    text: Text = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.template) == bool(self.kind):
            raise ValueError("give either the key of a template, or a kind with your own words")
        return self


class NewVersion(Body):
    """The next version of words."""

    seen: Version
    text: Text


class SeenVersion(Body):
    """The version that is meant."""

    seen: Version


class Published(SeenVersion):
    """Where it can be read, and when the next word is promised."""

    url: Line = ""
    next_at: NextWord = None


class NewPromise(Body):
    """When the next public word is promised; null for no promise."""

    next_at: Moment | None


class Update(Body):
    """Where it stands, for those inside who read along."""

    text: Text
    next_at: NextWord = None


@router.post("/incidents/{number}/statements", response_model=Done, status_code=201)
def draft(inst: Inst, actor: Acting, number: Number, said: NewStatement) -> object:
    """Begin words for the public."""
    if said.kind:
        return answered(inst, number, statements.draft(inst, number, actor.id, said.kind, said.text, said.title))
    return answered(inst, number, statements.draft_from(inst, number, actor.id, said.template or ""))


@router.post("/incidents/{number}/statements/{statement}/edit", response_model=Done)
def edit(inst: Inst, actor: Acting, number: Number, statement: Number, said: NewVersion) -> object:
    """Write the next version; where somebody wrote one since, theirs stands in `now`."""
    done = statements.edit(inst, number, actor.id, Edit(statement, said.seen, said.text))
    return _worded(inst, number, statement, said.seen, done)


@router.post("/incidents/{number}/statements/{statement}/approve", response_model=Done)
def approve(inst: Inst, actor: Acting, number: Number, statement: Number, said: SeenVersion) -> object:
    """Say yes to a version as the second pair of eyes."""
    done = statements.approve(inst, number, actor.id, statement, said.seen)
    return _worded(inst, number, statement, said.seen, done)


@router.post("/incidents/{number}/statements/{statement}/publish", response_model=Done)
def publish(inst: Inst, actor: Acting, number: Number, statement: Number, said: Published) -> object:
    """Say that it is out: the clock to the first public answer stops, the step it was for is ticked."""
    done = statements.publish(inst, number, actor.id, statement, said.seen, said.url, said.next_at)
    return _worded(inst, number, statement, said.seen, done)


@router.post("/incidents/{number}/promise", response_model=Done)
def promise(inst: Inst, actor: Acting, number: Number, said: NewPromise) -> object:
    """Move the promise of the next public word."""
    return answered(inst, number, statements.promise(inst, number, actor.id, said.next_at))


@router.post("/incidents/{number}/updates", response_model=Done, status_code=201)
def brief(inst: Inst, actor: Acting, number: Number, said: Update) -> object:
    """Tell those inside who read along where it stands; they get it by mail."""
    return answered(inst, number, statements.brief(inst, number, actor.id, said.text, said.next_at))


def _worded(inst: Installation, number: int, statement: int, seen: int, done: Change | Refusal) -> object:
    def newer() -> bool:
        return any(one.number == statement and one.version != seen for one in whole(inst, number).statements)

    return answered(inst, number, done, stale=newer)
