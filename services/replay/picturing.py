"""The picture of a replay: what was counted, what was usual, and where the alarms would have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

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
</style></head><body><h1>{title}</h1><p>{told}</p>{picture}{table}</body></html>
"""
)
_TABLE = Markup("<table><thead><tr><th>Alarm</th><th>Why</th></tr></thead><tbody>{rows}</tbody></table>")
_ROW = Markup("<tr><td>{at}</td><td>{why}</td></tr>")


def replay_chart(judged: Sequence[Judged], step: timedelta, title: str, zone: ZoneInfo) -> WaveChart:
    """The picture as a specification; what is usual is that of the same time on up to fourteen days before.

    Args:
        judged: at least one, in order of time.
        step: of the counts.
    """
    first = judged[0].at - step
    length = next((one for one in _LENGTHS if (judged[-1].at - first) / one <= _MOST_POINTS), _LENGTHS[-1])
    # What is not known is None, and no part of what is usual; the picture has no other way to show it than as nothing.
    totals: list[int | None] = [None] * ((judged[-1].at - step - first) // length + 1)
    for one in judged:
        place = (one.at - step - first) // length
        totals[place] = (totals[place] or 0) + one.count
    usual = [_usual(totals, place, _DAY // length) for place in range(len(totals))]
    points = tuple(
        ChartPoint(first + place * length, total or 0, mean, 0)
        for place, (total, (mean, _)) in enumerate(zip(totals, usual, strict=True))
    )
    alarms = tuple(Mark(one.at, "Alarm", detail=one.sentence) for one in judged if one.waking is Waking.ALARM)
    # On the first day nothing is usual yet.
    begin = _DAY // length if len(points) > 3 * (_DAY // length) else 0
    highs = tuple(high for _, high in usual[begin:])
    shown = tuple(mark for mark in alarms if mark.at >= points[begin].start)
    return WaveChart(title, points[begin:], highs, shown, zone, with_tone=False)


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


def page(chart: WaveChart, told: str, alarms: Sequence[Judged]) -> str:
    """The picture as an HTML page that needs nothing else, with a list of the alarms.

    Args:
        told: what a reader should know first.
    """
    rows = Markup("").join(
        _ROW.format(at=f"{one.at.astimezone(chart.time_zone):%Y-%m-%d %H:%M}", why=one.sentence) for one in alarms
    )
    return _PAGE.format(
        title=chart.title,
        told=told,
        picture=svg(replace(chart, title=""), width=_WIDTH, height=_HEIGHT, theme=PRINT),
        table=_TABLE.format(rows=rows) if alarms else "",
    )
