"""Words for the public: drafted, read by a second pair of eyes, published, and from then on as they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from incidents.deciding import NOBODY, Names, change, clock, event, name_of
from incidents.incident import Actor, Change, EventKind, Incident, Refusal, Statement, Status, clamped
from incidents.ownership import acknowledged, acknowledgement
from incidents.remarks import refuse_promise
from playbooks.playbook import Severity, StatementKind

TEXT_LIMIT = 10_000  # characters; beyond it nobody reads
# What nobody puts out alone.
_NEEDS_SECOND = {Severity.SEV1, Severity.SEV2}
_STOPPED = {Status.MERGED, Status.DISMISSED}


def draft(  # each is part of a draft
    incident: Incident,
    statements: Sequence[Statement],
    kind: StatementKind,
    title: str,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    key: str = "",
) -> Change | Refusal:
    """Begin words for the public; ``key`` names the template they began as."""
    words = _words(text)
    if isinstance(words, Refusal):
        return words
    if incident.status in _STOPPED:
        return Refusal("It has ended; nothing is said to the public about it any more.")
    at = clamped(incident, now)
    name = " ".join(title.split()) or kind.value.capitalize()
    drafted = Statement(len(statements) + 1, key, kind, name, words, 1, actor.id, at)
    row = event(at, EventKind.STATEMENT, actor, f"{actor.name} drafted “{name}”.", _facts(drafted, "drafted"))
    return change(incident, row, also=(drafted,))


def edit(
    incident: Incident,
    statements: Sequence[Statement],
    number: int,
    text: str,
    actor: Actor,
    now: datetime,
    names: Names = NOBODY,
    *,
    seen: int,
) -> Change | Refusal:
    """Write its next version. A yes that the one before had is gone: it was given to other words.

    Args:
        seen: the version that the person edited; where there is a newer one nothing is overwritten.
    """
    statement, words = _unpublished(statements, number), _words(text)
    if isinstance(statement, Refusal):
        return statement
    if isinstance(words, Refusal):
        return words
    if seen != statement.version:
        author = name_of(names, statement.author)
        facts = {"version": str(statement.version), "at": statement.written_at.isoformat()}
        return Refusal(
            f"{author} wrote version {statement.version} on {clock(statement.written_at)}. Read it first.", facts
        )
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


def approve(  # each is part of the question
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
        return Refusal(
            f"{name_of(names, statement.author)} wrote version {statement.version} meanwhile. Read that one."
        )
    if statement.approved_by is not None:
        return Refusal(f"{name_of(names, statement.approved_by)} approved it already.")
    if statement.author == actor.id:
        return Refusal("You wrote these words; a second person has to read them.")
    at = clamped(incident, now)
    approved = replace(statement, approved_by=actor.id, approved_at=at)
    told = f"{actor.name} approved “{statement.title}”, version {statement.version}."
    return change(incident, event(at, EventKind.STATEMENT, actor, told, _facts(approved, "approved")), also=(approved,))


def publish(  # each is part of the question
    incident: Incident,
    statements: Sequence[Statement],
    number: int,
    actor: Actor,
    now: datetime,
    *,
    seen: int,
    url: str | None,
    next_at: datetime | None,
    blanks: Sequence[str],
) -> Change | Refusal:
    """Record that it is out. The clock to the first public word stops, and the promise of the next one begins.

    Args:
        seen: the version that was put out.
        next_at: when the public is promised the next word, None for no promise; a last word promises none.
        blanks: places in the text that nobody has filled in (:func:`playbooks.statements.blanks`).
    """
    statement = _unpublished(statements, number)
    if isinstance(statement, Refusal):
        return statement
    at = clamped(incident, now)
    refusal = _unfit(incident, statement, seen, blanks) or refuse_promise(next_at, at)
    if refusal:
        return refusal
    out = replace(statement, published_by=actor.id, published_at=at, url=url)
    where = f" {url}" if url else ""
    row = event(
        at, EventKind.STATEMENT, actor, f"{actor.name} published “{out.title}”.{where}", _facts(out, "published")
    )
    last_word = statement.kind is StatementKind.CLOSING or incident.ended
    promised = replace(
        incident,
        first_public_at=incident.first_public_at or at,
        update_due_at=None if last_word else next_at,
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
    facts = {"audience": "public", "next_at": next_at.isoformat() if next_at else ""}
    return change(replace(incident, update_due_at=next_at), event(at, EventKind.UPDATE, actor, told, facts))


def next_promise(cadence: timedelta | None, now: datetime) -> datetime | None:
    """When the next word is due by the clock of a severity, on a full five minutes so that it can be said aloud."""
    if cadence is None:
        return None
    due = now + cadence
    return due - timedelta(minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond)


def needs_second(severity: Severity) -> bool:
    """Whether a second pair of eyes has to say yes before anything goes out."""
    return severity in _NEEDS_SECOND


def _unfit(incident: Incident, statement: Statement, seen: int, blanks: Sequence[str]) -> Refusal | None:
    if incident.status in _STOPPED:
        return Refusal("It has ended; nothing is said to the public about it any more.")
    if seen != statement.version:
        return Refusal(f"There is a version {statement.version} of it by now. Read that one first.")
    if blanks:
        return Refusal(f"Fill in what is still open: {', '.join(blanks)}.")
    if needs_second(incident.severity) and statement.approved_by is None:
        return Refusal(f"At {incident.severity} a second person reads every word before it goes out. Ask for a yes.")
    return None


def _unpublished(statements: Sequence[Statement], number: int) -> Statement | Refusal:
    found = next((one for one in statements if one.number == number), None)
    if found is None:
        return Refusal(f"There is no statement {number}; there are {len(statements)}.")
    if found.published_at is not None:
        facts = {"at": found.published_at.isoformat()}
        return Refusal(
            f"It is public since {clock(found.published_at)}. What was wrong in it needs a correction.", facts
        )
    return found


def _words(text: str) -> str | Refusal:
    words = text.strip()
    if not words:
        return Refusal("The statement is empty; write something first.")
    if len(words) > TEXT_LIMIT:
        return Refusal(f"The statement has {len(words):,} characters; shorten it to {TEXT_LIMIT:,}.")
    return words


def _facts(statement: Statement, did: str) -> dict[str, str]:
    facts = {
        "statement": str(statement.number),
        "version": str(statement.version),
        "did": did,
        "kind": statement.kind.value,
    }
    return {**facts, "url": statement.url} if statement.url else facts
