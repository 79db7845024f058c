"""All that is on the page of one incident, read in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row

from database import incidents, reading, responses
from database.corrections import corrected
from database.proposals import proposals_of
from database.reading import Figures
from incidents.incident import EventKind, Follower, Incident, Statement, Task, TimelineEvent
from incidents.proposals import Proposal, standing, words_of, would
from incidents.reports import report_in
from incidents.severity import COMPLAINTS
from incidents.statements import needs_second
from playbooks.checklist import current
from playbooks.playbook import ChecklistStep, Playbook, StatementTemplate
from playbooks.statements import blanks, offered
from sentiment.score import Label
from services.installation import Installation
from services.leading import leading_told
from services.proposal_records import proposed_for
from services.speaking import Wave
from voices.crowd import SilentCustomers

Hear = Callable[[Wave, datetime, str], tuple[Row[Any], ...]]
# What the timeline can be narrowed to.
SHOWN: Mapping[str, frozenset[EventKind]] = MappingProxyType(
    {
        "checklist": frozenset(
            {
                EventKind.STEP_DONE,
                EventKind.STEP_UNDONE,
                EventKind.STEP_SKIPPED,
                EventKind.STEP_APPROVED,
                EventKind.TASK,
                EventKind.PLAYBOOK,
            }
        ),
        "words": frozenset({EventKind.STATEMENT, EventKind.UPDATE, EventKind.NOTE, EventKind.CORRECTED}),
        "wave": frozenset(
            {EventKind.OPENED, EventKind.JOINED, EventKind.EBBED, EventKind.SEVERITY, EventKind.REOPENED}
        ),
        "mails": frozenset({EventKind.ALERTED, EventKind.ALERT_FAILED}),
    }
)


@dataclass(frozen=True, slots=True)
class Worded:
    """Words for the public with their versions, the newest first, and what in them is still to be filled in."""

    statement: Statement
    versions: tuple[Row[Any], ...]
    blanks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a program proposes, in a sentence.

    Attributes:
        words: what would be written, empty where nothing is.
    """

    proposal: Proposal
    would: str
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The playbook that an incident follows.

    Attributes:
        offered: templates of statements that are meant for it.
        cadence: how long the public waits for the next word at most, None where nothing is asked.
        newer: the playbook has changed since.
        needs_second: somebody else has to approve before anything goes out.
    """

    playbook: Playbook
    offered: tuple[StatementTemplate, ...]
    cadence: timedelta | None
    newer: bool
    needs_second: bool

    def title_of(self, key: str) -> str:
        """The title of a statement of the playbook."""
        return next((one.title for one in self.playbook.statements if one.key == key), key)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is on the page of one incident.

    Attributes:
        present: the step to be done now, None once all are.
        about: what kind of trouble most posts tell of, a sentence; empty where none stands out.
        timeline: newest first.
        voices: posts that stand for many, the most central first.
        statements: the newest first.
        silent: an estimate of those who think so and say nothing, None where nobody complained.
        others: open incidents of the same brand, that it could become a part of.
        proposed: what programs propose and nobody has answered, the first one first.
    """

    incident: Incident
    steps: tuple[ChecklistStep, ...]
    figures: Figures | None
    about: str
    timeline: tuple[TimelineEvent, ...]
    voices: tuple[Row[Any], ...]
    tasks: tuple[Task, ...]
    statements: tuple[Worded, ...]
    followers: tuple[Follower, ...]
    plan: Plan
    silent: SilentCustomers | None
    others: tuple[Incident, ...]
    proposed: tuple[Proposed, ...]

    @property
    def present(self) -> ChecklistStep | None:
        """The step to be done now, None once all are."""
        return current(self.steps)

    @property
    def corrections(self) -> Mapping[int, TimelineEvent]:
        """What was corrected, by the number of the row that was wrong; the newest correction counts."""
        rows = (event for event in reversed(self.timeline) if event.kind is EventKind.CORRECTED)
        return {int(event.facts["corrects"]): event for event in rows}

    @property
    def reports(self) -> tuple[TimelineEvent, ...]:
        """What people told us of it, newest first."""
        return tuple(event for event in self.timeline if report_in(event.facts))

    @property
    def done(self) -> int:
        """Steps done or skipped."""
        return sum(step.done_at is not None for step in self.steps)

    def rows(self, show: str) -> tuple[TimelineEvent, ...]:
        """The timeline, narrowed to a key of :data:`SHOWN`; all of it for anything else."""
        kinds = SHOWN.get(show)
        return tuple(event for event in self.timeline if event.kind in kinds) if kinds else self.timeline

    def followed_by(self, person: str) -> bool:
        """Whether somebody reads along."""
        return any(one.person == person for one in self.followers)


def desk_of(
    connection: Connection,
    inst: Installation,
    incident_id: int,
    now: datetime,
    hear: Hear,
) -> Desk:
    """The desk of an incident.

    Args:
        hear: posts that stand for many, of a wave up to a moment; the word changes with what people correct.

    Raises:
        UnknownIncidentError: there is none with this number.
    """
    found = incidents.find(connection, incident_id)
    figures = reading.figures(connection, found)
    since, until = _window(found, figures, now)
    label = Label.NEGATIVE if found.kind == COMPLAINTS else None
    return Desk(
        incident=found,
        steps=responses.steps(connection, incident_id),
        figures=figures,
        about=leading_told(connection, inst, found.brand, since, until, label=label),
        timeline=incidents.timeline(connection, incident_id)[::-1],
        voices=hear(Wave(found.brand, found.kind, since), until, corrected(connection)),
        tasks=responses.tasks(connection, incident_id),
        statements=_worded(connection, incident_id),
        followers=tuple(one for one in responses.followers(connection, incident_id) if one.until is None),
        plan=_plan(connection, inst, found),
        silent=_silent(inst, found, figures),
        others=tuple(one for one in incidents.all_open(connection, found.brand) if one.id != incident_id),
        proposed=_proposed(connection, inst, found, now),
    )


def _window(found: Incident, figures: Figures | None, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the rise to the end of the incident."""
    since = (figures and figures.since) or found.opened_at - timedelta(hours=1)
    return min(since, found.opened_at), found.resolved_at or now


def _worded(connection: Connection, incident_id: int) -> tuple[Worded, ...]:
    found = responses.statements(connection, incident_id)
    return tuple(
        Worded(one, responses.versions(connection, incident_id, one.number)[::-1], blanks(one.text))
        for one in reversed(found)
    )


def _proposed(connection: Connection, inst: Installation, found: Incident, now: datetime) -> tuple[Proposed, ...]:
    still = standing(proposals_of(connection, found.id or 0), found, now)
    if not still:
        return ()
    around = proposed_for(connection, inst, found.id or 0).around
    return tuple(Proposed(one, would(one.what, around), words_of(one.what)) for one in still)


def _plan(connection: Connection, inst: Installation, found: Incident) -> Plan:
    playbook = inst.playbooks.of(connection, found.playbook, found.playbook_version)
    now_in_force = inst.playbooks.shelf(connection).playbooks.get(found.playbook)
    return Plan(
        playbook=playbook,
        offered=offered(playbook, found.severity, found.category, found.real_brand),
        cadence=playbook.clocks[found.severity].update_every,
        newer=not found.ended and now_in_force is not None and now_in_force.version != found.playbook_version,
        needs_second=needs_second(found.severity),
    )


def _silent(inst: Installation, found: Incident, figures: Figures | None) -> SilentCustomers | None:
    if figures is None or found.kind != COMPLAINTS or not figures.authors:
        return None
    return SilentCustomers(figures.authors, inst.settings.silent_customers)
