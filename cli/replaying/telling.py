"""What a replay of mentions found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from cli.output import counted
from cli.replaying.output import clock
from console.decision_words import reason_words
from detection.waking import LEARNING
from services.replay.replaying import Finished
from services.replay.walking import Alarm, News, Replayed
from settings.model import Settings

ASSUMED = "Nobody works on these incidents: each counts as resolved a day after its wave has ebbed."
_NEWS = {
    News.OPENED: "alarm",
    News.REOPENED: "alarm, again",
    News.RAISED: "alarm, worse",
    News.NEW_WAVE: "alarm, another wave",
}
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def lines_of(done: Finished, zone: ZoneInfo) -> Iterator[str]:
    """A replay for people: alarms, incidents, how many a week, what was held, and what is assumed."""
    walked = done.walked
    for one in walked.alarms:
        yield alarm_line(one, done.settings, zone)
    if not walked.alarms:
        yield _without_alarms(done)
    if walked.incidents:
        yield ""
        yield "Incidents:"
        yield from (incident_line(one, zone) for one in walked.incidents)
    yield ""
    yield from week_lines(done)
    yield from held_lines(done)
    if walked.noticed:
        yield f"Worth knowing, and nobody would have been told: {counted(len(walked.noticed), 'time')}."
    yield ASSUMED
    yield f"Times are {zone}."


def alarm_line(one: Alarm, settings: Settings, zone: ZoneInfo) -> str:
    """When, who, how bad, and why."""
    brand = brand_name(settings, one.signal.brand)
    return f"{clock(one.at, zone)}  {brand}  {one.severity}  {_NEWS[one.news]}: {one.signal.sentence}"


def incident_line(one: Replayed, zone: ZoneInfo) -> str:
    """What it was and how long it went on."""
    lasted = f"went on for {length(one.ebbed_at - one.opened_at)}" if one.ebbed_at else "still going on at the end"
    return f"  {one.number:>3}  {clock(one.opened_at, zone)}  {one.severity}  {one.title}; {lasted}"


def week_lines(done: Finished) -> Iterator[str]:
    """How many alarms and incidents a week, in all and of each brand that had any."""
    walked = done.walked
    yield f"{_totals(len(walked.incidents), len(walked.alarms), walked.weeks)} (in {walked.weeks:.1f} weeks)."
    for brand in done.settings.brands:
        alarms = sum(one.signal.brand == brand.id for one in walked.alarms)
        incidents = sum(one.brand == brand.id for one in walked.incidents)
        if alarms and len(done.settings.brands) > 1:
            yield f"  {brand.name}: {_totals(incidents, alarms, walked.weeks)}"


def held_lines(done: Finished) -> Iterator[str]:
    """What stood out and woke nobody, a line for each brand."""
    for brand in done.settings.brands:
        reasons = {reason: n for (of, reason), n in done.walked.held.most_common() if of == brand.id and n}
        if reasons:
            why = ", ".join(f"{reason_words(reason)} ({n:,})" for reason, n in reasons.items())
            yield f"Held, {brand.name}: {why}"


def brand_name(settings: Settings, brand_id: str) -> str:
    """The name of a brand, or its id where the settings do not know it."""
    return next((brand.name for brand in settings.brands if brand.id == brand_id), brand_id)


def length(lasted: timedelta) -> str:
    """A length of time: ``35 min``, ``3 h 10 min``, ``2 days 4 h``."""
    minutes = lasted // timedelta(minutes=1)
    if lasted < _HOUR:
        return f"{minutes} min"
    if lasted < 2 * _DAY:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{lasted.days} days {lasted.seconds // 3600} h"


def csv_row(one: Alarm) -> dict[str, object]:
    """An alarm for tables; times are UTC."""
    signal = one.signal
    return {
        "timestamp": one.at.isoformat(),
        "kind": signal.kind,
        "severity": one.severity.value,
        "brand": signal.brand,
        "news": one.news.value,
        "incident": one.incident,
        "category": signal.category,
        "window_minutes": signal.window.total_seconds() / 60,
        "observed": signal.observed,
        "expected": round(signal.expected, 1),
        "threshold": round(signal.threshold, 1),
        "people": signal.authors,
        "stories": signal.stories,
        "sentence": signal.sentence,
    }


COLUMNS = (
    *("timestamp", "kind", "severity", "brand", "news", "incident", "category", "window_minutes"),
    *("observed", "expected", "threshold", "people", "stories", "sentence"),
)


def _totals(incidents: int, alarms: int, weeks: float) -> str:
    rate = f"{alarms / weeks:.2f} alarms a week" if weeks else "no time at all"
    return f"{counted(incidents, 'incident')}, {counted(alarms, 'alarm')}; {rate}"


def _without_alarms(done: Finished) -> str:
    held = sum(done.walked.held.values())
    told = f"No alarm in {counted(done.mentions, 'mention')} of {done.walked.weeks:.1f} weeks."
    if held:
        return f"{told} What stood out was held, for the reasons below; --sensitivity high asks for less."
    first = min((buckets[0].start for buckets in done.buckets.values() if buckets), default=done.walked.since)
    if done.walked.until - first < LEARNING:
        return f"{told} It takes two days of past to say what is unusual; before that only an outcry by many counts."
    return f"{told} Nothing stood out from what is usual; --sensitivity high asks for less."
