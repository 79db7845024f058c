"""Whether a signal that fired opens an incident, belongs to one, wakes one, or is an echo of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from detection.signal import Signal
from incidents.incident import Incident, Status

# From twice as many mentions as it was resolved for, it is no echo any more.
ECHO_LIMIT = 2


@dataclass(frozen=True, slots=True)
class Admit:
    """The signal opens an incident."""


@dataclass(frozen=True, slots=True)
class Join:
    """The signal is the issue of an open incident."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class Wake:
    """The signal is the issue of an incident that was resolved a while ago: it was not over."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class Echo:
    """The signal still counts what an incident was resolved for; a new one would only repeat it."""

    resolved_at: datetime


def admit(
    signal: Signal, open_incidents: Sequence[Incident], last_resolved: Incident | None, reopen_within: timedelta
) -> Admit | Join | Wake | Echo:
    """Decide what a fired signal does.

    Waves of one brand are one issue: when people complain, the volume rises too, and two incidents with two owners
    for it would be the confusion that an incident is there to end. The open one of the signal's own kind takes it, else
    the oldest.

    Args:
        open_incidents: the unresolved incidents of the signal's brand.
        last_resolved: the incident of this brand that was resolved or dismissed last, and not later than now: a clock
            that was ahead then must not silence the brand now. One that was dismissed as noise is not woken.
        reopen_within: how long after it was resolved an incident is woken by what looks like the same.
    """
    if open_incidents:
        return Join(min(open_incidents, key=lambda incident: (incident.kind != signal.kind, incident.opened_at)))
    if last_resolved is None or last_resolved.resolved_at is None:
        return Admit()
    if _is_echo(signal, last_resolved, last_resolved.resolved_at):
        return Echo(last_resolved.resolved_at)
    if last_resolved.status is not Status.DISMISSED and signal.at - last_resolved.resolved_at <= reopen_within:
        return Wake(last_resolved)
    return Admit()


def _is_echo(signal: Signal, resolved: Incident, resolved_at: datetime) -> bool:
    """Whether the window still reaches back before the resolution, and nothing much has come since."""
    recent = signal.at - signal.window < resolved_at
    return recent and signal.hourly < ECHO_LIMIT * max(resolved.observed, 1)
