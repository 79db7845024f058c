"""``groundswell evaluate``: how well texts are labelled, measured on labels that people gave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from cli.figures import LEARNED, PACKS, STOCK, UNTOLD, beside, by_class, figures
from cli.labels import Chosen, Gathered, described, gather, label_options
from cli.output import plain
from errors import GroundswellError
from sentiment.learned import Learned
from sentiment.measures import TONES, Measures
from services.examples import Compared, compare
from services.model_file import read_model_file

_CORRECTIONS = (
    "People correct what they see is wrong, so that corrections hold more mistakes than posts do. To know how",
    "well all posts are scored, label some taken at random and evaluate those: groundswell evaluate --csv FILE.",
)
_UNSCORED = "are in a language that is not scored; they count"


class NothingLabelledError(GroundswellError):
    """There is nothing to measure on."""


@click.command(
    help="Measure the scorer on the team's corrections, or on a labelled CSV or JSON Lines file, beside VADER as its "
    "package has it: macro-F1, accuracy, kappa, negative recall and precision, and what was taken for what. Labels are "
    "negative, neutral, positive, or neg, neu, pos, or -1, 0, 1. Settings are read for corrections and for --brand."
)
@label_options
@click.option("--model", type=click.Path(path_type=Path), help="A learned model; else the one that the settings name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(config: Path, model: Path | None, *, as_json: bool, **given: str) -> int:
    """Exit code 0; where there are no labels, an error is raised."""
    chosen = Chosen(**given)  # type: ignore[arg-type]  # click names its parameters as Chosen does
    gathered = gather(config, chosen)
    if not gathered.examples.all:
        problem, remedy = "there are no labelled texts.", "Correct mentions in the console, or name a file with --csv."
        raise NothingLabelledError(gathered.described, problem, remedy)
    path = model or gathered.model
    learned = read_model_file(path) if path else None
    compared = compare(gathered.examples.all, learned)
    if as_json:
        click.echo(json.dumps(_record(gathered, compared, learned)))
        return 0
    for line in _report(gathered, compared, learned, corrections=chosen.file is None):
        click.echo(plain(line))
    return 0


def _report(gathered: Gathered, compared: Compared, learned: Learned | None, *, corrections: bool) -> Iterator[str]:
    rows = _rows(compared)
    yield described(gathered)
    if unscored := sum(compared.vader.unscored):
        of_them = "is in a language that is not scored; it counts" if unscored == 1 else _UNSCORED
        yield f"{unscored:,} of them {of_them} in no figure."
    yield ""
    yield from beside(rows)
    for name in (LEARNED, PACKS) if learned else (PACKS,):
        yield from ("", f"{name[0].upper()}{name[1:]}: what it took them for", *by_class(rows[name]))
    if missing := compared.vader.missing:
        yield ""
        left_open = f"what cannot be measured without is left open ({UNTOLD})."
        yield f"No scored text is labelled {' or '.join(missing)}; {left_open}"
    if learned:
        card = learned.card
        yield ""
        yield f"The model was learned on {card.at:%Y-%m-%d} from {sum(card.labels):,} labels, and looks better on those"
        yield "than it is. On labels it had not seen, in cross-validation, its macro-F1 was"
        yield f"{card.learned.macro_f1:.3f}, that of {PACKS} {card.vader.macro_f1:.3f}."
    if corrections:
        yield from ("", *_CORRECTIONS)


def _rows(compared: Compared) -> dict[str, Measures]:
    learned = {LEARNED: compared.learned} if compared.learned else {}
    return {**learned, PACKS: compared.vader, STOCK: compared.stock}


def _record(gathered: Gathered, compared: Compared, learned: Learned | None) -> dict[str, object]:
    """What programs get; tables of counts have a row for each label that people gave, a column for each found."""
    record: dict[str, object] = {
        "from": gathered.described,
        "texts": len(gathered.examples.all),
        "unscored": sum(compared.vader.unscored),
        "scorer": gathered.examples.scorer,
        "labels": [label.value for label in TONES],
    }
    for name, measures in _rows(compared).items():
        told = {_key(head): value for head, value in figures(measures).items()}
        record[_key(name)] = {**told, "counts": measures.counts}
    if learned:
        record["cross_validated"] = learned.card.model_dump(mode="json")
    return record


def _key(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_").lower()
