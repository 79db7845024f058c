"""Templates, and the frame that all pages share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from access.roles import EVERYTHING, Permission
from console import decision_words, flash, wording
from console.access import asks_who, caller_of
from console.context import console_of
from console.highlighting import MOST_BYTES, WHOLE, is_cut, marked, with_blanks
from console.identity import you
from console.languages import language_name
from console.navigation import Navigation, navigation
from console.reader import Reader, csrf, may, read_by
from console.reader_zone import readers_zone
from incidents.drills import real_brand
from reports.chart import svg
from reports.small_charts import bars, sentiment_bar, sparkline
from reports.wave import WaveChart
from services.tag_names import category_names, tag_name
from settings.model import Settings, SignIn
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
        "svg": moments.picture,
        "bars": bars,
        "sparkline": sparkline,
        "sentiment_bar": sentiment_bar,
        "plural": wording.plural,
        "statuses": wording.STATUSES,
        "percent": percent,
        "most_bytes": {"list": MOST_BYTES, "whole": WHOLE},
        "outcomes": decision_words.OUTCOMES,
        "people": settings.people,
        "team_zone": str(settings.time_zone),
        "tick": settings.tick,
        "asks_who": settings.console.sign_in is SignIn.REQUIRED,
        "with_passwords": settings.console.passwords,
        "company": settings.console.oidc.name if settings.console.oidc else "",
        "csrf": csrf,
        "may": may,
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
        "exact": moments.exact,
        "duration": wording.duration,
        "instructions": wording.instructions,
        "number": wording.number,
        "followers": wording.followers,
        "against_usual": wording.against_usual,
        "link": web_link,
        "with_blanks": with_blanks,
        "found_in": lambda text, brand, query=None: marked(text, query or wanted.get(brand)),
        "capitalize_first": lambda text: f"{text[:1].upper()}{text[1:]}",
        "marked": lambda text, brand, *more: marked(text, wanted.get(brand), *more),
        "is_cut": is_cut,
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
    if caller_of(request) is None:  # a page for everybody, or for a place that is not there
        read_by(Reader() if asks_who(request) else Reader(EVERYTHING, trusted=True))
    live = LIVE_HEADER in request.headers
    message = None if live else flash.take(request)
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    shared = {
        "you": you(request),
        "told": message,
        "here": here,
        "asked": request.method,
        "nav": _navigation(request),
        "zone": str(console.zone),
        "now": console.now(),
        "pulse": "",
        **values,
    }
    response = HTMLResponse(console.templates.get_template(template).render(shared), status_code=status)
    response.headers["Cache-Control"] = "no-store"
    if message:
        response.delete_cookie(flash.COOKIE)
    return response


def _navigation(request: Request) -> Navigation:
    """Whoever the console does not know yet is shown what everybody sees, unless it trusts whoever reaches it."""
    caller = caller_of(request)
    permissions = caller.permissions if caller else frozenset[Permission]() if asks_who(request) else EVERYTHING
    return navigation(request.url.path, permissions)


class Moments:
    """Times as elements that say them in words, exactly on hover, and count on in the browser."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._team_zone = settings.time_zone
        self._clock = clock

    @property
    def _zone(self) -> ZoneInfo:
        return readers_zone(self._team_zone)

    def picture(self, spec: WaveChart, *, width: int = 720, height: int = 280) -> Markup:
        """A chart, its axis in the reader's zone."""
        return svg(replace(spec, time_zone=self._zone), width=width, height=height)

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

    def exact(self, at: datetime) -> str:
        """``Tuesday 12 May 2026, 14:30:05 CEST``."""
        return wording.exact(at, self._zone)

    def _element(self, at: datetime, words: str, counts: str, *, late: bool = False) -> Markup:
        # On paper nothing counts on: there the clock stands beside the words.
        told = wording.clock(at, self._clock(), self._zone)
        attributes = Markup(' data-counts="{}" data-at="{}"').format(counts, told) if counts else Markup()
        attributes += Markup(' class="late"') if late else Markup()
        element = Markup('<time datetime="{}" title="{}"{}>{}</time>')
        return element.format(at.isoformat(), self.exact(at), attributes, escape(words))


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
