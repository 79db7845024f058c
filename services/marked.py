"""The picture of a brand with all that is marked in it: what was alarmed and what was held, done and planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from database.reading_events import brand_events
from database.reading_signals import Asked, Shown, list_decisions
from reports.wave import Mark, MarkKind, WaveChart
from services.installation import Installation
from services.picturing import MARKED, chart_on, marks_of

# A signal that stays held is kept once an hour; more than this many nobody looks at one by one.
MOST_HELD = 200


def brand_picture(
    connection: Connection, inst: Installation, brand: str, since: datetime, until: datetime
) -> WaveChart:
    """Mentions of a brand against what is usual for it, and what happened meanwhile.

    Alarms are marked, and what might have been one and was held, with the reason; what people did about its incidents,
    open ones and those that are over; what was planned.
    """
    found = brand_events(connection, brand, since, until, MARKED)
    # A wave that goes on is no part of what it stands out from; what is over has become part of the past.
    drawn = chart_on(connection, inst, brand, since, until, [one.event for one in found if not one.over])
    happened = (mark for one in found for mark in marks_of([one.event], f"/incidents/{one.incident}"))
    marks = (*happened, *_held(connection, brand, since, until), *_planned(inst, brand, since, until))
    return replace(drawn, marks=tuple(sorted(marks, key=lambda mark: mark.at)))


def _held(connection: Connection, brand: str, since: datetime, until: datetime) -> Iterator[Mark]:
    for one in list_decisions(connection, Asked(brand, Shown.HELD, since), None, MOST_HELD):
        if one.at <= until:
            address = f"/signals?brand={brand}&show=held#decision-{one.id}"
            yield Mark(one.at, "Held", MarkKind.HELD, one.sentence, address=address)


def _planned(inst: Installation, brand: str, since: datetime, until: datetime) -> Iterator[Mark]:
    for event in inst.brand(brand).planned_events(inst.settings.time_zone):
        if event.start <= until and event.end > since:
            told = f"Up to {event.expect:g} times as much talk as on an ordinary day is no news."
            yield Mark(event.start, event.name, MarkKind.PLANNED, told, until=event.end)
