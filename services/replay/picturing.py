"""The picture of a replay: what was counted, what was usual, and where the alarms would have been."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from detection.buckets import Bucket
from detection.history import REFERENCE
from detection.waking import Waking
from reports.chart import PRINT, ChartPoint, Mark, WaveChart, png, svg
from services.replay.counting import Judged

# Enough points to see weeks, few enough to see each.
_MOST_POINTS = 260
_LENGTHS = tuple(timedelta(minutes=minutes) for minutes in (60, 120, 180, 240, 360, 720, 1440))
_DAY = timedelta(days=1)
_FORTNIGHT = 14
_WIDTH, _HEIGHT = 1120, 380
_PAGE = Markup(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff }}
body {{ max-width: 1120px; margin: 32px auto; padding: 0 16px }}
svg {{ width: 100%; height: auto }}
table {{ border-collapse: collapse; margin-top: 24px; font-variant-numeric: tabular-nums }}
th, td {{ text-align: left; padding: 4px 24px 4px 0; border-bottom: 1px solid #d8dce1; vertical-align: top }}
td:first-child {{ white-space: nowrap }}
</style></head><body><h1>{title}</h1>{told}{pictures}{tables}</body></html>
"""
)
_TABLE = Markup("<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>")
_ROW, _NAME, _CELL = Markup("<tr>{cells}</tr>"), Markup("<th>{}</th>"), Markup("<td>{}</td>")
_HEADING, _PARAGRAPH = Markup("<h2>{}</h2>"), Markup("<p>{}</p>")


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of a page: the names of its columns and its rows."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]]


def replay_chart(judged: Sequence[Judged], step: timedelta, title: str, zone: ZoneInfo) -> WaveChart:
    """The picture as a specification; what is usual is that of the same time on up to fourteen days before.

    Args:
        judged: at least one, in order of time.
        step: of the counts.
    """
    first = judged[0].at - step
    length = _length_of(judged[-1].at - first)
    # What is not known is None, and no part of what is usual; the picture has no other way to show it than as nothing.
    totals: list[int | None] = [None] * ((judged[-1].at - step - first) // length + 1)
    for one in judged:
        place = (one.at - step - first) // length
        totals[place] = (totals[place] or 0) + one.count
    alarms = [Mark(one.at, "Alarm", detail=one.sentence) for one in judged if one.waking is Waking.ALARM]
    points = [ChartPoint(first + place * length, total or 0, 0.0, 0) for place, total in enumerate(totals)]
    # On the first day nothing is usual yet.
    begin = _DAY // length if len(points) > 3 * (_DAY // length) else 0
    return _chart(WaveChart(title, tuple(points), 0.0, tuple(alarms), zone, with_tone=False), totals, begin)


def brand_chart(  # a brand's past and what is marked in it
    buckets: Sequence[Bucket], since: datetime, until: datetime, alarms: Sequence[Mark], title: str, zone: ZoneInfo
) -> WaveChart:
    """The same of the mentions of a brand from ``since`` on, with how many were negative.

    Args:
        buckets: also those of a fortnight before; after the first one, where none is, nobody spoke.
    """
    length = _length_of(until - since)
    start = since - REFERENCE
    totals: list[int | None] = [None] * -((start - until) // length)
    negative = [0] * len(totals)
    for bucket in buckets:
        if start <= bucket.start < until:
            place = (bucket.start - start) // length
            totals[place] = (totals[place] or 0) + bucket.mentions
            negative[place] += bucket.negative
    first = next((place for place, total in enumerate(totals) if total is not None), 0)
    counts = [total if place < first else total or 0 for place, total in enumerate(totals)]
    points = tuple(
        ChartPoint(start + place * length, total or 0, 0.0, negative[place]) for place, total in enumerate(counts)
    )
    spec = WaveChart(title, points, 0.0, tuple(alarms), zone, until=until)
    return _chart(spec, counts, REFERENCE // length)


def _length_of(whole: timedelta) -> timedelta:
    return next((one for one in _LENGTHS if whole / one <= _MOST_POINTS), _LENGTHS[-1])


def _chart(counted: WaveChart, totals: Sequence[int | None], begin: int) -> WaveChart:
    """A picture of counts with what was usual, from the point on at which it is to begin."""
    day = _DAY // (counted.step if len(counted.points) > 1 else _DAY)
    usual = [_usual(totals, place, day) for place in range(len(totals))]
    points = tuple(replace(point, expected=mean) for point, (mean, _) in zip(counted.points, usual, strict=True))[
        begin:
    ]
    shown = tuple(mark for mark in counted.marks if mark.at >= points[0].start)
    return replace(counted, points=points, expected_high=tuple(high for _, high in usual[begin:]), marks=shown)


def _usual(totals: Sequence[int | None], place: int, day: int) -> tuple[float, float]:
    """The mean at this time on the days before, and what one of them at most exceeded."""
    places = (place - back * day for back in range(1, _FORTNIGHT + 1))
    before = sorted(total for at in places if at >= 0 and (total := totals[at]) is not None)
    if not before:
        return 0.0, 0.0
    return sum(before) / len(before), float(before[max(len(before) - 2, 0)])


def picture(chart: WaveChart) -> bytes:
    """The picture as PNG."""
    return png(chart, 1.5, width=_WIDTH, height=_HEIGHT)


def page(title: str, told: Sequence[str], charts: Sequence[WaveChart], listings: Sequence[Listing]) -> str:
    """Pictures and tables as an HTML page that needs nothing else.

    Args:
        told: what a reader should know first.
    """
    several = len(charts) > 1
    drawn = (
        (_HEADING.format(one.title) if several else Markup(""))
        + svg(replace(one, title=""), width=_WIDTH, height=_HEIGHT, theme=PRINT)
        for one in charts
    )
    return _PAGE.format(
        title=title,
        told=_joined(_PARAGRAPH.format(text) for text in told),
        pictures=_joined(drawn),
        tables=_joined(_table(one) for one in listings if one.rows),
    )


def _table(listing: Listing) -> Markup:
    rows = (_ROW.format(cells=_joined(_CELL.format(cell) for cell in row)) for row in listing.rows)
    return _TABLE.format(names=_joined(_NAME.format(name) for name in listing.names), rows=_joined(rows))


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
