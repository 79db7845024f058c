"""Pictures of a replay of mentions: a chart of each brand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.replaying.output import Output, clock
from cli.replaying.telling import ASSUMED, brand_name, held_lines, length, week_lines
from reports.wave import Mark, WaveChart
from services.files.exporting import write_whole
from services.replay.picturing import Listing, brand_chart, page, picture
from services.replay.replaying import Finished
from settings.model import Brand


def draw(done: Finished, output: Output) -> list[str]:
    """Draw each brand of which anything was heard; a line on what was written where, if that has to be said."""
    if output.picture is None:
        return []
    brands = [brand for brand in done.settings.brands if done.buckets.get(brand.id)]
    charts = {brand.id: _chart(done, brand, output.zone) for brand in brands}
    if output.is_page:
        told = [*week_lines(done), *held_lines(done), ASSUMED]
        write_whole(output.picture, [page("Replay", told, [*charts.values()], _listings(done, output.zone))])
        return []
    places = _places(output.picture, [*charts])
    for brand_id, place in places.items():
        write_whole(place, [picture(charts[brand_id])])
    names = ", ".join(place.name for place in places.values())
    return [f"A picture of each brand: {names}."] if len(places) > 1 else []


def _places(picture: Path, brands: Sequence[str]) -> dict[str, Path]:
    """Where the picture of each brand goes: with its id in the name, where there are several."""
    if len(brands) == 1:
        return {brands[0]: picture}
    return {brand: picture.with_name(f"{picture.stem}-{brand}{picture.suffix}") for brand in brands}


def _chart(done: Finished, brand: Brand, zone: ZoneInfo) -> WaveChart:
    walked = done.walked
    alarms = [
        Mark(one.at, "Alarm", detail=one.signal.sentence) for one in walked.alarms if one.signal.brand == brand.id
    ]
    return brand_chart(done.buckets[brand.id], walked.since, walked.until, alarms, brand.name, zone)


def _listings(done: Finished, zone: ZoneInfo) -> tuple[Listing, ...]:
    alarms = [
        (clock(one.at, zone), brand_name(done.settings, one.signal.brand), one.severity.value, one.signal.sentence)
        for one in done.walked.alarms
    ]
    incidents = [
        (
            clock(one.opened_at, zone),
            one.title,
            one.severity.value,
            length(one.ebbed_at - one.opened_at) if one.ebbed_at else "still going on",
        )
        for one in done.walked.incidents
    ]
    return (
        Listing(("Alarm", "Brand", "How bad", "Why"), alarms),
        Listing(("Incident", "What", "How bad", "How long"), incidents),
    )
