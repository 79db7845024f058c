"""What people say of mentions on the pages, and the list of all that they said."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from access.roles import Permission
from console import flash
from console.access import allowed, needing
from console.answering import explained
from console.context import console_of
from console.flash import Flash
from console.identity import Acting, remember
from console.mention_filters import Filters
from console.mention_items import items
from console.rendering import page
from console.security import own_path
from database import reading
from database.corrections import Key, Verdict, said_at_once
from database.reading_mentions import Place, list_corrected
from incidents.incident import Actor, Refusal
from services import correcting
from services.correcting import Corrected

router = APIRouter(route_class=needing(Permission.RESPOND))
# Ids have 64 bits.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
AT_ONCE = 50
# Words on many at once that can be taken back from the list of corrections.
_UNDONE_WITHIN, _MOST_WORDS = timedelta(days=1), 5
_SEE_OTHER = 303
LIST, CORRECTIONS = "/mentions", "/mentions/corrections"
_ONE = re.compile(rf"{LIST}/\d{{1,18}}/[a-z0-9-]{{1,63}}", re.ASCII)
# What comes back in a cookie has to fit one.
LONGEST_WAY_BACK = 400


@router.get(CORRECTIONS)
@allowed(Permission.READ)
def corrections(request: Request, after: str = "", kept: str = "") -> Response:
    """What people said, the last word first; what they took from a brand is found here."""
    del kept  # the list holds it anyway
    console = console_of(request)
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        at_once = said_at_once(connection, console.brands, console.now() - _UNDONE_WITHIN, _MOST_WORDS)
        found = list_corrected(connection, console.brands, Place.read(after), AT_ONCE + 1)
        shown = items(connection, console.installation, [mention for _, mention in found[:AT_ONCE]])
    older = str(found[AT_ONCE - 1][0]) if len(found) > AT_ONCE else None
    listed = {"items": shown, "older": older, "further": bool(after), "no_filters": Filters()}
    said = (
        [] if after else [(one, undo_path(one.verdict, one.by, one.at, one.mentions, CORRECTIONS)) for one in at_once]
    )
    return page(request, "corrections.html", 200, pulse=pulse, at_once=said, **listed)


@router.post("/mentions/{mention_id}/{brand}/correct")
def correct(
    request: Request,
    mention_id: Number,
    brand: str,
    actor: Acting,
    verdict: Annotated[Verdict, Form()],
    seen: Annotated[str, Form()] = "",
    back: Annotated[str, Form(alias="next")] = LIST,
) -> Response:
    """Say how a mention felt, or that it is none of this brand."""
    key, inst = (mention_id, brand), console_of(request).installation
    done = correcting.correct(inst, key, verdict, actor.id, seen)
    taken = f"It no longer counts for {inst.name_of_brand(brand)}."
    told = f"It counts as {verdict} now." if verdict.is_tone else taken
    return _back(request, key, actor, done, told, back)


@router.post("/mentions/{mention_id}/{brand}/undo")
def undo(
    request: Request,
    mention_id: Number,
    brand: str,
    actor: Acting,
    seen: Annotated[str, Query()] = "",
    back: Annotated[str, Query(alias="next")] = LIST,
) -> Response:
    """Take back what was said of a mention."""
    done = correcting.undo(console_of(request).installation, (mention_id, brand), seen)
    return _back(request, (mention_id, brand), actor, done, "It counts again as it was found.", back)


def _back(request: Request, key: Key, actor: Actor, done: Corrected | Refusal, told: str, back: str) -> Response:
    answer = RedirectResponse(way_back(back, f"{key[0]}-{key[1]}"), _SEE_OTHER)
    if isinstance(done, Refusal):
        flash.put(answer, Flash(explained(done, console_of(request)), refused=True))
    else:
        way = back if len(back) <= LONGEST_WAY_BACK else LIST
        query = urlencode({"seen": done.seen, "next": way})
        flash.put(answer, Flash(told, undo=f"{_path(key)}/undo?{query}" if done.verdict else ""))
    remember(answer, actor)
    return answer


def _path(key: Key) -> str:
    return f"{LIST}/{key[0]}/{key[1]}"


def undo_path(verdict: Verdict, by: str, at: datetime, count: int, back: str) -> str:
    """Where to post to in order to take back what somebody said of so many mentions at once."""
    way = back if len(back) <= LONGEST_WAY_BACK else LIST
    said = {"verdict": verdict, "by": by, "at": at.isoformat(), "count": count, "next": way}
    return f"{LIST}/bulk/undo?{urlencode(said)}"


def way_back(back: str, kept: str = "") -> str:
    """The list that somebody came from, with mentions in it even where a filter would now leave them out.

    Args:
        kept: :attr:`console.mention_items.Item.id` of each, with commas between them.
    """
    parts = urlsplit(own_path(back))
    if parts.path not in {LIST, CORRECTIONS} and not _ONE.fullmatch(parts.path):
        parts = urlsplit(LIST)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "kept"]
    if not kept:
        return f"{parts.path}?{urlencode(query)}" if query else parts.path
    return f"{parts.path}?{urlencode([*query, ('kept', kept)])}#m-{kept.partition(',')[0]}"
