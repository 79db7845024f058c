"""``groundswell topics``: what people talk about when they talk about a brand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from cli.config import config_option
from cli.lengths import Length
from cli.output import counted, plain
from database.exported import oldest_first
from database.reading_mentions import Wanted
from services.installation import Installation, open_installation
from services.topics import Topics, topics_of
from topics.drivers import Driver, Drivers
from topics.overview import Overview
from topics.representatives import Representative
from topics.terms import Kind
from voices.answer import length_in_words

_DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
_SHOWN = 160  # characters of a post
_EXACT = 10  # from here on, decimals tell nothing
_NAMES = {Kind.WORDS: "words", Kind.TAG: "tags", Kind.LINK: "links", Kind.SITE: "sites", Kind.SOURCE: "sources"}
_NO_BASELINE = "No baseline yet: these are said most, not more than usual."
_NO_OTHERS = "None stands out against the other posts: these are said most."


@click.command(
    help="Show what the posts about a brand are about: what is said more than usual, what the negative ones say more "
    "than the others, and three posts that stand for many. docs/topics.md says how each is found."
)
@config_option
@click.argument("brand")
@click.option("--since", type=Length(), default="24h", show_default=True, help="Length of the window: 90m, 24h, 7d.")
@click.option("--until", type=click.DateTime(_DATES), help="Where it ends, in the time zone of the settings; else now.")
@click.option("--baseline", type=Length(), default="14d", show_default=True, help="How long before it is compared.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(
    config: Path, brand: str, since: timedelta, until: datetime | None, baseline: timedelta, *, as_json: bool
) -> None:
    """Report on one window."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _check(inst, brand)
        try:
            end = until.replace(tzinfo=inst.settings.time_zone).astimezone(UTC) if until else inst.clock()
            start = end - since
            told = topics_of(inst, brand, start, end, start - baseline)
        except OverflowError:
            raise click.BadParameter(f"{until} is too far away.", param_hint="--until") from None
        first = None if told.overview.window_total else _first(inst, brand)
    if as_json:
        click.echo(json.dumps(as_record(told)))
        return
    zone = inst.settings.time_zone
    click.echo(_window(told, zone))
    for line in lines(told, inst.name_of_brand(brand)):
        click.echo(plain(f"{line} {_begun(first, zone)}" if first and first >= end else line))


def _check(inst: Installation, brand: str) -> None:
    known = [one.id for one in inst.settings.brands]
    if brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="BRAND")


def _first(inst: Installation, brand: str) -> datetime | None:
    with inst.database.reading() as connection:
        found = oldest_first(connection, brand, Wanted((brand,)), None, 1)
    return found[0].published_at if found else None


def _window(topics: Topics, zone: ZoneInfo) -> str:
    window = f"{_moment(topics.since, zone)} to {_moment(topics.until, zone)} {zone}"
    return f"{window}, against the {length_in_words(topics.since - topics.baseline_since)} before."


def _begun(first: datetime, zone: ZoneInfo) -> str:
    return f"Its first mention is of {_moment(first, zone)} {zone}."


def _moment(at: datetime, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    return f"{here:%a} {here.day} {here:%b %Y %H:%M}"


def lines(topics: Topics, name: str) -> Iterator[str]:
    """The topics for people."""
    told = topics.overview
    if not told.window_total:
        yield f"{name}: nothing was said."
        return
    yield f"{name}: {_extent(told)}"
    yield from _standing_out("SAID MORE THAN USUAL", told.drivers, _NO_BASELINE)
    if told.anger.window.texts:
        yield from _standing_out("NEGATIVE POSTS SAY MORE THAN OTHERS", told.anger, _NO_OTHERS)
    yield "STAND FOR MANY" + (" (of the negative posts)" if told.negative_only else "")
    for post in told.representatives:
        yield from _post(post)
    if topics.retold:
        yield "RETOLD"
        for story in topics.retold:
            told_by = f"{counted(story.mentions, 'time')} by {counted(story.voices, 'voice')}"
            yield f"  {told_by}: {_short(story.title or story.text)}"


def as_record(topics: Topics) -> dict[str, Any]:
    """The topics for programs; times are ISO 8601, ``z`` and ``expected`` are null where there is no baseline."""
    told = topics.overview
    return {
        "brand": topics.brand,
        "since": topics.since.isoformat(),
        "until": topics.until.isoformat(),
        "baseline_since": topics.baseline_since.isoformat(),
        "window_total": told.window_total,
        "baseline_total": told.baseline_total,
        "drivers": asdict(told.drivers),
        "anger": asdict(told.anger),
        "representatives": [
            {
                "mention": post.said.id,
                "text": post.said.content,
                "url": post.said.url,
                "published_at": post.said.published_at.isoformat(),
                "shared": post.shared,
                "others": post.others,
            }
            for post in told.representatives
        ],
        "negative_only": told.negative_only,
        "retold": [
            {"story": one.id, "mentions": one.mentions, "voices": one.voices, "text": one.title or one.text}
            for one in topics.retold
        ],
    }


def _extent(told: Overview) -> str:
    window, baseline = told.drivers.window, told.drivers.baseline
    said = f"{counted(told.window_total, 'post')} by {counted(window.voices, 'voice')}"
    if told.window_total > window.texts:
        said += f" (of {window.texts:,} read)"
    against = f"compared with {counted(told.baseline_total, 'post')} before"
    if told.baseline_total > baseline.texts:
        against += f" ({baseline.texts:,} of them read)"
    return f"{said}, {against}."


def _standing_out(title: str, found: Drivers, uncompared: str) -> Iterator[str]:
    yield title
    if not found.found:
        yield "  nothing"
    elif not found.compared:
        yield f"  {uncompared}"
    for kind, name in _NAMES.items():
        if several := found.of(kind):
            yield f"  {name + ':':<9}{_row(several)}"


def _row(several: Iterable[Driver]) -> str:
    return ", ".join(f"{one.text} {_figures(one)}" for one in several)


def _figures(driver: Driver) -> str:
    if driver.expected is None or driver.z is None:
        return f"({driver.count:,})"
    usual = f"{driver.expected:,.0f}" if driver.expected >= _EXACT else f"{driver.expected:.1f}"
    return f"({driver.count:,}, usual {usual}, z {driver.z:.1f})"


def _post(post: Representative) -> Iterator[str]:
    yield f"  {_short(post.said.content)}"
    yield f"    {post.reason}" + (f"  {post.said.url}" if post.said.url else "")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
