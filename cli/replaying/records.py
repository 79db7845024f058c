"""What a replay of mentions found, for programs: times are ISO 8601 in UTC, null where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cli.replaying.output import remark_record
from cli.replaying.telling import csv_row
from detection.signal import Signal
from services.replay.comparing import Compared
from services.replay.replaying import Finished
from services.replay.walking import Alarm, Replayed


def record_of(done: Finished) -> dict[str, Any]:
    """A replay."""
    walked = done.walked
    loaded = done.loaded
    return {
        "since": walked.since.isoformat(),
        "until": walked.until.isoformat(),
        "weeks": round(walked.weeks, 2),
        "rows": loaded.counts.rows if loaded else None,
        "mentions": done.mentions,
        "alarms": [alarm_record(one) for one in walked.alarms],
        "incidents": [_incident(one) for one in walked.incidents],
        "held": [
            {"brand": brand, "reason": str(reason), "times": times}
            for (brand, reason), times in sorted(walked.held.items())
            if times
        ],
        "noticed": [_noticed(one) for one in walked.noticed],
        "a_week": {brand.id: _a_week(done, brand.id) for brand in done.settings.brands if not brand.competitor},
        "remarks": [remark_record(one) for one in loaded.remarks] if loaded else [],
    }


def alarm_record(one: Alarm) -> dict[str, Any]:
    """An alarm; ``beyond`` is how unlikely it was, 1 is where news begins."""
    return {**csv_row(one), "beyond": round(one.signal.beyond, 2), "learning": one.signal.learning}


def compared_record(first: Finished, other: Finished, compared: Compared) -> dict[str, Any]:
    """Two replays side by side."""
    return {
        "first": record_of(first),
        "other": record_of(other),
        "both": [{"first": alarm_record(one), "other": alarm_record(two)} for one, two in compared.both],
        "only_first": [alarm_record(one) for one in compared.only_first],
        "only_other": [alarm_record(one) for one in compared.only_other],
    }


def _incident(one: Replayed) -> dict[str, Any]:
    return {
        "number": one.number,
        "brand": one.brand,
        "kind": one.kind,
        "title": one.title,
        "severity": one.severity.value,
        "opened_at": _time(one.opened_at),
        "ebbed_at": _time(one.ebbed_at),
        "resolved_at": _time(one.resolved_at),
    }


def _noticed(one: Signal) -> dict[str, Any]:
    return {"timestamp": _time(one.at), "brand": one.brand, "kind": one.kind, "sentence": one.sentence}


def _a_week(done: Finished, brand: str) -> Mapping[str, float]:
    walked = done.walked
    alarms = sum(one.signal.brand == brand for one in walked.alarms)
    incidents = sum(one.brand == brand for one in walked.incidents)
    return {"alarms": _rate(alarms, walked.weeks), "incidents": _rate(incidents, walked.weeks)}


def _rate(number: int, weeks: float) -> float:
    return round(number / weeks, 2) if weeks else 0.0


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
