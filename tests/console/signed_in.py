"""Browsers of people who are signed in, with real sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from access.roles import Role
from access.sessions import Means
from console.app import create_app
from console.session_cookie import form_token
from services.installation import Installation
from services.signing_in import open_session
from settings.model import Console, Person

ADDRESS = "http://127.0.0.1:8420"
COOKIE = "groundswell_session"
# One of each role; Dana is named as the owner of what no route gives to others, and so is an admin.
TEAM = tuple(Person(id=f"the-{role}", name=f"The {role}", email=f"{role}@example.com", access=role) for role in Role)


def asking_who(inst: Installation, **console: Any) -> Installation:
    """The same installation where people have to sign in, with somebody of each role."""
    people = (*inst.settings.people, *TEAM)
    return replace(inst, settings=inst.settings.model_copy(update={"people": people, "console": Console(**console)}))


class SignedIn(TestClient):
    """A browser with a session that sends the token of its forms, as pages do."""

    def __init__(self, inst: Installation, person: str, means: Means = Means.PASSWORD) -> None:
        super().__init__(create_app(inst), base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)
        self._inst, self._person, self._means = inst, person, means
        self.token = self.enter()

    def enter(self) -> str:
        """Begin a new session; its token."""
        self.token = open_session(self._inst, self._person, self._means, "testclient", "Firefox on Linux")
        self.cookies.set(COOKIE, self.token)
        return self.token

    def press(self, path: str, **fields: str) -> Response:
        """Post a form of a page."""
        return self.post(path, data={"csrf": form_token(self.token), **fields})


def stranger(inst: Installation) -> TestClient:
    """A browser without a session."""
    return TestClient(create_app(inst), base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)
