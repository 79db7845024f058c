"""The templates that letters are written with."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

# Autoescape goes by the file's ending: on for .html, off for .txt.
TEMPLATES = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
