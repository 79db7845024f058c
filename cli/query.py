"""``groundswell query``: try a brand query on texts before it decides what is heard."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

import click

from cli.output import counted, plain
from mentions.matching import BrandMatcher
from mentions.mention import Mention, date_mention
from mentions.query.marking import marks
from mentions.query.parsing import QueryError, parse
from mentions.query.terms import Query


@dataclass(frozen=True, slots=True)
class _Sample:
    """A text to try a query on, as a mention from a source."""

    mention: Mention
    source: str


@click.group(help="Try brand queries on texts.")
def command() -> None:
    """Only its commands do something."""


@command.command(
    help="Show which texts a QUERY matches, why, and where. Texts come from --text, from --file or from standard "
    "input, one a line. A line may also be a JSON object with text, title, author, handle, url, language and source, "
    'as "groundswell preview --json" writes them. Example: groundswell query test "acme (late OR delay*)" '
    '--text "Acme is late again"'
)
@click.argument("query")
@click.option("--text", "texts", multiple=True, help="A text to try it on; may be given several times.")
@click.option("--file", type=click.File(encoding="utf-8-sig", errors="replace"), help="A file with a text a line.")
def test(query: str, texts: tuple[str, ...], file: TextIO | None) -> int:
    """Exit code 0 where the query can be read, matching or not, else 2."""
    try:
        parsed = parse(query)
    except QueryError as error:
        click.echo(plain(str(error), keep="\n"), err=True)
        return 2
    samples = [_sample(text) for text in texts]
    if file or not texts:
        samples += map(_sample, _lines(file or sys.stdin))
    _show(parsed, samples)
    return 0


def _lines(file: TextIO) -> Iterator[str]:
    if file.isatty():
        click.echo("Type texts, one a line, and end with Ctrl-D.", err=True)
    return (line.strip() for line in file if line.strip())


def _sample(line: str) -> _Sample:
    record = _record(line)
    now = datetime.now(UTC)
    values = {name: value for name, value in record.items() if isinstance(value, str)}
    mention = Mention(
        key="sample",
        title=values.get("title", ""),
        text=values.get("text", ""),
        published=date_mention(now, now),
        url=values.get("url"),
        author=values.get("author"),
        handle=values.get("handle"),
        language=values.get("language"),
    )
    return _Sample(mention, values.get("source", ""))


def _record(line: str) -> dict[str, object]:
    if line.startswith("{"):
        try:
            record = json.loads(line)
        except ValueError:
            return {"text": line}
        if isinstance(record, dict) and {"text", "title"} & record.keys():
            return record
    return {"text": line}


def _show(query: Query, samples: Iterable[_Sample]) -> None:
    matcher = BrandMatcher({"query": query})
    matched = total = 0
    for total, sample in enumerate(samples, 1):  # noqa: B007  the last number is the total
        matches = matcher.match(sample.mention, sample.source)
        matched += len(matches)
        word = click.style("match   ", fg="green") if matches else click.style("no match", fg="yellow")
        text = sample.mention.content
        click.echo(f"{word}  {_marked(query, text) if matches else plain(text)}")
        for match in matches:
            click.echo(f"          because of {plain(match.evidence)}")
    click.echo(f"{counted(total, 'text')}, {matched:,} matched.")


def _marked(query: Query, text: str) -> str:
    """The text with what was found in brackets, which survive where colours do not."""
    pieces, at = [], 0
    for start, end in marks(query, text):
        pieces += [plain(text[at:start]), click.style(f"[{plain(text[start:end])}]", bold=True)]
        at = end
    return "".join([*pieces, plain(text[at:])])
