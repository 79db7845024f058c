"""Several people, each with a page that may be old, act by the real services on a real database."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from database import incidents as store
from database import responses
from incidents.incident import Change, Incident, Refusal, Statement, Status, TimelineEvent
from incidents.statements import Edit
from playbooks.playbook import Severity, StatementKind
from services import checklists, response, reviews, statements
from settings.model import Person
from tests.database.incident_rows import opening
from tests.installations import DANA, LEE, HandClock, installation

BEN = Person(id="ben", name="Ben Ortiz", email="ben@example.com", role="legal counsel")
PEOPLE = ("dana", "lee", "ben")
people = st.sampled_from(PEOPLE)
positions = st.integers(1, 8)


class ResponseMachine(RuleBasedStateMachine):
    """Each person acts on the incident as they saw it when they last looked."""

    @initialize()
    def start(self) -> None:
        self.folder = TemporaryDirectory()
        self.clock = HandClock()
        self.inst = installation(Path(self.folder.name), self.clock, people=(DANA, LEE, BEN))
        with self.inst.database.writing() as connection:
            store.add(connection, opening())
        self.rows, self.version, self.written = self.timeline(), 1, dict[int, str]()
        self.seen = {person: (self.incident(), self.statement(), 0) for person in PEOPLE}

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.inst.database.close()
            self.folder.cleanup()

    def incident(self) -> Incident:
        with self.inst.database.reading() as connection:
            return store.find(connection, 1)

    def timeline(self) -> tuple[TimelineEvent, ...]:
        with self.inst.database.reading() as connection:
            return store.timeline(connection, 1)

    def statement(self) -> Statement | None:
        with self.inst.database.reading() as connection:
            return next(iter(responses.statements(connection, 1)), None)

    def hold(self, answer: Change | Refusal, *, stale: bool = False) -> None:
        """A change adds exactly its rows and one version, a refusal nothing; what was decided on old sight is one."""
        assert not (stale and isinstance(answer, Change)), answer
        rows, new = self.timeline(), answer.events if isinstance(answer, Change) else ()
        assert rows[: len(self.rows)] == self.rows
        assert [row.text for row in rows[len(self.rows) :]] == [row.text for row in new]
        assert self.incident().version == self.version + bool(new)
        self.rows, self.version = rows, self.incident().version

    @rule(who=people)
    def looks(self, who: str) -> None:
        with self.inst.database.reading() as connection:
            review = responses.review(connection, 1)
        self.seen[who] = (self.incident(), self.statement(), review.version if review else 0)

    @rule(minutes=st.integers(-60, 60))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule(who=people, severity=st.sampled_from(Severity))
    def judges(self, who: str, severity: Severity) -> None:
        seen = self.seen[who][0].severity
        stale = seen is not self.incident().severity
        self.hold(response.change_severity(self.inst, 1, who, severity, "News.", seen), stale=stale)

    @rule(who=people, category=st.sampled_from(["", "outage", "data-breach"]))
    def sorts(self, who: str, category: str) -> None:
        seen = self.seen[who][0].category or ""
        stale = seen != (self.incident().category or "")
        self.hold(response.change_category(self.inst, 1, who, category, "News.", seen), stale=stale)

    @rule(who=people)
    def drafts(self, who: str) -> None:
        if self.statement() is None:
            self.hold(statements.draft(self.inst, 1, who, StatementKind.HOLDING, f"We are sorry, says {who}."))

    @rule(who=people, words=st.sampled_from(["Sorry.", "Very sorry.", "[where people get help]"]))
    def edits(self, who: str, words: str) -> None:
        mine, now = self.seen[who][1], self.statement()
        if mine and now:
            answer = statements.edit(self.inst, 1, who, Edit(1, mine.version, words))
            self.hold(answer, stale=mine.version != now.version)

    @rule(who=people)
    def approves(self, who: str) -> None:
        mine, now = self.seen[who][1], self.statement()
        if mine and now:
            stale = mine.version != now.version or now.author == who
            self.hold(statements.approve(self.inst, 1, who, 1, mine.version), stale=stale)

    @rule(who=people)
    def publishes(self, who: str) -> None:
        mine, now = self.seen[who][1], self.statement()
        if mine and now:
            alone = self.incident().severity.rank <= Severity.SEV2.rank and now.approved_by is None
            stale = mine.version != now.version or alone or "[" in now.text
            self.hold(statements.publish(self.inst, 1, who, 1, mine.version), stale=stale)

    @rule(who=people, part=st.sampled_from(["people", "changes"]), text=st.sampled_from(["Nobody.", "Somebody."]))
    def looks_back(self, who: str, part: str, text: str) -> None:
        with self.inst.database.reading() as connection:
            review = responses.review(connection, 1)
        stale = review is not None and review.version != self.seen[who][2]
        self.hold(reviews.write(self.inst, 1, who, {part: text}, self.seen[who][2]), stale=stale)

    @rule(who=people, position=positions)
    def works(self, who: str, position: int) -> None:
        self.hold(checklists.complete_step(self.inst, 1, position, who, "https://example.com/1"))

    @rule(who=people, position=positions)
    def agrees(self, who: str, position: int) -> None:
        self.hold(checklists.approve_step(self.inst, 1, position, who))

    @rule(who=people, other=people)
    def hands_over(self, who: str, other: str) -> None:
        self.hold(response.hand_over(self.inst, 1, who, other))

    @rule(who=people, yes=st.booleans())
    def answers(self, who: str, *, yes: bool) -> None:
        self.hold(response.accept(self.inst, 1, who) if yes else response.decline(self.inst, 1, who))

    @rule(who=people)
    def ends_or_reopens(self, who: str) -> None:
        ended = self.incident().ended
        self.hold(response.reopen(self.inst, 1, who, "It is back.") if ended else response.resolve(self.inst, 1, who))

    @rule(who=people, whom=people, leaves=st.booleans())
    def reads_along(self, who: str, whom: str, *, leaves: bool) -> None:
        self.hold((response.unfollow if leaves else response.follow)(self.inst, 1, who, whom))

    @invariant()
    def it_is_in_somebodys_hands_and_nothing_said_is_lost(self) -> None:
        incident = self.incident()
        assert incident.owner in PEOPLE
        assert incident.ended == (incident.status in {Status.RESOLVED, Status.REVIEWED})
        times = [row.at for row in self.rows]
        assert times == sorted(times)
        with self.inst.database.reading() as connection:
            said = {row.version: row.text for row in responses.versions(connection, 1, 1)}
            steps = responses.steps(connection, 1)
        assert said.items() >= self.written.items()
        self.written = said
        done = [step for step in steps if step.done_at and step.approval and not step.skipped]
        assert all(step.approved_by != step.done_by for step in done if step.approved_by)


def test_nobody_overwrites_another_whatever_page_they_look_at() -> None:
    run_state_machine_as_test(ResponseMachine, settings=settings(max_examples=8, stateful_step_count=40, deadline=None))


@pytest.mark.soak
def test_nobody_overwrites_another_in_a_long_run() -> None:
    run_state_machine_as_test(
        ResponseMachine, settings=settings(max_examples=300, stateful_step_count=80, deadline=None)
    )
