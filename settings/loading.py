"""From ``groundswell.yaml`` to :class:`settings.model.Settings`, or to everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from settings import document, reach, references, shape
from settings.model import Console, Settings
from settings.problems import Problem, SettingsError
from settings.reading import Reading

DATA_FOLDER = "groundswell-data"
PLAYBOOK_FOLDER = "playbooks"
DATABASE_FILE = "groundswell.db"

# A listener needs at least one of each; instead of sources, programs that push may do.
_NEEDED = ("brands", "sources", "people")
_SQLITE = re.compile(r"sqlite:///(?P<file>[^?]+)(?P<parameters>\?.*)?", re.DOTALL)
# Hosting services hand out the names without a driver.
_POSTGRESQL = re.compile(r"(?:postgres|postgresql|postgresql\+psycopg)://(?P<rest>.+)", re.DOTALL)


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read a settings file; ``${NAME}`` in it is looked up in ``environ``.

    Raises:
        SettingsError: the file cannot be read, or holds something wrong; it tells all problems with their lines.
    """
    return _settings(document.read(path), path, environ)


def load_text(text: str, path: Path, environ: Mapping[str, str]) -> Settings:
    """Read what is to be written to a settings file; as :func:`load`.

    Raises:
        SettingsError: the text holds something wrong.
    """
    return _settings(document.parse(text, path), path, environ)


def read_options(
    options: type[BaseModel], written: Mapping[str, document.Entry], environ: Mapping[str, str], folder: Path
) -> tuple[BaseModel | None, tuple[Problem, ...]]:
    """Options of one kind by themselves, under the rules they have in a settings file.

    Returns them, or None and what is wrong; the problems carry no line.
    """
    reading = Reading(document.Document(written), environ, folder)
    built = reading.build(options, reading.section(written, shape.fields_of(options)))
    return (None, tuple(reading.problems)) if reading.problems else (built, ())


def _settings(written: document.Document, path: Path, environ: Mapping[str, str]) -> Settings:
    reading = Reading(written, environ, path.absolute().parent)
    fields = {key: kind for key, kind in shape.fields_of(Settings).items() if key != "path"}
    values = reading.section(written.content, fields)
    references.check(reading, values)
    console = reading.build(Console, values.get("console", {}), ("console",))
    for fault in reach.faults(console) if console else ():
        reading.refuse(("console", *fault.key), fault.problem, fault.remedy)
    for name in _NEEDED:
        if values.get(name) == [] and not (name == "sources" and values.get("inbound")):
            reading.refuse((name,), "is an empty list.", "Write at least one entry.")
    settings = reading.build(Settings, {**values, **_places(reading, values), "path": path.absolute()})
    if settings is None or reading.problems:
        raise SettingsError(path, reading.problems)
    return settings


def _places(reading: Reading, values: Mapping[str, Any]) -> dict[str, Any]:
    """Where data is kept, with defaults and made absolute; what is of a wrong kind is left to the model."""
    data_folder = values.get("data_folder", DATA_FOLDER)
    if not isinstance(data_folder, str):
        return {}
    data_folder = reading.place(data_folder)
    playbook_folder = values.get("playbook_folder", PLAYBOOK_FOLDER)
    places = {"data_folder": data_folder}
    if isinstance(playbook_folder, str):
        places["playbook_folder"] = reading.place(playbook_folder)
    database = values.get("database", f"sqlite:///{data_folder / DATABASE_FILE}")
    places |= _certificates(reading, values)
    return {**places, "database": _database(reading, database)} if isinstance(database, str) else places


def _certificates(reading: Reading, values: Mapping[str, Any]) -> dict[str, Any]:
    """The console with its files made absolute; nothing where it names none."""
    console = values.get("console")
    tls = console.get("tls") if isinstance(console, dict) else None
    if not isinstance(console, dict) or not isinstance(tls, dict):
        return {}
    placed = {key: reading.place(file) if isinstance(file, str) else file for key, file in tls.items()}
    return {"console": {**console, "tls": placed}}


def _database(reading: Reading, address: str) -> str:
    if postgresql := _POSTGRESQL.fullmatch(address):
        return f"postgresql+psycopg://{postgresql['rest']}"
    sqlite = _SQLITE.fullmatch(address)
    if sqlite and sqlite["file"] != ":memory:":
        return f"sqlite:///{reading.place(sqlite['file'])}{sqlite['parameters'] or ''}"
    known = "Write sqlite:///FILE or postgresql+psycopg://USER:${DB_PASSWORD}@HOST/NAME."
    reading.refuse(("database",), "is not the address of a SQLite file or a PostgreSQL database.", known)
    return address
