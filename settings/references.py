"""Names that settings use in one place and define in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from detection import signal
from incidents.incident import REPORTED
from settings import planning
from settings.problems import Location, closest
from settings.reading import Reading
from topics import categories, critical
from topics.tag import CATEGORY, CRITICAL

# Kinds of tags that the team's own cannot be: where their rules stand, and what they are.
_RESERVED = {CATEGORY: ("categories", "crisis categories"), CRITICAL: ("critical", "critical words")}


def check(reading: Reading, values: Mapping[str, Any]) -> None:
    """Refuse ids used twice and names that nothing has; values of a wrong shape are left to the models."""
    people = _ids(reading, values, "people")
    brands = _ids(reading, values, "brands")
    for name in ("sources", "inbound"):
        _ids(reading, values, name)
        for at, source in _sections(values.get(name), (name,)):
            _check_list(reading, source, (*at, "about"), "id of a brand", brands)
    _check_topics(reading, _table(values.get("topics")))
    _check_severity(reading, values)
    _check_events(reading, values)
    routing = values.get("routing")
    if not isinstance(routing, dict):
        return
    _check_people(reading, routing, ("routing",), people)
    reading.check_known(routing.get("operator"), ("routing", "operator"), "id of a person", people)
    for at, route in _sections(routing.get("routes"), ("routing", "routes")):
        _check_people(reading, route, at, people)
        match = route.get("match")
        if isinstance(match, dict):
            _check_list(reading, match, (*at, "match", "brand"), "id of a brand", brands)
            _check_list(reading, match, (*at, "match", "kind"), "name of a signal", {*signal.kinds(), REPORTED})


def _check_topics(reading: Reading, topics: Mapping[str, Any]) -> None:
    """Refuse rules that could give no tag; what is wrong inside a query is left to the models."""
    for section, noun, brought in (
        ("categories", "category", categories.built_in()),
        ("critical", "group", critical.built_in()),
    ):
        known = [one.id for one in brought]
        for name, query in _table(topics.get(section)).items():
            if _says_nothing(query) and name not in known:
                problem = f"removes a {noun} that Groundswell does not bring."
                reading.refuse(("topics", section, name), problem, closest(name, known))
    for kind, rules in _table(topics.get("tags")).items():
        if kind in _RESERVED:
            section, what = _RESERVED[kind]
            remedy = f"Write its rules under topics.{section}, or give the kind another name."
            reading.refuse(("topics", "tags", kind), f"is the kind of the {what}.", remedy)
        for name, query in _table(rules).items():
            if _says_nothing(query):
                reading.refuse(("topics", "tags", kind, name), "is empty.", "Write what it finds, or remove the line.")


def _check_severity(reading: Reading, values: Mapping[str, Any]) -> None:
    """Refuse rows that could never hold."""
    own = _table(_table(values.get("topics")).get("categories"))
    removed = {name for name, query in own.items() if _says_nothing(query)}
    known = {*own, *(category.id for category in categories.built_in())} - removed
    at = ("detection", "severity")
    for place, row in _sections(_table(values.get("detection")).get("severity"), at):
        _check_list(reading, row, (*place, "kind"), "name of a signal", set(signal.kinds()))
        _check_list(reading, row, (*place, "category"), "name of a category", known)


def _check_events(reading: Reading, values: Mapping[str, Any]) -> None:
    try:
        zone = ZoneInfo(str(values.get("time_zone", "UTC")))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return  # told by the model
    for brand, section in _sections(values.get("brands"), ("brands",)):
        for at, event in _sections(section.get("events"), (*brand, "events")):
            for key, (problem, remedy) in planning.faults(event, zone).items():
                reading.refuse((*at, key), problem, remedy)


def _says_nothing(query: object) -> bool:
    return isinstance(query, str) and not query.strip()


def _table(values: object) -> Mapping[str, Any]:
    return values if isinstance(values, dict) else {}


def _check_people(reading: Reading, section: Mapping[str, Any], at: Location, people: set[str]) -> None:
    reading.check_known(section.get("owner"), (*at, "owner"), "id of a person", people)
    _check_list(reading, section, (*at, "notify"), "id of a person", people)


def _check_list(reading: Reading, section: Mapping[str, Any], at: Location, noun: str, known: set[str]) -> None:
    names = section.get(str(at[-1]))
    for position, name in enumerate(names if isinstance(names, list) else ()):
        reading.check_known(name, (*at, position), noun, known)


def _ids(reading: Reading, values: Mapping[str, Any], name: str) -> set[str]:
    lines: dict[str, int | None] = {}
    for at, section in _sections(values.get(name), (name,)):
        identity = section.get("id")
        if not isinstance(identity, str):
            continue
        location = (*at, "id")
        if identity in lines:
            reading.refuse(location, f"is used already, in line {lines[identity]}.", "Give each its own id.")
        lines.setdefault(identity, reading.document.line(location))
    return set(lines)


def _sections(values: object, at: Location) -> Iterator[tuple[Location, Mapping[str, Any]]]:
    for position, section in enumerate(values if isinstance(values, list) else ()):
        if isinstance(section, dict):
            yield (*at, position), section
