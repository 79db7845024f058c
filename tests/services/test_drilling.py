from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from alerts.incident_alert import IncidentAlert
from database import drills as drill_store
from database import incidents as store
from database import outbox
from database.tables import BrandMentionRow, BucketRow, MentionRow, StoryKeyRow, TagRow
from detection.waking import Sensitivity
from incidents.drills import drill_brand
from incidents.incident import Incident, Status
from playbooks import library
from playbooks.playbook import StatementKind
from services import checklists, drilling, response, statements
from services.drilling import DrillError, DrillReport
from services.evaluating import evaluate
from services.installation import Installation
from services.retaining import erase_expired
from services.ticking import tick
from settings.detecting import Detection
from settings.model import Brand, Match, Route, Routing
from settings.understanding import Privacy
from simulation.scenarios import SCENARIOS, Scenario
from tests.console.seeding import hear
from tests.installations import BRAND, NOON, HandClock, calm_weeks, installation, outcry

SOUTHWIND = Brand(id="southwind", name="Southwind", query='southwind NOT "wind farm"')


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Iterator[Installation]:
    made = installation(tmp_path, clock)
    with made.database:
        yield made


def incident_of(report: DrillReport) -> Incident:
    assert report.incident, report.sentence
    return report.incident


def letters(inst: Installation) -> list[IncidentAlert]:
    with inst.database.reading() as connection:
        return [IncidentAlert.from_json(letter.content) for letter in outbox.due(connection, inst.clock(), 100)]


def count(inst: Installation, table: Any, *where: Any) -> int:
    with inst.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)
def test_detection_sees_every_scenario_whatever_the_seed_and_the_hour(
    tmp_path: Path, scenario: Scenario, seed: int
) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=seed, hours=seed * 11 % 24, minutes=seed * 17 % 60)
    inst = installation(tmp_path, HandClock(at))
    with inst.database:
        _pass_numbers(inst, seed)
        report = drilling.start(inst, scenario=scenario.key, by="lee")
        opened = incident_of(report)
        with inst.database.reading() as connection:
            kinds = [event.kind for event in store.timeline(connection, opened.id or 0)]
    wanted = scenario.playbook if scenario.playbook in library.available() else library.DEFAULT
    assert (opened.brand, opened.kind, opened.drill) == (f"drill:{seed + 1}:northwind", "negative_wave", True)
    assert (opened.title, opened.playbook) == ("Northwind Air: many people are complaining", wanted)
    assert "people complained in the last hour" in opened.why
    assert kinds[:3] == ["opened", "severity", "handed_over"]
    assert report.drill == drill_store.Drill(seed + 1, "northwind", scenario.key, "lee", at)


def _pass_numbers(inst: Installation, number: int) -> None:
    """Let so many drills be over, since the number is the seed."""
    with inst.database.writing() as connection:
        for _ in range(number):
            drill_store.finish_drill(
                connection, drill_store.add_drill(connection, "other", "rumour", "lee", inst.clock()), inst.clock()
            )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)
def test_what_people_say_in_a_drill_is_about_the_category_of_its_scenario(
    inst: Installation, scenario: Scenario
) -> None:
    drilling.start(inst, scenario=scenario.key)
    assert {letter.about.partition(" tell of ")[2].partition(":")[0] for letter in letters(inst)} == {
        {"service-failure": "service failure", "safety": "safety", "breach": "data breach", "rumour": "rumour"}[
            scenario.category
        ]
    }


def test_a_drill_is_mailed_to_whom_a_real_incident_would_be_and_says_that_it_is_one(tmp_path: Path) -> None:
    routes = (Route(match=Match(brand=("northwind",)), owner="lee", notify=("dana",)),)
    with (inst := installation(tmp_path, routing=Routing(owner="dana", routes=routes))).database:
        opened = incident_of(drilling.start(inst))
        written = letters(inst)
    assert opened.owner == "lee"
    assert sorted(letter.recipient_id for letter in written) == ["dana", "lee"]
    assert {(letter.drill, letter.brand) for letter in written} == {(True, "Northwind Air")}
    assert {(post.source, post.url) for letter in written for post in letter.posts} == {("a made-up network", None)}


def test_letters_of_a_drill_leave_with_the_next_tick_and_begin_with_drill(inst: Installation, tmp_path: Path) -> None:
    drilling.start(inst)
    assert tick(inst).delivered.sent == 2
    subjects = [
        message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"]
        for file in (tmp_path / "outbox").glob("*.eml")
    ]
    assert [subject.strip().startswith("[DRILL] [SEV2] Northwind Air: ") for subject in subjects] == [True, True]


@pytest.mark.parametrize(
    "changed",
    [
        {"brands": (BRAND, SOUTHWIND)},
        {"detection": Detection(sensitivity=Sensitivity.LOW, least_people=300)},
        {"brands": (BRAND, SOUTHWIND), "privacy": Privacy(keep=timedelta(days=1), mask=True)},
        {"brands": (Brand(id="odd", name="{city} & <b>{x}</b> 100%", phrases=("#{odd}",)),)},
    ],
    ids=["found by a query", "hardly ever alarmed", "little kept", "an odd name"],
)
def test_a_drill_works_whatever_a_team_has_set(tmp_path: Path, changed: dict[str, Any]) -> None:
    with (inst := installation(tmp_path, **changed)).database:
        opened = incident_of(drilling.start(inst, inst.settings.brands[-1].id, "data-leak"))
    assert opened.drill


def test_a_brand_may_be_called_by_its_name(tmp_path: Path) -> None:
    inst = installation(tmp_path, brands=(BRAND, SOUTHWIND))
    assert drilling.start(inst, BRAND.name).drill.brand == BRAND.id


def test_what_is_planned_for_the_brand_does_not_explain_a_drill(tmp_path: Path) -> None:
    sale = {"name": "Sale", "from": "2026-03-04 00:00", "until": "2026-03-05 00:00", "expect": 1000}
    brand = Brand.model_validate({**BRAND.model_dump(exclude={"events"}), "events": [sale]})
    with (inst := installation(tmp_path, brands=(brand,))).database:
        assert drilling.start(inst).incident


class JumpingClock(HandClock):
    """A clock that is set a day forward once it was read: the crisis is over before anybody looks."""

    def __call__(self) -> datetime:
        now, self.now = self.now, NOON + timedelta(days=1)
        return now


def test_where_detection_sees_nothing_the_drill_says_so_and_is_over(tmp_path: Path) -> None:
    with (inst := installation(tmp_path, JumpingClock())).database:
        report = drilling.start(inst)
        mentions = count(inst, MentionRow)
    assert (report.incident, report.score) == (None, None)
    assert report.sentence == "No incident was opened. Nothing stood out."
    assert (report.drill.finished_at, mentions) == (NOON + timedelta(days=1), 0)


def test_a_real_wave_at_the_same_time_opens_its_own_incident_and_neither_touches_the_other(
    inst: Installation, clock: HandClock
) -> None:
    hear(inst, calm_weeks(NOON))
    drill = incident_of(drilling.start(inst))
    hear(inst, outcry(NOON))
    (real,) = {answer.incident_id for answer in evaluate(inst) if answer.opened}
    with inst.database.reading() as connection:
        found = store.find(connection, real or 0)
        untouched = store.find(connection, drill.id or 0)
    assert (found.brand, found.drill, found.observed < drill.observed) == ("northwind", False, True)
    assert untouched == drill
    clock.advance(minutes=5)
    response.resolve(inst, real or 0, "dana")
    clock.advance(minutes=1)
    drilling.stop(inst, 1, "lee")
    again = incident_of(drilling.start(inst))  # neither joined nor woken nor held as an echo
    assert again.id not in {drill.id, real}
    with inst.database.reading() as connection:
        assert store.find(connection, real or 0).status is Status.RESOLVED


def test_a_real_wave_after_a_drill_is_neither_its_echo_nor_wakes_it(inst: Installation, clock: HandClock) -> None:
    hear(inst, calm_weeks(NOON))
    drill = incident_of(drilling.start(inst))
    drilling.stop(inst, 1, "lee")
    clock.advance(minutes=1)
    hear(inst, outcry(NOON))
    (real,) = {answer.incident_id for answer in evaluate(inst) if answer.opened}
    assert real != drill.id


def test_ticks_neither_feed_nor_judge_a_drill_and_its_wave_ebbs_like_a_real_one(
    inst: Installation, clock: HandClock
) -> None:
    opened = incident_of(drilling.start(inst))
    tick(inst)
    assert drilling.report_on(inst, 1).incident == opened
    clock.advance(minutes=61)
    report = tick(inst)
    assert (report.collected, report.evaluated) == ((), ())
    assert incident_of(drilling.report_on(inst, 1)).ebbed_at == clock()


def test_a_drill_is_scored_by_what_people_do(inst: Installation, clock: HandClock) -> None:
    opened = incident_of(drilling.start(inst, "northwind", "service-failure"))
    clock.advance(minutes=4)
    response.acknowledge(inst, opened.id or 0, "dana")
    clock.advance(minutes=10)
    statements.draft(inst, opened.id or 0, "dana", StatementKind.HOLDING, "We are looking into it.")
    statements.approve(inst, opened.id or 0, "lee", 1, 1)
    statements.publish(inst, opened.id or 0, "dana", 1, 1)
    checklists.approve_step(inst, opened.id or 0, 4, "lee")
    for position in (1, 2, 3, 4):
        checklists.complete_step(inst, opened.id or 0, position, "dana", "https://example.com/1")
    told = drilling.report_on(inst, 1).score
    assert told
    assert (told.acknowledged.took, told.first_public.took) == (timedelta(minutes=4), timedelta(minutes=14))
    assert (told.done, told.on_time, told.completed.took) == (4, 4, None)


def test_a_drill_ends_with_its_incident_and_what_was_said_is_deleted(tmp_path: Path, database_address: str) -> None:
    clock = HandClock()
    with (inst := installation(tmp_path, clock, database=SecretStr(database_address))).database:
        hear(inst, calm_weeks(NOON, days=1))
        before = {table: count(inst, table) for table in (MentionRow, BrandMentionRow, StoryKeyRow, TagRow)}
        opened = incident_of(drilling.start(inst))
        assert count(inst, MentionRow) > 1_000
        clock.advance(minutes=9)
        response.resolve(inst, opened.id or 0, "dana")
        clock.advance(minutes=1)
        tick(inst)
        (report,) = drilling.reports(inst)
        assert {table: count(inst, table) for table in before} == before
        assert count(inst, BucketRow, BucketRow.brand == opened.brand) > 1_000  # its picture stays
    assert report.drill.finished_at == NOON + timedelta(minutes=9)
    assert report.sentence.endswith("Resolved after 9 minutes.")


def test_stopping_a_drill_resolves_its_incident_in_the_name_of_who_does_it(inst: Installation) -> None:
    opened = incident_of(drilling.start(inst))
    stopped = drilling.stop(inst, 1, "lee")
    with inst.database.reading() as connection:
        last = store.timeline(connection, opened.id or 0)[-1]
    assert (last.kind, last.actor) == ("resolved", "lee")
    assert (stopped.drill.finished_at, count(inst, MentionRow)) == (NOON, 0)
    with pytest.raises(DrillError, match="over already"):
        drilling.stop(inst, 1, "lee")


def test_what_was_made_up_is_forgotten_after_a_fortnight_though_nobody_ended_the_drill(
    inst: Installation, clock: HandClock
) -> None:
    opened = incident_of(drilling.start(inst))
    clock.now = NOON + drilling.KEPT - timedelta(minutes=1)
    tick(inst)
    assert drilling.report_on(inst, 1).drill.finished_at is None
    clock.advance(minutes=1)
    tick(inst)
    report = drilling.report_on(inst, 1)
    assert (report.drill.finished_at, count(inst, MentionRow)) == (clock(), 0)
    assert incident_of(report).id == opened.id


def test_what_a_team_does_not_want_to_keep_is_not_looked_for_in_a_drill(tmp_path: Path) -> None:
    with (inst := installation(tmp_path, privacy=Privacy(keep=timedelta(days=1)))).database:
        assert drilling.start(inst).incident
        assert erase_expired(inst) == 0
        hear(inst, calm_weeks(NOON, days=2, every=timedelta(hours=6)))
        assert erase_expired(inst) == 4


def test_one_that_was_interrupted_is_ended_by_the_next_tick_but_not_while_it_is_being_started(
    inst: Installation,
) -> None:
    with inst.database.writing() as connection:
        drill_store.add_drill(connection, "northwind", "rumour", "lee", NOON)
    with inst.database.exclusive("drill", wait=True):
        tick(inst)
        assert drilling.report_on(inst, 1).sentence == "It is being started."
        with pytest.raises(DrillError, match="being started"):
            drilling.start(inst)
    tick(inst)
    assert drilling.report_on(inst, 1).sentence == "It was interrupted while it was being started."


def test_one_drill_of_a_brand_at_a_time_and_another_brand_at_once(tmp_path: Path) -> None:
    with (inst := installation(tmp_path, brands=(BRAND, SOUTHWIND))).database:
        first = incident_of(drilling.start(inst, "northwind"))
        with pytest.raises(DrillError, match="drill 1 about it still goes on") as refused:
            drilling.start(inst, "northwind")
        assert "groundswell drill stop 1" in refused.value.remedy
        second = incident_of(drilling.start(inst, "southwind"))
        assert (first.brand, second.brand) == (drill_brand(1, "northwind"), drill_brand(2, "southwind"))
        response.resolve(inst, first.id or 0, "dana")
        assert drilling.start(inst, "northwind").incident  # though no tick has ended the first


@pytest.mark.parametrize(
    ("brand", "scenario", "problem"),
    [
        ("", "", "has to be named"),
        ("westwind", "", "none of the brands"),
        ("rival", "", "none of the brands"),
        ("a" * 60, "", "too long an id"),
        ("northwind", "flood", "does not exist"),
    ],
)
def test_what_cannot_be_drilled_is_refused(tmp_path: Path, brand: str, scenario: str, problem: str) -> None:
    long = BRAND.model_copy(update={"id": "a" * 60})
    rival = BRAND.model_copy(update={"id": "rival", "competitor": True})
    with (inst := installation(tmp_path, brands=(BRAND, rival, long))).database:
        with pytest.raises(DrillError, match=problem):
            drilling.start(inst, brand, scenario)
        assert drilling.reports(inst) == ()


class Chance(Random):  # noqa: S311  # no secret
    """Draws the last of what it is given, and remembers that."""

    drawn_from: Any = ()

    def choice(self, seq: Any) -> Any:
        if seq[0] in SCENARIOS:
            self.drawn_from = seq
        return seq[-1]


def test_without_a_scenario_any_of_them_comes(inst: Installation) -> None:
    chance = Chance(1)
    assert drilling.start(replace(inst, rng=chance)).drill.scenario == SCENARIOS[-1].key
    assert chance.drawn_from == SCENARIOS


def test_no_drill_is_told_of_what_was_never_started(inst: Installation) -> None:
    for number in (0, 7, 2**70):
        with pytest.raises(DrillError, match="no such drill"):
            drilling.report_on(inst, number)


def test_who_only_reads_along_stops_no_drill_half(inst: Installation) -> None:
    report = drilling.start(inst)
    number = incident_of(report).id or 0
    response.follow(inst, number, "dana", "lee")
    with pytest.raises(DrillError, match="You read along here"):
        drilling.stop(inst, report.drill.number, "lee")
    after = drilling.report_on(inst, report.drill.number)
    assert (after.drill.finished_at, incident_of(after).resolved_at) == (None, None)
