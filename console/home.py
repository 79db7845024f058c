"""The home page: what needs somebody now, how the brands and the sources fare, whether the system is awake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from access.roles import Permission
from console.access import allowed, needing
from console.context import console_of
from console.identity import you
from console.listening import awake
from console.needs import waiting
from console.rendering import page
from console.source_pages import in_short
from database import reading
from database.reading import DAY, BrandDay, OpenIncident
from detection.buckets import Bucket
from incidents.steps import Roles
from services.source_reports import SourceReport, source_reports
from services.voices import pasts_of_all
from settings.model import Brand, Source
from voices.answer import Usual, usual_of

router = APIRouter(route_class=needing(Permission.READ))
SPARK_STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class BrandLine:
    """A brand in one line.

    Attributes:
        usual: what is usual for 24 hours, as the brand's page says it; None where too little is known.
        spark: mentions of each half hour of the last 24, the newest last.
        troubled: its sources that are not heard at the moment.
    """

    brand: Brand
    day: BrandDay
    usual: Usual | None
    spark: tuple[int, ...]
    incidents: tuple[OpenIncident, ...]
    troubled: tuple[Source, ...]


@router.get("/")
def home(request: Request) -> Response:
    """The page that answers in ten seconds."""
    console = console_of(request)
    settings, now = console.installation.settings, console.now()
    with console.installation.database.reading() as connection:
        pulse = reading.pulse(connection)
        opened = reading.open_incidents(connection)
        days = reading.brand_days(connection, now)
        past = pasts_of_all(connection, [one.id for one in settings.brands], now - DAY, now)
        usual = {brand: usual_of(tones) for brand, tones in past.items()}
        reports = source_reports(connection, console.installation)
        finished_at = reading.last_tick(connection)
        heard = reading.heard_anything(connection)
    person = you(request)
    roles = Roles({one.id: one.role for one in settings.people})
    needing = waiting(opened, person.id if person else None, now, console.installation.names, roles)
    busy = {one.incident.id for one in needing}
    lines = [
        BrandLine(
            brand,
            days.get(brand.id, BrandDay()),
            usual[brand.id],
            sparks(days.get(brand.id, BrandDay()).buckets, now),
            tuple(one for one in opened if one.incident.brand == brand.id),
            troubled(brand, reports),
        )
        for brand in settings.brands
    ]
    return page(
        request,
        "home.html",
        pulse=pulse,
        waiting=needing,
        in_hand=[one for one in opened if one.incident.id not in busy],
        opened=opened,
        brands=lines,
        reports=reports,
        summary=in_short(reports),
        deaf=[report for report in reports if report.health.deaf],
        unwell=[report for report in reports if not report.health.deaf and not report.health.state.well],
        awake=awake(finished_at, now, settings.tick),
        heard=heard,
        deaf_everywhere=not reports and not settings.inbound,
        listening_since=min((one.facts.added_at for one in reports if one.facts.added_at), default=None),
    )


@router.get("/healthz")
@allowed(None)
def healthz(request: Request) -> Response:
    """For monitors: 200 while rounds of listening finish or none has yet, 503 once they are late."""
    console = console_of(request)
    with console.installation.database.reading() as connection:
        finished_at = reading.last_tick(connection)
    now = console.now()
    state = awake(finished_at, now, console.installation.settings.tick)
    body = {
        "ok": not state.late,
        "last_tick_finished": finished_at.isoformat() if finished_at else None,
        "seconds_ago": round((now - finished_at).total_seconds(), 1) if finished_at else None,
    }
    return JSONResponse(body, status_code=503 if state.late else 200)


def sparks(buckets: Sequence[Bucket], now: datetime) -> tuple[int, ...]:
    """Mentions of each half hour of the 24 hours that end now."""
    counts = [0] * (DAY // SPARK_STEP)
    for bucket in buckets:
        back = (now - bucket.start) // SPARK_STEP
        if 0 <= back < len(counts):
            counts[-1 - back] += bucket.mentions
    return tuple(counts)


def troubled(brand: Brand, reports: Sequence[SourceReport]) -> tuple[Source, ...]:
    """The sources of a brand, its own and those of all, that are not heard at the moment."""
    return tuple(
        report.source
        for report in reports
        if (not report.source.about or brand.id in report.source.about) and not report.health.state.well
    )
