"""The incidents of a year, for bench_console.py: worked by two people, all but the last few to their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection
from stored_year import BRANDS, Burst  # type: ignore[import-not-found]  # beside this script

from database import incidents as store
from database import responses
from detection.signal import Reason, Signal, Verdict
from incidents import lifecycle, ownership, remarks, statements
from incidents.incident import Actor, Change, Refusal
from incidents.severity import assess
from incidents.statements import Draft, Publication
from incidents.steps import complete_step
from incidents.waves import open_incident
from playbooks.library import load
from playbooks.playbook import Playbook, StatementKind
from services.installation import Installation

DANA, LEE = Actor("dana", "Dana Reyes"), Actor("lee", "Lee Okafor")
# The newest are still open, one of each brand and kind at most.
OPEN, _KINDS = 8, ("negative_wave", "volume_wave")
_SIGNALS, _NOTES, _WORDS = 6, 12, "We are sorry. We are looking into it and will tell you more within the hour. " * 4


def fill_incidents(connection: Connection, inst: Installation, some: Sequence[Burst], now: datetime) -> None:
    """Open one for each burst, and work it."""
    playbook = load("communication-crisis")
    inst.playbooks.remember(connection, now)
    newest = {(one.brand, n % len(_KINDS)): n for n, one in enumerate(some)}
    left = sorted(newest.values())[-OPEN:]
    for number, burst in enumerate(some):
        _work(connection, burst, playbook, _KINDS[number % len(_KINDS)], ends=number not in left)


def _work(connection: Connection, burst: Burst, playbook: Playbook, kind: str, *, ends: bool) -> None:
    raised = [_signal(burst, kind, n) for n in range(_SIGNALS)]
    opening = open_incident(raised[0], assess(raised[0]), playbook, DANA, BRANDS[burst.brand][0].name, burst.at)
    number = store.add(connection, opening)
    for n, one in enumerate(raised):
        store.record_signal(connection, one, number, opened=not n, told=not n)
    case = _Case(connection, number, burst.at)
    case.do(ownership.acknowledge(case.incident, DANA, case.later()))
    for n in range(_NOTES):
        case.do(remarks.add_note(case.incident, LEE, f"Spoke with the operations desk, call {n}.", case.later()))
        if n < 6 or ends:  # noqa: PLR2004  # the first steps
            steps = responses.steps(connection, number)
            case.do(
                complete_step(case.incident, steps, n + 1, DANA, case.later(), evidence="https://example.com/proof")
            )
    for title in ("Holding statement", "First update", "Second update"):
        said = responses.statements(connection, number)
        case.do(statements.draft(case.incident, said, Draft(StatementKind.UPDATE, title, _WORDS), DANA, case.later()))
        said = responses.statements(connection, number)
        case.do(statements.approve(case.incident, said, len(said), LEE, case.later(), seen=1))
        said = responses.statements(connection, number)
        out = Publication(len(said), 1, next_at=case.later() + timedelta(hours=1))
        case.do(statements.publish(case.incident, said, out, DANA, case.later()))
    if ends:
        case.do(lifecycle.dismiss(case.incident, "It is over; nobody asks any more.", DANA, case.later()))


class _Case:
    """An incident as it stands, and the time that passes."""

    def __init__(self, connection: Connection, number: int, at: datetime) -> None:
        self._connection, self._at = connection, at
        self.incident = store.find(connection, number)

    def later(self) -> datetime:
        self._at += timedelta(minutes=2)
        return self._at

    def do(self, decided: Change | Refusal) -> None:
        if isinstance(decided, Change):
            store.change(self._connection, decided)
            self.incident = store.find(self._connection, self.incident.id or 0)


def _signal(burst: Burst, kind: str, number: int) -> Signal:
    return Signal(
        brand=burst.brand, kind=kind, verdict=Verdict.FIRED, reason=Reason.ABOVE_BASELINE, observed=60 + 20 * number,
        expected=4.0, threshold=15.0, window=timedelta(hours=1), at=burst.at + timedelta(minutes=5 * number),
        since=burst.at - timedelta(minutes=50), authors=50, loudest_share=0.05, sentence="Many people complain.",
    )  # fmt: skip
