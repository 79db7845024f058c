"""How every source fares: what is remembered of it, judged and put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database import source_health, visits
from database.source_health import Usage
from detection.silence import Silence, judge_silence
from detection.source_state import Allowance, Health, SourceFacts, SourceView, judge_source
from services.installation import Installation
from services.rounds import host_of
from settings.model import Source
from sources.contract import MeteredOptions


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source and how it fares.

    Attributes:
        allowance: None where nobody counts what is read of it.
    """

    source: Source
    facts: SourceFacts
    health: Health
    usage: Usage
    allowance: Allowance | None


def source_reports(connection: Connection, inst: Installation) -> tuple[SourceReport, ...]:
    """All sources of the settings, the worst first, else in their order there."""
    now = inst.clock()
    facts = source_health.source_facts(connection)
    usages = source_health.usage_today(connection, now)
    rests = {wait.host: wait.reason for wait in visits.host_waits(connection, now)}
    reports = []
    for source in inst.settings.sources:
        known, usage = facts.get(source.id, SourceFacts()), usages.get(source.id, Usage())
        allowance = _allowance(source, usage)
        silence = _silence(connection, view_of(source, known, now)) if known.silent_since else None
        rest = rests.get(host_of(source))
        view = SourceView(source.id, known, now, source.every, rest, allowance, silence)
        reports.append(SourceReport(source, known, judge_source(view), usage, allowance))
    return tuple(sorted(reports, key=lambda one: (not one.health.deaf, one.health.state.rank)))


def view_of(source: Source, facts: SourceFacts, now: datetime) -> SourceView:
    """A source as its own row shows it."""
    return SourceView(source.id, facts, now, source.every)


def _silence(connection: Connection, view: SourceView) -> Silence:
    heard = source_health.heard_hours(connection, view.source, view.facts.added_at)
    return judge_silence(heard, view.now, interval=view.interval)


def _allowance(source: Source, usage: Usage) -> Allowance | None:
    options = source.options
    return Allowance(usage.units, options.per_day, options.UNIT) if isinstance(options, MeteredOptions) else None
