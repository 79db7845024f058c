"""``groundswell preview``: what one source would bring, without settings and without storing anything."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from cli.output import ago, counted, plain
from mentions.mention import Mention
from mentions.query.parsing import parse
from services.looking import Wish, fetch_once, newest_first
from settings import shape
from settings.document import Entry
from settings.loading import read_options
from settings.user_agent import user_agent
from sources.contract import SourceOptions, kinds, load
from sources.network.fetching import Client

WIDEST = 100
LONGEST_TEXT = 300


@click.command(
    help="Fetch one source once and show what it would bring, storing nothing. "
    "Example: groundswell preview rss url=https://example.com/feed.xml"
)
@click.argument("kind")
@click.argument("options", nargs=-1, metavar="[OPTION=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line for each mention.")
@click.option("--about", default="", metavar="QUERY", help="A brand query, for kinds that search; see docs/queries.md.")
@click.option("--internal", is_flag=True, help="Allow private addresses.")
@click.option("--contact", default="", help="A mail or web address for the source's operator to complain to.")
def command(kind: str, options: tuple[str, ...], contact: str, about: str, *, as_json: bool, internal: bool) -> None:
    """Fetch and show; a source that cannot be read raises its SourceError."""
    if kind not in kinds():
        raise click.UsageError(f'"{plain(kind)}" is not a kind of source. Known: {", ".join(kinds())}.')
    chosen = choose(kind, load(kind).Options, options)
    now = datetime.now(UTC)
    wish = Wish(kind, chosen, (parse(about),) if about else ())
    with Client(user_agent=user_agent(contact), allow_private=internal) as client:
        fetched = fetch_once(client, wish, now)
    for warning in fetched.warnings:
        click.echo(f"note: {plain(warning)}", err=True)
    mentions = newest_first(fetched.mentions)
    if as_json:
        for mention in mentions:
            click.echo(json.dumps(as_record(mention)))
    else:
        _show(kind, mentions, now)


def choose(kind: str, model: type[SourceOptions], pairs: Sequence[str]) -> SourceOptions:
    """The kind's options from ``option=value``, or ``section.option=value``, under the rules of a settings file.

    Raises:
        click.UsageError: they do not fit; the text lists the options that the kind has.
    """
    written: dict[str, Entry] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise _refused(kind, model, f'"{plain(pair)}" is not of the form option=value.')
        _add(written, model, name, value)
    options, problems = read_options(model, written, os.environ, Path.cwd())
    if not isinstance(options, SourceOptions):
        raise _refused(kind, model, "\n".join(plain(str(problem)) for problem in problems))
    return options


def as_record(mention: Mention) -> dict[str, Any]:
    """A mention as flat JSON; times are ISO 8601 in UTC, what a source does not say is null."""
    return {
        "key": mention.key,
        "url": mention.url,
        "author": mention.author,
        "handle": mention.handle,
        "title": mention.title,
        "text": mention.text,
        "published_at": mention.published.at.isoformat(),
        "dating": mention.published.dating.value,
        "language": mention.language,
        "likes": mention.engagement.likes,
        "replies": mention.engagement.replies,
        "reposts": mention.engagement.reposts,
        "views": mention.engagement.views,
        "followers": mention.followers,
        "rating": asdict(mention.rating) if mention.rating else None,
    }


def _add(written: dict[str, Entry], model: type[SourceOptions], name: str, value: str) -> None:
    section, dot, key = name.partition(".")
    if dot and section in model.model_fields and shape.is_section(model.model_fields[section].annotation):
        entries = written.setdefault(section, {})
        if isinstance(entries, dict) and key in entries:
            raise click.UsageError(f'"{plain(name)}" is given twice.')
        if isinstance(entries, dict):
            entries[key] = value
    elif name in model.model_fields and shape.element_of(model.model_fields[name].annotation) is not Any:
        values = written.setdefault(name, [])
        if isinstance(values, list):
            values.append(value)
    elif name in written:
        raise click.UsageError(f'"{plain(name)}" is given twice.')
    else:
        written[name] = value


def _refused(kind: str, model: type[SourceOptions], problem: str) -> click.UsageError:
    width = max((len(name) for name in model.model_fields), default=0)
    options = [f"  {name:<{width}}  {_explained(model, name)}" for name in model.model_fields]
    return click.UsageError("\n".join([problem, "", f"Options of {kind}:", *options]))


def _explained(model: type[SourceOptions], name: str) -> str:
    field = model.model_fields[name]
    default = _shown(field.get_default(call_default_factory=True))
    parts = [
        field.description or "",
        "required" if field.is_required() else f"default {default}" if default else "optional",
        "" if not shape.is_secret(field.annotation) else f"written '{name}=${{NAME}}' with that variable set",
        _example(model, name),
    ]
    return "; ".join(part for part in parts if part)


def _shown(default: object) -> str:
    """A default as people write it, empty where it says nothing."""
    if isinstance(default, tuple):
        return ", ".join(map(str, default))
    return "true" if default is True else str(default) if default else ""


def _example(model: type[SourceOptions], name: str) -> str:
    field = model.model_fields[name]
    given = field.examples[0] if field.examples else ""
    if shape.is_section(field.annotation):
        parts = given.items() if isinstance(given, dict) else [("NAME", "'${VARIABLE}'")]
        return "as in " + " ".join(f"{name}.{key}={value}" for key, value in parts)
    return f"as in {name}={given}" if given and not shape.is_secret(field.annotation) else ""


def _show(kind: str, mentions: Sequence[Mention], now: datetime) -> None:
    if not mentions:
        click.echo(f"{kind} answers, with no entries at the moment.")
        return
    newest = ago(mentions[0].published.at, now)
    click.echo(f"{counted(len(mentions), 'mention')}, newest {newest}. Nothing was stored.")
    width = min(shutil.get_terminal_size().columns, WIDEST)
    for mention in mentions:
        click.echo()
        click.echo("\n".join(_lines(mention, width)))


def _lines(mention: Mention, width: int) -> list[str]:
    lines = [f"{mention.published.at:%Y-%m-%d %H:%M} UTC  {plain(mention.author or 'author unknown')}"]
    for text in (mention.title, mention.text if mention.text != mention.title else ""):
        short = textwrap.shorten(plain(text), LONGEST_TEXT, placeholder=" ...")
        lines += textwrap.wrap(short, width, initial_indent="  ", subsequent_indent="  ")
    if mention.url:
        lines.append(f"  {plain(mention.url)}")
    return lines
