"""Pictures that fit into a row of a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reports.drawing import PAGE, Canvas, path

_BAR_GAP = 1.5


def sparkline(values: Sequence[float], *, width: int = 120, height: int = 28, label: str) -> Markup:
    """A line from zero to the highest value, its last point dotted; ``label`` says what it shows."""
    canvas = Canvas(width, height, label)
    highest = max([1.0, *values])
    room, base = width - 6.0, height - 3.0
    span = max(len(values) - 1, 1)
    line = [(3 + index / span * room, base - value / highest * (base - 3)) for index, value in enumerate(values)]
    canvas.add("path", d=path([(3, base), (3 + room, base)]), stroke=PAGE.ink, stroke_opacity=0.2)
    if len(line) > 1:
        area = path([(line[0][0], base), *line, (line[-1][0], base)])
        canvas.add("path", d=f"{area}Z", fill=PAGE.ink, fill_opacity=0.08)
        canvas.add("path", d=path(line), fill="none", stroke=PAGE.ink, stroke_width=1.5, stroke_linejoin="round")
    for x, y in line[-1:]:
        canvas.add("circle", cx=x, cy=y, r=2.5, fill=PAGE.ink)
    return canvas.markup()


def bars(values: Sequence[float], *, width: int = 144, height: int = 28, label: str) -> Markup:
    """A bar each from zero to the highest value, on a line; the last one darker. ``label`` says what it shows."""
    canvas = Canvas(width, height, label)
    base, highest = height - 1.0, max([1.0, *values])
    step = width / max(len(values), 1)
    canvas.add("path", d=path([(0, base), (width, base)]), stroke=PAGE.ink, stroke_opacity=0.2)
    for at, value in enumerate(values):
        # Little is still something: a day with a post must not look like one without.
        tall = max(value / highest * (base - 1), 1.5) if value else 0.0
        if tall:
            opacity = 0.9 if at == len(values) - 1 else 0.45
            x, y, wide = at * step, base - tall, max(step - _BAR_GAP, 1)
            canvas.add("rect", x=x, y=y, width=wide, height=tall, fill=PAGE.ink, fill_opacity=opacity)
    return canvas.markup()


def sentiment_bar(
    negative: int, neutral: int, positive: int, unscored: int, *, width: int = 120, height: int = 10
) -> Markup:
    """Parts of one bar, in this order, each as wide as its share; mentions not scored stay an outline."""
    parts: list[tuple[int, str, dict[str, str | float]]] = [
        (negative, "negative", {"fill": PAGE.negative}),
        (neutral, "neutral", {"fill": PAGE.ink, "fill_opacity": 0.3}),
        (positive, "positive", {"fill": PAGE.positive}),
        (unscored, "not scored", {"fill": "none", "stroke": PAGE.ink, "stroke_opacity": 0.35}),
    ]
    total = sum(count for count, _, _ in parts)
    words = ", ".join(f"{count:,} {name}" for count, name, _ in parts if count) or "No mentions"
    canvas = Canvas(width, height, words)
    x = 0.5
    for count, _, look in parts if total else [(1, "", parts[-1][2])]:
        share = count / max(total, 1) * (width - 1)
        if count:
            canvas.add("rect", x=x, y=0.5, width=max(share - _BAR_GAP, 1), height=height - 1, rx=1.5, **look)
        x += share
    return canvas.markup()
