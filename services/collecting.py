"""Listening to one source: fetch, understand, store, remember where it was left off and when to come back."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from database import visits
from database.columns import storable
from database.incidents import any_open
from database.listening import Heard, Stored, store
from database.session import DatabaseError
from mentions.mention import Dating, Mention
from services.installation import Installation
from services.understanding import understand
from settings.model import Source
from settings.user_agent import user_agent
from sources.contract import (
    Budget,
    BudgetError,
    Fetched,
    HostBusyError,
    MeteredOptions,
    SourceError,
    Visit,
    load,
)
from sources.network.fetching import Client
from sources.visiting import revisiting
from sources.visiting.revisiting import Brought, NextVisit, Pace

RECENTLY_READ = timedelta(hours=1)
UNDATED_AGE = timedelta(days=1)
WEEK = timedelta(weeks=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Collected:
    """What listening to a source brought.

    Attributes:
        new: mentions that were not known before.
        seen: mentions that the source showed, known or not, about a brand or not.
        problem, remedy: what went wrong and what to do; None when nothing did.
        transient: it may well work when tried again at once.
        warnings: odd but harmless.
        postponed: why it was not asked, or not to its end; it is asked again by itself.
    """

    source: str
    new: int = 0
    seen: int = 0
    problem: str | None = None
    remedy: str | None = None
    transient: bool = False
    warnings: tuple[str, ...] = ()
    postponed: str | None = None


@dataclass(frozen=True, slots=True)
class _Visited:
    """A visit that is being made: what was known before it, and what it uses."""

    inst: Installation
    source: Source
    known: Row[Any] | None
    now: datetime
    client: Client
    budget: Budget

    @property
    def pace(self) -> Pace:
        return Pace(self.source.every, self.source.slowest)

    @property
    def fresh(self) -> bool:
        """Something else is wanted than before, so that what was passed over may be wanted now."""
        return self.known is not None and self.known.listening_for != listening_for(self.inst, self.source)

    @property
    def newest_at(self) -> datetime | None:
        """The newest post that was known before."""
        return self.known.newest_at if self.known else None

    @property
    def brands(self) -> Sequence[str]:
        """The brands that listen here."""
        return self.source.about or [brand.id for brand in self.inst.settings.brands]


def collect(inst: Installation, source: Source) -> Collected:
    """Ask a source once; what it brought and where it was left off are stored together.

    A source that cannot be read is remembered as failing and answered for in the result.

    Raises:
        DatabaseError: nothing could be stored; the source will be asked for the same again.
    """
    now = inst.clock()
    with inst.database.reading() as connection:
        known = visits.source_row(connection, source.id)
        budget = _budget(connection, source, now)
    internal = source.internal
    with Client(
        user_agent=user_agent(inst.settings.contact),
        allow_private=internal,
        clock=inst.clock,
        pacing=inst.pacing,
        spacing=0.0 if internal else inst.settings.spacing.total_seconds(),
    ) as client:
        return _visit(_Visited(inst, source, known, now, client, budget))


def _visit(visited: _Visited) -> Collected:
    source, now = visited.source, visited.now
    try:
        fetched = _fetch(visited)
        heard, passed_over = _understood(visited, fetched)
    except HostBusyError as busy:
        return _postponed(visited, busy, revisiting.after_refusal(now, busy.retry_after or 0, visited.inst.rng))
    except BudgetError as spent:
        return _postponed(visited, spent, revisiting.after_budget(now, visited.inst.rng))
    except SourceError as error:
        return _failed(visited, error)
    except Exception as error:  # the edge between sources: a fault in one is its own, and is remembered as one
        logger.exception("source %s failed unexpectedly", source.id)
        return _failed(visited, _fault(source, error))
    try:
        stored = _keep(visited, fetched, heard, passed_over)
    except (DatabaseError, SQLAlchemyError):
        _count(visited)  # what was paid for is paid for, though nothing of it could be kept
        raise
    return Collected(source.id, stored.mentions, len(fetched.mentions), warnings=fetched.warnings)


def _fetch(visited: _Visited) -> Fetched:
    inst, source, known = visited.inst, visited.source, visited.known
    visit = Visit(
        http=visited.client,
        cursor=known.cursor if known else {},
        now=visited.now,
        fresh=visited.fresh,
        queries=tuple(inst.wanted[brand] for brand in visited.brands),
        budget=visited.budget,
    )
    return load(source.kind).fetch(source.options, visit)


def _understood(visited: _Visited, fetched: Fetched) -> tuple[Sequence[Heard], Sequence[Mention]]:
    """What is about a brand, and what else was shown, as it may be kept."""
    inst, source = visited.inst, visited.source
    said = [*_redated(fetched.mentions, visited)]
    heard = understand(inst, source.id, source.about, said)
    if not visited.known or len(heard) == len(said):
        return heard, ()
    digests, redaction = {one.mention.digest for one in heard}, inst.settings.privacy.redaction
    return heard, [redaction.of(mention, source.id) for mention in said if mention.digest not in digests]


def _keep(visited: _Visited, fetched: Fetched, heard: Sequence[Heard], passed_over: Sequence[Mention]) -> Stored:
    """Store what was heard, together with where the source was left off."""
    inst, source, now = visited.inst, visited.source, visited.now
    with inst.database.writing() as connection:
        stored = store(connection, source.id, heard, now, passed_over) if heard or passed_over else Stored(0, {})
        posts = _posts_not_seen_before(visited, fetched)
        visits.add_posts(connection, source.id, posts, now)
        news, weekly = bool(posts or stored.mentions), _posts_a_week(connection, visited)
        urgent = not news and weekly is not None and any_open(connection, visited.brands)
        brought = Brought(news, fetched.behind, weekly, urgent)
        following = revisiting.after_success(visited.pace, now, brought)
        values: dict[str, Any] = {
            "cursor": dict(fetched.cursor),
            "listening_for": listening_for(inst, source),
            "asked_for": listening_for(inst, source),
            "asked_at": now,
            "succeeded_at": now,
            "next_at": following.at,
            "interval_seconds": int((following.at - now).total_seconds()),
            "failures": 0,
            "problem": None,
            "remedy": None,
            "failing_since": None,
            "stopped_at": None,
            "warning": storable(" ".join(fetched.warnings)) or None,
        }
        if news:
            values |= {"brought_at": now, "newest_at": max([*posts, *filter(None, [visited.newest_at])], default=None)}
        _remember(connection, visited, values)
    return stored


def _posts_not_seen_before(visited: _Visited, fetched: Fetched) -> list[datetime]:
    newest = visited.newest_at
    dated = (mention.published for mention in fetched.mentions)
    return [each.at for each in dated if each.dating is Dating.STATED and (newest is None or each.at > newest)]


def _posts_a_week(connection: Connection, visited: _Visited) -> int | None:
    known, now = visited.known, visited.now
    if known is None or known.added_at is None or known.added_at > now - WEEK:
        return None
    return visits.posts_since(connection, visited.source.id, now - WEEK)


def _failed(visited: _Visited, error: SourceError) -> Collected:
    source, known, now = visited.source, visited.known, visited.now
    asked_at = known.asked_at if known else None
    # Attempts within a tick are one failure, however often its caller tries.
    again = asked_at is not None and timedelta(0) <= now - asked_at < visited.inst.settings.tick / 2
    failures = max((known.failures if known else 0) + (not again), 1)
    following = revisiting.after_failure(visited.pace, now, failures, error, visited.inst.rng)
    problem = storable(f"{error.subject}: {error.problem}")  # a service may have said it
    values: dict[str, Any] = {
        "asked_at": now,
        "next_at": following.at,
        "failures": failures,
        "problem": problem,
        "remedy": storable(error.remedy),
        "failing_since": (known.failing_since if known else None) or now,
        "asked_for": listening_for(visited.inst, source),
    }
    if error.gone:  # with its cursor forgotten, it is read from the start should somebody wake it
        values |= {"stopped_at": now, "cursor": {}}
    with visited.inst.database.writing() as connection:
        _remember(connection, visited, values)
    return Collected(source.id, problem=problem, remedy=error.remedy, transient=_is_transient(error))


def _postponed(visited: _Visited, error: SourceError, following: NextVisit) -> Collected:
    with visited.inst.database.writing() as connection:
        _remember(connection, visited, {"next_at": following.at})
    return Collected(visited.source.id, postponed=f"{error.subject}: {error.problem}")


def _count(visited: _Visited) -> None:
    if visited.budget.spent:
        with visited.inst.database.writing() as connection:
            visits.add_usage(connection, visited.source.id, visited.now, visited.client.requests, visited.budget.spent)


def _remember(connection: Connection, visited: _Visited, values: dict[str, Any]) -> None:
    """Keep what is to be known at the next visit: of the source, of what it used and of its host."""
    source, now = visited.source.id, visited.now
    if visited.known is None:
        values = {"added_at": now, **values}
    visits.save_source(connection, source, **values)
    if visited.client.requests or visited.budget.spent:
        visits.add_usage(connection, source, now, visited.client.requests, visited.budget.spent)
    if waits := visited.inst.pacing.waits():
        visits.save_waits(connection, waits)


def _budget(connection: Connection, source: Source, now: datetime) -> Budget:
    options = source.options
    if not isinstance(options, MeteredOptions):
        return Budget()
    used = visits.units_used(connection, source.id, now)
    return Budget(max(options.per_day - used, 0), options.UNIT)


def listening_for(inst: Installation, source: Source) -> str:
    """32 hexadecimal digits that change when what is wanted from a source changes, so that it is read afresh."""
    wanted = {
        "brands": [[brand.id, brand.query, *brand.phrases] for brand in inst.settings.brands],
        "about": source.about,
        "options": str(source.options),
    }
    return hashlib.blake2b(json.dumps(wanted, sort_keys=True).encode(), digest_size=16).hexdigest()


def _redated(mentions: Sequence[Mention], visited: _Visited) -> Iterator[Mention]:
    """Mentions without a date that can be believed, at a time that makes no wave of a backlog.

    Only where the source was read a moment ago is what it shows for the first time also new. Otherwise it may be weeks
    old, and counts as of a day ago; so it may where it was passed over until somebody wanted it.
    """
    known, now = visited.known, visited.now
    read_at = None if known is None or visited.fresh else known.succeeded_at
    current = read_at is not None and now - read_at <= RECENTLY_READ
    for mention in mentions:
        if current or mention.published.dating is Dating.STATED:
            yield mention
        else:
            yield replace(mention, published=replace(mention.published, at=now - UNDATED_AGE))


def _fault(source: Source, error: Exception) -> SourceError:
    problem = f"{type(error).__name__}, a fault of Groundswell itself."
    return SourceError(f'source "{source.id}"', problem, "Report it with its log; the source is asked again.")


def _is_transient(error: SourceError) -> bool:
    """Whether it may work at once; a source that asks to be left alone is not asked again."""
    return not error.permanent and error.retry_after is None
