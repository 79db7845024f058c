"""The playbooks that are in force."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from access.roles import Permission
from console.api.failures import MissingError
from console.api.paging import Page
from console.api.routing import Inst, resource
from console.api.shapes import Answer
from playbooks.facts import Facts
from playbooks.playbook import Playbook, Severity, StatementKind
from playbooks.statements import render
from services.shelf import Shelved

router = resource(Permission.READ, "playbooks")


class PlaybookSummary(Answer):
    """A playbook in short."""

    id: str
    version: str
    title: str
    summary: str
    own: bool = Field(description="It is the team's own.")
    categories: list[str]
    kinds: list[str]


class ClockAnswer(Answer):
    """How fast a severity asks a team to be, in seconds."""

    acknowledge: float
    first_public: float
    update_every: float | None


class PlanStep(Answer):
    """A step of a plan; `due` is the time allowed by severity, in seconds."""

    key: str
    title: str
    why: str
    how: str
    role: str
    you_may: str
    phase: str
    after: str
    evidence: str
    approval: str
    statement: str
    due: dict[Severity, float]


class TemplateAnswer(Answer):
    """Words to start from; what is in brackets is to be filled in."""

    key: str
    kind: StatementKind
    title: str
    text: str


class PlaybookAnswer(PlaybookSummary):
    """A playbook with its steps and words."""

    clocks: dict[Severity, ClockAnswer]
    steps: list[PlanStep]
    statements: list[TemplateAnswer]


class PlaybookPage(Page[PlaybookSummary]):
    """All playbooks; `problems` says what is wrong with a team's own files, by their names."""

    problems: dict[str, str]


@router.get("/playbooks", response_model=PlaybookPage)
def playbooks(inst: Inst) -> object:
    """All that are in force."""
    with inst.database.reading() as connection:
        shelf = inst.playbooks.shelf(connection)
    problems = {name: f"{one.problem} {one.remedy}" for name, one in shelf.problems.items()}
    return {"items": [_summary(book) for book in shelf.books.values()], "next": None, "problems": problems}


@router.get("/playbooks/{playbook}", response_model=PlaybookAnswer)
def one_playbook(inst: Inst, playbook: str) -> object:
    """One, as it is now."""
    with inst.database.reading() as connection:
        found = inst.playbooks.shelf(connection).books.get(playbook)
    if found is None:
        raise MissingError("There is no such playbook. /api/v1/playbooks lists them.")
    return {**_summary(found), **_inside(found.playbook)}


def _summary(book: Shelved) -> dict[str, Any]:
    names = ("id", "version", "title", "summary", "categories", "kinds")
    return {**{name: getattr(book.playbook, name) for name in names}, "own": book.own}


def _inside(plan: Playbook) -> dict[str, Any]:
    texts = ("key", "title", "why", "how", "role", "you_may", "phase", "after", "evidence", "approval", "statement")
    return {
        "clocks": {
            severity: {
                "acknowledge": clocks.acknowledge.total_seconds(),
                "first_public": clocks.first_public.total_seconds(),
                "update_every": clocks.update_every.total_seconds() if clocks.update_every else None,
            }
            for severity, clocks in plan.clocks.items()
        },
        "steps": [
            {
                **{name: getattr(step, name) for name in texts},
                "due": {severity: due.total_seconds() for severity, due in step.due.items()},
            }
            for step in plan.steps
        ],
        "statements": [
            {"key": one.key, "kind": one.kind, "title": one.title, "text": render(one, Facts())}
            for one in plan.statements
        ],
    }
