"""Whether a signal that fired opens an incident, belongs to one, or is an echo of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from detection.signal import Signal
from incidents.incident import Incident

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
class Echo:
    """The signal still counts what an incident was resolved for; a new one would only repeat it."""

    resolved_at: datetime


def admit(signal: Signal, open_incidents: Sequence[Incident], last_resolved: Incident | None) -> Admit | Join | Echo:
    """Decide what a fired signal does.

    Waves of one brand are one issue: when people complain, the volume rises too, and two incidents with two owners
    for it would be the confusion that an incident is there to end. The open one of the signal's own kind takes it, else
    the oldest.

    Args:
        open_incidents: the unresolved incidents of the signal's brand.
        last_resolved: the incident of this brand that was resolved last, and not later than the signal: a clock that
            was ahead then must not silence the brand now.
    """
    if open_incidents:
        return Join(min(open_incidents, key=lambda incident: (incident.kind != signal.kind, incident.opened_at)))
    if last_resolved and last_resolved.resolved_at and _is_echo(signal, last_resolved, last_resolved.resolved_at):
        return Echo(last_resolved.resolved_at)
    return Admit()


def _is_echo(signal: Signal, resolved: Incident, resolved_at: datetime) -> bool:
    """Whether the window still reaches back before the resolution, and nothing much has come since."""
    recent = signal.at - signal.window < resolved_at <= signal.at
    return recent and signal.observed < ECHO_LIMIT * max(resolved.observed, 1)
