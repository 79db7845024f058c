"""Listening to one source: fetch, match, score, store, remember where it was left off."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from database import listening as store
from mentions.matching import Match, about
from mentions.mention import Dating, Mention
from services.installation import Installation
from settings.model import Source
from settings.user_agent import user_agent
from sources.contract import Fetched, SourceError, Visit, load
from sources.fetching import Client

# A source that fails is asked less often, but never so seldom that its return goes unnoticed for long.
LONGEST_PAUSE = timedelta(minutes=15)
RECENTLY_READ = timedelta(hours=1)
UNDATED_AGE = timedelta(days=1)
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
    """

    source: str
    new: int = 0
    seen: int = 0
    problem: str | None = None
    remedy: str | None = None
    transient: bool = False
    warnings: tuple[str, ...] = ()


def collect(inst: Installation, source: Source) -> Collected:
    """Ask a source once; what it brought and where it was left off are stored together.

    A source that cannot be read is remembered as failing and answered for in the result.

    Raises:
        DatabaseError: nothing could be stored; the source will be asked for the same again.
    """
    now = inst.clock()
    with inst.database.reading() as connection:
        known = store.source_row(connection, source.id)
    try:
        fetched = _fetch(inst, source, known, now)
        heard = _understand(inst, source, _redated(fetched.mentions, known, now))
    except SourceError as error:
        return _failed(inst, source, known, error, now)
    except Exception as error:  # the edge between sources: a fault in one is its own, and is remembered as one
        logger.exception("source %s failed unexpectedly", source.id)
        return _failed(inst, source, known, _fault(source, error), now)
    with inst.database.writing() as connection:
        stored = store.store(connection, source.id, heard, now)
        store.save_source(
            connection,
            source.id,
            cursor=dict(fetched.cursor),
            listening_for=listening_for(inst, source),
            asked_at=now,
            succeeded_at=now,
            next_at=now + source.every,
            failures=0,
            problem=None,
            remedy=None,
            warning=" ".join(fetched.warnings) or None,
            **({"brought_at": now} if stored.mentions else {}),
        )
    return Collected(source.id, stored.mentions, len(fetched.mentions), warnings=fetched.warnings)


def sources_due(inst: Installation, *, everything: bool = False) -> tuple[Source, ...]:
    """The sources to ask now, those that were never asked first; all of them where ``everything`` is wanted."""
    now = inst.clock()
    with inst.database.reading() as connection:
        rows = {source.id: store.source_row(connection, source.id) for source in inst.settings.sources}
    # Half a tick of tolerance: a source every 5 minutes must not slip to every 6 because a tick started 2 s early.
    due = now + inst.settings.tick / 2
    return tuple(
        source
        for source in inst.settings.sources
        if everything
        or (row := rows[source.id]) is None
        or row.next_at is None
        or row.next_at <= due
        or row.asked_at > now  # the clock was ahead when this was written
    )


def listening_for(inst: Installation, source: Source) -> str:
    """32 hexadecimal digits that change when what is wanted from a source changes, so that it is read afresh."""
    wanted = {
        "brands": [[brand.id, *brand.phrases] for brand in inst.settings.brands],
        "about": source.about,
        "options": str(source.options),
    }
    return hashlib.blake2b(json.dumps(wanted, sort_keys=True).encode(), digest_size=16).hexdigest()


def pause_after(failures: int, every: timedelta, retry_after: float | None) -> timedelta:
    """How long to leave a source alone that has failed this many times in a row."""
    grown = min(every * (1 << min(failures - 1, 10)), max(every, LONGEST_PAUSE))
    return max(grown, timedelta(seconds=retry_after or 0))


def _redated(mentions: Sequence[Mention], known: Row[Any] | None, now: datetime) -> Iterator[Mention]:
    """Mentions without a date that can be believed, at a time that makes no wave of a backlog.

    Only where the source was read a moment ago is what it shows for the first time also new. Otherwise it may be weeks
    old, and counts as of a day ago.
    """
    current = known is not None and known.succeeded_at is not None and now - known.succeeded_at <= RECENTLY_READ
    for mention in mentions:
        if current or mention.published.dating is Dating.STATED:
            yield mention
        else:
            yield replace(mention, published=replace(mention.published, at=now - UNDATED_AGE))


def _fault(source: Source, error: Exception) -> SourceError:
    problem = f"{type(error).__name__}, a fault of Groundswell itself."
    return SourceError(f'source "{source.id}"', problem, "Report it with its log; the source is asked again.")


def _fetch(inst: Installation, source: Source, known: Row[Any] | None, now: datetime) -> Fetched:
    wanted = listening_for(inst, source)
    visit_brands = [inst.brand(brand) for brand in source.about] or inst.settings.brands
    with Client(user_agent=user_agent(inst.settings.contact), allow_private=source.internal) as client:
        visit = Visit(
            http=client,
            cursor=known.cursor if known else {},
            now=now,
            # When something else is wanted than before, what was passed over may be wanted now.
            fresh=known is not None and known.listening_for != wanted,
            queries=tuple(phrase for brand in visit_brands for phrase in brand.phrases),
        )
        return load(source.kind).fetch(source.options, visit)


def _failed(inst: Installation, source: Source, known: Row[Any] | None, error: SourceError, now: datetime) -> Collected:
    # Attempts within a tick are one failure, however often its caller tries.
    again = (
        known is not None
        and known.asked_at is not None
        and timedelta(0) <= now - known.asked_at < inst.settings.tick / 2
    )
    failures = max((known.failures if known else 0) + (not again), 1)
    with inst.database.writing() as connection:
        store.save_source(
            connection,
            source.id,
            asked_at=now,
            next_at=now + pause_after(failures, source.every, error.retry_after),
            failures=failures,
            problem=f"{error.subject}: {error.problem}",
            remedy=error.remedy,
        )
    problem = f"{error.subject}: {error.problem}"
    return Collected(source.id, problem=problem, remedy=error.remedy, transient=_is_transient(error))


def _is_transient(error: SourceError) -> bool:
    """Whether it may work at once; a source that asks to be left alone is not asked again."""
    return not error.permanent and error.retry_after is None


def _understand(inst: Installation, source: Source, mentions: Iterable[Mention]) -> list[store.Heard]:
    """The mentions that are about a brand, with why and how they felt for each brand."""
    matched = [(mention, _matches(inst, source, mention)) for mention in mentions]
    matched = [(mention, matches) for mention, matches in matched if matches]
    scores: dict[tuple[str, int], store.About] = {}
    for brand in {match.brand for _, matches in matched for match in matches}:
        scores.update(_score(inst, brand, matched))
    return [
        store.Heard(mention, tuple(scores[match.brand, at] for match in matches))
        for at, (mention, matches) in enumerate(matched)
    ]


def _matches(inst: Installation, source: Source, mention: Mention) -> tuple[Match, ...]:
    found = inst.matcher.match(mention.content)
    named = {match.brand for match in found}
    return (*found, *(match for match in about(source.about, source.id) if match.brand not in named))


def _score(
    inst: Installation, brand: str, matched: Iterable[tuple[Mention, tuple[Match, ...]]]
) -> dict[tuple[str, int], store.About]:
    wanted = [
        (at, mention, match)
        for at, (mention, matches) in enumerate(matched)
        for match in matches
        if match.brand == brand
    ]
    texts = [mention.content for _, mention, _ in wanted]
    scores = inst.scorers[brand].score_batch(texts, [mention.language for _, mention, _ in wanted])
    return {(brand, at): store.About(match, score) for (at, _, match), score in zip(wanted, scores, strict=True)}
