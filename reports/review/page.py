"""A review as a page of its own: nothing is loaded from anywhere, so it can be sent and kept."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from reports.chart import svg
from reports.review.contents import Review
from reports.review.sheet import sheet_of

_TEMPLATES = Environment(
    loader=PackageLoader("reports"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Text of a picture keeps its size, so a narrow screen gets a picture of its own.
_WIDE, _NARROW = (880, 300), (350, 260)  # pixels


def as_html(review: Review) -> str:
    """The review as an HTML document, light or dark as its reader has it, and fit to be printed."""
    return _TEMPLATES.get_template("review.html").render(
        sheet=sheet_of(review), wide=_picture(review, *_WIDE), narrow=_picture(review, *_NARROW)
    )


def _picture(review: Review, width: int, height: int) -> Markup:
    return svg(review.wave.chart, width=width, height=height) if review.wave else Markup()
