"""``groundswell voices``: who is speaking of a brand, how many they are, and what they rate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from cli.config import config_option
from cli.lengths import Length
from cli.output import counted, plain
from console.languages import language_name
from services.installation import Installation, open_installation
from services.voices import RatingsReport, VoicesReport, shares_on, voices_of
from voices.answer import percent
from voices.crowd import Crowd, Share, Tones, Voice
from voices.intervals import Estimate
from voices.ratings import Ratings

_EACH = 3
_NAMES = 40  # characters of an author's name that fit a line


@click.command(
    help="Show who is speaking of a brand: how many, how angry against what is usual, who leads, new and returning "
    "voices, share of voice, ratings. docs/voices.md defines each figure."
)
@config_option
@click.argument("brand")
@click.option("--since", type=Length(), default="24h", show_default=True, help="How far back: 90m, 24h, 7d.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(config: Path, brand: str, since: timedelta, *, as_json: bool) -> None:
    """Report on the window that ends now."""
    inst = open_installation(config, os.environ)
    with inst.database:
        _check(inst, brand)
        now = inst.clock()
        report = voices_of(inst, brand, now - since, now)
        with inst.database.reading() as connection:
            shares = shares_on(connection, inst, now - since, now)
    if as_json:
        click.echo(json.dumps(as_record(report, shares)))
        return
    click.echo(plain(f"{inst.name_of_brand(brand)}: {report.answer.headline}"))
    click.echo(report.answer.detail)
    for name, text in lines(report, shares):
        click.echo(f"{name:<15} {plain(text)}")


def _check(inst: Installation, brand: str) -> None:
    known = [one.id for one in inst.settings.brands]
    if brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="BRAND")


def lines(report: VoicesReport, shares: Sequence[Share]) -> Iterator[tuple[str, str]]:
    """The figures for people, each with its name; the name stands once where several lines follow."""
    if report.people.tones.mentions:
        yield from _people(report)
        yield from _rows("TOP VOICES", [_voice(one) for one in report.top.leading(_EACH)])
    yield from _strength(report)
    if len(shares) > 1:
        yield from _rows("SHARE OF VOICE", [_share(one) for one in shares])
    yield from _rows("RATINGS", [_rating(one.ratings) for one in report.ratings])
    if report.disagreeing:
        texts = counted(report.disagreeing, "text disagrees", "texts disagree")
        yield "", f"{texts} with their rating: look at them, and correct the tone"
    yield from _rows("NOT SCORED", [_language(*one) for one in report.languages])


def _rows(name: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    return zip([name, *([""] * len(texts))], texts, strict=False)


def _people(report: VoicesReport) -> Iterator[tuple[str, str]]:
    people, silent = report.people, report.silent
    voices, known = people.voices, people.familiarity
    stories = counted(voices.stories, "story", "stories")
    new = f"{known.new:,} new, {known.returning:,} returning"
    nameless = f", {known.nameless:,} without a name" if known.nameless else ""
    yield "VOICES", f"{voices.authors:,} telling {stories}; {new}{nameless}"
    yield "LOUDEST", f"{percent(voices.loudest_share)} of the posts by one author ({voices.loudest:,})"
    yield "PASSION", f"{voices.passion or 0:.2f} posts per author"
    yield "REACH", f"{percent(voices.reach or 0)}, authors over posts"
    yield "SENTIMENT", f"{people.tones.positive:,} positive to {people.tones.negative:,} negative"
    if silent.complaining:
        complaining = counted(silent.complaining, "complaining author")
        yield "SILENT", f"about {silent.estimate:,}: {complaining} times {silent.factor}"
        yield "", f"by {silent.source}"


def _strength(report: VoicesReport) -> Iterator[tuple[str, str]]:
    found = report.strength
    if found.share is not None:
        days = f"{found.last_day:,} posts in 24 hours, {found.busiest_day:,} in the busiest 24 of 90 days"
        yield "STRENGTH", f"{percent(found.share)}: {days}"


def _voice(one: Voice) -> str:
    name = one.author if len(one.author) <= _NAMES else f"{one.author[:_NAMES]}…"
    facts = [counted(one.tones.mentions, "post"), f"{one.tones.negative:,} negative"]
    facts += [f"{one.followers:,} followers"] if one.followers is not None else []
    facts += [f"{one.engagement:,} answers"] if one.engagement else []
    return f"{name} ({one.source}): {', '.join(facts)}{', returning' if one.returning else ''}"


def _share(one: Share) -> str:
    tone = one.tones.negative_share
    angry = "" if tone is None else f", {percent(tone)} of them negative"
    return f"{percent(one.share)} {one.name}{' (competitor)' if one.competitor else ''}: {one.tones.mentions:,}{angry}"


def _rating(one: Ratings) -> str:
    tone = "" if one.negative_share is None else f", {percent(one.negative_share)} negative"
    told = f"from {counted(one.mentions, 'rating')}{tone}"
    if one.scale.is_nps:
        return f"NPS {one.estimate.value:+.0f}{_interval(one.estimate, '+.0f')} {told}"
    ends = f"{one.scale.kind} {one.scale.worst:g} to {one.scale.best:g}"
    return f"{ends}: {one.estimate.value:.2f}{_interval(one.estimate, '.2f')} {told}"


def _interval(one: Estimate, form: str) -> str:
    return "" if one.low is None or one.high is None else f" ({one.low:{form}} to {one.high:{form}})"


def _language(subtag: str | None, count: int) -> str:
    return f"{counted(count, 'post')} in {language_name(subtag) if subtag else 'an unknown language'}"


def as_record(report: VoicesReport, shares: Sequence[Share]) -> dict[str, Any]:
    """The report for programs: times are ISO 8601, shares 0 to 1, null where nothing is known."""
    people = report.people
    return {
        "brand": report.brand,
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "answer": asdict(report.answer),
        "mentions": _tones(people.tones),
        "voices": _crowd(people.voices),
        "complaints": _crowd(people.complaints),
        "authors": asdict(people.familiarity),
        "top_by_followers": [_author(one) for one in report.top.by_followers],
        "top_by_engagement": [_author(one) for one in report.top.by_engagement],
        "top_by_mentions": [_author(one) for one in report.top.by_mentions],
        "strength": {**_written(asdict(report.strength)), "share": report.strength.share},
        "silent_customers": {**asdict(report.silent), "estimate": report.silent.estimate},
        "share_of_voice": [{**asdict(one), "tones": _tones(one.tones)} for one in shares],
        "not_scored": [{"language": language, "mentions": count} for language, count in report.languages],
        "ratings": [_ratings(one) for one in report.ratings],
        "disagreeing": report.disagreeing,
        "disagreements": [_written(asdict(one)) for one in report.disagreements],
    }


def _tones(tones: Tones) -> dict[str, Any]:
    more = {"mentions": tones.mentions, "negative_share": tones.negative_share, "positive_to_negative": tones.ratio}
    return {**asdict(tones), **more}


def _crowd(crowd: Crowd) -> dict[str, Any]:
    more = {"loudest_share": crowd.loudest_share, "passion": crowd.passion, "reach": crowd.reach}
    return {**asdict(crowd), **more}


def _author(voice: Voice) -> dict[str, Any]:
    return {**asdict(voice), "tones": _tones(voice.tones)}


def _ratings(report: RatingsReport) -> dict[str, Any]:
    points = [
        {**_written(asdict(one)), "ratings": asdict(one.ratings) if one.ratings else None} for one in report.trend
    ]
    return {**asdict(report.ratings), "is_nps": report.ratings.scale.is_nps, "trend": points}


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
