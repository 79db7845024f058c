"""What the record shows went well and what did not, each in a sentence: nothing that is not recorded is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from incidents.incident import EventKind, TimelineEvent
from incidents.statements import needs_second
from reports.review.contents import About, Finding
from reports.review.measuring import (
    Clock,
    PromiseOutcome,
    Reading,
    Standing,
    StepOutcome,
    first_answer,
    on_time,
)
from reports.review.record import Ending, Material
from reports.review.wording import counted, length, one_line, quoted, sentence

_ANSWER = "The first public answer"
# Kinds of statement as a sentence begins with them.
_CALLED = {
    "holding": "The holding statement",
    "apology": "The apology",
    "correction": "The correction",
    "update": "The first update",
    "closing": "The closing statement",
}


def findings(
    material: Material,
    clocks: tuple[Reading, ...],
    steps: tuple[StepOutcome, ...],
    promises: tuple[PromiseOutcome, ...],
) -> tuple[Finding, ...]:
    """All findings: clocks first, then steps, updates, statements, and what the machines did."""
    by_clock = {reading.clock: reading for reading in clocks}
    record, answer = material.record, first_answer(material.statements)
    first = answer is not None and answer.published_at == record.first_public_at
    who = _CALLED.get(answer.kind, _ANSWER) if answer and first else _ANSWER
    # What was no crisis owes nobody a public word or a finished checklist.
    real = record.ending not in {Ending.DISMISSED, Ending.MERGED}
    return (
        *_acknowledgement(by_clock[Clock.ACKNOWLEDGE]),
        *(_public(by_clock[Clock.FIRST_PUBLIC], who) if real else ()),
        *(_steps(steps) if real else ()),
        *_updates(promises),
        *_unapproved(material),
        *_events(record.events),
    )


def _acknowledgement(reading: Reading) -> Iterator[Finding]:
    match reading:
        case Reading(standing=Standing.IN_TIME, took=took, allowed=allowed) if took is not None and allowed:
            yield Finding(f"It was acknowledged after {length(took)}; the limit was {length(allowed)}.")
        case Reading(standing=Standing.LATE, took=took, allowed=allowed, late_by=late) if took is not None and allowed:
            text = f"It was acknowledged {length(late)} late, {length(took)} after the alarm."
            yield Finding(text, About.PEOPLE, f"See that somebody is free to say “I have it” within {length(allowed)}.")
        case Reading(standing=Standing.OVERDUE, late_by=late):
            yield Finding(f"Nobody has acknowledged it yet; that is {length(late)} late.", About.PEOPLE)
        case Reading(standing=Standing.NEVER):
            yield Finding("Nobody acknowledged it.", About.PEOPLE, "See that every alarm reaches somebody who answers.")


def _public(reading: Reading, who: str) -> Iterator[Finding]:
    match reading:
        case Reading(standing=Standing.IN_TIME, took=took, allowed=allowed) if took is not None and allowed:
            yield Finding(f"{who} went out after {length(took)}; the limit was {length(allowed)}.")
        case Reading(standing=Standing.LATE, took=took, allowed=allowed, late_by=late) if took is not None and allowed:
            text = f"{who} went out {length(late)} late, {length(took)} after the alarm."
            remedy = f"Make a first public answer possible within {length(allowed)}: agree on its words on a quiet day."
            yield Finding(text, About.PROCESS, remedy)
        case Reading(standing=Standing.OVERDUE, late_by=late):
            yield Finding(f"There is no public answer yet; that is {length(late)} late.", About.PROCESS)
        case Reading(standing=Standing.NEVER):
            remedy = "Decide who may answer in public, and in which words, before the next time."
            yield Finding("There was no public answer.", About.PROCESS, remedy)


def _steps(steps: tuple[StepOutcome, ...]) -> Iterator[Finding]:
    done, counting = on_time(steps)
    if done:
        yield Finding(f"{done} of {counted(counting, 'step')} {'was' if done == 1 else 'were'} done in time.")
    for step in steps:
        name = quoted(step.title)
        match step.standing:
            case Standing.LATE:
                remedy = f"Make {name} possible in its time, or give it more time in the playbook."
                yield Finding(f"{name} was done {length(step.late_by)} late.", About.PROCESS, remedy)
            case Standing.OVERDUE:
                yield Finding(f"{name} is not done yet; it is {length(step.late_by)} late.", About.PROCESS)
            case Standing.NEVER:
                yield Finding(f"{name} was left open.", About.PROCESS, f"Finish {name}, or say why it is not needed.")
            case Standing.SKIPPED:
                reason = sentence(one_line(step.skipped)) or "No reason was given."
                remedy = f"Decide whether the playbook should ask for {name} in such a case."
                yield Finding(f"{name} was skipped. {reason}", About.PROCESS, remedy)


def _updates(promises: tuple[PromiseOutcome, ...]) -> Iterator[Finding]:
    due = [one for one in promises if one.standing is not Standing.RUNNING]
    late = [one for one in due if one.standing is Standing.LATE]
    missing = sum(one.standing in {Standing.NEVER, Standing.OVERDUE} for one in due)
    if due and not late and not missing:
        every = "The promised update" if len(due) == 1 else f"All {len(due)} promised updates"
        yield Finding(f"{every} came in time.")
    if late:
        worst = length(max(one.late_by for one in late))
        by = f"by {worst}" if len(late) == 1 else f"by up to {worst}"
        text = f"{len(late)} of {counted(len(due), 'promised update')} came late, {by}."
        yield Finding(text, About.PROCESS, "Promise updates for times that can be kept.")
    if missing:
        text = f"{missing} of {counted(len(due), 'promised update')} {'was' if missing == 1 else 'were'} not given."
        yield Finding(text, About.PROCESS, "Name who writes the next update whenever one is promised.")


def _unapproved(material: Material) -> Iterator[Finding]:
    for one in material.statements:
        if one.published_at is None or not needs_second(material.record.severity_at(one.published_at)):
            continue
        if one.approved_by in {None, "", one.author}:
            text = f"{quoted(one.title)} was published without a second pair of eyes."
            yield Finding(text, About.PROCESS, "Let somebody who did not write a statement read it before it goes out.")


def _events(events: Iterable[TimelineEvent]) -> Iterator[Finding]:
    kinds = [event.kind.value for event in events]
    if declined := kinds.count("declined"):
        yield Finding(f"A hand-over was declined {_times(declined)}.", About.PEOPLE)
    if reopened := kinds.count(EventKind.REOPENED):
        text = f"It came back {_times(reopened)} after it had been resolved."
        yield Finding(text, About.PROCESS, "Wait until talk is back to usual before resolving.")
    if failed := kinds.count(EventKind.ALERT_FAILED):
        letters = "A letter" if failed == 1 else f"{failed:,} letters"
        text = f"{letters} about it could not be delivered."
        yield Finding(text, About.TECHNOLOGY, "Mend the addresses or channels that letters did not reach.")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
