"""What a statement can say by itself, taken from the incident."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an incident, in words; an empty text where one is not known.

    Attributes:
        brand: name of the brand.
        since: clock time at which it began.
        now: clock time of writing.
        next_update: clock time of the next public update that is promised.
        people: how many authors complained.
        mentions: how many posts.
        drivers: what they write of (``cancelled, on hold``).
        severity: ``SEV2``.
        category: name of the crisis category.
        owner: name of whoever has the incident.
        action: what is being done for people.
        known: what is confirmed.
        help: where people get help.
        apology_for: what we are sorry for.
        cause: why it happened, once confirmed.
        remedy: what people get, or what is different now.
        spokesperson: name of whoever speaks for us.
        place: where our updates stand.
    """

    brand: str = ""
    since: str = ""
    now: str = ""
    next_update: str = ""
    people: str = ""
    mentions: str = ""
    drivers: str = ""
    severity: str = ""
    category: str = ""
    owner: str = ""
    action: str = ""
    known: str = ""
    help: str = ""
    apology_for: str = ""
    cause: str = ""
    remedy: str = ""
    spokesperson: str = ""
    place: str = ""


NAMES = tuple(field.name for field in fields(Facts))
