"""Who you are: whoever is signed in; where nobody has to, whoever the person at this machine says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from console.access import COOKIE, FIELD, asks_who, caller_of, person
from console.reader import FORM_TOKEN, reader
from incidents.incident import Actor

_REMEMBERED = timedelta(days=90)


class WhoAreYouError(Exception):
    """Somebody acts and has not said who they are.

    Attributes:
        fields: what they sent, to be sent again together with the answer.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("who are you?")
        self.fields = fields


def you(request: Request) -> Actor | None:
    """The person who looks, None where they have not said or have left the settings."""
    caller = caller_of(request)
    if caller or asks_who(request):
        return caller.actor if caller else None
    return person(request, request.cookies.get(COOKIE, ""))


async def acting(request: Request) -> Actor:
    """The person who acts: the one named in the form, else the one remembered.

    Raises:
        WhoAreYouError: neither is somebody of the settings.
    """
    actor = you(request)
    if actor is None:
        form = await request.form()
        # Of boxes that share a name all are kept that were ticked.
        sent = {name: " ".join(one for one in form.getlist(name) if isinstance(one, str)) for name in form}
        raise WhoAreYouError({name: value for name, value in sent.items() if name not in {FIELD, FORM_TOKEN}})
    return actor


Acting = Annotated[Actor, Depends(acting)]


def remember(response: Response, actor: Actor) -> None:
    """Keep who somebody is, where no session does."""
    if not reader().trusted:
        return
    age = int(_REMEMBERED.total_seconds())
    response.set_cookie(COOKIE, actor.id, max_age=age, httponly=True, samesite="lax")
