"""The shape of ``groundswell.yaml`` once it is validated."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from alerts.contract import ChannelOptions
from playbooks.playbook import Severity
from settings.rules import EmailAddress, Every, Identifier, Line, Loopback, Sender, Tick, WebAddress, refused
from settings.user_agent import user_agent
from sources.contract import SourceOptions


def _at_least_one(phrases: tuple[str, ...]) -> tuple[str, ...]:
    if not phrases:
        raise refused("There is no phrase to listen for.", "Write at least the brand's name.")
    return phrases


class Model(BaseModel):
    """Refuses what it does not know, and does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)


class Brand(Model):
    """A brand to listen for.

    ``phrases`` name it in texts, matched as whole words without regard to case. ``neutral`` lists further words that
    carry no feeling when they are about this brand (a product called "Terrific").
    """

    id: Identifier
    name: Line
    phrases: Annotated[tuple[Line, ...], AfterValidator(_at_least_one)]
    neutral: tuple[Line, ...] = ()


class Source(Model):
    """A place to listen to.

    ``about`` names the brands that everything from here is about (a brand's own forum, an alert feed); where it is
    empty the brands' phrases decide. ``internal`` allows private addresses. ``options`` is the kind's own model.
    """

    id: Identifier
    kind: str
    every: Every = timedelta(minutes=5)
    about: tuple[str, ...] = ()
    internal: bool = False
    options: SourceOptions


class Person(Model):
    """Somebody who can own an incident or be told of one."""

    id: Identifier
    name: Line
    email: EmailAddress
    role: str = ""


class Match(Model):
    """When a route applies; an empty field matches everything."""

    brand: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    severity: tuple[Severity, ...] = ()


class Route(Model):
    """Who owns an incident that matches, and who else is told."""

    match: Match
    owner: str
    notify: tuple[str, ...] = ()


class Routing(Model):
    """The first route that matches decides; where none does, the defaults do."""

    owner: str
    notify: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()


class Mail(Model):
    """How mails leave. ``options`` is the model of the channel named by ``transport``."""

    transport: str
    sender: Sender
    options: ChannelOptions


class Console(Model):
    """Where the console listens, and the address that mails point to.

    ``host`` is this machine only, because the console does not ask anybody to sign in yet.
    """

    host: Loopback = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    address: WebAddress = ""

    @property
    def base_url(self) -> str:
        """The address people open, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.address or f"http://{host}:{self.port}").rstrip("/")


class Settings(Model):
    """Everything a team configured.

    ``database`` is an SQLAlchemy address, by default a SQLite file in ``data_folder``; it may hold a password and is
    never printed. ``path`` is the file this was read from; relative folders are resolved against its folder.
    """

    path: Path
    brands: tuple[Brand, ...]
    sources: tuple[Source, ...]
    people: tuple[Person, ...]
    routing: Routing
    mail: Mail
    data_folder: Path
    database: SecretStr
    time_zone: ZoneInfo = ZoneInfo("UTC")
    tick: Tick = timedelta(minutes=1)
    contact: str = ""
    console: Console = Console()

    def person(self, person_id: str) -> Person:
        """The person with an id; ids are checked when settings are read.

        Raises:
            KeyError: there is no such person (they may have left since an incident was opened).
        """
        return {person.id: person for person in self.people}[person_id]

    @property
    def user_agent(self) -> str:
        """How Groundswell names itself to the services it reads."""
        return user_agent(self.contact)
