"""What a tick tells Prefect: the rows of its artifact, the events it emits, the sentence of its final state."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from detection.signal import Signal, Verdict
from services.settling import Evaluated
from services.ticking import TickReport

# Everything CommonMark gives a meaning (https://spec.commonmark.org/0.31.2/#backslash-escapes), and what would start
# a link on its own: problems may quote strangers, and Prefect's pages render tables as Markdown.
_MEANINGFUL = re.compile(r"""([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])""")
_LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event for Prefect's event feed, to which teams can tie automations.

    Attributes:
        resource: id of what it concerns, ``groundswell.brand.<id>`` or ``groundswell.incident.<id>``.
        related: ids of what else it concerns, by role.
        payload: the sentence and the figures behind it.
    """

    event: str
    resource: str
    payload: dict[str, Any]
    related: dict[str, str] = field(default_factory=dict)


def escaped(text: str) -> str:
    """A text as Markdown shows it literally, on one line and cut to 500 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > _LONGEST_CELL:
        line = f"{line[: _LONGEST_CELL - 3]}..."
    return _MEANINGFUL.sub(r"\\\1", line)


def rows(report: TickReport) -> list[dict[str, str | int]]:
    """The artifact's table: a row a source that was asked, then a row a signal that fired."""
    sources: list[dict[str, str | int]] = [
        {
            "source": escaped(one.source),
            "new mentions": one.new,
            "problem": escaped(" ".join(filter(None, (one.problem, one.remedy, one.postponed, *one.warnings)))),
            "signal": "",
        }
        for one in report.collected
    ]
    signals: list[dict[str, str | int]] = [
        {"source": "", "new mentions": "", "problem": "", "signal": escaped(one.signal.sentence)}
        for one in report.fired
    ]
    return sources + signals


def announcements(evaluated: Iterable[Evaluated]) -> tuple[Announcement, ...]:
    """An event for each spike, at every tick that sees it, and one for each incident, when it is opened."""
    told: list[Announcement] = []
    for one in evaluated:
        if one.signal.verdict is not Verdict.FIRED:
            continue
        brand = f"groundswell.brand.{one.signal.brand}"
        payload = _figures(one.signal) | {"incident": one.incident_id}
        told.append(Announcement("groundswell.spike", brand, payload))
        if one.opened:
            incident = f"groundswell.incident.{one.incident_id}"
            told.append(Announcement("groundswell.incident.opened", incident, payload, {"brand": brand}))
    return tuple(told)


def summary(report: TickReport) -> str:
    """The tick in one line."""
    parts = [
        f"sources asked: {len(report.collected)}" + (f", {len(report.failed)} failing" if report.failed else ""),
        f"new mentions: {sum(one.new for one in report.collected)}",
        f"signals: {len(report.fired)}",
        f"mails sent: {report.delivered.sent}"
        + (f", {report.delivered.failed} not" if report.delivered.failed else ""),
    ]
    return "; ".join(parts)


def _figures(signal: Signal) -> dict[str, Any]:
    return {
        "sentence": signal.sentence,
        "brand": signal.brand,
        "kind": signal.kind,
        "observed": signal.observed,
        "expected": round(signal.expected, 2),
        "threshold": round(signal.threshold, 2),
        "window_seconds": int(signal.window.total_seconds()),
        "at": signal.at.isoformat(),
        "since": signal.since.isoformat() if signal.since else None,
        "authors": signal.authors,
        "loudest_share": round(signal.loudest_share, 3),
    }
