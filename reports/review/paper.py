"""A review as PDF, to be handed out: A4, numbered pages, the same bytes for the same review."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files

import font_roboto
import typst

from reports.chart import PRINT, svg
from reports.review.contents import Review
from reports.review.sheet import sheet_of

# What Roboto has glyphs for; other scripts need the machine's fonts, which differ and take time to load.
_BEYOND_ROBOTO = re.compile("[^\u0000-\u058f\u1e00-\u1fff\u2000-\u22ff]")
_PICTURE = (680, 230)  # pixels


def as_pdf(review: Review) -> bytes:
    """The review as a PDF document.

    Text goes in as data, never as part of the template, so whatever strangers wrote is set as it is. Scripts that
    Roboto lacks are set in the machine's fonts, as far as it has any.
    """
    sheet = asdict(sheet_of(review))
    picture = str(svg(review.wave.chart, width=_PICTURE[0], height=_PICTURE[1], theme=PRINT)) if review.wave else ""
    data = json.dumps({**sheet, "picture": picture}, ensure_ascii=False)
    fonts = _fonts(machine=_BEYOND_ROBOTO.search(data) is not None)
    compiler = typst.Compiler(_template(), font_paths=fonts, sys_inputs={"review": data})
    pdf = compiler.compile(format="pdf", timestamp=int(review.head.written_at.timestamp()))
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single document for a PDF")
    return pdf


def _template() -> bytes:
    return files("reports").joinpath("templates", "review.typ").read_bytes()


@lru_cache(maxsize=2)
def _fonts(*, machine: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=machine, font_paths=[font_roboto.font_directory])
