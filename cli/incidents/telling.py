"""What is true of an incident now, in the console's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from console import wording
from incidents.incident import Incident
from playbooks.checklist import current
from playbooks.playbook import ChecklistStep
from services.installation import Installation


@dataclass(frozen=True, slots=True)
class Words:
    """How to tell one person, who may not have said who they are, of people and times."""

    inst: Installation
    now: datetime
    you: str | None = None

    def person(self, person: str | None) -> str:
        """The name of a person; the system has one, too."""
        known = {"groundswell": "Groundswell", **self.inst.names}
        return known.get(person or "", person or "somebody")

    def clock(self, at: datetime) -> str:
        """``14:30``, with the day where it is another one; in the team's zone."""
        return wording.clock(at, self.now, self.inst.settings.time_zone)

    def due(self, at: datetime) -> str:
        """``due in 12 min (14:30)`` or ``late by 4 min (14:14)``."""
        return f"{wording.due(at, self.now)} ({self.clock(at)})"

    def in_short(self, incident: Incident, steps: Sequence[ChecklistStep]) -> str:
        """Who has it, what is next and until when: two sentences."""
        told = " ".join(self._sentences(incident, steps))
        return f"DRILL. {told}" if incident.drill else told

    def has_it(self, incident: Incident) -> str:
        """Who has it, and whether somebody is asked to take it over."""
        whom = "You" if incident.owner == self.you else self.person(incident.owner)
        verbs = ("have", "own") if whom == "You" else ("has", "owns")
        if incident.acknowledged_at is None:
            by = self.due(incident.acknowledge_by)
            return f"{whom} {verbs[1]} it and {verbs[0]} not acknowledged it, {by}{self._asked(incident)}."
        return f"{whom} {verbs[0]} it{self._asked(incident)}."

    def next_step(self, incident: Incident, steps: Iterable[ChecklistStep]) -> str:
        """The step to be done now and until when."""
        step = current(steps)
        if incident.ended and step:
            left = sum(one.done_at is None for one in steps)
            return f"{wording.plural(left, 'step', 'steps')} left open"
        return f"step {step.position}, {step.title}, {self.due(step.due_at)}" if step else "every step is done"

    def promises(self, incident: Incident) -> Iterator[tuple[str, str]]:
        """What the public and those inside wait for: ``("Public update", "promised for 14:30, due in 12 min")``."""
        if incident.ended:
            return
        if incident.first_public_at is None and incident.first_public_by:
            yield "First public answer", self.due(incident.first_public_by)
        elif incident.update_due_at:
            yield "Public update", self._promised(incident.update_due_at)
        if incident.briefing_due_at:
            yield "Internal update", self._promised(incident.briefing_due_at)

    def _promised(self, at: datetime) -> str:
        return f"promised for {self.clock(at)}, {wording.due(at, self.now)}"

    def _asked(self, incident: Incident) -> str:
        if not incident.offered_to:
            return ""
        whom = "you are" if incident.offered_to == self.you else f"{self.person(incident.offered_to)} is"
        return f"; {whom} asked to take it over"

    def _sentences(self, incident: Incident, steps: Sequence[ChecklistStep]) -> Iterator[str]:
        if incident.merged_into:
            yield f"Incident {incident.id} is a part of incident {incident.merged_into}, where the work goes on."
        elif incident.resolved_at:
            status = wording.STATUSES[incident.status].lower()
            yield f"Incident {incident.id} is {status} since {self.clock(incident.resolved_at)}."
        else:
            yield self.has_it(incident)
            yield f"Next: {self.next_step(incident, steps)}."
