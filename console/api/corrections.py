"""What people say of mentions; the last word stands, and can be taken back."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import RefusedError
from console.api.mentions import MentionAnswer, as_record, found
from console.api.paging import USUAL, Cursor, Limit, Page, cut, link_next, not_ours, place_of
from console.api.routing import Acting, Inst, resource
from console.api.shapes import Answer, Body, Line, Number
from console.mention_items import items
from database.corrections import Verdict
from database.reading_mentions import Place, list_corrected
from incidents.incident import Refusal
from services import correcting
from services.installation import Installation

router = resource(Permission.RESPOND, "mentions")


class Said(Body):
    """A person's word on a mention."""

    verdict: Verdict = Field(examples=["not_about_us"])
    seen: Line = Field(description="`seen` of the mention, as it was read.")


class TakenBack(Body):
    """That a word is taken back."""

    seen: Line = Field(description="`seen` of the mention, as it was read.")


class Stands(Answer):
    """What stands from now on; `verdict` is null where a correction was taken back."""

    verdict: Verdict | None
    seen: str


@router.get("/corrections", response_model=Page[MentionAnswer])
@allowed(Permission.READ)
def corrections(request: Request, response: Response, inst: Inst, cursor: Cursor = "", limit: Limit = USUAL) -> object:
    """Mentions that people corrected, also those taken from their brand; the last word first."""
    after = Place.read(place_of(cursor))
    if cursor and after is None:
        raise not_ours()
    brands = tuple(one.id for one in inst.settings.brands)
    with inst.database.reading() as connection:
        listed = list_corrected(connection, brands, after, limit + 1)
        shown, following = cut(listed, limit, lambda one: one[0])
        told = items(connection, inst, [mention for _, mention in shown])
    link_next(request, response, following)
    return {"items": [as_record(inst, one) for one in told], "next": following}


@router.post("/mentions/{mention}/{brand}/correct", response_model=Stands)
def correct(inst: Inst, actor: Acting, mention: Number, brand: str, said: Said) -> object:
    """Say how a mention felt, or that it is none of this brand; the last word stands."""
    found(inst, mention, brand)
    return _stands(
        inst, (mention, brand), correcting.correct(inst, (mention, brand), said.verdict, actor.id, said.seen)
    )


@router.post("/mentions/{mention}/{brand}/undo", response_model=Stands)
def undo(inst: Inst, _actor: Acting, mention: Number, brand: str, said: TakenBack) -> object:
    """Take back what was said of a mention: it counts again as it was found."""
    found(inst, mention, brand)
    return _stands(inst, (mention, brand), correcting.undo(inst, (mention, brand), said.seen))


def _stands(inst: Installation, key: tuple[int, str], done: correcting.Corrected | Refusal) -> object:
    if isinstance(done, Refusal):
        now = found(inst, *key)
        raise RefusedError(done, {"seen": now.seen, "tone": now.mention.label}, stale=True)
    return {"verdict": done.verdict, "seen": done.seen}
