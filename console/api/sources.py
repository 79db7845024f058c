"""The sources: which are heard, which are not and what to do; and one that rests is woken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from access.roles import Permission
from console.access import allowed
from console.api.failures import MissingError
from console.api.paging import Page
from console.api.routing import Inst, resource
from console.api.shapes import Answer
from detection.source_state import SourceState
from services.source_reports import SourceReport, source_reports
from services.watching_sources import wake_source

router = resource(Permission.READ, "sources")


class AllowanceAnswer(Answer):
    """What a source that costs may use in a day (UTC), and has used today."""

    used: int
    per_day: int
    unit: str


class SourceAnswer(Answer):
    """A source and how it fares."""

    id: str
    kind: str
    about: list[str] = Field(description="Brands that everything from here is about.")
    state: SourceState
    since: datetime | None
    sentence: str
    remedy: str | None
    deaf: bool = Field(description="A crisis there would not be noticed.")
    asked_at: datetime | None
    succeeded_at: datetime | None
    newest_at: datetime | None
    next_at: datetime | None
    failures: int
    requests_today: int
    allowance: AllowanceAnswer | None


class Woken(Answer):
    """Whether it is asked sooner than it would have been."""

    woken: bool


@router.get("/sources", response_model=Page[SourceAnswer])
def sources(inst: Inst) -> object:
    """All sources, the worst first."""
    with inst.database.reading() as connection:
        return {"items": [_record(one) for one in source_reports(connection, inst)], "next": None}


@router.get("/sources/{source}", response_model=SourceAnswer)
def one_source(inst: Inst, source: str) -> object:
    """One source."""
    with inst.database.reading() as connection:
        found = next((one for one in source_reports(connection, inst) if one.source.id == source), None)
    if found is None:
        raise _unknown()
    return _record(found)


@router.post("/sources/{source}/wake", response_model=Woken)
@allowed(Permission.ADMINISTER)
def wake(inst: Inst, source: str) -> object:
    """Have a source asked in the next round that is not asked any more, or rests."""
    if source not in {one.id for one in inst.settings.sources}:
        raise _unknown()
    return {"woken": wake_source(inst, source)}


def _unknown() -> MissingError:
    return MissingError("There is no such source in the settings. /api/v1/sources lists them.")


def _record(report: SourceReport) -> dict[str, Any]:
    source, facts, health, allowance = report.source, report.facts, report.health, report.allowance
    moments = ("asked_at", "succeeded_at", "newest_at", "next_at", "failures")
    return {
        **{name: getattr(source, name) for name in ("id", "kind", "about")},
        **{name: getattr(health, name) for name in ("state", "since", "sentence", "remedy", "deaf")},
        **{name: getattr(facts, name) for name in moments},
        "requests_today": report.usage.requests,
        "allowance": allowance and {name: getattr(allowance, name) for name in ("used", "per_day", "unit")},
    }
