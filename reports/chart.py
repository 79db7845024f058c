"""Draws a wave: one picture for pages (SVG) and for mails (PNG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import font_roboto
import resvg_py
from markupsafe import Markup

from reports.axes import Frame, count_label, count_ticks, time_ticks
from reports.drawing import BEYOND_ROBOTO, PAGE, PRINT, Canvas, Theme, path
from reports.drawing_marks import draw_flags
from reports.flags import FLAG_ROW, Flag, gathered, place_flags, shorten
from reports.wave import ChartPoint, Mark, MarkKind, WaveChart, length, moment, summary

__all__ = ["PAGE", "PRINT", "ChartPoint", "Mark", "MarkKind", "Theme", "WaveChart", "png", "summary", "svg"]

_FONTS = [font_roboto.Roboto, font_roboto.RobotoMedium]
_TITLE_ROW, _LEGEND_ROW, _AXIS_ROWS, _EDGE = 28, 26, 40, 12  # pixels
_TICK_ROOM = 70  # pixels that a date below the time axis needs
_SMALL, _MIDDLE, _LARGE = 11, 12, 14  # pixels
_LETTER = 7.2  # pixels that a letter of the large size takes, about
_QUIET = 0.7  # opacity of text that is not the point
_NOBODY_KNOWS_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


def svg(spec: WaveChart, *, width: int = 720, height: int = 280, theme: Theme = PAGE) -> Markup:
    """The picture as SVG; text keeps its size, so draw it again for a narrow screen instead of scaling it down."""
    canvas = Canvas(width, height, spec.title or "Mentions", spec.description or summary(spec), theme=theme)
    frame, flags = _lay_out(spec, width, height)
    _draw_heading(canvas, spec, theme, width)
    _draw_value_axis(canvas, frame, theme)
    if spec.points:
        _draw_quiet(canvas, _unit(spec), theme, x=_EDGE, y=frame.top - 9)
        _draw_time_axis(canvas, spec, frame, theme)
        _draw_usual(canvas, spec, frame, theme)
        _draw_counts(canvas, spec, frame, theme)
        draw_flags(canvas, flags, frame, theme)
        _draw_running(canvas, spec, frame, theme)
        _draw_peak(canvas, spec, frame, theme, flags)
    else:
        _draw_nothing(canvas, frame, theme)
    if theme is PAGE:
        _add_hover(canvas, spec, frame, flags)
    return canvas.markup()


def png(spec: WaveChart, scale: float = 2, *, width: int = 480, height: int = 260) -> bytes:
    """The picture as PNG on white, ``width * scale`` pixels wide; narrow, so that its text is legible on a phone."""
    return _paint(spec, scale, width, height)


# Everybody who is told of an incident gets the same picture, and painting is most of the work of a letter.
@lru_cache(maxsize=16)
def _paint(spec: WaveChart, scale: float, width: int, height: int) -> bytes:
    drawing = svg(spec, width=width, height=height, theme=PRINT)
    return resvg_py.svg_to_bytes(
        svg_string=str(drawing),
        background=PRINT.paper,
        zoom=scale,
        font_files=_FONTS,
        skip_system_fonts=BEYOND_ROBOTO.search(drawing) is None,
    )


def _lay_out(spec: WaveChart, width: int, height: int) -> tuple[Frame, tuple[Flag, ...]]:
    begin = spec.points[0].start if spec.points else _NOBODY_KNOWS_WHEN
    end = spec.points[-1].start + spec.step if spec.points else begin + spec.step
    ticks = count_ticks(max([*(point.observed for point in spec.points), *spec.highs], default=1))
    left = _EDGE + 7.0 * len(count_label(ticks[-1]))
    top = (_TITLE_ROW if spec.title else 0) + _LEGEND_ROW + 20.0
    frame = Frame(left, top, width - _EDGE, height - _AXIS_ROWS, begin, end, ticks[-1])
    marks = gathered(spec.marks, begin, spec.step)
    flags = place_flags(marks, frame, reserved=_EDGE + 6.0 * len(_unit(spec)))
    rows = 1 + max((flag.row for flag in flags), default=-1)
    return replace(frame, top=top + rows * FLAG_ROW), flags


def _unit(spec: WaveChart) -> str:
    running = "; hollow: still counting" if len(spec.whole) < len(spec.points) else ""
    return f"per {length(spec.step)}{running}"


def _draw_heading(canvas: Canvas, spec: WaveChart, theme: Theme, width: int) -> None:
    y = 18.0
    if spec.title:
        title = shorten(spec.title, int((width - 2 * _EDGE) / _LETTER))
        canvas.add("text", title, x=_EDGE, y=y, fill=theme.ink, font_size=_LARGE, font_weight=500)
        y += _TITLE_ROW - 4
    x = float(_EDGE)
    tone = (("negative", _negative_key),) if spec.with_tone else ()
    for name, draw in (("mentions", _line_key), *tone, ("usual range", _usual_key)):
        draw(canvas, theme, x, y - 4)
        canvas.add("text", name, x=x + 22, y=y, fill=theme.ink, fill_opacity=_QUIET, font_size=_MIDDLE)
        x += 36 + 6.2 * len(name)
    if spec.points:
        zone = f"{spec.points[-1].start.astimezone(spec.time_zone):%Z}"
        _draw_quiet(canvas, f"UTC{zone}" if zone[0] in "+-" else zone, theme, x=width - _EDGE, y=y, text_anchor="end")


def _line_key(canvas: Canvas, theme: Theme, x: float, y: float) -> None:
    canvas.add("path", d=path([(x, y), (x + 16, y)]), stroke=theme.ink, stroke_width=2)


def _negative_key(canvas: Canvas, theme: Theme, x: float, y: float) -> None:
    canvas.add("rect", x=x, y=y - 5, width=16, height=10, rx=2, fill=theme.negative)


def _usual_key(canvas: Canvas, theme: Theme, x: float, y: float) -> None:
    canvas.add("rect", x=x, y=y - 5, width=16, height=10, rx=2, fill=theme.ink, fill_opacity=0.14)


def _draw_quiet(canvas: Canvas, text: str, theme: Theme, **place: str | float) -> None:
    canvas.add("text", text, fill=theme.ink, fill_opacity=_QUIET, font_size=_SMALL, **place)


def _draw_value_axis(canvas: Canvas, frame: Frame, theme: Theme) -> None:
    for tick in count_ticks(frame.highest):
        y = round(frame.y(tick)) + 0.5
        canvas.add(
            "path",
            d=path([(frame.left, y), (frame.right, y)]),
            stroke=theme.ink,
            stroke_opacity=0.1 if tick else 0.5,
        )
        _draw_quiet(canvas, count_label(tick), theme, x=frame.left - 6, y=y + 4, text_anchor="end")


def _draw_time_axis(canvas: Canvas, spec: WaveChart, frame: Frame, theme: Theme) -> None:
    most = max(int((frame.right - frame.left) / _TICK_ROOM), 2)
    for tick in time_ticks(frame.begin, frame.end, spec.time_zone, most):
        x = frame.x(tick.at)
        canvas.add("path", d=path([(x, frame.bottom), (x, frame.bottom + 4)]), stroke=theme.ink)
        for text, below in ((tick.label, 17), (tick.date, 32)):
            inside = min(max(x, 3.2 * len(text)), frame.right + _EDGE - 3.2 * len(text))
            _draw_quiet(canvas, text, theme, x=inside, y=frame.bottom + below, text_anchor="middle")


def _draw_usual(canvas: Canvas, spec: WaveChart, frame: Frame, theme: Theme) -> None:
    high = _across(spec, frame, spec.highs)
    area = path([(frame.left, frame.bottom), *high, (frame.right, frame.bottom)])
    canvas.add("path", d=f"{area}Z", fill=theme.ink, fill_opacity=0.1)
    middle = _across(spec, frame, [point.expected for point in spec.points])
    canvas.add("path", d=path(middle), fill="none", stroke=theme.ink, stroke_opacity=0.45, stroke_dasharray="2 3")


def _draw_counts(canvas: Canvas, spec: WaveChart, frame: Frame, theme: Theme) -> None:
    whole = len(spec.whole)
    if not whole:
        return
    if spec.with_tone:
        negative = _centred(spec, frame, [point.negative for point in spec.points])[:whole]
        area = path([(negative[0][0], frame.bottom), *negative, (negative[-1][0], frame.bottom)])
        canvas.add("path", d=f"{area}Z", fill=theme.negative, fill_opacity=0.85)
    observed = _centred(spec, frame, [point.observed for point in spec.points])[:whole]
    canvas.add(
        "path",
        d=path(observed),
        fill="none",
        stroke=theme.ink,
        stroke_width=2,
        stroke_linejoin="round",
        stroke_linecap="round",
    )


def _draw_peak(canvas: Canvas, spec: WaveChart, frame: Frame, theme: Theme, flags: tuple[Flag, ...]) -> None:
    """Name the highest count where it leaves the usual range: it is what everybody asks for first."""
    index = max(range(len(spec.points)), key=lambda index: spec.points[index].observed)
    if spec.points[index].observed <= spec.highs[index]:
        return
    is_whole = index < len(spec.whole)
    x, y = _centred(spec, frame, [point.observed for point in spec.points])[index]
    if is_whole:
        canvas.add("circle", cx=x, cy=y, r=3.5, fill=theme.ink, stroke=theme.paper)
    text = f"{spec.points[index].observed:,}{'' if is_whole else ' so far'}"
    left, base = _beside(x, y, len(text) * 8.0, frame, flags)
    canvas.add(
        "text",
        text,
        x=left,
        y=base,
        fill=theme.ink,
        font_size=_LARGE,
        font_weight=500,
        stroke=theme.paper,
        stroke_width=3,
        paint_order="stroke",
    )


def _draw_running(canvas: Canvas, spec: WaveChart, frame: Frame, theme: Theme) -> None:
    """A last point that is still being counted: as part of the line it would look like a fall."""
    if len(spec.whole) < len(spec.points):
        x, y = _centred(spec, frame, [point.observed for point in spec.points])[-1]
        canvas.add("circle", cx=x, cy=y, r=3.5, fill=theme.paper, stroke=theme.ink, stroke_width=1.5)


def _beside(x: float, y: float, width: float, frame: Frame, flags: tuple[Flag, ...]) -> tuple[float, float]:
    """Where a text of a width starts beside a point so that no mark runs through it."""
    above = (min(x - width / 2, frame.right + _EDGE / 2 - width), y - 9)
    near = min([x, *(flag.x for flag in flags if abs(flag.x - x) < width + 16)])
    clear = (near - 8 - width, max(y + 4, frame.top + _LARGE))
    places = [above, (x - 8 - width, y + 4), (x + 8, y + 4), clear]
    for left, base in places:
        inside = left >= frame.left and left + width <= frame.right + _EDGE and base - _LARGE >= frame.top - 8
        if inside and not any(left - 3 <= flag.x <= left + width + 3 for flag in flags):
            return left, base
    return clear


def _draw_nothing(canvas: Canvas, frame: Frame, theme: Theme) -> None:
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    canvas.add("text", "No mentions yet", x=x, y=y, text_anchor="middle", fill=theme.ink, font_size=_LARGE)


def _add_hover(canvas: Canvas, spec: WaveChart, frame: Frame, flags: tuple[Flag, ...]) -> None:
    """What each point counted, and why what is marked there is marked: the line of a mark is too thin to point at."""
    width = (frame.right - frame.left) / max(len(spec.points), 1)
    for index, point in enumerate(spec.points):
        so_far = "" if index < len(spec.whole) else " so far"
        tone = f" {point.negative:,} negative," if spec.with_tone else ""
        counts = f"{point.observed:,} mentions{so_far},{tone} {point.expected:,.1f} usual"
        canvas.add(
            "rect",
            "",
            "\n".join([f"{moment(point.start, spec.time_zone)}: {counts}", *_marked_at(point.start, spec.step, flags)]),
            x=frame.left + index * width,
            y=frame.top,
            width=width,
            height=frame.bottom - frame.top,
            fill="none",
            pointer_events="all",
        )


def _marked_at(start: datetime, step: timedelta, flags: tuple[Flag, ...]) -> list[str]:
    there = (flag.mark for flag in flags if _is_at(flag.mark, start, start + step))
    return [f"{mark.label}: {mark.detail}" if mark.detail else mark.label for mark in there]


def _is_at(mark: Mark, start: datetime, end: datetime) -> bool:
    return mark.at < end and (start < mark.until if mark.until else start <= mark.at)


def _centred(spec: WaveChart, frame: Frame, values: Sequence[float]) -> list[tuple[float, float]]:
    """Counts belong to the middle of their step."""
    middles = (point.start + spec.step / 2 for point in spec.points)
    return [(frame.x(at), frame.y(value)) for at, value in zip(middles, values, strict=True)]


def _across(spec: WaveChart, frame: Frame, values: Sequence[float]) -> list[tuple[float, float]]:
    """As :func:`_centred`, carried on to both edges of the frame, for what holds over a whole step."""
    inner = _centred(spec, frame, values)
    return [(frame.left, inner[0][1]), *inner, (frame.right, inner[-1][1])]
