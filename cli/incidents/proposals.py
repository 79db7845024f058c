"""``groundswell incidents proposals`` and its like: what programs propose, done or not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from cli.incidents.acting import Answer, Call, Number, action, look, say
from cli.incidents.telling import Words
from cli.incidents.texts import typed
from incidents.incident import Refusal
from incidents.proposals import State, state_of, words_of, would
from services import proposing
from services.installation import Installation
from services.proposal_records import Proposed, proposal_records, proposed_for

WHICH = click.argument("proposal", type=Number)


@look("proposals", "Show what programs propose for an incident; nothing of it is done.")
@click.argument("number", metavar="N", type=Number)
@click.option("--all", "everything", is_flag=True, help="Also what was done, declined or has lapsed.")
def proposals(inst: Installation, person: str | None, number: int, *, everything: bool, as_json: bool) -> None:
    """Show them, the newest first."""
    now = inst.clock()
    with inst.database.reading() as connection:
        found = proposed_for(connection, inst, number)
    wanted = {State.PROPOSED, *(State if everything else ())}
    shown = [one for one in found.proposals[::-1] if state_of(one, found.incident, now) in wanted]
    if as_json:
        click.echo(json.dumps({"proposals": proposal_records(found, shown, now)}))
        return
    words = Words(inst, now, person)
    say(line for one in shown for line in _lines(found, one.number, words))
    if not shown:
        click.echo("Nothing is proposed.")


@action("do", "Do what a program proposes, in your own name.")
@WHICH
@click.option("--text", metavar="TEXT|-", help="Your words in place of those that are proposed.")
def do(call: Call, proposal: int, text: str | None) -> Answer:
    """Do it."""
    words = None if text is None else typed(text)
    done = proposing.accept(call.inst, call.number, proposal, call.person, words)
    return done, "Done, in your name. The timeline says who proposed it."


@action("not-now", "Decline what a program proposes; nothing else is changed.")
@WHICH
@click.option("--reason", default="", help="Why not, in a few words.")
def not_now(call: Call, proposal: int, reason: str) -> Answer:
    """Decline it."""
    declined = proposing.decline(call.inst, call.number, proposal, call.person, reason)
    return (declined if isinstance(declined, Refusal) else None), f"Proposal {proposal} is declined."


def _lines(found: Proposed, number: int, words: Words) -> Iterator[str]:
    one = next(each for each in found.proposals if each.number == number)
    state = state_of(one, found.incident, words.now)
    by = f" by {words.person(one.decided_by)}" if one.decided_by else ""
    decided = "" if state is State.PROPOSED else f" ({state}{by})"
    yield f"{number}  {would(one.what, found.around)}{decided}"
    for line in words_of(one.what).splitlines():
        yield f"     > {line}"
    yield f"     Why: {one.because}"
    answers = words.person(one.author.person)
    yield f"     Suggested by a program, {one.author.program}, for which {answers} answers, {words.clock(one.at)}"
