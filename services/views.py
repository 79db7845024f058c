"""Saving filters of the mentions under a name, for oneself or for everybody."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection

from database import views
from database.views import View
from incidents.incident import Refusal
from services.installation import Installation

MOST, LONGEST = 50, 60
_GONE = Refusal("There is no such view any more; whoever made it may have deleted it.")


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it is kept, and as it must not come twice."""

    name: str
    folded: str


def named(text: str) -> Named | Refusal:
    """The name that somebody typed, without what cannot be seen or would turn a line around."""
    # Cc, Cf, Co, Cs, Cn; lines and paragraphs separate like blanks.
    seen = (" " if one.isspace() else one for one in unicodedata.normalize("NFKC", text))
    name = " ".join("".join(one for one in seen if unicodedata.category(one)[0] != "C").split())
    if not name:
        return Refusal("A view needs a name.")
    if len(name) > LONGEST:
        return Refusal(f"A name has at most {LONGEST} characters; this one has {len(name):,}.")
    return Named(name, name.casefold())


def save(inst: Installation, person: str, text: str, query: str, *, shared: bool) -> View | Refusal:
    """Keep filters under a name.

    Args:
        text: the name as it was typed.
        query: the filters as they stand in an address.

    Raises:
        DatabaseError: it cannot be written; nothing was changed.
    """
    name = named(text)
    if isinstance(name, Refusal):
        return name
    values = {"person": person, "name": name.name, "folded": name.folded, "query": query, "shared": shared}
    with inst.database.writing() as connection:
        if views.count_views(connection, person) >= MOST:
            return Refusal(f"You have {MOST} views, which is all that are kept for one person. Delete one first.")
        number = views.add_view(connection, {**values, "created_at": inst.clock()})
        if number is None:
            return _clash(name)
        views.look_at(connection, number, person, inst.clock())
    return View(number, person, name.name, query, shared)


def change(inst: Installation, view_id: int, person: str, text: str, *, shared: bool) -> View | Refusal:
    """Give one's view another name, or share it, or share it no longer; otherwise as :func:`save`."""
    name = named(text)
    if isinstance(name, Refusal):
        return name
    with inst.database.writing() as connection:
        view = _of(connection, view_id, person)
        if isinstance(view, Refusal):
            return view
        if views.is_named(connection, person, name.folded, view_id):
            return _clash(name)
        views.change_view(connection, view_id, {"name": name.name, "folded": name.folded, "shared": shared})
    return View(view_id, person, name.name, view.query, shared)


def remove(inst: Installation, view_id: int, person: str, *, may_any: bool) -> View | Refusal:
    """Delete a view; its own person may, and whoever may delete any.

    Raises:
        DatabaseError: it cannot be written; nothing was changed.
    """
    with inst.database.writing() as connection:
        view = views.find_view(connection, view_id)
        if view is None or (view.person != person and not (may_any and view.shared)):
            return _GONE if view is None or not view.shared else _not_yours(inst, view)
        views.drop_view(connection, view_id)
    return view


def look(inst: Installation, view_id: int, person: str) -> View | None:
    """Open a view; from now on what is stored is new to this person. None where they see no such view.

    Args:
        person: id, empty where nobody has said who they are.
    """
    with inst.database.reading() as connection:
        view = views.find_view(connection, view_id)
    if view is None or not (view.shared or view.person == person):
        return None
    if person:
        with inst.database.writing() as connection:
            if views.find_view(connection, view_id):
                views.look_at(connection, view_id, person, inst.clock())
    return view


def _of(connection: Connection, view_id: int, person: str) -> View | Refusal:
    view = views.find_view(connection, view_id)
    return view if view is not None and view.person == person else _GONE


def _not_yours(inst: Installation, view: View) -> Refusal:
    return Refusal(f"{inst.name_of(view.person)} made this view; ask them, or whoever administers Groundswell.")


def _clash(name: Named) -> Refusal:
    return Refusal(f"You have a view “{name.name}” already. Choose another name, or delete that one first.")
