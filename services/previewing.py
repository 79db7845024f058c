"""What a source would bring, for somebody who waits for the answer: asked once, understood, and forgotten again."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from database import visits
from database.listening import About
from errors import GroundswellError
from mentions.matching import BrandMatcher
from mentions.mention import Mention
from mentions.query.terms import Query
from services.installation import Installation
from services.looking import Wish, fetch_once, newest_first
from services.plain_scorers import built_in_scorer
from services.understanding import understand
from settings.model import Source
from settings.user_agent import user_agent
from sources.contract import Budget, Fetched, MeteredOptions, SourceError, trial_budget
from sources.network.fetching import Client

# Nobody waits for longer, whatever a server does.
LONGEST_LOOK = 20.0
MOST_SEEN = 50
# Every look holds a thread that pages need, too.
AT_ONCE = 3
# Stands for the brand of a query that is only tried.
TRIED = "tried"
_READ_BY = 5.0  # seconds between two bytes
_log = logging.getLogger(__name__)


class BusyError(GroundswellError):
    """Somebody has a look under way, or too many people have."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as it was read.

    Attributes:
        mention: without what is not to be kept of it.
        about: the brands that it is about, with why and how it felt; empty where it names none.
    """

    mention: Mention
    about: tuple[About, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a source showed.

    Attributes:
        seen: the newest posts, the newest first.
        shown: how many posts it showed in all.
        requests: how many it took.
        spent: units of what its service counts or charges for, called ``unit``; None where nobody counts.
    """

    seen: tuple[Seen, ...]
    shown: int
    warnings: tuple[str, ...]
    requests: int
    spent: int | None
    unit: str

    @property
    def matched(self) -> int:
        """How many of those seen are about a brand."""
        return sum(bool(one.about) for one in self.seen)


class Previews:
    """Looks at sources: one at a time for a person.

    Attributes:
        longest: seconds that a look takes at most.

    Args:
        allow_private: addresses within the own network too. Whoever may look could otherwise read what only this
            machine reaches; a source of the settings that is marked as internal may be tried all the same.
    """

    def __init__(self, inst: Installation, *, longest: float = LONGEST_LOOK, allow_private: bool = False) -> None:
        self._inst = inst
        self.longest = longest
        self._allow_private = allow_private
        self._lock = Lock()
        self._looking: set[str] = set()

    def of_wish(self, person: str, wish: Wish, query: Query | None = None) -> Preview:
        """What a source that is not in the settings would bring.

        Args:
            person: id of who waits.
            query: what a brand would be found by, in place of the brands of the settings.

        Raises:
            BusyError: they, or several others, look at a source already.
            SourceError: it could not be read.
        """
        matcher = BrandMatcher({TRIED: query}) if query else None
        with self._alone(person), self._client(internal=self._allow_private) as client:
            budget = trial_budget(wish.options)
            fetched = _ask(client, wish, self._inst.clock(), budget)
            seen = [
                self._tried(matcher, one) if matcher else self._read(wish.kind, (), one) for one in _newest(fetched)
            ]
        return _preview(fetched, seen, client, wish, budget)

    def of_source(self, person: str, source: Source) -> Preview:
        """What a source of the settings shows now. What it costs is counted, since it is paid for.

        Raises:
            BusyError, SourceError: as :meth:`of_wish`.
        """
        brands = source.about or [brand.id for brand in self._inst.settings.brands]
        wish = Wish(source.kind, source.options, tuple(self._inst.wanted[brand] for brand in brands))
        with self._alone(person), self._client(internal=source.internal) as client:
            budget = self._left(source)
            try:
                fetched = _ask(client, wish, self._inst.clock(), budget)
            finally:
                self._count(source, client, budget)
            seen = [self._read(source.id, source.about, one) for one in _newest(fetched)]
        return _preview(fetched, seen, client, wish, budget)

    def _read(self, source: str, about: Sequence[str], mention: Mention) -> Seen:
        heard = understand(self._inst, source, about, [mention])
        if heard:
            return Seen(heard[0].mention, tuple(heard[0].about))
        return Seen(self._inst.settings.privacy.redaction.of(mention, source), ())

    def _tried(self, matcher: BrandMatcher, mention: Mention) -> Seen:
        kept, matches = self._inst.settings.privacy.redaction.of(mention, TRIED), matcher.match(mention)
        scores = built_in_scorer().score_batch([mention.content], [mention.language]) if matches else []
        return Seen(kept, tuple(About(match, score) for match, score in zip(matches, scores, strict=True)))

    def _client(self, *, internal: bool) -> Client:
        settings = self._inst.settings
        return Client(
            user_agent=user_agent(settings.contact),
            allow_private=internal,
            clock=self._inst.clock,
            pacing=self._inst.pacing,
            spacing=0.0 if internal else settings.spacing.total_seconds(),
            read_timeout=min(_READ_BY, self.longest),
            lifetime=self.longest,
        )

    def _left(self, source: Source) -> Budget:
        """What a look at a source may use: no more than what is left of its day."""
        trial = trial_budget(source.options)
        if trial.left is None or not isinstance(source.options, MeteredOptions):
            return trial
        with self._inst.database.reading() as connection:
            used = visits.units_used(connection, source.id, self._inst.clock())
        return Budget(max(min(trial.left, source.options.per_day - used), 0), source.options.UNIT)

    def _count(self, source: Source, client: Client, budget: Budget) -> None:
        if client.requests or budget.spent:
            with self._inst.database.writing() as connection:
                visits.add_usage(connection, source.id, self._inst.clock(), client.requests, budget.spent)

    @contextmanager
    def _alone(self, person: str) -> Iterator[None]:
        with self._lock:
            if person in self._looking:
                raise BusyError("your last look", "is still under way.", "Wait until it has answered, then look again.")
            if len(self._looking) >= AT_ONCE:
                raise BusyError("looking", "is what several people do at the moment.", "Try again in half a minute.")
            self._looking.add(person)
        try:
            yield
        finally:
            with self._lock:
                self._looking.discard(person)


def _ask(client: Client, wish: Wish, now: datetime, budget: Budget) -> Fetched:
    try:
        return fetch_once(client, wish, now, budget)
    except GroundswellError:
        raise
    except Exception as error:  # a fault in a kind is no fault of the page that asks for a look
        _log.exception("a look at a source of the kind %s failed unexpectedly", wish.kind)
        problem = f"{type(error).__name__}, a fault of Groundswell itself."
        raise SourceError(f"the kind {wish.kind}", problem, "Report it with its log.") from error


def _newest(fetched: Fetched) -> Sequence[Mention]:
    return newest_first(fetched.mentions)[:MOST_SEEN]


def _preview(fetched: Fetched, seen: Sequence[Seen], client: Client, wish: Wish, budget: Budget) -> Preview:
    shown, unit = len(newest_first(fetched.mentions)), ""
    spent: int | None = None
    if isinstance(wish.options, MeteredOptions):
        spent, unit = budget.spent, wish.options.UNIT
    return Preview(tuple(seen), shown, fetched.warnings, client.requests, spent, unit)
