"""``groundswell incidents respond`` and its like: where an incident stands, and how bad it is."""

from __future__ import annotations

import click

from cli.incidents.acting import Answer, Call, Number, action
from playbooks.playbook import Severity
from services import response

SEVERITY = click.Choice([one.value for one in Severity], case_sensitive=False)
REASON = click.option("--reason", required=True, help="Why, in one line; it stays in the timeline.")


@action("respond", "Say that the team is responding.")
def respond(call: Call) -> Answer:
    """The team works on it."""
    return response.respond(call.inst, call.number, call.person), "Everybody can see that the team is responding."


@action("monitor", "Say that it is only watched now.")
def monitor(call: Call) -> Answer:
    """It is only watched."""
    return response.monitor(call.inst, call.number, call.person), "It is only watched now. A new wave brings it back."


@action("resolve", "Declare it over.")
def resolve(call: Call) -> Answer:
    """Resolve it; the review comes later."""
    return response.resolve(call.inst, call.number, call.person), "Notes and steps stay open for the review."


@action("dismiss", "Declare that it was noise.")
@REASON
def dismiss(call: Call, reason: str) -> Answer:
    """Dismiss it."""
    return response.dismiss(call.inst, call.number, call.person, reason), "Tuning learns from it."


@action("reopen", "Say that it was not over, and take it.")
@REASON
def reopen(call: Call, reason: str) -> Answer:
    """Open it again."""
    return response.reopen(call.inst, call.number, call.person, reason), "It is open again."


@action("merge", "Make it a part of another incident.")
@click.option("--into", required=True, type=Number, metavar="M", help="Number of the incident where the work goes on.")
def merge(call: Call, into: int) -> Answer:
    """Make it a part of another one."""
    return response.merge(call.inst, call.number, call.person, into), ""


@action("severity", "Say how bad it is; the deadlines move with it.")
@click.argument("new", metavar="SEVERITY", type=SEVERITY)
@REASON
@click.option("--seen", type=SEVERITY, help="What it was when you looked; where it is another one, nothing is changed.")
def severity(call: Call, new: str, reason: str, seen: str | None) -> Answer:
    """Make it worse or milder."""
    before = Severity(seen) if seen else None
    done = response.change_severity(call.inst, call.number, call.person, Severity(new), reason, before)
    return done, f"It is {new} now; the deadlines have moved with it."


@action("category", "Say what kind of crisis it is; the checklist follows.")
@click.argument("new", metavar="ID")
@REASON
@click.option("--seen", help="What it was when you looked; where it is another one, nothing is changed.")
def category(call: Call, new: str, reason: str, seen: str | None) -> Answer:
    """Change the category; ``none`` is none of those that are known."""
    done = response.change_category(call.inst, call.number, call.person, _id(new), reason, seen and _id(seen))
    return done, "The category is changed, and the checklist with it."


def _id(written: str) -> str:
    return "" if written.casefold() == "none" else written
