"""Saved views: filters of the mentions under a name, opened by a link, shared with the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from access.roles import Permission
from console import flash
from console.access import NotAllowedError, caller_of, needing
from console.answering import SEE_OTHER, explained
from console.context import Console, console_of
from console.flash import Flash
from console.identity import Acting, remember, you
from console.mention_filters import Filters, read, summary, wanted_by
from console.rendering import page
from database import reading
from database.reading_mentions import Wanted, count_mentions
from database.views import View, looks_of, stored_after, views_for
from incidents.incident import Actor, Refusal
from services import views

router = APIRouter(route_class=needing(Permission.READ))
_PATH = "/mentions/views"
# Ids have 64 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Typed = Annotated[str, Form()]
# Counting costs a query for each view, and a look at each of the newest mentions.
COUNTED_VIEWS, COUNTED_MENTIONS = 12, 500


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view as it stands in a list.

    Attributes:
        new: how many mentions of it were stored since this person looked, at most ``COUNTED_MENTIONS``; None where
            that is not counted.
        current: its filters are those of the page.
        mine: it belongs to whoever looks.
        summary: its filters in words.
    """

    view: View
    new: int | None
    current: bool
    mine: bool
    summary: str


@router.get(_PATH)
def all_views(request: Request, name: str = "", query: str = "") -> Response:
    """One's own views and those that others share, to be renamed, shared and deleted."""
    return _page(request, name, query)


@router.post(_PATH)
def save(request: Request, actor: Acting, name: Typed = "", query: Typed = "", shared: Typed = "") -> Response:
    """Keep the filters of a page under a name."""
    _may_share(request, shared)
    filters = _filters(query, console_of(request))
    done = views.save(console_of(request).installation, actor.id, name, filters.query, shared=bool(shared))
    if isinstance(done, Refusal):
        return _page(request, name, query, done, shared=bool(shared))
    whose = "Everybody finds it" if done.shared else "You find it"
    return _on(actor, f"/mentions?{done.query}", f"Saved as “{done.name}”. {whose} above the list.")


@router.get(f"{_PATH}/{{view_id}}")
def open_view(request: Request, view_id: Number) -> Response:
    """The mentions that a view leaves; whoever opens it has seen what was stored until now."""
    actor = you(request)
    view = views.look(console_of(request).installation, view_id, actor.id if actor else "")
    if view is None:
        raise HTTPException(404)
    return RedirectResponse(f"/mentions?{view.query}", SEE_OTHER)


@router.post(f"{_PATH}/{{view_id}}")
def change(request: Request, view_id: Number, actor: Acting, name: Typed = "", shared: Typed = "") -> Response:
    """Give a view another name, share it, or share it no longer."""
    _may_share(request, shared)
    done = views.change(console_of(request).installation, view_id, actor.id, name, shared=bool(shared))
    told = "" if isinstance(done, Refusal) else "Everybody sees it." if done.shared else "Only you see it."
    return _answered(request, actor, done, f"Kept. {told}")


@router.post(f"{_PATH}/{{view_id}}/delete")
def delete(request: Request, view_id: Number, actor: Acting) -> Response:
    """Delete a view; the mentions stay as they are."""
    may_any = _may(request, Permission.ADMINISTER)
    done = views.remove(console_of(request).installation, view_id, actor.id, may_any=may_any)
    told = "" if isinstance(done, Refusal) else f"“{done.name}” is deleted; its mentions stay."
    return _answered(request, actor, done, told)


def view_links(request: Request, connection: Connection, filters: Filters) -> tuple[ViewLink, ...]:
    """The views of whoever looks, and those that others share, for a page with these filters."""
    console, actor = console_of(request), you(request)
    person = actor.id if actor else ""
    found = views_for(connection, person)
    new = _new(connection, console, found[:COUNTED_VIEWS], looks_of(connection, person) if person else {})
    settings = console.installation.settings
    return tuple(
        ViewLink(
            view,
            new.get(view.id),
            bool(filters.query) and view.query == filters.query,
            view.person == person,
            summary(_filters(view.query, console), settings),
        )
        for view in found
    )


def _new(
    connection: Connection, console: Console, found: Sequence[View], looks: Mapping[int, int]
) -> Mapping[int, int]:
    """How many mentions of views are new, by the view; only what was stored last is looked through."""
    seen = {view.id: looks[view.id] for view in found if view.id in looks}
    stored = stored_after(connection, min(seen.values()), COUNTED_MENTIONS) if seen else ()
    new = dict.fromkeys(seen, 0)
    for view in found:
        if view.id in seen and (among := tuple(one for one in stored if one > seen[view.id])):
            new[view.id] = count_mentions(connection, _wanted(view, console, among), COUNTED_MENTIONS)
    return new


def _wanted(view: View, console: Console, among: tuple[int, ...]) -> Wanted:
    wanted = wanted_by(_filters(view.query, console), console.brands, console.now(), console.zone)
    return replace(wanted, among=among)


def _filters(query: str, console: Console) -> Filters:
    return read(dict(parse_qsl(query)), console.zone).filters


def _may(request: Request, permission: Permission) -> bool:
    caller = caller_of(request)
    return caller is not None and permission in caller.permissions


def _may_share(request: Request, shared: str) -> None:
    if shared and not _may(request, Permission.RESPOND):
        raise NotAllowedError(Permission.RESPOND)


def _page(request: Request, name: str, query: str, refused: Refusal | None = None, *, shared: bool = False) -> Response:
    console = console_of(request)
    filters = _filters(query, console)
    with console.installation.database.reading() as connection:
        links = view_links(request, connection, filters)
        pulse = reading.pulse(connection)
    values = {
        "pulse": pulse,
        "views": links,
        "filters": filters,
        "summary": summary(filters, console.installation.settings),
        "name": name,
        "shared": shared,
        "refused": refused,
        "longest": views.LONGEST,
        "may_share": _may(request, Permission.RESPOND),
        "may_any": _may(request, Permission.ADMINISTER),
    }
    return page(request, "views.html", 409 if refused else 200, **values)


def _answered(request: Request, actor: Actor, done: View | Refusal, told: str) -> Response:
    if isinstance(done, Refusal):
        answer = RedirectResponse(_PATH, SEE_OTHER)
        flash.put(answer, Flash(explained(done, console_of(request)), refused=True))
        remember(answer, actor)
        return answer
    return _on(actor, _PATH, told)


def _on(actor: Actor, path: str, told: str) -> Response:
    answer = RedirectResponse(path, SEE_OTHER)
    flash.put(answer, Flash(told))
    remember(answer, actor)
    return answer
