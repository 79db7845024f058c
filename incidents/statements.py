"""Words for the public: drafted, read by a second pair of eyes, published, and from then on as they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incidents.deciding import NOBODY, Names, change, clock, event, name_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Statement, Status, clamped
from incidents.ownership import acknowledged, acknowledgement
from incidents.promises import PUBLIC
from incidents.remarks import SOONEST, refuse_promise
from playbooks.playbook import Severity, StatementKind

TEXT_LIMIT = 10_000  # characters; beyond it nobody reads
# What nobody puts out alone.
_NEEDS_SECOND = {Severity.SEV1, Severity.SEV2}
_STOPPED = {Status.MERGED, Status.DISMISSED}


@dataclass(frozen=True, slots=True)
class Draft:
    """Words for the public as somebody begins them; ``key`` names the template they began as."""

    kind: StatementKind
    title: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """The next version of a statement, and the version that its author had before them."""

    number: int
    seen: int
    text: str


@dataclass(frozen=True, slots=True)
class Publication:
    """That a statement is out.

    Attributes:
        seen: the version that was put out.
        url: where it can be read, None where that is not known.
        next_at: when the public is promised the next word, None for no promise; a last word promises none.
        blanks: places in the text that nobody has filled in.
    """

    number: int
    seen: int
    url: str | None = None
    next_at: datetime | None = None
    blanks: Sequence[str] = ()


def draft(
    incident: Incident, statements: Sequence[Statement], begun: Draft, actor: Actor, now: datetime
) -> Change | Refusal:
    """Begin words for the public."""
    words = _words(begun.text)
    if isinstance(words, Refusal):
        return words
    if incident.status in _STOPPED:
        return Refusal("It has ended; nothing is said to the public about it any more.")
    at = clamped(incident, now)
    name = " ".join(begun.title.split()) or begun.kind.value.capitalize()
    drafted = Statement(len(statements) + 1, begun.key, begun.kind, name, words, 1, actor.id, at)
    row = event(at, EventKind.STATEMENT, actor, f"{actor.name} drafted “{name}”.", _facts(drafted, "drafted"))
    return change(incident, row, also=(drafted,))


def edit(
    incident: Incident,
    statements: Sequence[Statement],
    edited: Edit,
    actor: Actor,
    now: datetime,
    names: Names = NOBODY,
) -> Change | Refusal:
    """Write its next version; where there is a newer one than the author saw, nothing is overwritten.

    A yes that the version before had is gone: it was given to other words.
    """
    statement, words = _unpublished(statements, edited.number), _words(edited.text)
    if isinstance(statement, Refusal):
        return statement
    if isinstance(words, Refusal):
        return words
    if edited.seen != statement.version:
        when, facts = clock(statement.written_at), {"at": statement.written_at.isoformat()}
        written = f"{name_of(names, statement.author)} wrote version {statement.version} on {when}"
        return Refusal(f"{written}. Read it first.", facts)
    if words == statement.text:
        return Refusal("The words are the same as before.")
    at = clamped(incident, now)
    again = replace(
        statement,
        text=words,
        version=statement.version + 1,
        author=actor.id,
        written_at=at,
        approved_by=None,
        approved_at=None,
    )
    lost = " It is to be read again." if statement.approved_by else ""
    told = f"{actor.name} wrote version {again.version} of “{again.title}”.{lost}"
    return change(incident, event(at, EventKind.STATEMENT, actor, told, _facts(again, "edited")), also=(again,))


def approve(
    incident: Incident,
    statements: Sequence[Statement],
    number: int,
    actor: Actor,
    now: datetime,
    names: Names = NOBODY,
    *,
    seen: int,
) -> Change | Refusal:
    """The second pair of eyes has read it and says yes to this version."""
    statement = _unpublished(statements, number)
    if isinstance(statement, Refusal):
        return statement
    if seen != statement.version:
        return Refusal(f"{name_of(names, statement.author)} wrote version {statement.version} since. Read that one.")
    if statement.approved_by is not None:
        return Refusal(f"{name_of(names, statement.approved_by)} approved it already.")
    if statement.author == actor.id:
        return Refusal("You wrote these words; a second person has to read them.")
    at = clamped(incident, now)
    approved = replace(statement, approved_by=actor.id, approved_at=at)
    told = f"{actor.name} approved “{statement.title}”, version {statement.version}."
    return change(incident, event(at, EventKind.STATEMENT, actor, told, _facts(approved, "approved")), also=(approved,))


def publish(
    incident: Incident, statements: Sequence[Statement], said: Publication, actor: Actor, now: datetime
) -> Change | Refusal:
    """Record that it is out. The clock to the first public answer stops, and the promise of the next one begins."""
    statement = _unpublished(statements, said.number)
    if isinstance(statement, Refusal):
        return statement
    at = clamped(incident, now)
    refusal = _unfit(incident, statement, said) or refuse_promise(said.next_at, at)
    if refusal:
        return refusal
    out = replace(statement, published_by=actor.id, published_at=at, url=said.url)
    where = f" {said.url}" if said.url else ""
    told = f"{actor.name} published “{out.title}”.{where}"
    last_word = statement.kind is StatementKind.CLOSING or incident.ended
    next_at = None if last_word else said.next_at
    naming = {"audience": PUBLIC, "next_at": next_at.isoformat() if next_at else ""}
    row = event(at, EventKind.STATEMENT, actor, told, {**_facts(out, "published"), **naming})
    promised = replace(
        incident,
        first_public_at=incident.first_public_at or at,
        update_due_at=next_at,
        status=Status.RESPONDING if incident.status is Status.ACKNOWLEDGED else incident.status,
    )
    done = change(promised, row, also=(out,))
    if incident.status is not Status.OPEN or incident.owner != actor.id:
        return done
    first = (acknowledgement(incident, actor, at),)
    responding = replace(acknowledged(done.incident, actor, at), status=Status.RESPONDING)
    return replace(done, incident=responding, preceded_by=first)


def promise(
    incident: Incident, next_at: datetime | None, actor: Actor, now: datetime, *, by_clock: str
) -> Change | Refusal:
    """Move the promise of the next public word, where it cannot be kept or where nothing more is to be said.

    Args:
        by_clock: the new time as people read it.
    """
    at = clamped(incident, now)
    refusal = refuse_promise(next_at, at)
    if refusal:
        return refusal
    if incident.ended:
        return Refusal("It has ended, so nothing is promised any more.")
    told = (
        f"{actor.name} promised the next public update for {by_clock}."
        if next_at
        else f"{actor.name} promised no further public update."
    )
    facts = {"audience": PUBLIC, "next_at": next_at.isoformat() if next_at else ""}
    return change(replace(incident, update_due_at=next_at), event(at, EventKind.UPDATE, actor, told, facts))


def next_promise(cadence: timedelta | None, now: datetime) -> datetime | None:
    """When the next word is due by the clock of a severity, on a full five minutes so that it can be said aloud.

    A clock of a few minutes is kept to the minute: what is promised must lie ahead.
    """
    if cadence is None:
        return None
    due = now + cadence
    said = due - timedelta(minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond)
    return said if said >= now + SOONEST else due


def needs_second(severity: Severity) -> bool:
    """Whether a second pair of eyes has to say yes before anything goes out."""
    return severity in _NEEDS_SECOND


def _unfit(incident: Incident, statement: Statement, said: Publication) -> Refusal | None:
    if incident.status in _STOPPED:
        return Refusal("It has ended; nothing is said to the public about it any more.")
    if said.seen != statement.version:
        return Refusal(f"There is a version {statement.version} of it by now. Read that one first.")
    if said.blanks:
        return Refusal(f"Fill in what is still open: {', '.join(said.blanks)}.")
    if needs_second(incident.severity) and statement.approved_by is None:
        return Refusal(f"At {incident.severity} a second person reads every word before it goes out. Ask for a yes.")
    return None


def _unpublished(statements: Sequence[Statement], number: int) -> Statement | Refusal:
    found = next((one for one in statements if one.number == number), None)
    if found is None:
        return Refusal(f"There is no statement {number} here. {_how_many(len(statements))}")
    if found.published_at is not None:
        facts = {"at": found.published_at.isoformat()}
        since = clock(found.published_at)
        return Refusal(f"It is public since {since}. What was wrong in it needs a correction.", facts)
    return found


def _words(text: str) -> str | Refusal:
    words = text.strip()
    if not words:
        return Refusal("The statement is empty; write something first.")
    if len(words) > TEXT_LIMIT:
        return Refusal(f"The statement has {len(words):,} characters; shorten it to {TEXT_LIMIT:,}.")
    return words


def _how_many(count: int) -> str:
    if not count:
        return "Nothing is drafted yet."
    return "There is one, number 1." if count == 1 else f"There are {count}, numbered from 1."


def _facts(statement: Statement, did: str) -> dict[str, str]:
    facts = {
        "statement": str(statement.number),
        "version": str(statement.version),
        "did": did,
        "kind": statement.kind.value,
    }
    return {**facts, "url": statement.url} if statement.url else facts
