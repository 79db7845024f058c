"""Writes the letter about sources that went deaf or are heard again, as HTML and as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.contract import Letter
from alerts.health_alert import DeafSource, HealthAlert, HeardSource
from alerts.plain_mail import write_plain_letter
from alerts.wording import clock, one_line
from detection.source_state import SourceState

_NAME, _SENTENCE = 60, 600  # characters
# All of them are on the page that the letter leads to.
_SHOWN = 20
_MUTE = (
    "You get one such letter an hour at most, and one when a source is heard again. "
    "To have somebody else told, name them as operator under routing in the settings."
)
_ONE = {
    SourceState.STOPPED: "is gone for good",
    SourceState.FAILING: "cannot be read",
    SourceState.SILENT: "has gone quiet",
    SourceState.BUDGET_SPENT: "has used up its budget of today",
    SourceState.RESTING: "wants to be left alone",
}
_MANY = {
    SourceState.STOPPED: "are gone for good",
    SourceState.FAILING: "cannot be read",
    SourceState.SILENT: "have gone quiet",
    SourceState.BUDGET_SPENT: "have used up their budget of today",
    SourceState.RESTING: "want to be left alone",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A source in words; ``when``, ``sentence`` and ``remedy`` may be empty."""

    source: str
    about: str
    when: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What both forms of the letter say, in words; templates only arrange it."""

    subject: str
    title: str
    state: str
    why: str
    deaf: tuple[_Line, ...]
    more_deaf: int
    heard: tuple[_Line, ...]
    more_heard: int
    link: str
    button: str
    reason: str
    mute: str


def write_health_letter(
    alert: HealthAlert, *, sender: str, recipient: str, message_id: str, thread_id: str, written_at: datetime
) -> Letter:
    """The letter to the recipient of the alert."""
    return write_plain_letter(
        "health",
        _sheet(alert, written_at),
        sender=sender,
        recipient=recipient,
        message_id=message_id,
        thread_id=thread_id,
        written_at=written_at,
    )


def _sheet(alert: HealthAlert, written_at: datetime) -> _Sheet:
    title = _title(alert)
    return _Sheet(
        subject=f"Groundswell: {title}",
        title=title,
        state=f"Noticed {clock(alert.happened_at, alert.time_zone, written_at)}",
        why=_why(alert),
        deaf=tuple(_deaf(one, alert, written_at) for one in alert.deaf[:_SHOWN]),
        more_deaf=max(len(alert.deaf) - _SHOWN, 0),
        heard=tuple(_heard(one, alert, written_at) for one in alert.heard[:_SHOWN]),
        more_heard=max(len(alert.heard) - _SHOWN, 0),
        link=alert.link,
        button="Open the sources page",
        reason=f"{one_line(alert.recipient_name, _NAME)}, you get this because {alert.reason}.",
        mute=_MUTE,
    )


def _title(alert: HealthAlert) -> str:
    if not alert.deaf:
        return f"{_named(alert.heard)} {'is' if len(alert.heard) == 1 else 'are'} heard again"
    states = {one.state for one in alert.deaf}
    verbs = _ONE if len(alert.deaf) == 1 else _MANY
    verb = verbs[alert.deaf[0].state] if len(states) == 1 else "are not heard"
    again = f", {len(alert.heard)} heard again" if alert.heard else ""
    return f"{_named(alert.deaf)} {verb}{again}"


def _named(sources: tuple[DeafSource, ...] | tuple[HeardSource, ...]) -> str:
    return one_line(sources[0].source, _NAME) if len(sources) == 1 else f"{len(sources)} sources"


def _why(alert: HealthAlert) -> str:
    """What it means, and how much is still heard."""
    if not alert.deaf_now:
        return "A crisis there would be noticed again. " + (
            f"All {alert.sources} sources are heard." if alert.sources > 1 else "It is the only source."
        )
    left = alert.sources - alert.deaf_now
    meaning = "As long as this lasts we would not notice a crisis there. " if alert.deaf else ""
    if left:
        return f"{meaning}Of {alert.sources} sources, {left} {'is' if left == 1 else 'are'} heard."
    if alert.sources == 1:
        return f"{meaning}It is the only source, so nobody is listening anywhere."
    cause = ""
    if all(one.state is SourceState.FAILING for one in alert.deaf):
        cause = " The most likely cause is the network of the machine that Groundswell runs on."
    return f"{meaning}Not one of {alert.sources} sources is heard, so nobody is listening anywhere.{cause}"


def _deaf(one: DeafSource, alert: HealthAlert, written_at: datetime) -> _Line:
    about = f"listens for {one_line(', '.join(one.about), _SENTENCE)}" if one.about else "listens for every brand"
    since = f"since {clock(one.since, alert.time_zone, written_at)}" if one.since else ""
    return _Line(
        one_line(one.source, _NAME),
        about,
        f"{one.state.value} {since}".strip(),
        one_line(one.sentence, _SENTENCE),
        one_line(one.remedy, _SENTENCE),
    )


def _heard(one: HeardSource, alert: HealthAlert, written_at: datetime) -> _Line:
    told = f"you were told at {clock(one.told_at, alert.time_zone, written_at)} that it was not"
    return _Line(one_line(one.source, _NAME), "", told, "", "")
