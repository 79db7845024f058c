"""Saying the same of many mentions at once: of those that were ticked, of a page, of all that filters leave."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from access.roles import Permission
from console import flash
from console.access import needing
from console.answering import SEE_OTHER
from console.api.shapes import Line, Moment
from console.context import console_of
from console.correcting import LIST, undo_path, way_back
from console.flash import Flash
from console.identity import Acting, remember
from console.mention_filters import Asked, read, summary
from console.mention_items import MOST_KEPT, items, read_key, token
from console.mention_pages import COUNTED, wanted_of
from console.rendering import page
from console.wording import plural
from database import reading
from database.corrections import Key, Verdict, corrections_of
from database.reading_mentions import count_mentions, list_mentions
from incidents.incident import Actor
from services.correcting import seen_as
from services.correcting_many import MOST, Sorted, Word, correct_many, undo_many

router = APIRouter(route_class=needing(Permission.RESPOND))
EXAMPLES = 5
_PATH = f"{LIST}/bulk"


class Scope(StrEnum):
    """Of which mentions something is said."""

    CHOSEN = "chosen"
    PAGE = "page"
    ALL = "all"


@router.get(_PATH)
def confirm(request: Request, asked: Asked, verdict: Verdict) -> Response:
    """How many mentions the filters leave and what some of them say, before anything is said of all."""
    console = console_of(request)
    inst, wanted = console.installation, wanted_of(asked.filters, console)
    with inst.database.reading() as connection:
        found = list_mentions(connection, wanted, None, MOST)
        said = corrections_of(connection, [one.key for one in found])
        values = {
            "pulse": reading.pulse(connection),
            "total": count_mentions(connection, wanted, COUNTED + 1),
            "examples": items(connection, inst, found[:EXAMPLES]),
            "chosen": " ".join(token(one.key, seen_as(said.get(one.key), one.edited_at)) for one in found),
        }
    return page(
        request,
        "bulk.html",
        200,
        verdict=verdict,
        many=len(found),
        most=MOST,
        counted=COUNTED,
        filters=asked.filters,
        summary=summary(asked.filters, inst.settings),
        **values,
    )


async def ticked(request: Request) -> Mapping[Key, str]:
    """As what each of the mentions that a form speaks of was seen."""
    form = await request.form()
    field = "shown" if form.get("scope") == Scope.PAGE else "chosen"
    # Fields may hold several, with blanks between them.
    tokens = (token for one in form.getlist(field) if isinstance(one, str) for token in one.split())
    parts = (one.partition(":") for one in tokens)
    found = ((read_key(name), seen) for name, _, seen in parts)
    brands = console_of(request).brands
    return {key: seen for key, seen in found if key and key[1] in brands}


@router.post(_PATH)
def say(
    request: Request,
    actor: Acting,
    seen: Annotated[Mapping[Key, str], Depends(ticked)],
    verdict: Annotated[Verdict, Form()],
    scope: Annotated[Scope, Form()] = Scope.CHOSEN,
    query: Annotated[str, Form()] = "",
    back: Annotated[str, Form(alias="next")] = LIST,
) -> Response:
    """Say how many mentions felt, or that they are none of their brands; all that filters leave are shown first."""
    console = console_of(request)
    if scope is Scope.ALL:
        filters = read(dict(parse_qsl(query)), console.zone).filters
        return RedirectResponse(f"{_PATH}?{_joined(filters.query, verdict)}", SEE_OTHER)
    if not seen or len(seen) > MOST:
        none = "Tick the mentions first that you speak of; then say what they are."
        told = none if not seen else f"At most {MOST} mentions are judged at once."
        return _answer(actor, way_back(back), Flash(f"{told} Nothing was changed.", refused=True))
    word = Word(verdict, actor.id, console.now())
    done = correct_many(console.installation, seen, word)
    undo = undo_path(word.verdict, word.by, word.at, len(done.heard), back) if done.heard else ""
    said = Flash(in_words(done, verdict), refused=not (done.heard or done.same), undo=undo)
    return _answer(actor, way_back(back, _kept(seen)), said)


@router.post(f"{_PATH}/undo")
def undo(
    request: Request,
    actor: Acting,
    verdict: Annotated[Verdict, Query()],
    by: Annotated[Line, Query()],
    at: Annotated[Moment, Query()],
    count: Annotated[int, Query(ge=1, le=MOST)] = 1,
    back: Annotated[str, Query(alias="next")] = LIST,
) -> Response:
    """Take back what was said of many at once, where nobody has said something else since."""
    done = undo_many(console_of(request).installation, Word(verdict, by, at))
    told = f"{plural(done, 'mention counts', 'mentions count')} again as before."
    if done < count:
        told += f" {plural(count - done, 'was', 'were')} changed since and left alone."
    return _answer(actor, way_back(back), Flash(told, refused=not done))


def in_words(done: Sorted, verdict: Verdict) -> str:
    """What became of the mentions that somebody spoke of."""
    heard, left, gone = len(done.heard | done.same), len(done.changed), len(done.gone)
    counts = f"{plural(heard, 'mention counts', 'mentions count')} as {verdict} now."
    taken = f"{plural(heard, 'mention counts for its brand', 'mentions count for their brands')} no longer."
    told = [counts if verdict.is_tone else taken] if heard else []
    if left:
        alone = plural(left, "mention was left alone", "mentions were left alone")
        told.append(f"{alone}: somebody else was faster, or the author changed the words. Read again, then say so.")
    if gone:
        told.append(f"{plural(gone, 'mention is', 'mentions are')} not there any more.")
    return " ".join(told)


def _kept(seen: Mapping[Key, str]) -> str:
    return ",".join(f"{number}-{brand}" for number, brand in seen) if len(seen) <= MOST_KEPT else ""


def _joined(query: str, verdict: Verdict) -> str:
    return "&".join(filter(None, [query, urlencode({"verdict": verdict})]))


def _answer(actor: Actor, way: str, told: Flash) -> Response:
    answer = RedirectResponse(way, SEE_OTHER)
    flash.put(answer, told)
    remember(answer, actor)
    return answer
