"""``groundswell incidents review`` and its like: the review after an incident, and how fast the team is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from cli.incidents.acting import Answer, Call, Number, action, look, say
from cli.incidents.texts import typed
from console.wording import duration
from database import responses
from incidents.reviewing import PARTS
from reports import team
from reports.review.contents import Review
from reports.review.markdown import as_markdown
from reports.review.measuring import Clock
from reports.review.page import as_html
from reports.review.paper import as_pdf
from reports.team import Period, TeamFigures
from services import reviews
from services.installation import Installation
from services.review_records import review_record, team_record

_PART = click.Choice(list(PARTS))
_CALLED = {Clock.ACKNOWLEDGE: "acknowledged", Clock.FIRST_PUBLIC: "first word", Clock.RESOLVE: "resolved"}


@look("review", "Read the review of an incident, or write it into a file.")
@click.argument("number", metavar="N", type=Number)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file: .html, .pdf or .md by its ending."
)
def review(inst: Installation, person: str | None, number: int, output: Path | None, *, as_json: bool) -> None:
    """Show it as it stands."""
    del person
    with inst.database.reading() as connection:
        told = reviews.review_of(connection, inst, number)
        written = responses.review(connection, number)
    if as_json:
        click.echo(json.dumps(review_record(told, written.version if written else 0)))
    elif output:
        _write(told, output)
        click.echo(f"The review of incident {number} is in {output}.")
    else:
        say(as_markdown(told).splitlines())


@action("review-write", "Put your words in the place of a part of the review.")
@click.argument("part", type=_PART)
@click.argument("text", metavar="TEXT|-")
@click.option("--seen", type=click.IntRange(min=0), required=True, help="The version that you read, 0 where none is.")
def review_write(call: Call, part: str, text: str, seen: int) -> Answer:
    """Write a part."""
    done = reviews.write(call.inst, call.number, call.person, {part: typed(text)}, seen)
    return done, f"“{PARTS[part]}” is yours now (version {seen + 1})."


@action("review-finish", "Declare the review complete.")
def review_finish(call: Call) -> Answer:
    """Finish it."""
    return reviews.finish(call.inst, call.number, call.person), "The review is complete."


@look("team", "Show how fast the team is, by month or quarter, without drills and noise.")
@click.option(
    "--by",
    type=click.Choice([one.value for one in team.Span]),
    default=team.Span.MONTH.value,
    show_default=True,
    help="How long the periods are that are compared.",
)
def team_figures(inst: Installation, person: str | None, by: str, *, as_json: bool) -> None:
    """Show medians and steps in time."""
    del person
    with inst.database.reading() as connection:
        ended = reviews.team(connection, inst)
    told = team.periods(ended, team.Span(by), inst.settings.time_zone)
    whole = team.figures(ended)
    if as_json:
        click.echo(json.dumps(team_record(whole, told)))
        return
    say(_lines(whole, told))


def _write(told: Review, file: Path) -> None:
    forms = {".html": as_html, ".md": as_markdown}
    ending = file.suffix.lower()
    if ending == ".pdf":
        file.write_bytes(as_pdf(told))
    elif ending in forms:
        file.write_text(forms[ending](told), encoding="utf-8")
    else:
        raise click.BadParameter("End it with .html, .pdf or .md.", param_hint="--output")


def _lines(whole: TeamFigures, told: tuple[Period, ...]) -> Iterator[str]:
    if not whole.incidents:
        yield "No incident has ended yet."
        return
    yield f"{'':<16}{''.join(f'{word:>14}' for word in (*_CALLED.values(), 'steps in time', 'incidents'))}"
    rows = [("all", whole), *((one.name, one.figures) for one in told)]
    for name, figures in rows:
        shown = [_told(figures, clock) for clock in _CALLED]
        share = "-" if figures.share_on_time is None else f"{figures.share_on_time:.0%}"
        yield f"{name:<16}{''.join(f'{one:>14}' for one in (*shown, share, str(figures.incidents)))}"
    yield f"Medians. {whole.dismissed} dismissed as noise and {whole.drills} drills are left out of them."


def _told(figures: TeamFigures, clock: Clock) -> str:
    time = figures.medians[clock].time
    return duration(time) if time is not None else "-"
