"""Drafts a review from what was recorded; what people wrote takes the place of the draft."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from incidents.incident import REPORTED, EventKind, TimelineEvent
from playbooks.playbook import Severity
from reports.review.contents import About, Edits, Finding, Head, Published, Review, Row, SeverityChange, Texts
from reports.review.findings import findings
from reports.review.measuring import (
    Clock,
    Reading,
    Standing,
    StepOutcome,
    first_answer,
    kept,
    on_time,
    outcomes,
    readings,
    rise_of,
)
from reports.review.record import Comment, Ending, Material
from reports.review.recovery import Wave, wave_of
from reports.review.wording import counted, date_and_time, length, one_line, quoted, time_on
from reports.wave import length as step_length

_AS_IT_ENDED = {
    Ending.RUNNING: "it is not resolved yet",
    Ending.DISMISSED: "it was dismissed as noise",
    Ending.MERGED: "it was merged into another incident",
}


def draft(material: Material, edits: Edits | None = None) -> Review:
    """The review of an incident as it stands at ``material.record.now``."""
    material, edits = _prepared(material), edits or Edits()
    record = material.record
    clocks, steps, promises = readings(record, rise_of(material)), outcomes(record), kept(record, material.promises)
    wave = _wave(material)
    found = findings(material, clocks, steps, promises)
    return Review(
        head=_head(material),
        clocks=clocks,
        wave=wave,
        figures=material.figures,
        steps=tuple(replace(step, done_by=material.name(step.done_by)) for step in steps),
        statements=_statements(material),
        promises=promises,
        timeline=_timeline(material),
        findings=found,
        texts=_texts(" ".join(_summary(material, clocks, steps, wave)), found, edits),
        actions=edits.actions or (),
        comments=_comments(material),
    )


def _prepared(material: Material) -> Material:
    """With rows in order of time, and the first statement as the first public answer where no other is known."""
    record, answer = material.record, first_answer(material.statements)
    events = tuple(sorted(record.events, key=lambda event: event.at))
    answered_at = record.first_public_at or (answer.published_at if answer else None)
    return replace(material, record=replace(record, events=events, first_public_at=answered_at))


def _head(material: Material) -> Head:
    incident, record = material.record.incident, material.record
    owners = [*(event.facts["owner"] for event in record.events if "owner" in event.facts), incident.owner]
    return Head(
        number=incident.id,
        brand=material.brand,
        title=incident.title,
        severity=incident.severity,
        severities=tuple(filter(None, (_severity(material, event) for event in record.events))),
        drill=record.drill,
        ending=record.ending,
        owners=tuple(material.name(who) for who, _ in groupby(owners)),
        opened_at=incident.opened_at,
        ended_at=incident.resolved_at,
        time_zone=material.time_zone,
        written_at=record.now,
        category=material.category,
        playbook=material.playbook,
    )


def _severity(material: Material, event: TimelineEvent) -> SeverityChange | None:
    known = {severity.value: severity for severity in Severity}
    to, before = known.get(event.facts.get("severity", "")), known.get(event.facts.get("previous_severity", ""))
    if to is None or to is before:
        return None
    return SeverityChange(event.at, to, before, material.name(event.actor), event.facts.get("reason", ""))


def _wave(material: Material) -> Wave | None:
    record, chart = material.record, material.wave
    if chart is None:
        return None
    since, until = rise_of(material) or record.incident.opened_at, record.incident.resolved_at or record.now
    return wave_of(chart, since, until, record.first_public_at)


def _statements(material: Material) -> tuple[Published, ...]:
    told = (
        Published(
            one.kind,
            one.title,
            one.text,
            one.published_at,
            one.url or "",
            material.name(one.author),
            material.name(one.approved_by),
        )
        for one in material.statements
    )
    return tuple(sorted(told, key=lambda one: (one.at is None, one.at or material.record.now)))


def _timeline(material: Material) -> tuple[Row, ...]:
    return tuple(
        Row(event.at, event.kind, material.name(event.actor), event.text, minor=_is_minor(event))
        for event in material.record.events
    )


def _is_minor(event: TimelineEvent) -> bool:
    """Whether it is a version or an approval of words that are only told once they are public."""
    return event.kind is EventKind.STATEMENT and event.facts.get("did", "published") != "published"


def _comments(material: Material) -> tuple[Comment, ...]:
    told = sorted(material.comments, key=lambda comment: comment.at)
    return tuple(replace(comment, by=material.name(comment.by)) for comment in told)


def _texts(summary: str, found: tuple[Finding, ...], edits: Edits) -> Texts:
    def drafted(edited: str | None, *lines: str) -> str:
        return edited if edited is not None else "\n".join(dict.fromkeys(filter(None, lines)))

    def failed(about: About) -> tuple[str, ...]:
        said = tuple(finding.text for finding in found if finding.about is about)
        return said or (f"Nothing in the record points to {about}.",)

    worked = [finding.text for finding in found if finding.about is None]
    remedies = [finding.remedy for finding in found]
    return Texts(
        summary=drafted(edits.summary, summary),
        worked=drafted(edits.worked, *worked),
        people=drafted(edits.people, *failed(About.PEOPLE)),
        process=drafted(edits.process, *failed(About.PROCESS)),
        technology=drafted(edits.technology, *failed(About.TECHNOLOGY)),
        changes=drafted(edits.changes, *remedies),
    )


def _summary(
    material: Material, clocks: tuple[Reading, ...], steps: tuple[StepOutcome, ...], wave: Wave | None
) -> tuple[str, str, str]:
    return (
        _beginning(material, clocks[0]),
        _talk(material, wave),
        _response(material, {reading.clock: reading for reading in clocks}, steps),
    )


def _beginning(material: Material, detection: Reading) -> str:
    incident, record = material.record.incident, material.record
    how = "reported by hand" if incident.kind == REPORTED else "opened"
    begin = f"In a drill, {quoted(incident.title)}" if record.drill else quoted(incident.title)
    when = date_and_time(incident.opened_at, material.time_zone)
    after = f", {length(detection.took)} after the rise began" if detection.took is not None else ""
    return f"{begin} was {how} at {record.severity_at(incident.opened_at)} on {when}{after}."


def _talk(material: Material, wave: Wave | None) -> str:
    voices, complaints = material.figures.voices, material.figures.complaints
    said = f"{counted(voices.mentions, 'mention')} by {counted(voices.authors, 'person', 'people')} were counted"
    if voices.mentions == 1:
        said = "1 mention was counted"
    if complaints.authors:
        said += f", {complaints.authors:,} of whom complained" if voices.authors > 1 else ", a complaint"
    if not voices.mentions:
        said = "No mentions were counted"
    return f"{said}{_height(material, wave)}."


def _height(material: Material, wave: Wave | None) -> str:
    if wave is None or wave.peak is None:
        return ""
    if not wave.stood_out:
        return "; counts never left the usual range"
    day, zone, peak = material.record.incident.opened_at, material.time_zone, wave.peak
    per = step_length(wave.chart.step)
    most = f"{peak.observed:,} in {per if per[0].isdigit() else f'one {per}'} at {time_on(peak.start, day, zone)}"
    again = wave.usual_again_at
    calm = f"were back to usual at {time_on(again, day, zone)}" if again else "are not back to usual yet"
    return f"; the most were {most}, where about {peak.expected:,.0f} are usual, and counts {calm}"


def _response(material: Material, clocks: dict[Clock, Reading], steps: tuple[StepOutcome, ...]) -> str:
    record = material.record
    taken, public, ended = clocks[Clock.ACKNOWLEDGE], clocks[Clock.FIRST_PUBLIC], clocks[Clock.RESOLVE]
    row = record.first(EventKind.ACKNOWLEDGED)
    who = one_line(material.name(row.actor if row else record.incident.owner)) or "Somebody"
    has = f"{who} had it after {_took(taken)}" if taken.took is not None else "Nobody acknowledged it"
    said = f"the first public answer came after {_took(public)}" if public.took is not None else _no_word(record.ending)
    done, counting = on_time(steps)
    in_time = f", with {done} of {counted(counting, 'step')} in time" if counting else ""
    over = f"it was resolved after {length(ended.took)}{in_time}" if ended.took is not None else ""
    if record.ending is not Ending.RESOLVED or not over:
        over = _AS_IT_ENDED[record.ending if record.ending is not Ending.RESOLVED else Ending.RUNNING]
    return f"{has}, {said}, and {over}."


def _no_word(ending: Ending) -> str:
    return "there is no public answer yet" if ending is Ending.RUNNING else "there was no public answer"


def _took(reading: Reading) -> str:
    late = f" ({length(reading.late_by)} late)" if reading.standing is Standing.LATE else ""
    return f"{length(reading.took)}{late}" if reading.took is not None else ""
