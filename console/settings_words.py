"""The settings as people read them: what each is called, what holds, and whether somebody wrote it; never a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from pydantic import BaseModel, SecretStr

from console.wording import duration
from settings.loading import DATA_FOLDER, DATABASE_FILE, PLAYBOOK_FOLDER
from settings.model import Brand, Inbound, Mail, Settings, Source
from settings.problems import without_secrets

_NOT_SET = "not set"
# What a key is called where its own name does not say it, by section and key.
_WORDS: Mapping[str, str] = {
    "brands.phrases": "Found by",
    "brands.neutral": "Words without feeling here",
    "brands.language": "Language where nothing tells",
    "brands.competitor": "Only to compare with",
    "brands.sensitivity": "How soon it is news",
    "brands.events": "Planned",
    "sources.every": "Asked every",
    "sources.slowest": "At the slowest every",
    "sources.about": "Everything here is about",
    "sources.internal": "In our own network",
    "inbound.about": "Everything it sends is about",
    "inbound.secret": "Secret that signs what it sends",
    "mail.transport": "Mails leave by",
    "mail.sender": "From",
    "time_zone": "Time zone of people's clocks",
    "tick": "A round of listening every",
    "spacing": "Between two requests to a host",
    "contact": "Where services can complain",
    "silent_customers": "Unhappy customers behind one who complains",
    "sentiment.packs": "Packs of words, the last outweighs",
    "sentiment.negative_from": "Negative up to",
    "sentiment.positive_from": "Positive from",
    "sentiment.model": "Learned model",
    "topics.categories": "Kinds of trouble, added or replaced",
    "topics.critical": "Critical words, added or replaced",
    "topics.tags": "Tags of our own",
    "privacy.authors": "Authors are kept as",
    "privacy.key": "Key of the pseudonyms",
    "privacy.mask": "Addresses and numbers are hidden",
    "privacy.keep": "Texts are erased after",
    "detection.sensitivity": "How soon something is news",
    "detection.least_people": "Fewest people of a wave",
    "detection.reopen_within": "A wave wakes its incident within",
    "detection.severity": "Severity, rows of our own",
    "console.sign_in": "Signing in is",
    "console.passwords": "With passwords",
    "console.oidc": "With the company's account",
    "console.host": "Listens at",
    "console.port": "Port",
    "console.address": "People open it at",
    "console.tls": "Certificate",
    "console.trusted_proxies": "Proxies that are believed",
}
_GENERAL = ("time_zone", "tick", "spacing", "contact", "silent_customers")
_SECTIONS = {
    "detection": "What is news",
    "sentiment": "Which words carry feeling",
    "topics": "What posts are about",
    "privacy": "What is kept of people",
    "console": "These pages",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting.

    Attributes:
        key: as it stands in the file.
        default: nobody wrote it.
    """

    key: str
    words: str
    value: str
    default: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Settings of one thing; ``name`` is empty where a section has one part only."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together."""

    title: str
    key: str
    parts: tuple[Part, ...]


def sections(settings: Settings, database: str) -> tuple[Section, ...]:
    """All that is in force, without people and routing, which have a page of their own.

    Args:
        database: the name of the database as it may be shown.
    """
    named = (
        Section("Brands", "brands", tuple(_part("brands", one, f"{one.name} ({one.id})") for one in settings.brands)),
        Section("Sources", "sources", tuple(_plugged("sources", one, one.id) for one in settings.sources)),
        Section("Programs that push", "inbound", tuple(_part("inbound", one, one.id) for one in settings.inbound)),
        Section("Mail", "mail", (_plugged("mail", settings.mail, ""),)),
        Section("In general", "", (Part("", tuple(_entry("", settings, name) for name in _GENERAL)),)),
        Section("Where things are kept", "", (Part("", tuple(_places(settings, database))),)),
    )
    rest = (Section(title, key, (_part(key, getattr(settings, key), ""),)) for key, title in _SECTIONS.items())
    return (*named, *rest)


def _part(section: str, model: Brand | Inbound | BaseModel, name: str) -> Part:
    return Part(name, tuple(_entry(section, model, key) for key in type(model).model_fields if not _heads(key, name)))


def _plugged(section: str, model: Source | Mail, name: str) -> Part:
    """A section whose options are a model of its kind's own."""
    known = type(model).model_fields
    own = (_entry(section, model, key) for key in known if key != "options" and not _heads(key, name))
    return Part(name, (*own, *_part(section, model.options, "").entries))


def _heads(key: str, name: str) -> bool:
    """Whether a key stands above its part."""
    return bool(name) and key in {"id", "name"}


def _entry(section: str, model: BaseModel, name: str) -> Entry:
    key = type(model).model_fields[name].alias or name
    words = _WORDS.get(f"{section}.{key}" if section else key, key.replace("_", " ").capitalize())
    return Entry(key, words, in_words(getattr(model, name)), name not in model.model_fields_set)


def _places(settings: Settings, database: str) -> Iterator[Entry]:
    folder = settings.path.parent
    data = settings.data_folder
    yield Entry("data_folder", "Data", str(data), data == folder / DATA_FOLDER)
    usual = f"sqlite:///{data / DATABASE_FILE}"
    yield Entry("database", "Database", without_secrets(database), settings.database.get_secret_value() == usual)
    playbooks = settings.playbook_folder
    yield Entry("playbook_folder", "Own playbooks", str(playbooks), playbooks == folder / PLAYBOOK_FOLDER)


def in_words(value: Any) -> str:
    """A value as people read it; of a secret only that there is one."""
    words = next(way(value) for kind, way in _WAYS if isinstance(value, kind))
    return words or _NOT_SET


def _network(network: IPv4Network | IPv6Network) -> str:
    alone = network.prefixlen == network.max_prefixlen
    return str(network.network_address if alone else network)


def _model(model: BaseModel) -> str:
    """What was written of a section within a section."""
    written = ((name, one) for name, one in model if name in model.model_fields_set)
    return ", ".join(_named(type(model).model_fields[name].alias or name, one) for name, one in written)


def _table(table: Mapping[str, object]) -> str:
    return "; ".join(_named(name, one) for name, one in table.items())


def _list(values: Sequence[object]) -> str:
    apart = "; " if any(isinstance(one, BaseModel) for one in values) else ", "
    return apart.join(in_words(one) for one in values)


def _named(name: str, value: object) -> str:
    return f"{name.replace('_', ' ')}: {in_words(value)}"


# The first kind that a value is of decides.
_WAYS: Sequence[tuple[type, Callable[[Any], str]]] = (
    (SecretStr, lambda secret: "set" if secret.get_secret_value() else ""),
    (type(None), lambda _: ""),
    (bool, lambda yes: "yes" if yes else "no"),
    (float, lambda figure: f"{figure:g}"),
    (timedelta, duration),
    (datetime, lambda at: f"{at:%Y-%m-%d %H:%M}"),
    (Enum, lambda choice: str(choice.value)),
    (IPv4Network, _network),
    (IPv6Network, _network),
    (BaseModel, _model),
    (dict, _table),
    (list, _list),
    (tuple, _list),
    (object, lambda text: without_secrets(str(text))),
)
