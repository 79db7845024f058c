"""Preview of a source: what it would bring, before anybody writes it into the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from access.roles import Permission
from console.access import needing
from console.context import Console, console_of
from console.identity import Acting
from console.rendering import page
from errors import GroundswellError
from mentions.query.parsing import QueryError, parse
from mentions.query.terms import Query
from services.looking import Wish
from services.previewing import BusyError, Preview
from services.source_forms import Filled, fields_of_kind, read_form
from settings.problems import Problem
from sources.contract import kinds

router = APIRouter(route_class=needing(Permission.ADMINISTER))
_OPTION = "o-"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody filled in.

    Attributes:
        about: a brand query to try, empty for the brands of the settings.
        options: by name.
    """

    kind: str = ""
    about: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it: what was seen, or why nothing was."""

    preview: Preview | None = None
    refused: GroundswellError | None = None


async def typed_in(request: Request) -> Typed:
    """The fields of the form; in an address they fill it in for a colleague."""
    given = await request.form() if request.method == "POST" else request.query_params
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    options = {name.removeprefix(_OPTION): value for name, value in texts.items() if name.startswith(_OPTION)}
    return Typed(texts.get("kind", ""), texts.get("about", "").strip(), options)


Form = Annotated[Typed, Depends(typed_in)]


@router.get("/preview")
def form(request: Request, typed: Form) -> Response:
    """The form: the kind first, then what that kind wants to know."""
    if typed.kind and typed.kind not in kinds():
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return _page(request, typed, {})


@router.post("/preview")
def preview(request: Request, typed: Form, actor: Acting) -> Response:
    """Ask a source once and show what it said; whatever went wrong, what was typed stays, but for secrets."""
    console = console_of(request)
    if typed.kind not in kinds():
        raise HTTPException(HTTPStatus.NOT_FOUND)
    filled = read_form(typed.kind, typed.options, [one.id for one in console.installation.settings.sources])
    query, problems = _query(typed.about)
    problems |= _by_field(filled)
    if filled.options is None or problems:
        return _page(request, typed, problems, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    queries = (query,) if query else tuple(console.installation.wanted.values())
    looked = _look(console, actor.id, Wish(typed.kind, filled.options, queries), query)
    status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(looked.refused, BusyError) else HTTPStatus.OK
    return _page(request, typed, {}, looked=looked, query=query, snippet=filled.snippet, status=status)


def _look(console: Console, person: str, wish: Wish, query: Query | None) -> Looked:
    try:
        return Looked(console.previews.of_wish(person, wish, query))
    except GroundswellError as error:
        return Looked(refused=error)


def _query(text: str) -> tuple[Query | None, dict[str, str]]:
    try:
        return (parse(text) if text else None), {}
    except QueryError as error:
        return None, {"about": f"{error.problem[:1].upper()}{error.problem[1:]} {error.remedy}"}


def _by_field(filled: Filled) -> dict[str, str]:
    """Problems by the option that they are about; those of how options fit together have no name."""
    return {problem.path.partition(".")[0]: _words(problem) for problem in filled.problems}


def _words(problem: Problem) -> str:
    value = f"{problem.value} " if problem.value else "It "
    return f"{value}{problem.problem} {problem.remedy}".strip()


def _page(
    request: Request,
    typed: Typed,
    problems: Mapping[str, str],
    *,
    looked: Looked | None = None,
    query: Query | None = None,
    snippet: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    console, found = console_of(request), looked or Looked()
    settings = console.installation.settings
    return page(
        request,
        "preview.html",
        status=status,
        kinds=kinds(),
        kind=typed.kind,
        fields=fields_of_kind(typed.kind) if typed.kind else (),
        typed=typed.options,
        about=typed.about,
        problems=problems,
        brands=settings.brands,
        look=found.preview,
        refused=found.refused,
        query=query,
        snippet=snippet if found.preview else "",
        settings_file=settings.path.name,
        longest=console.previews.longest,
    )
