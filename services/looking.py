"""Looking at a source once, as if for the first time: nothing of it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mentions.mention import Mention
from mentions.query.terms import Query
from sources.contract import Budget, Fetched, SourceOptions, Visit, load, trial_budget
from sources.network.fetching import Client


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked at.

    Attributes:
        queries: of brands, for kinds that search.
    """

    kind: str
    options: SourceOptions
    queries: tuple[Query, ...] = ()


def fetch_once(client: Client, wish: Wish, now: datetime, budget: Budget | None = None) -> Fetched:
    """Ask a source once.

    Args:
        budget: what it may use where its service counts; None for as much as a look may use that nobody counts.

    Raises:
        SourceError: it could not be read.
    """
    visit = Visit(
        http=client, cursor={}, now=now, fresh=True, queries=wish.queries, budget=budget or trial_budget(wish.options)
    )
    return load(wish.kind).fetch(wish.options, visit)


def newest_first(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """One mention of each key, as storing keeps them, the newest first."""
    kept = {mention.key: mention for mention in reversed([*mentions])}
    return tuple(sorted(kept.values(), key=lambda mention: mention.published.at, reverse=True))
