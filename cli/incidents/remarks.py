"""``groundswell incidents note`` and its like: what is written into the timeline, and what is promised."""

from __future__ import annotations

import click

from cli.incidents import times
from cli.incidents.acting import Answer, Call, Number, action
from cli.incidents.texts import typed
from services import response, statements

TEXT = click.argument("text", metavar="TEXT|-")  # - stands for standard input


@action("note", "Write a note into the timeline.")
@TEXT
def note(call: Call, text: str) -> Answer:
    """Add a note."""
    return response.add_note(call.inst, call.number, call.person, typed(text)), "Your note is in the timeline."


@action("correct", "Say what is right in place of a timeline row.")
@click.argument("row", type=Number)
@TEXT
def correct(call: Call, row: int, text: str) -> Answer:
    """Correct a row."""
    done = response.correct(call.inst, call.number, call.person, row, typed(text))
    return done, f"The correction stands beside row {row}."


@action("update", "Tell those inside where it stands, by mail.")
@TEXT
@click.option("--next", "next_at", metavar="WHEN", default="none", help=f"When they hear more: {times.WRITTEN}.")
def update(call: Call, text: str, next_at: str) -> Answer:
    """Send an internal update."""
    inst = call.inst
    at = times.promised(next_at, inst.clock(), inst.settings.time_zone, "--next")
    done = statements.brief(inst, call.number, call.person, typed(text), at)
    return done, "The update is sent to everybody who follows it."


@action("promise", "Move the promise of the next public word.")
@click.argument("when", metavar="WHEN|none")
def promise(call: Call, when: str) -> Answer:
    """Promise another time, or nothing more."""
    inst = call.inst
    at = times.promised(when, inst.clock(), inst.settings.time_zone, "WHEN")
    done = statements.promise(inst, call.number, call.person, at)
    return done, "The promise is changed. Say so where people read it."
