"""Writes SVG: themes, and a canvas that escapes everything it is given."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from markupsafe import Markup

# https://www.w3.org/TR/xml/#charsets: what a document may hold; lone surrogates are not among it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What Roboto has glyphs for; other scripts need the machine's fonts, which differ and take time to load.
BEYOND_ROBOTO = re.compile("[^\u0000-\u058f\u1e00-\u1fff\u2000-\u22ff]")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by their meaning, as CSS values; an empty font is inherited.

    Vermilion and blue of the Okabe-Ito palette stay apart for colour-blind eyes (https://jfly.uni-koeln.de/color/).
    """

    ink: str
    paper: str
    negative: str
    positive: str
    font: str = ""


# A page may set the custom properties; where it sets none, ink and paper follow its text and colour scheme.
# They stand in attributes, not in a style sheet, so a content security policy has nothing to forbid.
PAGE = Theme(
    ink="var(--chart-ink, currentColor)",
    paper="var(--chart-paper, Canvas)",
    negative="var(--chart-negative, #d55e00)",
    positive="var(--chart-positive, #0072b2)",
)
PRINT = Theme(ink="#1a2533", paper="#ffffff", negative="#d55e00", positive="#0072b2", font="Roboto")


def figure(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def path(points: list[tuple[float, float]]) -> str:
    """Path data of an open line through points."""
    return "M" + "L".join(f"{figure(x)} {figure(y)}" for x, y in points)


class Canvas:
    """An SVG picture with a text alternative.

    Elements are added in painting order; attribute names use ``_`` for ``-``, and a trailing one where Python owns the
    word (``class_``).
    """

    def __init__(self, width: int, height: int, title: str, description: str = "", *, theme: Theme = PAGE) -> None:
        self._root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"})
        self._set(self._root, {"width": width, "height": height, "role": "img", "class_": "chart"})
        if theme.font:
            self._root.set("font-family", theme.font)
        # Unique within a page as long as two pictures there differ in text or size.
        name = hashlib.blake2b(_clean(f"{title}|{description}|{width}|{height}").encode(), digest_size=6).hexdigest()
        self.add("title", title, id=f"t{name}")
        labelled = f"t{name}"
        if description:
            self.add("desc", description, id=f"d{name}")
            labelled += f" d{name}"
        self._root.set("aria-labelledby", labelled)

    def add(self, tag: str, text: str = "", hover: str = "", /, **attributes: str | float) -> None:
        """Add an element; ``hover`` is shown by browsers as a tooltip."""
        element = ET.SubElement(self._root, tag)
        self._set(element, attributes)
        if hover:
            ET.SubElement(element, "title").text = _clean(hover)
        if text:
            element.text = _clean(text)

    def markup(self) -> Markup:
        """The picture, safe to put into a page as it is."""
        return Markup(ET.tostring(self._root, encoding="unicode"))  # noqa: S704 - ElementTree escaped every value

    @staticmethod
    def _set(element: ET.Element, attributes: dict[str, str | float]) -> None:
        for name, value in attributes.items():
            text = _clean(value) if isinstance(value, str) else figure(value)
            element.set(name.removesuffix("_").replace("_", "-"), text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
