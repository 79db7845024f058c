"""Writes the letter about an incident: the same facts as HTML and as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.contract import InlineImage, Letter
from alerts.incident_alert import IncidentAlert, LetterKind, NextStep, Post, Told, WavePoint
from alerts.templating import TEMPLATES
from alerts.wording import clock, host, one_line, times_usual, usually, web_address

__all__ = ["IncidentAlert", "LetterKind", "NextStep", "Post", "WavePoint", "write_letter"]

_STATES = {
    LetterKind.REOPENED: "open again, since its wave is back,",
    LetterKind.HANDED_OVER: "handed over to you at",
    LetterKind.OFFERED: "you are asked to take it over, since",
    LetterKind.DECLINED: "it stays with you, since",
    LetterKind.UPDATE: "update of",
}
# What a letter is about that does not tell of the incident for the first time, beside its severity.
_NEWS = {
    LetterKind.REOPENED: ", open again",
    LetterKind.HANDED_OVER: ", now yours",
    LetterKind.OFFERED: ", take it over?",
    LetterKind.DECLINED: ", still yours",
    LetterKind.UPDATE: ", update",
}
_POSTS = 3
_NAME, _TITLE, _SENTENCE, _POST_TEXT, _HEADLINE, _TOLD = 60, 140, 600, 280, 110, 1_000  # characters
_ASK = " Open it and accept or decline."
_DRILL = "This is a drill. Nobody outside has complained."
_MUTE = (
    "To get fewer of these, ask whoever runs Groundswell to change who is told under routing in its settings. "
    "A resolved incident sends nothing more."
)


@dataclass(frozen=True, slots=True)
class _Voice:
    """A post in words: ``link`` and ``site`` are empty where there is no address to show."""

    who: str
    when: str
    text: str
    link: str
    site: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What both forms of the letter say, in words; templates only arrange it."""

    subject: str
    drill: str
    severity: str
    brand: str
    state: str
    title: str
    why: str
    about: str
    figures: tuple[tuple[str, str], ...]
    told: _Voice | None
    told_heading: str
    voices: tuple[_Voice, ...]
    owner: str
    take_over: str
    step: str
    step_due: str
    link: str
    button: str
    reason: str
    mute: str
    chart: str
    chart_cid: str


def write_letter(
    alert: IncidentAlert,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    thread_id: str,
    chart_png: bytes | None,
    written_at: datetime,
) -> Letter:
    """The letter to the recipient of the alert; without a picture it says the same in words."""
    cid = f"chart.{message_id.strip('<>')}" if chart_png else ""
    sheet = _sheet(alert, cid, written_at)
    return Letter(
        message_id=message_id,
        thread_id=thread_id,
        sender=sender,
        recipient=recipient,
        subject=sheet.subject,
        text=TEMPLATES.get_template("incident.txt").render(sheet=sheet),
        html=TEMPLATES.get_template("incident.html").render(sheet=sheet),
        images=(InlineImage(cid, chart_png, sheet.chart),) if chart_png else (),
        written_at=written_at,
    )


def _sheet(alert: IncidentAlert, cid: str, written_at: datetime) -> _Sheet:
    step = alert.next_step
    return _Sheet(
        subject=_subject(alert),
        drill=_DRILL if alert.drill else "",
        severity=alert.severity.value,
        brand=one_line(alert.brand, _NAME),
        state=f"Incident {alert.incident_id}: {_state(alert)} {clock(alert.happened_at, alert.time_zone, written_at)}",
        title=_title(alert),
        why=one_line(alert.why, _SENTENCE) + (_ASK if alert.kind is LetterKind.OFFERED else ""),
        about=one_line(alert.about, _SENTENCE),
        figures=_figures(alert, written_at) if alert.measured else (),
        told=_told(alert, alert.told, written_at) if alert.told else None,
        told_heading="Update" if alert.kind is LetterKind.UPDATE else "What was reported",
        voices=tuple(_voice(post, alert, written_at) for post in alert.posts[:_POSTS]),
        owner=_owner(alert),
        take_over=_take_over(alert, written_at),
        step=f"{step.position}. {one_line(step.title, _TITLE)}" if step else "Every step of the checklist is done.",
        step_due=f"Due by {clock(step.due_at, alert.time_zone, written_at)}" if step else "",
        link=alert.link,
        button=f"Open incident {alert.incident_id}",
        reason=f"{one_line(alert.recipient_name, _NAME)}, you get this because {one_line(alert.reason, _TITLE)}.",
        mute=_MUTE,
        chart=_chart(alert, written_at),
        chart_cid=cid,
    )


def _subject(alert: IncidentAlert) -> str:
    headline = one_line(f"{one_line(alert.brand, _NAME)}: {_title(alert)}", _HEADLINE)
    news = f", was {alert.raised_from.value}" if alert.raised_from else _NEWS.get(alert.kind, "")
    drill = "[DRILL] " if alert.drill else ""
    return f"{drill}[{alert.severity.value}{news}] {headline} ({_size(alert)})"


def _size(alert: IncidentAlert) -> str:
    if not alert.measured:
        return f"reported by {one_line(alert.told.said_by, _NAME)}" if alert.told else "reported by hand"
    if alert.learning:
        return f"{alert.authors:,} people"
    return times_usual(alert.ratio) if alert.expected >= 1 else f"{alert.observed:,}, {usually(alert.expected)}"


def _title(alert: IncidentAlert) -> str:
    """The title without the brand, which stands before it anyway."""
    return one_line(alert.title.removeprefix(f"{alert.brand}:"), _TITLE)


def _state(alert: IncidentAlert) -> str:
    if alert.kind is LetterKind.OPENED:
        return "opened"
    if alert.kind is LetterKind.JOINED:
        return "a further report at" if alert.told else "a new wave at"
    if alert.kind in _STATES:
        return _STATES[alert.kind]
    return f"raised from {alert.raised_from.value}," if alert.raised_from else "raised"


def _figures(alert: IncidentAlert, written_at: datetime) -> tuple[tuple[str, str], ...]:
    """Up to four figures, each with what it counts."""
    usual = "" if alert.learning else f", {usually(alert.expected)}"
    figures = [(f"{alert.observed:,}", alert.counted + usual), (f"{alert.authors:,}", "people")]
    if alert.expected >= 1 and not alert.learning:
        figures.insert(1, (times_usual(alert.ratio).partition(" ")[0] + "\N{MULTIPLICATION SIGN}", "the usual"))
    if alert.since:
        time, zone = clock(alert.since, alert.time_zone, alert.since).split(" ")
        day = clock(alert.since, alert.time_zone, written_at).rpartition(", ")[0]
        figures.append((time, f"{zone}, when it began" + (f" on {day}" if day else "")))
    return tuple(figures)


def _told(alert: IncidentAlert, told: Told, written_at: datetime) -> _Voice:
    link = web_address(told.url)
    when = clock(told.at, alert.time_zone, written_at)
    return _Voice(one_line(told.said_by, _NAME), when, one_line(told.words, _TOLD), link, host(link))


def _voice(post: Post, alert: IncidentAlert, written_at: datetime) -> _Voice:
    author, source = one_line(post.author or "", _NAME) or "Somebody", one_line(post.source, _NAME)
    link = web_address(post.url)
    when = clock(post.published_at, alert.time_zone, written_at)
    return _Voice(f"{author} on {source}", when, one_line(post.text, _POST_TEXT), link, host(link))


def _owner(alert: IncidentAlert) -> str:
    if alert.recipient_id == alert.owner_id:
        return "You own this incident."
    return f"{one_line(alert.owner_name, _NAME)} owns this incident."


def _take_over(alert: IncidentAlert, written_at: datetime) -> str:
    mine = alert.recipient_id == alert.owner_id
    if alert.kind is LetterKind.OFFERED:
        return f"Until you accept, it stays with {one_line(alert.owner_name, _NAME)}."
    if alert.kind is LetterKind.UPDATE and alert.acknowledge_by is None and not mine:
        return "It is acknowledged; nothing is asked of you."
    if alert.acknowledge_by is None:
        return (
            "You have acknowledged it." if mine else "It is acknowledged. To have it yourself, open it and take over."
        )
    by = clock(alert.acknowledge_by, alert.time_zone, written_at)
    if mine:
        return f"Open it and acknowledge it by {by}, so that everybody knows it is in your hands."
    return f"It is to be acknowledged by {by}. To take over, open it and acknowledge it: from then on it is yours."


def _chart(alert: IncidentAlert, written_at: datetime) -> str:
    peak = max(alert.points, key=lambda point: point.observed, default=None)
    if peak is None:
        return f"Chart: {alert.observed:,} {alert.counted}, {usually(alert.expected)}."
    at = clock(peak.start, alert.time_zone, written_at)
    told = f"Chart of mentions over time: the most were {peak.observed:,} at {at}, {usually(peak.expected)}."
    return f"{told} The last point is {alert.points[-1].observed:,} so far." if _is_running(alert) else told


def _is_running(alert: IncidentAlert) -> bool:
    """Whether the time of the last point was not over when this happened."""
    starts = [point.start for point in alert.points[-2:]]
    return len(starts) > 1 and starts[1] + (starts[1] - starts[0]) > alert.happened_at
