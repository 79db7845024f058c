"""A picture taken apart."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

Parse = Callable[[str], ET.Element]


@pytest.fixture
def parse() -> Parse:
    """The element tree of an SVG without its namespace, which every name would carry."""
    return lambda svg: ET.fromstring(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))  # noqa: S314 - our own
