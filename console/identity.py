"""Who you are: until there is a sign-in, whoever the person at this machine says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from console.context import console_of
from incidents.incident import Actor

COOKIE = "groundswell_you"
FIELD = "person"
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
    return _person(request, request.cookies.get(COOKIE, ""))


async def acting(request: Request) -> Actor:
    """The person who acts: the one named in the form, else the one remembered.

    Raises:
        WhoAreYouError: neither is somebody of the settings.
    """
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    actor = _person(request, form.get(FIELD, "")) or you(request)
    if actor is None:
        raise WhoAreYouError({name: value for name, value in form.items() if name != FIELD})
    return actor


Acting = Annotated[Actor, Depends(acting)]


def remember(response: Response, actor: Actor) -> None:
    """Keep who somebody is."""
    age = int(_REMEMBERED.total_seconds())
    response.set_cookie(COOKIE, actor.id, max_age=age, httponly=True, samesite="lax")


def _person(request: Request, person_id: str) -> Actor | None:
    people = console_of(request).installation.settings.people
    return next((Actor(person.id, person.name) for person in people if person.id == person_id), None)
