"""What has to hold of incidents after any number of sudden deaths: every action is there whole, or not at all.

The rows of the timeline say what was done. From them alone it is worked out here what everything else has to be, and
which letters have to be in the outbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection, select

from alerts.incident_alert import LetterKind
from alerts.mime import message_id
from database import incidents as store
from database import responses
from database.detection_tables import MarkRow
from database.reading_signals import alarms_of
from database.tables import OutboxRow
from incidents.incident import EventKind, Incident, Statement, TimelineEvent
from playbooks.playbook import Severity
from services.announcing import route
from services.installation import Installation, install
from settings.model import Person
from tests.console.seeding import open_incident
from tests.installations import DANA, LEE, settings

PEOPLE = ("dana", "lee", "mara")
KINDS_OF_SIGNAL = ("negative_wave", "volume_wave")
_MARA = Person(id="mara", name="Mara Lind", email="mara@example.com", role="legal counsel")
_OWNING = {EventKind.ACKNOWLEDGED, EventKind.HANDED_OVER, EventKind.REOPENED}
_ENDING = {EventKind.RESOLVED, EventKind.DISMISSED, EventKind.MERGED}
_TICKED = {EventKind.STEP_DONE: "done", EventKind.STEP_SKIPPED: "skipped", EventKind.STEP_UNDONE: "open"}


def team_of_three(folder: Path, database: str) -> Installation:
    """An installation by the clock of the machine."""
    return install(settings(folder, people=(DANA, LEE, _MARA), database=SecretStr(database)))


def keep_open(inst: Installation) -> None:
    """Open an incident of each kind that none is open of."""
    with inst.database.reading() as connection:
        known = {one.kind for one in store.every_open(connection)}
    for kind in KINDS_OF_SIGNAL:
        if kind not in known:
            open_incident(inst, kind)


@dataclass
class Told:
    """What an incident has to be by its timeline."""

    inst: Installation
    start: Incident
    owner: str
    severity: Severity
    changes: int = 0
    offered_to: str | None = None
    merged_into: int | None = None
    over: bool = False
    dismissed: bool = False
    public: bool = False
    steps: dict[int, str] = field(default_factory=dict)
    approved: set[int] = field(default_factory=set)
    tasks: dict[int, str] = field(default_factory=dict)
    statements: dict[int, str] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    followers: set[str] = field(default_factory=set)
    review: int = 0
    letters: set[str] = field(default_factory=set)

    def change(self, rows: Sequence[TimelineEvent]) -> None:
        """The rows of one action."""
        self.changes += 1
        for row in rows:
            before = self.severity
            self._row(row)
            self._letters(row, before)

    def _row(self, row: TimelineEvent) -> None:
        facts = row.facts
        if row.kind in _OWNING:
            self.owner, self.offered_to, self.over = facts["owner"], None, False
            self.dismissed &= row.kind is not EventKind.REOPENED  # the marks of a dismissal go with it
        elif row.kind is EventKind.OFFERED:
            self.offered_to = facts["offered_to"]
        elif row.kind is EventKind.DECLINED:
            self.offered_to = None
        elif row.kind is EventKind.RESPONDING:
            self.over = False
        elif row.kind in _ENDING and "from" not in facts:
            self.over, self.offered_to = True, None
            self.dismissed |= row.kind is EventKind.DISMISSED
            self.merged_into = int(facts["into"]) if "into" in facts else None
        elif row.kind is EventKind.SEVERITY:
            self.severity = Severity(facts["severity"])
        elif row.kind is EventKind.FOLLOWED:
            (self.followers.add if facts["did"] == "joined" else self.followers.discard)(facts["person"])
        elif row.kind is EventKind.REVIEWED:
            self.review += facts["did"] == "written"
        else:
            self._work(row)

    def _work(self, row: TimelineEvent) -> None:
        facts = row.facts
        self.public |= "first_public_at" in facts
        if row.kind in _TICKED:
            self.steps[int(facts["position"])] = _TICKED[row.kind]
        elif row.kind is EventKind.STEP_APPROVED:
            self.approved.add(int(facts["position"]))
        elif row.kind is EventKind.TASK:
            self.tasks[int(facts["task"])] = "done" if facts["did"] == "done" else "open"
        elif row.kind is EventKind.STATEMENT:
            number = int(facts["statement"])
            self.statements[number] = {"edited": "drafted"}.get(facts["did"], facts["did"])
            self.versions[number] = self.versions.get(number, 0) + (facts["did"] in {"drafted", "edited"})
            self.public |= facts["did"] == "published"

    def _letters(self, row: TimelineEvent, before: Severity) -> None:
        if row.kind is EventKind.OFFERED:
            self._letter(LetterKind.OFFERED, row.facts["offered_to"])
        elif row.kind is EventKind.DECLINED and row.actor != self.owner:
            self._letter(LetterKind.DECLINED, self.owner)
        elif row.kind is EventKind.UPDATE and row.facts["audience"] == "internal":
            for person in {*self._routed(), *self.followers} - {row.actor}:
                self._letter(LetterKind.UPDATE, person)
        elif self.severity.rank < before.rank:
            for person in self._routed():
                self._letter(LetterKind.RAISED, person)

    def _routed(self) -> tuple[str, ...]:
        where = (self.start.brand, self.start.kind, self.severity, self.owner)
        return route(self.inst.settings.routing, *where).notify

    def _letter(self, kind: LetterKind, person: str) -> None:
        named = f"{kind}-{self.changes + 1}"
        opened_at = self.start.opened_at
        self.letters.add(message_id(self.start.id or 0, named, person, "example.com", opened_at=opened_at))


def halves(inst: Installation) -> list[str]:
    """Everything of which there is only a half, or twice as much as was done; empty where all is whole."""
    with inst.database.reading() as connection:
        letters: set[str] = set()
        found: list[str] = []
        for incident in store.all_opened(connection):
            told = _told(connection, inst, incident)
            letters |= told.letters
            found += [f"incident {incident.id}: {one}" for one in _differences(connection, incident, told)]
        posted = list(connection.execute(select(OutboxRow.message_id)).scalars())
    found += [f"{len(letters - {*posted})} letters are missing"] * bool(letters - {*posted})
    return found + [f"{len({*posted} - letters)} letters tell of nothing"] * bool({*posted} - letters)


def _told(connection: Connection, inst: Installation, incident: Incident) -> Told:
    rows = store.timeline(connection, incident.id or 0)
    told = Told(inst, incident, "dana", _first_severity(rows))
    # The rows of one action bear the same moment, and no two actions do.
    for at, group in groupby(rows, key=lambda row: row.at):
        if at != incident.opened_at:
            told.change(tuple(group))
    return told


def _first_severity(rows: Sequence[TimelineEvent]) -> Severity:
    return next(Severity(row.facts["severity"]) for row in rows if row.kind is EventKind.SEVERITY)


def _differences(connection: Connection, incident: Incident, told: Told) -> Iterator[str]:
    pairs = {
        "changes": (incident.version - 1, told.changes),
        "owner": (incident.owner, told.owner),
        "offered to": (incident.offered_to, told.offered_to),
        "severity": (incident.severity, told.severity),
        "over": (incident.ended, told.over),
        "public": (incident.first_public_at is not None, told.public),
        "merged into": (incident.merged_into, told.merged_into),
        "taken over by the other": (_taken(connection, incident), told.merged_into is not None),
        **_work(connection, incident.id or 0, told),
    }
    for what, (there, wanted) in pairs.items():
        if there != wanted:
            yield f"{what} is {there!r} and has to be {wanted!r}"


def _work(connection: Connection, number: int, told: Told) -> dict[str, tuple[object, object]]:
    steps = responses.steps(connection, number)
    words = responses.statements(connection, number)
    review = responses.review(connection, number)
    kept = {one.number: len(responses.versions(connection, number, one.number)) for one in words}
    readers = {one.person for one in responses.followers(connection, number) if one.until is None}
    tasks = {one.number: _state(one.done_at, "") for one in responses.tasks(connection, number)}
    return {
        "steps": ({step.position: _state(step.done_at, step.skipped) for step in steps}, _all_steps(told.steps)),
        "approved": ({step.position for step in steps if step.approved_at}, told.approved),
        "tasks": (tasks, told.tasks),
        "statements": ({one.number: _stands(one) for one in words}, told.statements),
        "versions": ({one.number: one.version for one in words}, told.versions),
        "kept versions": (kept, told.versions),
        "followers": (readers, told.followers),
        "review": (review.version if review else 0, told.review),
        "marks": (_marked(connection, number), told.dismissed),
    }


def _stands(one: Statement) -> str:
    return "published" if one.published_at else "approved" if one.approved_at else "drafted"


def _state(done_at: object, skipped: str) -> str:
    return "open" if done_at is None else "skipped" if skipped else "done"


def _all_steps(ticked: dict[int, str]) -> dict[int, str]:
    return {**dict.fromkeys(range(1, 9), "open"), **ticked}


def _taken(connection: Connection, incident: Incident) -> bool:
    """Whether another incident says that this one became a part of it."""
    others = (one for one in store.all_opened(connection) if one.id != incident.id)
    rows = (row for one in others for row in store.timeline(connection, one.id or 0))
    return any(row.kind is EventKind.MERGED and row.facts.get("from") == str(incident.id) for row in rows)


def _marked(connection: Connection, number: int) -> bool:
    alarms = alarms_of(connection, number)
    marked = connection.execute(select(MarkRow.signal_id).where(MarkRow.signal_id.in_(alarms))).scalars().all()
    return sorted(alarms) == sorted(one for one in marked if one is not None)
