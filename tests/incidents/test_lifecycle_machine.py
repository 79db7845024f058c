"""No sequence of actions, by anybody and at any time of any clock, breaks what an incident promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

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
from incidents import lifecycle, ownership, remarks, reviewing, statements, steps, tasks, waves
from incidents.incident import SYSTEM, Actor, Refusal, Status
from incidents.severity import Assessment, assess
from incidents.statements import Draft, Edit, Publication
from incidents.steps import Roles
from incidents.tasks import Wanted
from playbooks.playbook import Severity, StatementKind
from tests.incidents import promises_kept
from tests.incidents.model import OPENED, PEOPLE, PLAYBOOK, Kept

NAMES = {person.id: person.name for person in PEOPLE}
people = st.sampled_from(PEOPLE)
which = st.integers(0, 1)
seldom = st.integers(0, 7).map(lambda one: one == 1)
reasons = st.sampled_from(["", "The press called."])
words = st.sampled_from([" ", "We are sorry.", "We are very sorry."])
numbers = st.integers(0, 3)
one_or_two = st.sampled_from([1, 1, 2])
behind = st.sampled_from([0, 0, 0, 1])  # versions that somebody has not seen
positions = st.integers(0, len(PLAYBOOK.steps) + 1)
moments = st.timedeltas(timedelta(hours=-2), timedelta(days=8)).map(OPENED.__add__)
promised = st.none() | moments
roles = st.sampled_from([Roles({}), Roles({"dana": "legal counsel", "ben": "comms lead", "cleo": ""})])
signals = st.builds(
    Signal,
    brand=st.just("northwind"),
    kind=st.sampled_from(["negative_wave", "volume_wave"]),
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
    """Two incidents, changed by every decision as a store would change them."""

    @initialize(signal=signals, owner=people, drill=st.booleans())
    def start(self, signal: Signal, owner: Actor, *, drill: bool) -> None:
        self.kept = []
        for number in (1, 2):
            opening = waves.open_incident(signal, assess(signal), PLAYBOOK, owner, "Northwind Air", OPENED)
            incident = replace(opening.incident, id=number, drill=drill and number == 1)
            self.kept.append(Kept(incident, opening.steps, list(opening.events)))

    @rule(one=which, signal=signals, now=moments, worst=st.booleans())
    def joins(self, one: int, signal: Signal, now: datetime, *, worst: bool) -> None:
        kept, assessment = self.kept[one], Assessment(Severity.SEV1, "Somebody was hurt.") if worst else assess(signal)
        before = kept.incident
        kept.apply(waves.join(before, signal, assessment, PLAYBOOK, now))
        assert waves.join(kept.incident, signal, assessment, PLAYBOOK, now) is None
        assert kept.incident.severity.rank <= before.severity.rank
        assert kept.incident.acknowledge_by <= before.acknowledge_by

    @precondition(lambda self: self.kept[0].incident.status in {Status.RESOLVED, Status.REVIEWED})
    @rule(signal=signals, now=moments)
    def wakes(self, signal: Signal, now: datetime) -> None:
        owner = self.kept[0].incident.owner
        self.kept[0].apply(waves.wake(self.kept[0].incident, signal, assess(signal), PLAYBOOK, now))
        assert (self.kept[0].incident.status, self.kept[0].incident.owner) == (Status.OPEN, owner)

    @rule(one=which, now=moments)
    def ebbs(self, one: int, now: datetime) -> None:
        self.kept[one].apply(waves.ebb(self.kept[one].incident, now))
        assert waves.ebb(self.kept[one].incident, now) is None

    @rule(one=which, actor=people, now=moments, how=st.sampled_from(["acknowledge", "accept", "take", "decline"]))
    def answers(self, one: int, actor: Actor, now: datetime, how: str) -> None:
        incident = self.kept[one].incident
        match how:
            case "acknowledge":
                self.kept[one].apply(ownership.acknowledge(incident, actor, now, NAMES))
            case "accept":
                self.kept[one].apply(ownership.accept(incident, actor, now, NAMES))
            case "take":
                self.kept[one].apply(ownership.take_over(incident, actor, now))
            case _:
                self.kept[one].apply(ownership.decline(incident, actor, "", now, NAMES))

    @rule(one=which, actor=people, other=people, now=moments)
    def offers(self, one: int, actor: Actor, other: Actor, now: datetime) -> None:
        self.kept[one].apply(ownership.offer(self.kept[one].incident, actor, other, now, NAMES))

    @rule(one=which, heir=people, now=moments)
    def assigns(self, one: int, heir: Actor, now: datetime) -> None:
        self.kept[one].apply(ownership.assign(self.kept[one].incident, SYSTEM, heir, now))

    @rule(one=which, actor=people, severity=st.sampled_from(Severity), reason=reasons, now=moments)
    def judges(self, one: int, actor: Actor, severity: Severity, reason: str, now: datetime) -> None:
        incident = self.kept[one].incident
        self.kept[one].apply(lifecycle.change_severity(incident, severity, reason, PLAYBOOK, actor, now))

    @rule(one=which, actor=people, category=st.sampled_from([None, "outage"]), reason=reasons, now=moments)
    def sorts(self, one: int, actor: Actor, category: str | None, reason: str, now: datetime) -> None:
        self.kept[one].apply(lifecycle.change_category(self.kept[one].incident, category, reason, actor, now))

    @rule(one=which, actor=people, position=positions, now=moments, evidence=words)
    def completes(self, one: int, actor: Actor, position: int, now: datetime, evidence: str) -> None:
        kept = self.kept[one]
        done = steps.complete_step(kept.incident, kept.steps, position, actor, now, NAMES, evidence=evidence)
        kept.apply(done)

    @rule(one=which, actor=people, position=positions, now=moments, roles=roles)
    def agrees(self, one: int, actor: Actor, position: int, now: datetime, roles: Roles) -> None:
        kept = self.kept[one]
        kept.apply(steps.approve_step(kept.incident, kept.steps, position, actor, now, roles, NAMES))

    @rule(one=which, actor=people, position=positions, now=moments, reason=reasons)
    def skips(self, one: int, actor: Actor, position: int, now: datetime, reason: str) -> None:
        kept = self.kept[one]
        kept.apply(steps.skip_step(kept.incident, kept.steps, position, reason, actor, now, NAMES))

    @rule(one=which, actor=people, position=positions, now=moments)
    def undoes(self, one: int, actor: Actor, position: int, now: datetime) -> None:
        kept = self.kept[one]
        kept.apply(steps.undo_step(kept.incident, kept.steps, position, actor, now))

    @rule(one=which, actor=people, text=words, now=moments, kind=st.sampled_from(StatementKind))
    def drafts(self, one: int, actor: Actor, text: str, now: datetime, kind: StatementKind) -> None:
        kept = self.kept[one]
        drafted = Draft(kind, "", text, "holding")
        kept.apply(statements.draft(kept.incident, kept.said, drafted, actor, now))

    @rule(one=which, actor=people, text=words, now=moments, number=one_or_two, behind=behind)
    def edits(self, one: int, actor: Actor, text: str, now: datetime, number: int, behind: int) -> None:
        kept = self.kept[one]
        edited = Edit(number, kept.version_of(number) - behind, text)
        decided = statements.edit(kept.incident, kept.said, edited, actor, now, NAMES)
        assert not behind or isinstance(decided, Refusal)
        kept.apply(decided)

    @rule(one=which, actor=people, now=moments, number=one_or_two, behind=behind)
    def approves(self, one: int, actor: Actor, now: datetime, number: int, behind: int) -> None:
        kept = self.kept[one]
        seen = kept.version_of(number) - behind
        decided = statements.approve(kept.incident, kept.said, number, actor, now, NAMES, seen=seen)
        assert not behind or isinstance(decided, Refusal)
        kept.apply(decided)

    @rule(one=which, actor=people, now=moments, number=one_or_two, behind=behind, next_at=promised)
    def publishes(self, one: int, actor: Actor, now: datetime, number: int, behind: int, next_at: datetime) -> None:
        kept = self.kept[one]
        said = Publication(number, kept.version_of(number) - behind, None, next_at)
        decided = statements.publish(kept.incident, kept.said, said, actor, now)
        assert not behind or isinstance(decided, Refusal)
        kept.apply(decided)

    @rule(one=which, actor=people, now=moments, next_at=promised, inside=st.booleans())
    def promises(self, one: int, actor: Actor, now: datetime, next_at: datetime | None, *, inside: bool) -> None:
        kept = self.kept[one]
        told = remarks.brief(kept.incident, actor, "It goes on.", next_at, now) if inside else None
        kept.apply(told or statements.promise(kept.incident, next_at, actor, now, by_clock="15:00"))

    @rule(one=which, actor=people, now=moments, text=st.text(max_size=5), wrong=numbers, corrects=st.booleans())
    def notes(self, one: int, actor: Actor, now: datetime, text: str, wrong: int, *, corrects: bool) -> None:
        kept = self.kept[one]
        if corrects:
            kept.apply(remarks.correct(kept.incident, kept.timeline, wrong, actor, text, now))
        else:
            kept.apply(remarks.add_note(kept.incident, actor, text, now))

    @rule(one=which, actor=people, now=moments, number=numbers, how=st.sampled_from(["add", "done", "undone"]))
    def works(self, one: int, actor: Actor, now: datetime, number: int, how: str) -> None:
        kept = self.kept[one]
        known = list(kept.tasks.values())
        match how:
            case "add":
                kept.apply(tasks.add_task(kept.incident, known, Wanted("Call the airport"), actor, now))
            case "done":
                kept.apply(tasks.complete_task(kept.incident, known, number, actor, now))
            case _:
                kept.apply(tasks.undo_task(kept.incident, known, number, actor, now))

    @rule(one=which, actor=people, whom=people, now=moments, leaves=st.booleans())
    def reads_along(self, one: int, actor: Actor, whom: Actor, now: datetime, *, leaves: bool) -> None:
        kept = self.kept[one]
        decide = remarks.unfollow if leaves else remarks.follow
        kept.apply(decide(kept.incident, list(kept.followers.values()), whom, actor, now))

    @rule(one=which, actor=people, now=moments, how=st.sampled_from(["respond", "monitor", "resolve"]))
    def goes_on(self, one: int, actor: Actor, now: datetime, how: str) -> None:
        kept = self.kept[one]
        match how:
            case "respond":
                kept.apply(lifecycle.respond(kept.incident, actor, now))
            case "monitor":
                kept.apply(lifecycle.monitor(kept.incident, actor, now))
            case _:
                kept.apply(lifecycle.resolve(kept.incident, kept.steps, actor, now))

    @rule(one=which, actor=people, now=moments, reason=reasons, again=st.booleans())
    def dismisses_or_reopens(self, one: int, actor: Actor, now: datetime, reason: str, *, again: bool) -> None:
        decide = lifecycle.reopen if again else lifecycle.dismiss
        self.kept[one].apply(decide(self.kept[one].incident, reason, actor, now))

    @rule(one=which, into=which, actor=people, now=moments, really=seldom)  # much can happen before it is the end
    def merges(self, one: int, into: int, actor: Actor, now: datetime, *, really: bool) -> None:
        if not really:
            return
        gone, taken = self.kept[one], self.kept[into]
        decided = lifecycle.merge(gone.incident, taken.incident, actor, now)
        if isinstance(decided, tuple):
            assert gone.incident.drill == taken.incident.drill
            gone.apply(decided[0])
            taken.apply(decided[1])

    @rule(one=which, actor=people, now=moments, text=words, part=st.sampled_from(["people", "changes"]), seen=numbers)
    def looks_back(self, one: int, actor: Actor, now: datetime, text: str, part: str, seen: int) -> None:
        kept = self.kept[one]
        kept.apply(reviewing.write_review(kept.incident, kept.review, {part: text}, actor, now, NAMES, seen=seen))
        kept.apply(reviewing.finish_review(kept.incident, kept.review, actor, now))

    @invariant()
    def every_promise_is_kept(self) -> None:
        for kept in self.kept:
            promises_kept.hold_owner(kept)
            promises_kept.hold_versions(kept)
            promises_kept.hold_clocks(kept)
            promises_kept.hold_status(kept)
            promises_kept.hold_steps(kept)


class ApprovalMachine(RuleBasedStateMachine):
    """Only what is written, agreed to and put out, so that short runs get far with it."""

    start = IncidentMachine.start
    judges = IncidentMachine.judges
    drafts = IncidentMachine.drafts
    edits = IncidentMachine.edits
    approves = IncidentMachine.approves
    publishes = IncidentMachine.publishes
    agrees = IncidentMachine.agrees
    completes = IncidentMachine.completes
    undoes = IncidentMachine.undoes
    every_promise_is_kept = IncidentMachine.every_promise_is_kept


def test_no_sequence_of_drafts_and_approvals_puts_out_what_only_its_author_has_read() -> None:
    run_state_machine_as_test(
        ApprovalMachine, settings=settings(max_examples=200, stateful_step_count=50, deadline=None)
    )


def test_no_sequence_of_actions_breaks_an_incident() -> None:
    run_state_machine_as_test(
        IncidentMachine, settings=settings(max_examples=200, stateful_step_count=50, deadline=None)
    )


@pytest.mark.soak
def test_no_long_sequence_of_actions_breaks_an_incident() -> None:
    run_state_machine_as_test(
        IncidentMachine, settings=settings(max_examples=3000, stateful_step_count=80, deadline=None)
    )
