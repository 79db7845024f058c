"""An incident at every stage of its life, and how tests ask what was decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from detection.signal import Reason, Signal, Verdict
from incidents.incident import Actor, Change, Incident, Opening, Refusal
from incidents.lifecycle import resolve
from incidents.ownership import acknowledge
from incidents.severity import assess
from incidents.waves import open_incident
from playbooks.checklist import checklist
from playbooks.library import load
from playbooks.playbook import ChecklistStep, Severity

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
LATER = OPENED + timedelta(minutes=8)
DANA, BEN = Actor("dana", "Dana Reyes"), Actor("ben", "Ben Ortiz")
PLAYBOOK = load("communication-crisis")
MILD = Signal(
    brand="northwind",
    kind="negative_wave",
    verdict=Verdict.FIRED,
    reason=Reason.ABOVE_BASELINE,
    observed=20,
    expected=2.0,
    threshold=8.0,
    window=timedelta(hours=1),
    at=OPENED,
    since=OPENED - timedelta(minutes=25),
    authors=18,
    loudest_share=0.1,
    sentence="18 people complained in the last hour; usually 2.",
)
VIRAL = replace(MILD, observed=84, authors=58, sentence="58 people complained in the last hour; usually 2.")


def opening(signal: Signal = MILD) -> Opening:
    return open_incident(
        signal, assess(signal), PLAYBOOK, DANA, "Northwind Air", OPENED, owned_because="Rule 2 applies."
    )


def opened(signal: Signal = MILD) -> Incident:
    return opening(signal).incident


def steps(*done: int) -> tuple[ChecklistStep, ...]:
    return tuple(
        replace(step, done_at=LATER, done_by="ben") if step.position in done else step
        for step in checklist(PLAYBOOK, Severity.SEV3, OPENED)
    )


def made(decision: Change | Refusal | None) -> Change:
    assert isinstance(decision, Change), decision
    return decision


def refused(decision: object) -> str:
    assert isinstance(decision, Refusal), decision
    return decision.text


ACKNOWLEDGED = made(acknowledge(opened(), DANA, LATER)).incident
RESOLVED = made(resolve(ACKNOWLEDGED, steps(), DANA, LATER)).incident
