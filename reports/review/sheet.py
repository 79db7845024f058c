"""A review in words, part by part: what all papers print, each in its own look.

Everything here is text that is ready to be read, cleaned of what is no text; each paper escapes it by its own rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alerts.wording import host, web_address
from reports.flags import shorten
from reports.review.contents import Published, Review, Row
from reports.review.measuring import Clock, PromiseOutcome, Reading, Standing, StepOutcome
from reports.review.record import Action, Comment, Ending
from reports.review.wording import clean, date_and_time, length, listed, one_line, short_length, zone_name
from reports.wave import moment, summary
from voices.answer import percent

DRILL = "This was an exercise, not a real crisis"
_DIALS = {
    Clock.DETECT: "Time to detect",
    Clock.ACKNOWLEDGE: "Time to acknowledge",
    Clock.FIRST_PUBLIC: "First public answer",
    Clock.RESOLVE: "Time to resolve",
}
_LONGEST_BRAND = 60  # letters, at the foot of every page
_LATE = {Standing.LATE, Standing.OVERDUE, Standing.NEVER}
# What tells the story; the rest stands in the whole timeline.
_STORY = {
    "opened", "severity", "category", "acknowledged", "responding", "monitoring", "handed_over", "statement", "update",
    "resolved", "dismissed", "merged", "reopened", "ebbed",
}  # fmt: skip
_ENDINGS = {Ending.RESOLVED: "Resolved", Ending.DISMISSED: "Dismissed as noise", Ending.MERGED: "Merged"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A name with what belongs to it; ``note`` says in small what the figure means, empty for none."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """A clock: how long it took, and beneath it whether that was in time."""

    name: str
    value: str
    verdict: str
    late: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of a timeline or a comment."""

    when: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step, with the reason in ``note`` where it was skipped."""

    number: int
    title: str
    role: str
    due: str
    done: str
    by: str
    verdict: str
    late: bool
    note: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement; ``link`` is an address that is safe to follow, empty where there is none."""

    kind: str
    title: str
    when: str
    by: str
    link: str
    host: str
    text: str


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promised update."""

    audience: str
    due: str
    verdict: str
    late: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One of the three that may have failed, and what there is to say of it."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What is to be done."""

    what: str
    who: str
    until: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The parts of a review in the order they are read; ``drill`` is empty for the real thing."""

    title: str
    drill: str
    severity: str
    means: str
    footer: str
    written: str
    facts: tuple[Fact, ...]
    dials: tuple[Dial, ...]
    summary: tuple[str, ...]
    figures: tuple[Fact, ...]
    story: tuple[Happening, ...]
    steps: tuple[StepLine, ...]
    statements: tuple[StatementLine, ...]
    promises: tuple[PromiseLine, ...]
    hand_overs: tuple[Happening, ...]
    questions: tuple[Question, ...]
    worked: tuple[str, ...]
    changes: tuple[str, ...]
    actions: tuple[ActionLine, ...]
    comments: tuple[Happening, ...]
    timeline: tuple[Happening, ...]


def sheet_of(review: Review) -> Sheet:
    """The review in words."""
    head, texts, zone = review.head, review.texts, review.head.time_zone
    number = f"Incident {head.number}" if head.number is not None else "Incident"
    told = [row for row in review.timeline if row.kind.value in _STORY and not row.minor]
    questions = (("People", texts.people), ("Process", texts.process), ("Technology", texts.technology))
    return Sheet(
        title=one_line(head.title),
        drill=DRILL if head.drill else "",
        severity=head.severity.value,
        means=head.severity.meaning,
        footer=f"{shorten(one_line(head.brand), _LONGEST_BRAND)} · {number}",
        written=f"After-action review, written {date_and_time(head.written_at, zone)}",
        facts=_facts(review),
        dials=tuple(map(_dial, review.clocks)),
        summary=listed(texts.summary),
        figures=_figures(review),
        story=tuple(_row(review, row) for row in told),
        steps=tuple(_step(review, step) for step in review.steps),
        statements=tuple(_statement(review, one) for one in review.statements),
        promises=tuple(_promise(review, one) for one in review.promises),
        hand_overs=tuple(_row(review, row) for row in review.hand_overs),
        questions=tuple(Question(name, listed(text)) for name, text in questions),
        worked=listed(texts.worked),
        changes=listed(texts.changes),
        actions=tuple(map(_action, review.actions)),
        comments=tuple(_comment(review, one) for one in review.comments),
        timeline=tuple(_row(review, row) for row in review.timeline),
    )


def wave_in_words(review: Review) -> tuple[str, ...]:
    """What the picture of the wave shows, for papers without pictures and for those who do not see it."""
    return (clean(summary(review.wave.chart)),) if review.wave else ()


def _facts(review: Review) -> tuple[Fact, ...]:
    head, zone = review.head, review.head.time_zone
    ended = date_and_time(head.ended_at, zone) if head.ended_at else "Not resolved yet"
    changes = [one for one in head.severities if one.previous is not None]
    severities = "; ".join(
        f"{one.previous} to {one.severity} on {moment(one.at, zone)} by {one_line(one.by)}" for one in changes
    )
    short = zone_name(head.opened_at, zone)
    facts = (
        Fact("Brand", one_line(head.brand)),
        Fact("Owner" if len(head.owners) == 1 else "Owners", ", then ".join(map(one_line, head.owners))),
        Fact("Opened", date_and_time(head.opened_at, zone)),
        Fact(_ENDINGS.get(head.ending, "Resolved"), ended),
        Fact("Severity changed", severities),
        Fact("Category", one_line(head.category)),
        Fact("Playbook", one_line(head.playbook)),
        Fact("Times", zone.key if zone.key == short else f"{zone.key} ({short})"),
    )
    return tuple(fact for fact in facts if fact.value)


def _dial(reading: Reading) -> Dial:
    value = short_length(reading.took) if reading.took is not None else ""
    allowed = f"{short_length(reading.allowed)} allowed" if reading.allowed is not None else ""
    late = short_length(reading.late_by)
    value, verdict = {
        Standing.IN_TIME: (value, f"in time, {allowed}"),
        Standing.LATE: (value, f"{late} late, {allowed}"),
        Standing.UNLIMITED: (value, "from the beginning of the rise" if reading.clock is Clock.DETECT else ""),
        Standing.RUNNING: ("Not yet", allowed),
        Standing.OVERDUE: ("Not yet", f"{late} late, {allowed}"),
        Standing.NEVER: ("Never", allowed),
    }.get(reading.standing, ("Not known", "nothing tells when it began"))
    return Dial(_DIALS[reading.clock], value, verdict, reading.standing in _LATE)


def _figures(review: Review) -> tuple[Fact, ...]:
    figures = review.figures
    voices, silent = figures.voices, figures.silent
    wave = review.wave
    peak = wave.peak if wave else None
    zone = review.head.time_zone
    usual = "Not yet" if wave and wave.stood_out else ""
    facts = (
        Fact("Mentions", f"{voices.mentions:,}"),
        Fact("People", f"{voices.authors:,}", f"{figures.complaints.authors:,} of them complained"),
        Fact("Loudest person", percent(voices.loudest_share) if voices.mentions else "", "of all mentions"),
        Fact("Reach", f"{figures.reach:,}" if figures.reach is not None else "", "followers of everybody who spoke"),
        Fact(
            "Silent customers",
            f"about {silent.estimate:,}" if silent.complaining else "",
            f"an estimate: {silent.factor} for each person who complained, after {silent.source}",
        ),
        Fact("Peak", moment(peak.start, zone) if peak else "", f"{peak.observed:,} mentions" if peak else ""),
        Fact("Back to usual", moment(wave.usual_again_at, zone) if wave and wave.usual_again_at else usual),
    )
    return tuple(fact for fact in facts if fact.value)


def _row(review: Review, row: Row) -> Happening:
    return Happening(moment(row.at, review.head.time_zone), one_line(row.who), one_line(row.text))


def _comment(review: Review, comment: Comment) -> Happening:
    return Happening(moment(comment.at, review.head.time_zone), one_line(comment.by), clean(comment.text))


def _verdict(standing: Standing, outcome: StepOutcome | PromiseOutcome, never: str) -> str:
    late = length(outcome.late_by)
    return {
        Standing.LATE: f"{late} late",
        Standing.OVERDUE: f"open, {late} late",
        Standing.RUNNING: "open",
        Standing.NEVER: never,
    }.get(standing, standing.value)


def _step(review: Review, step: StepOutcome) -> StepLine:
    zone = review.head.time_zone
    return StepLine(
        number=step.position,
        title=one_line(step.title),
        role=one_line(step.role),
        due=moment(step.due_at, zone),
        done=moment(step.done_at, zone) if step.done_at else "",
        by=one_line(step.done_by or ""),
        verdict=_verdict(step.standing, step, "left open"),
        late=step.standing in _LATE,
        note=one_line(step.skipped),
    )


def _promise(review: Review, outcome: PromiseOutcome) -> PromiseLine:
    due, standing = moment(outcome.promise.due_at, review.head.time_zone), outcome.standing
    verdict = _verdict(standing, outcome, "not given")
    return PromiseLine(one_line(outcome.promise.audience).capitalize(), due, verdict, standing in _LATE)


def _statement(review: Review, one: Published) -> StatementLine:
    link = web_address(one.url)
    approved = f"approved by {one_line(one.approved_by)}" if one.approved_by else "approved by nobody"
    return StatementLine(
        kind=one_line(one.kind).capitalize(),
        title=one_line(one.title),
        when=moment(one.at, review.head.time_zone) if one.at else "Not published",
        by=f"Written by {one_line(one.author)}, {approved}",
        link=link,
        host=host(link),
        text=clean(one.text),
    )


def _action(action: Action) -> ActionLine:
    return ActionLine(one_line(action.what), one_line(action.who), _day(action.until))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
