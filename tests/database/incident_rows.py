"""An opening to store."""

from __future__ import annotations

from datetime import timedelta

from detection.signal import Reason, Signal, Verdict
from incidents.incident import Actor, Opening
from incidents.severity import assess
from incidents.waves import open_incident
from playbooks.library import load
from tests.installations import NOON


def signal(kind: str = "negative_wave", brand: str = "northwind", observed: int = 40) -> Signal:
    return Signal(
        brand=brand, kind=kind, verdict=Verdict.FIRED, reason=Reason.ABOVE_BASELINE, observed=observed, expected=2.0,
        threshold=9.0, window=timedelta(hours=1), at=NOON, since=NOON - timedelta(minutes=20), authors=observed,
        loudest_share=0.1, sentence="Many people complained.",
    )  # fmt: skip


def opening(kind: str = "negative_wave", brand: str = "northwind") -> Opening:
    raised = signal(kind, brand)
    playbook = load("communication-crisis")
    return open_incident(raised, assess(raised), playbook, Actor("dana", "Dana Reyes"), "Northwind Air", NOON)
