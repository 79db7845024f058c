"""``groundswell incidents show``: the page of an incident as text of 80 to 120 columns."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence

import click

from cli.incidents.acting import Number, look
from cli.incidents.statements import state_of
from cli.incidents.telling import Words
from cli.output import plain
from console import wording
from console.desk import Desk, Worded, desk_of
from incidents.incident import EventKind, Task, TimelineEvent
from playbooks.playbook import ChecklistStep
from services.installation import Installation
from services.records import incident_record, whole_of
from services.speaking import posts_in
from services.tag_names import category_names
from voices.answer import percent

_NARROWEST, _WIDEST = 80, 120
_LABEL = 20  # columns
_INSIDE = " " * 9
_SPOKEN = {EventKind.NOTE, EventKind.CORRECTED}


@look("show", "Show one incident and all that was done about it.")
@click.argument("number", metavar="N", type=Number)
@click.option(
    "--timeline",
    "rows",
    type=click.IntRange(min=0),
    default=15,
    show_default=True,
    help="How many rows of the timeline, the newest.",
)
def show(inst: Installation, person: str | None, number: int, rows: int, *, as_json: bool) -> None:
    """Show it."""
    now = inst.clock()
    with inst.database.reading() as connection:
        if as_json:
            click.echo(json.dumps(incident_record(whole_of(connection, number), inst.names, now)))
            return
        desk = desk_of(connection, inst, number, now, lambda wave, until, _: posts_in(inst, wave, until))
    words = Words(inst, now, person)
    click.echo("\n".join(_lines(desk, words, rows)))


def _lines(desk: Desk, words: Words, rows: int) -> Iterator[str]:
    parts = (
        _head(desk, words),
        _why(desk, words),
        _proposed(desk),
        _checklist(desk, words),
        _tasks(desk.tasks, words),
        _statements(desk, words),
        _timeline(desk, words, rows),
    )
    for number, part in enumerate(parts):
        told = list(part)
        if number and told:
            yield ""
        yield from told


def _head(desk: Desk, words: Words) -> Iterator[str]:
    incident = desk.incident
    drill = "DRILL  " if incident.drill else ""
    yield from _wrapped(f"{drill}{incident.severity}  {incident.title}", "")
    ended, stands = incident.resolved_at, wording.STATUSES[incident.status]
    since = words.clock(ended) if ended else f"open {wording.duration(words.now - incident.opened_at)}"
    into = f" It is a part of incident {incident.merged_into}." if incident.merged_into else ""
    yield f"Incident {incident.id}. {stands}{' ' if ended else ', '}{since}.{into}"
    yield from _labelled("Owner", f"{words.person(incident.owner)} had it." if ended else words.has_it(incident))
    yield from _labelled("Next", words.next_step(incident, desk.steps))
    promises = dict(words.promises(incident))
    if not ended and not {"First public answer", "Public update"} & set(promises):
        promises["Public update"] = "none promised"
    for name, told in promises.items():
        yield from _labelled(name, told)
    if incident.category:
        yield from _labelled("Category", category_names(words.inst.settings).get(incident.category, incident.category))
    if desk.followers:
        yield from _labelled("Reading along", ", ".join(words.person(one.person) for one in desk.followers))


def _why(desk: Desk, words: Words) -> Iterator[str]:
    yield from _labelled("Why", desk.incident.why)
    if desk.about:
        yield from _labelled("", desk.about)
    for report in desk.reports:
        yield from _labelled("", f"{report.facts['said_by']} reported: {report.facts['words']}")
    if desk.figures:
        figures = desk.figures
        usual = "usual not known yet" if figures.learning else f"usually {wording.number(figures.expected)}"
        told = f"{wording.number(figures.observed)} in {wording.duration(figures.window)}, {usual}, by "
        told += (
            f"{wording.plural(figures.authors, 'person', 'people')}, loudest author {percent(figures.loudest_share)}"
        )
        yield from _labelled("", f"{told}, as of {words.clock(figures.at)}")


def _proposed(desk: Desk) -> Iterator[str]:
    if desk.proposed:
        waiting = wording.plural(len(desk.proposed), "proposal waits", "proposals wait")
        yield from _labelled("Proposed", f"{waiting}: groundswell incidents proposals {desk.incident.id}")


def _checklist(desk: Desk, words: Words) -> Iterator[str]:
    newer = "; it has changed since" if desk.plan.newer else ""
    yield f"Checklist  {desk.done} of {len(desk.steps)}  ({plain(desk.plan.playbook.title)}{newer})"
    phase = ""
    for step in desk.steps:
        if step.phase != phase:
            phase = step.phase
            yield f"  {plain(phase)}"
        now_due = step == desk.present and not desk.incident.ended
        mark = ("[-]" if step.skipped else "[x]") if step.done_at else " > " if now_due else "[ ]"
        yield from _wrapped(f"{mark} {step.position:>2}  {_step_line(step, words)}", "  ", 8)
        for told in (*(_instructions(step) if now_due else ()), *_asked(step, words)):
            yield from _wrapped(told, _INSIDE)


def _step_line(step: ChecklistStep, words: Words) -> str:
    if step.done_at is None:
        return f"{step.title}: {words.due(step.due_at)}"
    how = "skipped" if step.skipped else "done"
    late = f", late by {wording.duration(step.done_at - step.due_at)}" if step.done_at > step.due_at else ""
    return f"{step.title}: {how} by {words.person(step.done_by)}, {words.clock(step.done_at)}{late}"


def _instructions(step: ChecklistStep) -> Iterator[str]:
    yield step.why
    yield from (f"- {line}" for line in wording.instructions(step.how))
    if step.you_may:
        yield f"You may, without asking: {step.you_may}"


def _asked(step: ChecklistStep, words: Words) -> Iterator[str]:
    if step.skipped:
        yield f"because: {step.skipped}"
    if step.evidence and step.done_at:
        yield f"shown: {step.evidence}"
    if step.approved_at:
        yield f"{words.person(step.approved_by)} said yes, {words.clock(step.approved_at)}"
    if step.done_at is None:
        yield f"by: {step.role}"
        if step.approval and not step.approved_at:
            yield f"needs a yes first, from: {step.approval}"
        if step.evidence_asked:
            yield f"asks for evidence: {step.evidence_asked}"


def _tasks(tasks: Sequence[Task], words: Words) -> Iterator[str]:
    if tasks:
        yield "Tasks"
    for task in tasks:
        whose = f", for {words.person(task.assignee)}" if task.assignee else ""
        due = f", {words.due(task.due_at)}" if task.due_at and not task.done_at else ""
        done = f", done by {words.person(task.done_by)}, {words.clock(task.done_at)}" if task.done_at else ""
        mark = "[x]" if task.done_at else "[ ]"
        yield from _wrapped(f"{mark} {task.number:>2}  {task.title}{whose}{due}{done}", "  ", 8)


def _statements(desk: Desk, words: Words) -> Iterator[str]:
    yield "Statements"
    for worded in reversed(desk.statements):
        yield from _wrapped(_statement_line(worded, words, needs_second=desk.plan.needs_second), "  ", 4)
    offered = ", ".join(f"{one.key} ({one.title})" for one in desk.plan.offered)
    if offered and not desk.incident.ended:
        yield from _wrapped(f"to start from: {offered}", "  ", 4)


def _statement_line(worded: Worded, words: Words, *, needs_second: bool) -> str:
    one = worded.statement
    line = f"{one.number:>2}  {one.title}, version {one.version}: {state_of(one, words)}"
    if one.published_at:
        approved = f", approved by {words.person(one.approved_by)}" if one.approved_by else ""
        return f"{line}{approved}{f', {one.url}' if one.url else ''}"
    left = f"; still to be filled in: {', '.join(worded.blanks)}" if worded.blanks else ""
    waits = "; somebody else has to approve it" if needs_second and not one.approved_by else ""
    return f"{line}{left}{waits}"


def _timeline(desk: Desk, words: Words, rows: int) -> Iterator[str]:
    shown = desk.timeline[:rows][::-1]
    if not shown:
        return
    yield f"Timeline  (the newest {len(shown)} of {len(desk.timeline)} rows, by number and time)"
    for event in shown:
        yield from _wrapped(_row(event, words), "", 8)
        correction = desk.corrections.get(event.id or 0)
        if correction:
            yield from _wrapped(f"corrected by {words.person(correction.actor)}: {correction.text}", " " * 10)


def _row(event: TimelineEvent, words: Words) -> str:
    internal = event.facts.get("audience") == "internal"
    inside = " to those inside" if internal else ""
    corrects = f" corrects row {event.facts['corrects']}" if event.kind is EventKind.CORRECTED else ""
    said = f"{words.person(event.actor)}{inside}{corrects}: " if event.kind in _SPOKEN or internal else ""
    return f"{event.id:>6}  {words.clock(event.at)}  {said}{event.text}"


def _labelled(label: str, text: str) -> Iterable[str]:
    lines = _wrapped(text, " " * _LABEL)
    return [f"{label:<{_LABEL}}{lines[0][_LABEL:]}", *lines[1:]] if lines else []


def _wrapped(text: str, indent: str, hanging: int = 0) -> list[str]:
    """A text on lines of the terminal's width, with nothing in it that could steer it."""
    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
    after = indent + " " * hanging
    return textwrap.wrap(plain(f"{indent}{text}"), width, subsequent_indent=after, break_on_hyphens=False)
