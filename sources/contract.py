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
from functools import cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Protocol
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from errors import GroundswellError
from mentions.mention import Mention
from mentions.query.terms import Query

if TYPE_CHECKING:
    from sources.network.fetching import Client  # which raises the errors defined here

# The one module of this folder that is no kind of source; what kinds share lies in the folders within it.
NOT_KINDS = {"contract"}

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


class MeteredOptions(SourceOptions):
    """Options of a kind whose service counts, or charges for, what is read of it.

    A kind narrows ``per_day`` to a default that its service's smallest plan allows, and names the ``UNIT``. ``TRIAL``
    is the most units that one look before listening may use, where units cost money; None for as many as a day's.
    """

    UNIT: ClassVar[str] = "requests"
    TRIAL: ClassVar[int | None] = None

    per_day: int = Field(ge=0, description="the most to use in one day (UTC)")


class Budget:
    """What a source may still use today; a kind spends from it before or as it asks.

    Args:
        left: units, None for a source that is not metered.
        unit: what is counted, in the plural.
    """

    def __init__(self, left: int | None = None, unit: str = "requests") -> None:
        self._left = left
        self._unit = unit
        self.spent = 0

    @property
    def left(self) -> int | None:
        """Units that may still be spent, None where nobody counts."""
        return None if self._left is None else max(self._left - self.spent, 0)

    def spend(self, units: int = 1) -> None:
        """Count units as used; what a service has charged for counts even where it is more than was left.

        Raises:
            BudgetError: nothing is left; nothing was spent.
        """
        if self.left == 0 and units:
            raise BudgetError(
                "the budget of this source",
                f"the {self._unit} of today are used up.",
                "It goes on tomorrow (UTC); raise per_day if that is too late and the cost is right.",
            )
        self.spent += units


def trial_budget(options: SourceOptions) -> Budget:
    """What a look may use that nobody counts, such as that of ``groundswell check``."""
    if not isinstance(options, MeteredOptions):
        return Budget()
    return Budget(options.per_day if options.TRIAL is None else min(options.TRIAL, options.per_day), options.UNIT)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a fetch may use: the HTTP client, where it left off, and the time.

    Attributes:
        cursor: what the last successful fetch returned, empty at first; strings only, meaning known to the kind.
        fresh: ask unconditionally, because what is wanted from the answers has changed since the last fetch.
        queries: of the brands that listen here, for services that search; :mod:`sources.visiting.searching` words
            them, and kinds may ignore them.
        budget: what may still be used today.
    """

    http: Client
    cursor: Cursor
    now: datetime
    fresh: bool = False
    queries: tuple[Query, ...] = ()
    budget: Budget = field(default_factory=Budget)

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
        behind: more is waiting than this visit had room for; the source is asked again soon.
    """

    mentions: tuple[Mention, ...]
    cursor: Cursor
    unchanged: bool = False
    warnings: tuple[str, ...] = field(default=())
    behind: bool = False


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
        gone: the service said that it will never come back (410); it is not asked again until its settings change.
        said: the beginning of the answer that refused, for the kind to read a code from; not for people.
    """

    said: bytes = b""

    def __init__(
        self,
        subject: str,
        problem: str,
        remedy: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        gone: bool = False,
    ) -> None:
        super().__init__(subject, problem, remedy)
        self.permanent = permanent
        self.retry_after = retry_after
        self.gone = gone


class BudgetError(SourceError):
    """A source has used what it may use today; it is no failure, and it goes on tomorrow."""


class HostBusyError(SourceError):
    """The host of a source wants to be left alone for now, because of another source or of an earlier visit.

    It is no failure: nothing was asked. ``retry_after`` is set.
    """


class UnknownKindError(GroundswellError):
    """Settings name a kind of source that does not exist."""


def kinds() -> tuple[str, ...]:
    """Names of all kinds of source, sorted."""
    found = pkgutil.iter_modules(importlib.import_module("sources").__path__)
    return tuple(sorted(module.name for module in found if not module.ispkg and module.name not in NOT_KINDS))


@cache
def load(kind: str) -> SourceKind:
    """The module of a kind of source.

    Raises:
        UnknownKindError: there is no such kind.
    """
    if kind not in kinds():
        raise UnknownKindError(f'source kind "{kind}"', "there is no such kind.", f"Use one of: {', '.join(kinds())}.")
    module: SourceKind = importlib.import_module(f"sources.{kind}")  # the contract test checks every file
    return module
