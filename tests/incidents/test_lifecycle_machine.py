"""No sequence of actions, by anybody and at any time of any clock, breaks what an incident promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from detection.signal import Reason, Signal, Verdict
from incidents import lifecycle, ownership, remarks, steps, waves
from incidents.incident import SYSTEM, Actor, Change, EventKind, Opening, Refusal, Status
from incidents.severity import Assessment, assess
from playbooks.checklist import reclock
from playbooks.library import load
from playbooks.playbook import ChecklistStep, Severity

PLAYBOOK = load("communication-crisis")
OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
PEOPLE = [Actor("dana", "Dana Reyes"), Actor("ben", "Ben Ortiz"), Actor("cleo", "Cleo Park")]

people = st.sampled_from(PEOPLE)
reasons = st.sampled_from(["", "The press called."])
positions = st.integers(0, len(PLAYBOOK.steps) + 1)
moments = st.timedeltas(timedelta(hours=-2), timedelta(days=8)).map(OPENED.__add__)
signals = st.builds(
    Signal,
    brand=st.just("northwind"),
    kind=st.just("negative_wave"),
    verdict=st.just(Verdict.FIRED),
    reason=st.just(Reason.ABOVE_BASELINE),
    observed=st.integers(0, 3000),
    expected=st.floats(0, 100),
    threshold=st.just(8.0),
    window=st.just(timedelta(hours=1)),
    at=moments,
    since=st.none(),
    authors=st.integers(0, 200),
    loudest_share=st.floats(0, 1),
    sentence=st.just("Many people complained."),
)


class IncidentMachine(RuleBasedStateMachine):
    """Applies every decision as a store would, and remembers all rows."""

    @initialize(signal=signals, owner=people)
    def start(self, signal: Signal, owner: Actor) -> None:
        opening: Opening = waves.open_incident(signal, assess(signal), PLAYBOOK, owner, "Northwind Air", OPENED)
        self.incident = opening.incident
        self.steps = opening.steps
        self.timeline = list(opening.events)
        self.changes = 0

    def apply(self, decision: Change | Refusal | None) -> None:
        if isinstance(decision, Change):
            changed = {step.position: step for step in decision.also if isinstance(step, ChecklistStep)}
            self.steps = tuple(changed.get(step.position, step) for step in self.steps)
            before, self.incident = self.incident, decision.incident
            self.timeline += decision.events
            self.changes += 1
            assert self.incident.version == before.version + 1
            if self.incident.severity_by == SYSTEM.id:
                assert self.incident.severity.rank <= before.severity.rank
            if decision.event.kind is not EventKind.REOPENED:
                if self.incident.severity_by == SYSTEM.id:
                    assert self.incident.acknowledge_by <= before.acknowledge_by
                assert before.acknowledged_at in {None, self.incident.acknowledged_at}
                assert before.resolved_at in {None, self.incident.resolved_at}
            if self.incident.severity != before.severity:
                self.steps = reclock(self.steps, PLAYBOOK, self.incident.severity, self.incident.opened_at)
        elif isinstance(decision, Refusal):
            assert decision.text

    @rule(signal=signals, now=moments, worst=st.booleans())
    def joins(self, signal: Signal, now: datetime, *, worst: bool) -> None:
        assessment = Assessment(Severity.SEV1, "Somebody was hurt.") if worst else assess(signal)
        self.apply(waves.join(self.incident, signal, assessment, PLAYBOOK, now))
        assert waves.join(self.incident, signal, assessment, PLAYBOOK, now) is None

    @precondition(lambda self: self.incident.status is Status.RESOLVED)
    @rule(signal=signals, now=moments)
    def wakes(self, signal: Signal, now: datetime) -> None:
        owner = self.incident.owner
        self.apply(waves.wake(self.incident, signal, assess(signal), PLAYBOOK, now))
        assert (self.incident.status, self.incident.owner) == (Status.OPEN, owner)

    @rule(now=moments)
    def ebbs(self, now: datetime) -> None:
        self.apply(waves.ebb(self.incident, now))
        assert waves.ebb(self.incident, now) is None

    @rule(actor=people, now=moments)
    def acknowledges(self, actor: Actor, now: datetime) -> None:
        self.apply(ownership.acknowledge(self.incident, actor, now))

    @rule(actor=people, new_owner=people, now=moments)
    def hands_over(self, actor: Actor, new_owner: Actor, now: datetime) -> None:
        self.apply(ownership.offer(self.incident, actor, new_owner, now))

    @rule(actor=people, severity=st.sampled_from(Severity), reason=reasons, now=moments)
    def judges(self, actor: Actor, severity: Severity, reason: str, now: datetime) -> None:
        self.apply(lifecycle.change_severity(self.incident, severity, reason, PLAYBOOK, actor, now))

    @rule(actor=people, position=positions, now=moments)
    def completes(self, actor: Actor, position: int, now: datetime) -> None:
        self.apply(steps.complete_step(self.incident, self.steps, position, actor, now))

    @rule(actor=people, position=positions, now=moments)
    def undoes(self, actor: Actor, position: int, now: datetime) -> None:
        self.apply(steps.undo_step(self.incident, self.steps, position, actor, now))

    @rule(actor=people, text=st.text(max_size=5), now=moments)
    def notes(self, actor: Actor, text: str, now: datetime) -> None:
        self.apply(remarks.add_note(self.incident, actor, text, now))

    @rule(actor=people, now=moments)
    def resolves(self, actor: Actor, now: datetime) -> None:
        self.apply(lifecycle.resolve(self.incident, self.steps, actor, now))

    @invariant()
    def it_has_exactly_one_owner_and_the_timeline_knows_who(self) -> None:
        assert self.incident.owner in {person.id for person in PEOPLE}
        assert self.incident.owner == self.facts("owner")[-1]

    @invariant()
    def the_version_counts_the_changes(self) -> None:
        assert self.incident.version == 1 + self.changes

    @invariant()
    def no_row_is_lost_so_that_the_timeline_alone_tells_the_state(self) -> None:
        assert self.incident.severity == self.facts("severity")[-1]
        assert [self.incident.acknowledged_at or None] == (self.moments(EventKind.ACKNOWLEDGED) or [None])
        assert [self.incident.resolved_at or None] == (self.moments(EventKind.RESOLVED) or [None])
        ticks: dict[str, dict[str, int]] = {"step_done": {}, "step_undone": {}}
        for number, event in enumerate(self.timeline):
            if event.kind in ticks:
                ticks[event.kind][event.facts["position"]] = number
        done = {step for step, number in ticks["step_done"].items() if number > ticks["step_undone"].get(step, -1)}
        assert done == {str(step.position) for step in self.steps if step.done_at}

    @invariant()
    def no_clock_runs_backwards(self) -> None:
        times = [event.at for event in self.timeline]
        assert times == sorted(times)
        assert times[-1] == (self.incident.changed_at or self.incident.opened_at)
        assert all(step.done_at is None or step.done_at >= OPENED for step in self.steps)

    @invariant()
    def its_status_says_what_has_happened(self) -> None:
        status = self.incident.status
        assert (status is Status.RESOLVED) == (self.incident.resolved_at is not None)
        assert status is not Status.OPEN or self.incident.acknowledged_at is None
        assert status is not Status.ACKNOWLEDGED or self.incident.acknowledged_at is not None

    def facts(self, name: str) -> list[str]:
        return [event.facts[name] for event in self.timeline if name in event.facts]

    def moments(self, kind: EventKind) -> list[datetime | None]:
        """Moments of a kind of row since the incident was woken last."""
        woken = max((n for n, event in enumerate(self.timeline) if event.kind is EventKind.REOPENED), default=0)
        return [event.at for event in self.timeline[woken:] if event.kind is kind]


def test_no_sequence_of_actions_breaks_an_incident() -> None:
    run_state_machine_as_test(
        IncidentMachine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None)
    )


@pytest.mark.soak
def test_no_long_sequence_of_actions_breaks_an_incident() -> None:
    run_state_machine_as_test(
        IncidentMachine, settings=settings(max_examples=3000, stateful_step_count=80, deadline=None)
    )
