"""The shape of ``groundswell.yaml`` once it is validated."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator

from access.roles import Role
from alerts.contract import ChannelOptions
from detection.planned import PlannedEvent
from detection.waking import Sensitivity
from mentions.nearby import Named
from mentions.query.parsing import parse
from mentions.query.terms import Or, Query, of_phrases
from playbooks.playbook import Severity
from settings.detecting import Detection
from settings.planning import Event
from settings.rules import (
    BrandQuery,
    EmailAddress,
    Every,
    Identifier,
    LanguageCode,
    Line,
    Pause,
    Sender,
    Tick,
    WebAddress,
    refused,
)
from settings.section import Model
from settings.serving import Host, Oidc, Proxy, Tls
from settings.understanding import Privacy, Sentiment, Topics
from settings.user_agent import user_agent
from sources.contract import SourceOptions


class Brand(Model):
    """A brand to listen for.

    ``phrases`` name it in texts, matched as whole words without regard to case; ``query`` says more where phrases are
    not enough (:mod:`mentions.query`). A mention counts when a phrase or the query is found. ``neutral`` lists further
    words that carry no feeling when they are about this brand (a product called "Terrific"). A text is taken for
    ``language`` where neither its source nor its words tell. A ``competitor`` is listened for to compare with: it opens
    no incident. ``sensitivity`` takes the place of the team's (:class:`settings.detecting.Detection`); ``events`` are
    planned: what is said of them is no news.
    """

    id: Identifier
    name: Line
    phrases: tuple[Line, ...] = ()
    query: BrandQuery = ""
    neutral: tuple[Line, ...] = ()
    language: LanguageCode = "en"
    competitor: bool = False
    sensitivity: Sensitivity | None = None
    events: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _listens(self) -> Self:
        if not self.phrases and not self.query:
            raise refused("There is nothing to listen for.", "Write the brand's name under phrases, or a query.")
        return self

    @property
    def wanted(self) -> Query:
        """What a mention of this brand holds."""
        phrases = [of_phrases([phrase]) for phrase in self.phrases]
        either = (*phrases, parse(self.query)) if self.query else tuple(phrases)
        return either[0] if len(either) == 1 else Or(either)

    def planned_events(self, zone: ZoneInfo) -> tuple[PlannedEvent, ...]:
        """Its events in UTC; times that were written without an offset are meant in ``zone``."""
        return tuple(event.planned(zone) for event in self.events)

    @property
    def named(self) -> Named:
        """How texts name it."""
        return Named(of_phrases([self.name, *self.phrases]), self.wanted)


class Source(Model):
    """A place to listen to.

    ``about`` names the brands that everything from here is about (a brand's own forum, an alert feed); where it is
    empty the brands' phrases decide. A source is asked ``every`` so often while it speaks; one that seldom brings
    anything is asked less often, down to ``slowest``. ``internal`` allows private addresses. ``options`` is the kind's
    own model.
    """

    id: Identifier
    kind: str
    every: Every = timedelta(minutes=5)
    slowest: Every | None = None
    about: tuple[str, ...] = ()
    internal: bool = False
    options: SourceOptions


class Inbound(Model):
    """A program that may push mentions: a call centre, a survey, an automation. ``secret`` signs what it sends.

    ``about`` names the brands that everything it sends is about; where it is empty the brands' phrases decide.
    """

    id: Identifier
    secret: SecretStr
    about: tuple[str, ...] = ()


class Person(Model):
    """Somebody who can own an incident or be told of one.

    ``role`` is what they are in the team; ``access`` is what they may do here (:meth:`Settings.access_of`).
    """

    id: Identifier
    name: Line
    email: EmailAddress
    role: str = ""
    access: Role | None = None


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
    """The first route that matches decides; where none does, the defaults do.

    ``operator`` is told when Groundswell itself is unwell (a source has gone deaf); the owner, where nobody is named.
    """

    owner: str
    notify: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    operator: str | None = None


class Mail(Model):
    """How mails leave. ``options`` is the model of the channel named by ``transport``."""

    transport: str
    sender: Sender
    options: ChannelOptions


class SignIn(StrEnum):
    """Whether the console asks people who they are."""

    REQUIRED = "required"
    NONE = "none"  # whoever reaches this machine's own address is trusted, and says who they are


class Console(Model):
    """Where the console listens, who may come, and the address that mails point to.

    ``tls`` encrypts it; ``trusted_proxies`` are believed when they say for whom they ask. ``oidc`` is a company's own
    way of signing in, beside ``passwords`` or in their place. What has to be true beyond this machine stands in
    :mod:`settings.reach`.
    """

    sign_in: SignIn = SignIn.REQUIRED
    passwords: bool = True
    oidc: Oidc | None = None
    host: Host = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    address: WebAddress = ""
    tls: Tls | None = None
    trusted_proxies: tuple[Proxy, ...] = ()

    @property
    def base_url(self) -> str:
        """The address people open, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.address or f"{'https' if self.tls else 'http'}://{host}:{self.port}").rstrip("/")


class Settings(Model):
    """Everything a team configured.

    ``database`` is an SQLAlchemy address, by default a SQLite file in ``data_folder``; it may hold a password and is
    never printed. ``path`` is the file this was read from; relative folders are resolved against its folder. A team's
    own playbooks lie in ``playbook_folder``, which need not exist.
    ``spacing`` is the time between two requests to the same host; internal sources are not held up by it.
    ``silent_customers`` is how many stand behind one who complains: 26 by TARP's studies for the White House Office of
    Consumer Affairs (1979, 1986), of 27 unhappy customers 26 say nothing.
    """

    path: Path
    brands: tuple[Brand, ...]
    sources: tuple[Source, ...]
    inbound: tuple[Inbound, ...] = ()
    people: tuple[Person, ...]
    routing: Routing
    mail: Mail
    data_folder: Path
    database: SecretStr
    playbook_folder: Path = Path("playbooks")
    time_zone: ZoneInfo = ZoneInfo("UTC")
    tick: Tick = timedelta(minutes=1)
    spacing: Pause = timedelta(seconds=1)
    contact: str = ""
    console: Console = Console()
    sentiment: Sentiment = Sentiment()
    topics: Topics = Topics()
    privacy: Privacy = Privacy()
    silent_customers: int = Field(default=26, ge=1)
    detection: Detection = Detection()

    def person(self, person_id: str) -> Person:
        """The person with an id; ids are checked when settings are read.

        Raises:
            KeyError: there is no such person (they may have left since an incident was opened).
        """
        return {person.id: person for person in self.people}[person_id]

    def access_of(self, person_id: str) -> Role | None:
        """What a person may do, None for somebody who is not in the settings.

        Without a word on it they respond; whoever is told when Groundswell itself is unwell administers it.
        """
        found = next((one for one in self.people if one.id == person_id), None)
        if found is None:
            return None
        if found.access:
            return found.access
        operator = self.routing.operator or self.routing.owner
        return Role.ADMIN if found.id == operator else Role.RESPONDER

    def sensitivity_of(self, brand: Brand) -> Sensitivity:
        """How far beyond the usual is news for a brand: its own word, else the team's."""
        return brand.sensitivity or self.detection.sensitivity

    @property
    def user_agent(self) -> str:
        """How Groundswell names itself to the services it reads."""
        return user_agent(self.contact)
