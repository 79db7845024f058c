"""Draws what happened on the time axis: a line and a label for a moment, a band for what lasted."""

from __future__ import annotations

from reports.axes import Frame
from reports.drawing import Canvas, Theme, path
from reports.flags import FLAG_ROW, Flag
from reports.wave import MarkKind

_SMALL, _ROOF = 11, 4  # pixels
# An alarm that was held is a broken line, what was planned a dotted one.
_DASHES = {MarkKind.HELD: "4 3", MarkKind.PLANNED: "1 3"}


def draw_flags(canvas: Canvas, flags: tuple[Flag, ...], frame: Frame, theme: Theme) -> None:
    """Draw marks with their labels, which tell why on hover."""
    for flag in flags:
        if flag.mark.until:
            _draw_band(canvas, flag.x, min(frame.x(flag.mark.until), frame.right), frame, theme)
        top = frame.top - 8 - flag.row * FLAG_ROW
        canvas.add(
            "path",
            d=path([(flag.x, top), (flag.x, frame.bottom)]),
            stroke=theme.ink,
            stroke_width=1.5 if flag.mark.kind is MarkKind.ALARM else 1,
            stroke_dasharray=_DASHES.get(flag.mark.kind, "none"),
        )
    for flag in flags:
        if flag.text:
            _draw_label(canvas, flag, frame.top - 8 - (flag.row + 1) * FLAG_ROW + 3, theme)


def _draw_band(canvas: Canvas, x: float, end: float, frame: Frame, theme: Theme) -> None:
    """A roof over what lasted; a filled band would look like a usual range."""
    width = max(end - x, 1)
    canvas.add("rect", x=x, y=frame.top - _ROOF, width=width, height=_ROOF, fill=theme.ink, fill_opacity=0.35)
    edge = path([(x + width, frame.top), (x + width, frame.bottom)])
    canvas.add("path", d=edge, stroke=theme.ink, stroke_dasharray=_DASHES[MarkKind.PLANNED])


def _draw_label(canvas: Canvas, flag: Flag, top: float, theme: Theme) -> None:
    loud = flag.mark.kind is MarkKind.ALARM
    canvas.add(
        "rect",
        "",
        flag.mark.detail,
        x=flag.left,
        y=top,
        width=flag.right - flag.left,
        height=FLAG_ROW - 3,
        rx=2,
        fill=theme.ink if loud else theme.paper,
        stroke=theme.ink,
    )
    canvas.add(
        "text",
        flag.text,
        x=(flag.left + flag.right) / 2,
        y=top + 12.5,
        text_anchor="middle",
        fill=theme.paper if loud else theme.ink,
        font_size=_SMALL,
        font_weight=500,
        pointer_events="none",
    )
