"""A review as PDF, to be handed out: A4, numbered pages, the same bytes for the same review."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files

import font_roboto
import typst

from reports.chart import PRINT, svg
from reports.drawing import BEYOND_ROBOTO
from reports.review.contents import Review
from reports.review.sheet import sheet_of, wave_in_words

_PICTURE = (680, 230)  # pixels


def as_pdf(review: Review) -> bytes:
    """The review as a PDF document.

    Text goes in as data, never as part of the template, so whatever strangers wrote is set as it is. Scripts that
    Roboto lacks are set in the machine's fonts, as far as it has any.
    """
    sheet = asdict(sheet_of(review))
    picture = str(svg(review.wave.chart, width=_PICTURE[0], height=_PICTURE[1], theme=PRINT)) if review.wave else ""
    shown = {"picture": picture, "shows": " ".join(wave_in_words(review))}
    data = json.dumps({**sheet, **shown}, ensure_ascii=False)
    fonts = _fonts(machine=BEYOND_ROBOTO.search(data) is not None)
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
