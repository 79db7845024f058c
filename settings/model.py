"""The shape of ``groundswell.yaml`` once it is validated."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from alerts.contract import ChannelOptions
from playbooks.playbook import Severity
from sources.contract import SourceOptions

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class Model(BaseModel):
    """Refuses what it does not know, and does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Brand(Model):
    """A brand to listen for.

    ``phrases`` name it in texts, matched as whole words without regard to case. ``neutral`` lists further words that
    carry no feeling when they are about this brand (a product called "Terrific").
    """

    id: Identifier
    name: str
    phrases: tuple[str, ...]
    neutral: tuple[str, ...] = ()


class Source(Model):
    """A place to listen to.

    ``about`` names the brands that everything from here is about (a brand's own forum, an alert feed); where it is
    empty the brands' phrases decide. ``internal`` allows private addresses. ``options`` is the kind's own model.
    """

    id: Identifier
    kind: str
    every: timedelta = timedelta(minutes=5)
    about: tuple[str, ...] = ()
    internal: bool = False
    options: SourceOptions


class Person(Model):
    """Somebody who can own an incident or be told of one."""

    id: Identifier
    name: str
    email: str
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
    sender: str
    options: ChannelOptions


class Console(Model):
    """Where the console listens, and the address that mails point to."""

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    address: str = ""

    @property
    def base_url(self) -> str:
        """The address people open, without a slash at its end."""
        return (self.address or f"http://{self.host}:{self.port}").rstrip("/")


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
    tick: timedelta = timedelta(minutes=1)
    contact: str = ""
    console: Console = Console()

    def person(self, person_id: str) -> Person:
        """The person with an id; ids are checked when settings are read.

        Raises:
            KeyError: there is no such person (they may have left since an incident was opened).
        """
        return {person.id: person for person in self.people}[person_id]
