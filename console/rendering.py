"""Templates, and the frame that all pages share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from console import decision_words, flash, wording
from console.context import console_of
from console.highlighting import MOST_CHARACTERS, WHOLE, marked, with_blanks
from console.identity import you
from console.languages import language_name
from incidents.drills import real_brand
from reports.chart import svg
from reports.small_charts import bars, sentiment_bar, sparkline
from services.tag_names import category_names, tag_name
from settings.model import Settings
from topics.leading import plainly
from voices.answer import percent

HERE = Path(__file__).parent
STATIC = HERE / "static"
LONGEST_ADDRESS = 2_000
LIVE_HEADER = "x-groundswell-live"


def environment(settings: Settings, clock: Callable[[], datetime]) -> Environment:
    """The templates with the words and pictures they use.

    A name that a template misses is an error, never an empty place on the page.
    """
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    moments = Moments(settings, clock)
    templates.filters |= _filters(settings, moments)
    templates.globals |= {
        "static": _static,
        "svg": svg,
        "bars": bars,
        "sparkline": sparkline,
        "sentiment_bar": sentiment_bar,
        "plural": wording.plural,
        "statuses": wording.STATUSES,
        "percent": percent,
        "most_characters": {"list": MOST_CHARACTERS, "whole": WHOLE},
        "outcomes": decision_words.OUTCOMES,
        "people": settings.people,
        "zone": str(settings.time_zone),
        "tick": settings.tick,
    }
    return templates


def _filters(settings: Settings, moments: Moments) -> dict[str, Callable[..., object]]:
    """How templates put things into words."""
    brands = {brand.id: brand.name for brand in settings.brands}
    wanted = {brand.id: brand.wanted for brand in settings.brands}
    categories = category_names(settings)
    people = {person.id: person.name for person in settings.people}
    return {
        "ago": moments.ago,
        "countdown": moments.countdown,
        "clock": moments.clock,
        "until": moments.until,
        "age": moments.age,
        "duration": wording.duration,
        "instructions": wording.instructions,
        "number": wording.number,
        "followers": wording.followers,
        "against_usual": wording.against_usual,
        "link": web_link,
        "with_blanks": with_blanks,
        "marked": lambda text, brand, *more: marked(text, wanted.get(brand), *more),
        "language": language_name,
        "signed": wording.signed,
        "plainly": plainly,
        "kind_words": decision_words.kind_words,
        "reason_words": decision_words.reason_words,
        "told_apart": decision_words.told_apart,
        "unlikely": decision_words.unlikely,
        "tag_name": lambda name, kind: tag_name(categories, kind, name),
        "category": lambda category, names: names.get(category, category),
        "brand": lambda brand: brands.get(real_brand(brand), brand),
        "person": lambda person: people.get(person, "Groundswell" if person == "groundswell" else person),
    }


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page in the frame that all share.

    A live update leaves the message of the last action to the page that it is meant for.
    """
    console = console_of(request)
    live = LIVE_HEADER in request.headers
    message = None if live else flash.take(request)
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    shared = {"you": you(request), "told": message, "here": here, "now": console.now(), "pulse": "", **values}
    response = HTMLResponse(console.templates.get_template(template).render(shared), status_code=status)
    response.headers["Cache-Control"] = "no-store"
    if message:
        response.delete_cookie(flash.COOKIE)
    return response


class Moments:
    """Times as elements that say them in words, exactly on hover, and count on in the browser."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._zone = settings.time_zone
        self._clock = clock

    def ago(self, at: datetime) -> Markup:
        """``12 min ago``."""
        return self._element(at, wording.ago(at, self._clock()), "ago")

    def countdown(self, at: datetime) -> Markup:
        """``due in 12 min``, ``late by 4 min``."""
        now = self._clock()
        return self._element(at, wording.due(at, now), "due", late=at <= now)

    def until(self, at: datetime) -> Markup:
        """``in 12 min``."""
        return self._element(at, wording.until(at, self._clock()), "until")

    def age(self, at: datetime) -> Markup:
        """``23 min``."""
        return self._element(at, wording.duration(self._clock() - at), "age")

    def clock(self, at: datetime) -> Markup:
        """``14:30``, with the day where it is not today."""
        return self._element(at, wording.clock(at, self._clock(), self._zone), "")

    def _element(self, at: datetime, words: str, counts: str, *, late: bool = False) -> Markup:
        attributes = Markup(' data-counts="{}"').format(counts) if counts else Markup()
        attributes += Markup(' class="late"') if late else Markup()
        element = Markup('<time datetime="{}" title="{}"{}>{}</time>')
        return element.format(at.isoformat(), wording.exact(at, self._zone), attributes, escape(words))


def web_link(address: str | None) -> str | None:
    """The address where a browser may safely go, None for everything but http and https of a sane length."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if len(address or "") > LONGEST_ADDRESS:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None


@cache
def _static(name: str) -> str:
    """The address of a static file; it changes with the file's content."""
    digest = hashlib.blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?{digest}"
