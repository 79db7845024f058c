"""``groundswell learn``: a small model from the team's own labels, if it beats VADER."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.figures import LEARNED, PACKS, beside
from cli.labels import Chosen, described, gather, label_options
from cli.output import plain
from sentiment.measures import TONES
from services.files.exporting import write_whole
from services.learning import FOLDS, ROUNDS, Lesson, Verdict, learn

_SHOWN = 12  # terms of each label
_REASONS = {
    Verdict.TOO_CLOSE: "It is not clearly better than VADER. More labels may help; label posts of every tone.",
    Verdict.MISSES_ANGER: "It is better on the whole, but misses negative posts that VADER finds. Label more of those.",
    Verdict.ONLY_MISTAKES: "VADER agrees with fewer of these labels than guessing would: they are of its mistakes, and "
    "tell nothing about all posts. Confirm posts too that it got right, or label some taken at random (--csv).",
}


@click.command(
    help="Learn a small model (words, pairs of words and VADER's score) from 200 or more of the team's corrections, or "
    "from a labelled CSV or JSON Lines file, and compare it with VADER on labels that it has not seen. Where it wins, "
    "it is written to --out, and used once the settings name it under sentiment.model. Needs scikit-learn "
    "(groundswell[learn])."
)
@label_options
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
def command(config: Path, out: Path, **given: str) -> int:
    """Exit code 0 where the model wins and was written, 1 where it does not; other failures are raised."""
    gathered = gather(config, Chosen(**given))  # type: ignore[arg-type]  # click names its parameters as Chosen does
    click.echo(plain(described(gathered)))
    lesson = learn(out.name, gathered.examples, datetime.now(UTC))
    for line in _report(lesson):
        click.echo(plain(line))
    if lesson.verdict is not Verdict.WINS:
        click.echo(plain(f"Not written. {_REASONS[lesson.verdict]}"))
        return 1
    size = write_whole(out, [lesson.model.written()])
    click.echo(plain(f"It wins. Wrote {out} ({size:,} bytes). To use it, add to groundswell.yaml:"))
    # The settings see files from their own folder, the command line from where it is run.
    named = out.name if out.absolute().parent == config.absolute().parent else out.absolute()
    click.echo(plain(f"\nsentiment:\n  model: {named}", keep="\n"))
    return 0


def _report(lesson: Lesson) -> Iterator[str]:
    card = lesson.model.card
    if lesson.foreign:
        yield f"{lesson.foreign:,} of them are not in English and were left out."
    yield f"On labels it had not seen ({FOLDS} folds, {ROUNDS} rounds, nearly equal texts never on both sides):"
    yield ""
    yield from beside({LEARNED: lesson.learned, PACKS: lesson.vader})
    yield ""
    yield f"Difference in macro-F1: {card.margin:+.3f}, with 95% confidence within {card.spread:.3f} of that."
    for label in TONES:
        terms = ", ".join(f'"{term}"' for term in lesson.model.weightiest(label, _SHOWN))
        yield f"Speaks most for {label}: {terms}."
