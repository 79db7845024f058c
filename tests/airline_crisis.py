"""An airline's bad afternoon, as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.incident import EventKind, Incident, Status, TimelineEvent
from incidents.promises import Promised
from playbooks.playbook import ChecklistStep, Clocks, Severity
from reports.review.record import Figures, Material, Record
from reports.wave import ChartPoint, Mark, WaveChart
from voices.crowd import Crowd

BERLIN = ZoneInfo("Europe/Berlin")
OPENED = datetime(2026, 5, 12, 12, 20, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
COUNTS = (5, 6, 4, 9, 38, 84, 96, 91, 70, 66, 52, 41, 30, 22, 15, 11, 9, 7, 6, 5, 8, 6, 5, 4)
CLOCKS = {
    severity: Clocks(timedelta(minutes=acknowledge), timedelta(minutes=public), None)
    for severity, acknowledge, public in (
        (Severity.SEV1, 15, 20),
        (Severity.SEV2, 30, 60),
        (Severity.SEV3, 60, 240),
        (Severity.SEV4, 240, 1440),
    )
}
NAMES = {"ana": "Ana Sousa", "jo": "Jo Rivera", "kim": "Kim Okafor"}


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, as far as a review tells of it."""

    kind: str
    title: str
    text: str
    published_at: datetime | None
    url: str | None
    author: str
    approved_by: str | None


def after(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def happened(minutes: float, kind: EventKind, actor: str, text: str, **facts: str) -> TimelineEvent:
    return TimelineEvent(after(minutes), kind, actor, text, facts)


def step(position: int, title: str, due: float, done: float | None, by: str = "jo") -> ChecklistStep:
    done_at = None if done is None else after(done)
    role = "comms lead"
    return ChecklistStep(
        position, f"s{position}", title, "", "", role, "", after(due), done_at, by if done_at else None
    )


def incident(**changes: object) -> Incident:
    given: dict[str, object] = {
        "id": 42,
        "brand": "northwind",
        "kind": "negative_wave",
        "title": "Northwind Air: many people are complaining",
        "severity": Severity.SEV2,
        "status": Status.RESOLVED,
        "owner": "kim",
        "why": "84 complaints an hour.",
        "playbook": "communication-crisis",
        "playbook_version": "1",
        "opened_at": OPENED,
        "acknowledge_by": after(30),
        "acknowledged_at": after(4),
        "resolved_at": after(400),
    }
    return Incident(**{**given, **changes})  # type: ignore[arg-type]  # a test names only what it is about


def crisis_record() -> Record:
    return Record(
        incident=incident(),
        events=(
            happened(
                0, EventKind.OPENED, "groundswell", "84 complaints an hour, usually 6.", since=after(-12).isoformat()
            ),
            happened(0, EventKind.SEVERITY, "groundswell", "Set to SEV3.", severity="SEV3", reason="40 people."),
            happened(0, EventKind.HANDED_OVER, "groundswell", "Jo Rivera owns it.", owner="jo"),
            happened(1, EventKind.ALERTED, "groundswell", "Told Jo Rivera by mail."),
            happened(4, EventKind.ACKNOWLEDGED, "jo", "Jo Rivera has it.", owner="jo"),
            happened(
                20,
                EventKind.SEVERITY,
                "jo",
                "Jo Rivera changed the severity from SEV3 to SEV2: the trade press has called.",
                severity="SEV2",
                previous_severity="SEV3",
                reason="the trade press has called",
            ),
            happened(
                58, EventKind.NOTE, "ana", "Crew rostering went down at 14:05; the second system did not take over."
            ),
            happened(72, EventKind.STEP_DONE, "jo", "Jo Rivera completed step 3: Publish a holding statement."),
            happened(190, EventKind.HANDED_OVER, "jo", "Jo Rivera handed it over to Kim Okafor.", owner="kim"),
            happened(330, EventKind.EBBED, "groundswell", "The wave has ebbed."),
            happened(400, EventKind.RESOLVED, "kim", "Kim Okafor resolved it with 1 of 5 steps left open."),
        ),
        steps=(
            step(1, "Verify what happened and set the severity", 30, 20),
            step(2, "Pause scheduled posts and advertising", 45, 44),
            step(3, "Publish a holding statement", 60, 72),
            step(4, "Brief your own people before they read it elsewhere", 90, 80, "ana"),
            step(5, "Review, and fix the cause", 390, None),
        ),
        clocks=CLOCKS,
        now=after(1500),
    )


def crisis(record: Record | None = None) -> Material:
    return Material(
        record=record or crisis_record(),
        brand="Northwind Air",
        names=NAMES,
        time_zone=BERLIN,
        wave=WaveChart(
            title="",
            points=tuple(
                ChartPoint(after(-80) + number * QUARTER, seen, 5.5, int(seen * 0.8))
                for number, seen in enumerate(COUNTS)
            ),
            expected_high=12.0,
            marks=(Mark(OPENED, "Alarm"),),
            time_zone=BERLIN,
        ),
        figures=Figures(Crowd(630, 412, 19, 380), Crowd(504, 330, 9, 300), 1_204_000),
        statements=(
            Said(
                "holding",
                "Holding statement",
                "We are rebooking everybody whose flight was cancelled today.\nThe next word from us comes at 16:30.",
                after(72),
                "https://northwind.example/news/12",
                "jo",
                "ana",
            ),
        ),
        promises=(Promised("public", after(132), after(130)), Promised("public", after(190), after(204))),
        category="Service failure",
        playbook="Communication crisis",
    )
