"""What a source that searches is to search for."""

from __future__ import annotations

from sources.contract import SourceError, Visit
from sources.network.failures import name_of
from sources.visiting.searching import Dialect, searches


def searches_for(query: str, visit: Visit, dialect: Dialect, server: str) -> tuple[str, ...]:
    """A query of the source's own as it stands, or else what the brands look for in the service's words.

    Raises:
        SourceError: there is neither.
    """
    found = (query,) if query else searches(visit.queries, dialect)
    if not found:
        raise SourceError(
            name_of(server),
            "there is nothing to search for: it has no query, and no brand looks for anything it can be asked.",
            'Give it a query; "groundswell preview" takes that of a brand with --about.',
            permanent=True,
        )
    return found
