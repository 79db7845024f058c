"""``groundswell score``: how texts feel, for people who try it and for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import click

from cli.config import config_option
from cli.output import plain
from sentiment.language import identify
from sentiment.score import Explanation, Score
from sentiment.scorer import Scorer
from services.files.labelled import TextRow, read_texts
from services.files.row_files import LONGEST_LINE
from services.plain_scorers import Stock, built_in_scorer
from services.scorers import scorers
from settings.loading import load

# Rows of a file, or bytes of standard input: enough to be fast, few enough to hold.
_ROWS, _BYTES = 1_000, 1 << 16
_BOM = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class _Output:
    """How texts are answered; one line of JSON each, in which nothing of a text can steer a terminal."""

    scorer: Scorer | Stock
    explain: bool

    def answers(self, rows: Sequence[TextRow], *, numbered: bool) -> str:
        """The answers to some rows, with their lines where they are numbered."""
        texts = [row.text for row in rows]
        languages = [identify(text) for text in texts]
        told = (self._explained if self.explain else self._scored)(texts, languages)
        lines = []
        for row, answer in zip(rows, told, strict=True):
            place = {"line": row.line} if numbered else {}
            wrong: dict[str, object] = {"compound": None, "label": "unscored", "language": None, "problem": row.problem}
            lines.append(json.dumps(place | answer | (wrong if row.problem else {})))
        return "".join(f"{line}\n" for line in lines)

    def _scored(self, texts: Sequence[str], languages: Sequence[str | None]) -> Iterator[dict[str, object]]:
        return map(_told, self.scorer.score_batch(texts, languages))

    def _explained(self, texts: Sequence[str], languages: Sequence[str | None]) -> Iterator[dict[str, object]]:
        return map(_told_why, map(self.scorer.explain, texts, languages))


@click.command(
    help="Score the texts on standard input, one a line, or those of a CSV or JSON Lines file. Prints a line of JSON "
    "for each, in the same order: compound from -1 to 1 (null where the language is not scored), label, language and "
    "flags; for files the line too. Needs no settings unless --brand is given. "
    'Example: echo "An hour on hold" | groundswell score --explain'
)
@config_option
@click.option("--csv", "file", type=click.Path(path_type=Path), help="A file with the texts.")
@click.option("--text", "column", default="text", show_default=True, help="Its column that holds them.")
@click.option("--encoding", default="", help="Where it is not UTF-8, as cp1252.")
@click.option("--brand", default="", help="Id of a brand: its packs, thresholds and neutral words, by the settings.")
@click.option("--neutral", default="", metavar="TERM,TERM", help="Names and words of a brand, which carry no feeling.")
@click.option("--stock", is_flag=True, help="VADER as its package has it, to compare with.")
@click.option("--explain", is_flag=True, help="Add the words that carried the score.")
def command(config: Path, file: Path | None, column: str, *, encoding: str, explain: bool, **given: str | bool) -> int:
    """Exit code 0, however the texts are."""
    output = _Output(_scorer(config, str(given["brand"]), str(given["neutral"]), stock=bool(given["stock"])), explain)
    if file:
        batches = _of_file(file, column, encoding)
    else:
        if sys.stdin.isatty():
            click.echo("Type texts, one a line, and end with Ctrl-D.", err=True)
        batches = _arriving(sys.stdin.buffer)
    try:
        for batch in batches:
            sys.stdout.write(output.answers(batch, numbered=file is not None))
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read has enough; Python would try again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _scorer(config: Path, brand: str, neutral: str, *, stock: bool) -> Scorer | Stock:
    if sum(map(bool, (brand, neutral, stock))) > 1:
        raise click.UsageError("--brand, --neutral and --stock exclude one another.")
    if stock:
        return Stock()
    if not brand:
        return built_in_scorer(term for term in neutral.split(",") if term.strip())
    known = scorers(load(config, os.environ))
    if brand not in known:
        raise click.BadParameter(f'"{plain(brand)}" is none of: {", ".join(known)}.', param_hint="--brand")
    return known[brand]


def _of_file(file: Path, column: str, encoding: str) -> Iterator[list[TextRow]]:
    rows = read_texts(file, column, encoding)
    while batch := list(islice(rows, _ROWS)):
        yield batch


def _arriving(stream: BinaryIO) -> Iterator[list[TextRow]]:
    """Lines as they arrive: many at once where they stand in a file, each at once where somebody types."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    rest, number = b"", 0
    while chunk := read(_BYTES):
        *lines, rest = (rest + chunk if number else (rest + chunk).removeprefix(_BOM)).split(b"\n")
        rest = rest[:LONGEST_LINE]  # only the beginning of a text is scored
        yield [_row(line) for line in lines]
        number += len(lines)
    if rest:
        yield [_row(rest)]


def _row(line: bytes) -> TextRow:
    # What is not UTF-8 becomes U+FFFD, as https://www.unicode.org/versions/latest/core-spec/chapter-3/ has it.
    return TextRow(0, line.removesuffix(b"\r").decode("utf-8", "replace"), "")


def _told(score: Score) -> dict[str, object]:
    return {
        "compound": score.compound,
        "label": score.label,
        "language": score.language,
        "flags": [flag.value for flag in score.flags],
    }


def _told_why(explanation: Explanation) -> dict[str, object]:
    carriers = [
        {"words": one.words, "valence": one.valence, "counted": round(one.counted, 4), "pack": one.pack}
        for one in explanation.carriers
    ]
    return _told(explanation.score) | {"carriers": carriers, "emphasis": round(explanation.emphasis, 4)}
