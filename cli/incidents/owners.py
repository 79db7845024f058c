"""``groundswell incidents ack`` and its like: who has it, who is asked, who reads along."""

from __future__ import annotations

import click

from cli.incidents.acting import Answer, Call, action
from cli.incidents.people import named
from cli.tip import person_called
from services import response

PERSON = click.argument("whom", metavar="PERSON")


@action("ack", "Say that you have it.")
def ack(call: Call) -> Answer:
    """Acknowledge; whoever does has it."""
    return response.acknowledge(call.inst, call.number, call.person), ""


@action("handover", "Ask somebody to take it over; they are told by mail.")
@PERSON
def handover(call: Call, whom: str) -> Answer:
    """Ask for a hand-over, or take it over where one names oneself."""
    person = named(call.inst, whom, "PERSON")
    asked = f"{call.inst.name_of(person)} is asked by mail."
    done = response.hand_over(call.inst, call.number, call.person, person)
    return done, "" if person == call.person else asked


@action("accept", "Take over what you were asked to.")
def accept(call: Call) -> Answer:
    """Say yes to a hand-over."""
    return response.accept(call.inst, call.number, call.person), ""


@action("decline", "Say no to a hand-over, or take the question back.")
@click.option("--reason", default="", help="Why, in one line.")
def decline(call: Call, reason: str) -> Answer:
    """Say no; it stays with its owner."""
    return response.decline(call.inst, call.number, call.person, reason), "It stays with its owner."


@action("takeover", "Take it over without being asked.")
def takeover(call: Call) -> Answer:
    """Hand it over to oneself."""
    return response.hand_over(call.inst, call.number, call.person, call.person), ""


@action("follow", "Let somebody read along and get the internal updates.")
@PERSON
def follow(call: Call, whom: str) -> Answer:
    """Add a reader."""
    person = named(call.inst, whom, "PERSON")
    told = f"{call.inst.name_of(person)} gets the internal updates by mail."
    return response.follow(call.inst, call.number, call.person, person), told


@action("unfollow", "Let somebody read along no more.")
@PERSON
def unfollow(call: Call, whom: str) -> Answer:
    """Remove a reader, also one who has left the settings."""
    person = person_called(call.inst, whom) or whom
    told = f"{call.inst.name_of(person)} reads along no more."
    return response.unfollow(call.inst, call.number, call.person, person), told
