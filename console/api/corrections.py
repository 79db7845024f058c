"""What people say of mentions; the last word stands, and can be taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import RefusedError
from console.api.mentions import MentionAnswer, as_record, found
from console.api.paging import USUAL, Cursor, Limit, Page, cut, link_next, not_ours, place_of
from console.api.routing import Acting, Inst, resource
from console.api.shapes import LARGEST, Answer, Body, Line, Moment, Number
from console.mention_items import items
from database.corrections import Key, Verdict
from database.reading_mentions import Place, list_corrected
from incidents.incident import Refusal
from services import correcting
from services.correcting_many import MOST, Word, correct_many, undo_many
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


class Which(Body):
    """A mention of a brand, as it was read."""

    id: Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
    brand: Line = Field(examples=["northwind"])
    seen: Line = Field(description="`seen` of the mention, as it was read.")


class SaidOfMany(Body):
    """A person's word on many mentions."""

    verdict: Verdict = Field(examples=["not_about_us"])
    mentions: list[Which] = Field(min_length=1, max_length=MOST)


class TakenBackOfMany(Body):
    """Which word on many mentions is taken back, as the answer told it."""

    verdict: Verdict = Field(examples=["not_about_us"])
    by: Line = Field(description="Id of the person.", examples=["dana"])
    at: Moment


class KeyAnswer(Answer):
    """A mention of a brand."""

    id: int
    brand: str


class SaidAnswer(Answer):
    """What became of them; `verdict`, `by` and `at` are how to take it back."""

    verdict: Verdict
    by: str
    at: datetime
    heard: list[KeyAnswer] = Field(description="Those of which it stands from now on.")
    same: list[KeyAnswer] = Field(description="Those of which this person said so before.")
    changed: list[KeyAnswer] = Field(description="Those left alone, because they are not as they were read any more.")
    gone: list[KeyAnswer] = Field(description="Those that are not there any more.")


class TakenBackAnswer(Answer):
    """Of how many what was said before stands again."""

    mentions: int


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


@router.post("/mentions/correct", response_model=SaidAnswer)
def correct_several(inst: Inst, actor: Acting, said: SaidOfMany) -> object:
    """Say the same of many mentions in one transaction; what has changed since it was read is left alone."""
    brands = {one.id for one in inst.settings.brands}
    seen = {(one.id, one.brand): one.seen for one in said.mentions}
    word = Word(said.verdict, actor.id, inst.clock())
    done = correct_many(inst, {key: one for key, one in seen.items() if key[1] in brands}, word)
    unknown = {key for key in seen if key[1] not in brands}
    parts = {"heard": done.heard, "same": done.same, "changed": done.changed, "gone": done.gone | unknown}
    return {"verdict": word.verdict, "by": word.by, "at": word.at} | {name: _keys(keys) for name, keys in parts.items()}


@router.post("/mentions/undo", response_model=TakenBackAnswer)
def undo_several(inst: Inst, _actor: Acting, said: TakenBackOfMany) -> object:
    """Take back what was said of many mentions, where nobody has said something else since."""
    return {"mentions": undo_many(inst, Word(said.verdict, said.by, said.at))}


def _keys(keys: Collection[Key]) -> list[dict[str, object]]:
    return [{"id": number, "brand": brand} for number, brand in sorted(keys)]


def _stands(inst: Installation, key: tuple[int, str], done: correcting.Corrected | Refusal) -> object:
    if isinstance(done, Refusal):
        now = found(inst, *key)
        raise RefusedError(done, {"seen": now.seen, "tone": now.mention.label}, stale=True)
    return {"verdict": done.verdict, "seen": done.seen}
