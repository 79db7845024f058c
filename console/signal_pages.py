"""The decisions: what stood out, whether it was an alarm, and why not; and what people say of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from access.roles import Permission
from console import flash
from console.access import allowed, needing
from console.answering import explained
from console.context import Console, console_of
from console.decision_words import MEANINGS, in_short, why_held
from console.flash import Flash
from console.identity import Acting, remember
from console.rendering import page
from console.security import own_path
from console.wording import clock
from database import reading
from database.marks import unnoticed
from database.reading_signals import Asked, Decision, Shown, list_decisions, tally
from detection.marks import Mark
from incidents.incident import Actor, Refusal
from incidents.marking import NOTE_LIMIT
from services import marking

router = APIRouter(route_class=needing(Permission.READ))
# Ids have 64 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
AT_ONCE = 50
MOST_UNNOTICED = 20
IN_SHORT_OVER = timedelta(days=7)
_LIST = "/signals"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says; unknown values count as none."""

    brand: str = ""
    shown: Shown = Shown.ALL

    def with_(self, **more: str) -> str:
        """The list under these filters, with more in its address."""
        values = {"brand": self.brand, "show": str(self.shown), **more}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{_LIST}?{query}" if query else _LIST

    @property
    def address(self) -> str:
        """Of the newest of the list."""
        return self.with_()

    @property
    def set(self) -> bool:
        """Whether any of them leaves something out."""
        return bool(self.brand or self.shown)


@dataclass(frozen=True, slots=True)
class Missed:
    """What somebody filled in about an alarm that did not come; times as browsers send them, ``2026-05-12T14:30``."""

    brand: str = ""
    when: str = ""
    note: str = ""


def chosen(request: Request) -> Filters:
    """The filters of an address; PostgreSQL knows no NUL in a text."""
    given = request.query_params
    show = given.get("show", "")
    return Filters(given.get("brand", "").replace("\0", ""), Shown(show) if show in set(Shown) else Shown.ALL)


Chosen = Annotated[Filters, Depends(chosen)]


@router.get(_LIST)
def signals(
    request: Request, filters: Chosen, before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Response:
    """One page of the list, the last decision first."""
    return _page(request, filters, before, Missed(brand=filters.brand), None)


@router.post(_LIST)
@allowed(Permission.RESPOND)
def missed(  # each is a field of the form
    request: Request,
    filters: Chosen,
    actor: Acting,
    brand: Annotated[str, Form()] = "",
    when: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Say that an alarm should have come at a moment; what is refused stays in the form."""
    console, typed = console_of(request), Missed(brand, when, note)
    moment = marking.read_moment(when, console.zone)
    if moment is None:
        return _page(request, filters, None, typed, Refusal("Say on which day and at what time it should have come."))
    done = marking.mark_missed(console.installation, brand, moment, actor.id, note)
    if isinstance(done, Refusal):
        return _page(request, filters, None, typed, done)
    name, at = console.installation.name_of_brand(brand), clock(moment, console.now(), console.zone)
    return _back(request, actor, done, f"Noted: an alarm about {name} should have come at {at}.", filters.address)


@router.post("/signals/{signal_id}/noise")
@allowed(Permission.RESPOND)
def noise(
    request: Request, signal_id: Number, actor: Acting, back: Annotated[str, Form(alias="next")] = _LIST
) -> Response:
    """Say that an alarm was not worth it."""
    done = marking.mark_noise(console_of(request).installation, signal_id, actor.id)
    return _back(request, actor, done, "Marked as noise. Its incident stays as it is.", back)


@router.post("/signals/{signal_id}/missed")
@allowed(Permission.RESPOND)
def wrongly_held(
    request: Request, signal_id: Number, actor: Acting, back: Annotated[str, Form(alias="next")] = _LIST
) -> Response:
    """Say that what was held should have been an alarm."""
    done = marking.mark_wrongly_held(console_of(request).installation, signal_id, actor.id)
    return _back(request, actor, done, "Noted: this should have been an alarm.", back)


@router.post("/signals/marks/{mark_id}/undo")
@allowed(Permission.RESPOND)
def undo(
    request: Request,
    mark_id: Number,
    actor: Acting,
    seen: Annotated[str, Query()] = "",
    back: Annotated[str, Query(alias="next")] = _LIST,
) -> Response:
    """Take back what somebody said."""
    done = marking.unmark(console_of(request).installation, mark_id, seen)
    return _back(request, actor, done, "Taken back.", back, offer_undo=False)


def undo_path(mark: Mark, back: str) -> str:
    """Where a form posts to that takes a mark back."""
    return f"/signals/marks/{mark.id}/undo?{urlencode({'seen': marking.seen_as(mark), 'next': back})}"


def newest_decisions(connection: Connection, brand: str, limit: int) -> tuple[Decision, ...]:
    """For the page of a brand."""
    return list_decisions(connection, Asked(brand), None, limit)


def _page(request: Request, filters: Filters, before: int | None, typed: Missed, refused: Refusal | None) -> Response:
    console = console_of(request)
    with console.installation.database.reading() as connection:
        listed = _listed(connection, console, filters, before)
    return page(
        request,
        "signals.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        filters=filters,
        brands=marking.watched(console.installation),
        before=before,
        typed=typed,
        refused=explained(refused, console) if refused else "",
        latest=f"{console.now().astimezone(console.zone):%Y-%m-%dT%H:%M}",
        longest=NOTE_LIMIT,
        meanings=MEANINGS,
        undo_path=undo_path,
        **listed,
    )


def _listed(connection: Connection, console: Console, filters: Filters, before: int | None) -> Mapping[str, Any]:
    found = list_decisions(connection, Asked(filters.brand, filters.shown), before, AT_ONCE + 1)
    recent = tally(connection, Asked(filters.brand, since=console.now() - IN_SHORT_OVER))
    return {
        "pulse": reading.pulse(connection),
        "decisions": found[:AT_ONCE],
        "older": str(found[AT_ONCE - 1].id) if len(found) > AT_ONCE else "",
        "in_short": in_short(recent),
        "why_held": why_held(recent),
        "unnoticed": unnoticed(connection, filters.brand, MOST_UNNOTICED),
    }


def _back(
    request: Request, actor: Actor, done: Mark | Refusal, told: str, back: str, *, offer_undo: bool = True
) -> Response:
    way = _way_back(back)
    place = f"#decision-{done.signal_id}" if isinstance(done, Mark) and done.signal_id else ""
    answer = RedirectResponse(f"{way}{place}", HTTPStatus.SEE_OTHER)
    if isinstance(done, Refusal):
        flash.put(answer, Flash(explained(done, console_of(request)), refused=True))
    else:
        flash.put(answer, Flash(told, undo=undo_path(done, way) if offer_undo else ""))
    remember(answer, actor)
    return answer


def _way_back(back: str) -> str:
    """The list that somebody came from."""
    parts = urlsplit(own_path(back))
    return parts._replace(fragment="").geturl() if parts.path == _LIST else _LIST
