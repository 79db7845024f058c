"""Taking in what somebody tells us: the phone call that asks "are you aware of this?"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import Connection

from alerts.incident_alert import LetterKind
from alerts.routing import Routed
from alerts.wording import host, one_line, web_address
from database import incidents as store
from database import responses
from incidents.incident import REPORTED, SYSTEM, Actor, Incident, Refusal
from incidents.remarks import NOTE_LIMIT
from incidents.reports import USUAL, Tip, join_reported, open_reported
from mentions.mention import Mention, date_mention
from playbooks.library import DEFAULT
from playbooks.playbook import Severity
from services.acting import fitted
from services.announcing import News, announce, news_of, route
from services.installation import Installation
from services.understanding import understand
from sources.reading.text import plain_text

HEADLINE = 90  # characters; a title that is read in one line of a list
NAME = 100
# On PostgreSQL somebody may act on the incident at the same moment; then what is true now is joined.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told us, as it was written down.

    Attributes:
        brand: id of the brand; may be empty where there is only one, or where the words name exactly one.
        said_by: who said it, empty where that is whoever writes it down or not known.
        url: where it can be seen; ``https://`` may be left out.
        taken_by: id of the person of the settings who writes it down, empty where it is none of them.
        incident: number of the open incident that it belongs to; its brand then needs no saying.
        separate: it belongs to none of those that are open. Where neither is said it belongs to the brand's oldest
            open incident, if there is one.
    """

    words: str
    brand: str = ""
    said_by: str = ""
    url: str = ""
    taken_by: str = ""
    severity: Severity | None = None
    incident: int | None = None
    separate: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it.

    Attributes:
        opened: it opened that incident; otherwise it joined one that was open.
        told: names of the people who are told by mail.
    """

    incident: Incident
    opened: bool
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declined(Refusal):
    """Nothing was opened and nothing joined; ``facts`` names the field concerned as ``field``."""


def take_report(inst: Installation, told: Told) -> Taken | Declined:
    """Open an incident for it or let it join one: incident, checklist, timeline and letters together or not at all.

    Raises:
        DatabaseError: nothing could be stored.
        UnknownIncidentError: the incident it is said to belong to is not there.
        ConflictError: others keep changing that incident; nothing was done.
    """
    tip = tip_of(inst, told)
    if isinstance(tip, Declined):
        return tip
    for _ in range(_TRIES - 1):
        try:
            return _take(inst, told, tip)
        except store.ConflictError:
            continue
    return _take(inst, told, tip)


def tip_of(inst: Installation, told: Told) -> Tip | Declined:
    """What was written down, checked and cleaned."""
    words, url = plain_text(told.words), _address(told.url)
    brand = told.brand or _only_brand(inst, words)
    if not any(c.isprintable() and not c.isspace() for c in words):
        return _declined("words", "Write down what was said, in their words.")
    if len(words) > NOTE_LIMIT:
        return _declined("words", f"It has {len(words)} characters; shorten it to {NOTE_LIMIT} or link to the rest.")
    if url is None:
        return _declined("url", "The link is no web address, as https://example.com/post is. Mend it or leave it out.")
    if brand not in {one.id for one in inst.settings.brands} and (told.incident is None or told.brand):
        known = ", ".join(one.id for one in inst.settings.brands)
        return _declined("brand", f"Say which brand it is about: {known}.")
    known_person = told.taken_by in inst.names
    actor = Actor(told.taken_by, inst.name_of(told.taken_by)) if known_person else SYSTEM
    said_by = one_line(told.said_by, NAME) or (actor.name if known_person else "")
    return Tip(brand, one_line(words, HEADLINE), words, said_by, url or None, actor, told.severity)


def _declined(field: str, text: str) -> Declined:
    return Declined(text, MappingProxyType({"field": field}))


def _address(written: str) -> str | None:
    """The address as browsers open it, empty where none was written, None where it is none."""
    written = written.strip()
    if not written:
        return ""
    if "://" in written:
        return written if web_address(written) else None
    guessed = f"https://{written}"
    return guessed if web_address(guessed) and "." in host(guessed) else None


def _only_brand(inst: Installation, words: str) -> str:
    if len(inst.settings.brands) == 1:
        return inst.settings.brands[0].id
    said = Mention(key="tip", title="", text=words, published=date_mention(None, inst.clock()))
    named = {about.match.brand for heard in understand(inst, "tip", (), [said]) for about in heard.about}
    return named.pop() if len(named) == 1 else ""


def _take(inst: Installation, told: Told, tip: Tip) -> Taken | Declined:
    with inst.database.writing() as connection:
        incident = _belongs_to(connection, told, tip)
        if incident is None:
            return _open(connection, inst, tip)
        if incident.drill:
            return _declined("incident", f"Incident {incident.id} is a drill; what really happened is something else.")
        if told.brand not in {"", incident.brand}:
            return _declined("incident", f"Incident {incident.id} is about another brand; choose again.")
        return _join(connection, inst, incident, replace(tip, brand=incident.brand))


def _belongs_to(connection: Connection, told: Told, tip: Tip) -> Incident | None:
    if told.separate:
        return None
    if told.incident is not None:
        return store.find(connection, told.incident)
    store.hold_opening(connection, tip.brand)
    return next(iter(store.all_open(connection, tip.brand)), None)


def _open(connection: Connection, inst: Installation, tip: Tip) -> Taken:
    now, playbook = inst.clock(), inst.playbooks.shelf(connection).playbooks[DEFAULT]
    inst.playbooks.keep(connection, playbook, now)
    severity = tip.severity or USUAL
    routed = route(inst.settings.routing, tip.brand, REPORTED, severity)
    owner = Actor(routed.owner, inst.name_of(routed.owner))
    opening = open_reported(tip, playbook, owner, inst.name_of_brand(tip.brand), now, owned_because=routed.reason)
    incident = replace(opening.incident, id=store.add(connection, opening))
    report = opening.events[0]
    announce(connection, inst, News(LetterKind.OPENED, incident, opening.steps, None, routed, now, report=report))
    return Taken(incident, opened=True, told=_names(inst, routed))


def _join(connection: Connection, inst: Installation, before: Incident, tip: Tip) -> Taken | Declined:
    playbook = inst.playbooks.of(connection, before.playbook, before.playbook_version)
    change = join_reported(before, tip, playbook, inst.clock())
    if isinstance(change, Refusal):
        return _declined("incident", change.text)
    incident = change.incident
    checklist = fitted(responses.steps(connection, incident.id or 0), playbook, incident)
    store.change(connection, replace(change, also=(checklist,)))
    raised = incident.severity is not before.severity
    routed = route(inst.settings.routing, incident.brand, incident.kind, incident.severity, incident.owner)
    news = news_of(connection, LetterKind.RAISED if raised else LetterKind.JOINED, incident, routed, change.event.at)
    news = replace(news, report=change.events[0], raised_from=before.severity if raised else None)
    announce(connection, inst, news)
    return Taken(incident, opened=False, told=_names(inst, routed))


def _names(inst: Installation, routed: Routed) -> tuple[str, ...]:
    return tuple(inst.name_of(person) for person in routed.notify if person in inst.names)
