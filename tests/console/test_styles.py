"""The style sheets keep to their tokens: five sizes of type, and colours that are named once for light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.rendering import STATIC

SHEETS = sorted(STATIC.glob("*.css"))
SIZES = {"--small", "--text", "--large", "--title", "--huge"}


def screen(sheet: str) -> str:
    """A sheet without what is for paper alone, and without the lines that name tokens."""
    return re.sub(r"(?m)^ *--[\w-]+:.*$", "", re.sub(r"(?s)@media print \{.*?\n\}", "", sheet))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_type_has_one_of_five_sizes(path: Path) -> None:
    used = re.findall(r"font-size: ([^;}]+)", screen(path.read_text(encoding="utf-8")))
    assert {one.strip() for one in used} <= {"inherit", *(f"var({size})" for size in SIZES)}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colours_are_named_once(path: Path) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", screen(path.read_text(encoding="utf-8"))) == []


def test_dark_names_every_colour_that_light_names() -> None:
    sheet = (STATIC / "frame.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[:2]
    colours = set(re.findall(r"(--[\w-]+): #", light))
    assert colours == set(re.findall(r"(--[\w-]+): #", dark))
