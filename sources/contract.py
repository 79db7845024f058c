"""What a kind of source is: its options, and a fetch.

A kind is a module in this folder, found by name. It holds ``Options``, a subclass of :class:`SourceOptions`, and
``fetch(options, visit)``; nothing registers it anywhere. The contract test runs over every kind. Besides
the shape below it wants every required option to carry an example (``Field(examples=[...])``), and at least one option
to be a :data:`WebAddress`, so that a kind can be pointed at another server: an own instance, a rehearsal, a test.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Protocol
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

from errors import GroundswellError
from mentions.mention import Mention

if TYPE_CHECKING:
    from sources.fetching import Client  # which raises the errors defined here

# Modules of this folder that are not kinds of source.
NOT_KINDS = {
    "addresses",
    "answers",
    "contract",
    "entries",
    "failures",
    "feed_parser",
    "feed_processes",
    "feeds",
    "fetching",
    "json_feed",
    "text",
}

Cursor = Mapping[str, str]


def _web_address(value: str) -> str:
    parts = urlsplit(value)  # raises ValueError for a broken host, which pydantic reports
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(map(str.isspace, value)):
        raise ValueError("must be an address that starts with http:// or https:// and names a host")
    return value


# An http or https address in a kind's options.
WebAddress = Annotated[str, AfterValidator(_web_address)]


def fingerprint(text: str) -> str:
    """16 hexadecimal digits that stand for a text, for cursors and keys: a feed's address may itself be a secret."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class SourceOptions(BaseModel):
    """What every kind of source lets a team set; kinds add their own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a fetch may use: the HTTP client, where it left off, and the time.

    Attributes:
        cursor: what the last successful fetch returned, empty at first; strings only, meaning known to the kind.
        fresh: ask unconditionally, because what is wanted from the answers has changed since the last fetch.
        queries: phrases of the brands that listen here, for services that search; kinds may ignore them.
    """

    http: Client
    cursor: Cursor
    now: datetime
    fresh: bool = False
    queries: tuple[str, ...] = ()

    def cursor_of(self, asked: str) -> Cursor:
        """The cursor, or an empty one where it was left by other settings than the ones ``asked`` stands for.

        A kind stores ``asked`` in its cursor under that name; a changed address or tag then starts afresh.
        """
        return self.cursor if self.cursor.get("asked") == asked else {}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought.

    Attributes:
        mentions: newest or oldest first, repeats allowed; storing keeps one of each key.
        cursor: to be stored in the same transaction as the mentions.
        unchanged: the source said that there is nothing new (304).
        warnings: plain sentences about what was odd but did not hurt (a wrong encoding declared, entries skipped).
    """

    mentions: tuple[Mention, ...]
    cursor: Cursor
    unchanged: bool = False
    warnings: tuple[str, ...] = field(default=())


class SourceKind(Protocol):
    """The shape of a module in this folder that is a kind of source."""

    Options: type[SourceOptions]

    def fetch(self, options: SourceOptions, visit: Visit) -> Fetched:
        """Ask the source once.

        Raises:
            SourceError: it could not be read; nothing of it is to be stored.
        """


class SourceError(GroundswellError):
    """A source could not be read.

    Attributes:
        permanent: asking again without a change of settings cannot help (404, not a feed at all).
        retry_after: seconds the source asked to be left alone, None where it did not.
    """

    def __init__(
        self, subject: str, problem: str, remedy: str, *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(subject, problem, remedy)
        self.permanent = permanent
        self.retry_after = retry_after


class UnknownKindError(GroundswellError):
    """Settings name a kind of source that does not exist."""


def kinds() -> tuple[str, ...]:
    """Names of all kinds of source, sorted."""
    found = (module.name for module in pkgutil.iter_modules(importlib.import_module("sources").__path__))
    return tuple(sorted(name for name in found if name not in NOT_KINDS))


def load(kind: str) -> SourceKind:
    """The module of a kind of source.

    Raises:
        UnknownKindError: there is no such kind.
    """
    if kind not in kinds():
        raise UnknownKindError(f'source kind "{kind}"', "there is no such kind.", f"Use one of: {', '.join(kinds())}.")
    module: SourceKind = importlib.import_module(f"sources.{kind}")  # the contract test checks every file
    return module
