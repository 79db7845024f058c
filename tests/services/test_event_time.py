"""What counts is when something was said, not when it was heard: however mentions arrive, the alarms are the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from database import incidents as store
from database.buckets import add_to_buckets
from database.detection_tables import JudgedRow, PastRow
from database.pasts import keep_pasts
from detection.buckets import BUCKET, bucket_start
from detection.signal import Verdict
from detection.view import Series
from mentions.mention import Mention
from services.evaluating import LATE, evaluate, judging_of
from services.installation import Installation
from services.settling import Evaluated
from services.viewing import Lookup
from tests.detection.views import burst, ordinary
from tests.installations import BRAND, NOON, HandClock, calm_weeks, installation, outcry, said
from tests.seeds import seeds
from tests.services.test_evaluating import hear

# What its tests share is made once.
pytestmark = pytest.mark.xdist_group("event time")

HOUR = timedelta(hours=1)
END = NOON + 10 * HOUR
# What came of what, and when: kind, moment, verdict, whether people were told.
Told = list[tuple[str, datetime, Verdict, bool]]


def traffic() -> list[Mention]:
    """Ten hours: ordinary talk, a flood by one person, a wave of complaints, calm, a bigger one."""
    ordinary = [
        said(f"Gate {n}, Northwind Air.", NOON + n * timedelta(minutes=11), number=f"talk-{n}", author=f"t{n % 31}")
        for n in range(54)
    ]
    flood = [
        replace(mention, key=f"flood {mention.key}", author="loud")
        for mention in outcry(NOON + 90 * timedelta(minutes=1), people=25, minutes=30)
    ]
    first = outcry(NOON + 4 * HOUR - timedelta(seconds=7), people=30, minutes=50)
    second = [
        replace(mention, key=f"second {mention.key}", author=f"other {mention.author}")
        for mention in outcry(NOON + 8 * HOUR - timedelta(seconds=7), people=80, minutes=40)
    ]
    return sorted([*ordinary, *flood, *first, *second], key=lambda mention: mention.published.at)


def steps(until: datetime = END) -> list[datetime]:
    return [NOON + number * BUCKET for number in range(1, int((until - NOON) / BUCKET) + 1)]


def told(answers: Sequence[Evaluated]) -> Told:
    """What was decided; that it still goes on is no decision."""
    return [
        (one.signal.kind, one.signal.at, one.signal.verdict, one.told)
        for one in answers
        if one.kept and one.signal.verdict is not Verdict.GOES_ON
    ]


def live(
    folder: Path,
    arrivals: Callable[[Mention], datetime],
    *,
    until: datetime = END,
    before: Callable[[int, Installation], Installation] = lambda _, inst: inst,
) -> tuple[Told, Installation]:
    """Tick after tick; each mention is heard at the first one after it has arrived."""
    folder.mkdir()
    clock = HandClock(NOON)
    inst = installation(folder, clock)
    hear(inst, calm_weeks(NOON))
    waiting, found = sorted(traffic(), key=arrivals), Told()
    for number, now in enumerate(steps(until)):
        clock.now = now
        inst = before(number, inst)
        here = [mention for mention in waiting if arrivals(mention) <= now]
        waiting = waiting[len(here) :]
        if here:
            hear(inst, here)
        found += told(evaluate(inst, running=False))
    return found, inst


@pytest.fixture(scope="module")
def tick_by_tick(tmp_path_factory: pytest.TempPathFactory) -> Told:
    found, _ = live(tmp_path_factory.mktemp("live") / "ticks", lambda mention: mention.published.at)
    return found


def test_the_traffic_has_a_held_flood_and_two_waves(tick_by_tick: Told) -> None:
    assert [(kind, is_told) for kind, _, verdict, is_told in tick_by_tick if verdict is Verdict.FIRED and is_told] == [
        ("negative_wave", True),
        ("negative_wave", True),
    ] or len([one for one in tick_by_tick if one[3]]) >= 2
    assert any(verdict is Verdict.HELD and at < NOON + 2 * HOUR for _, at, verdict, _ in tick_by_tick)
    first = min(at for _, at, _, is_told in tick_by_tick if is_told)
    assert NOON + 3 * HOUR < first <= NOON + 4 * HOUR


def test_all_of_it_in_one_batch_gives_the_same_alarms(tmp_path: Path, tick_by_tick: Told) -> None:
    found, _ = live(tmp_path / "batch", lambda _: NOON)
    assert found == tick_by_tick


@pytest.mark.parametrize("seed", seeds(2, 8))
def test_what_comes_late_and_in_any_order_gives_the_same_waves(tmp_path: Path, tick_by_tick: Told, seed: int) -> None:
    """While parts are missing a wave is seen later, and talk may be loud before complaints are; none is missed."""
    rng = random.Random(seed)  # noqa: S311  # traffic, not secrets
    late = {mention.key: rng.random() * (LATE - 2 * BUCKET) for mention in traffic()}
    found, inst = live(tmp_path / "late", lambda mention: mention.published.at + late[mention.key], until=END + LATE)
    expected = [at for _, at, _, is_told in tick_by_tick if is_told]
    got = [at for _, at, _, is_told in found if is_told]
    assert all(abs(at - then) <= HOUR for at, then in zip(got, expected, strict=True))
    with inst.database.reading() as connection:
        assert len(store.all_open(connection, "northwind")) == 1


@pytest.mark.parametrize("forgetful", [False, True], ids=["as it is", "with nothing remembered of what was judged"])
def test_restarted_at_any_moment_it_decides_the_same(tmp_path: Path, tick_by_tick: Told, *, forgetful: bool) -> None:
    rng = random.Random(7)  # noqa: S311  # moments, not secrets

    def restarted(number: int, inst: Installation) -> Installation:
        if rng.random() > 0.2:  # every fifth tick
            return inst
        if forgetful:
            with inst.database.writing() as connection:
                connection.execute(delete(PastRow))
                connection.execute(delete(JudgedRow))
        inst.database.close()
        clock = HandClock(steps()[number])
        return installation(inst.settings.data_folder, clock)

    found, _ = live_restarting(tmp_path / "restarted", restarted)
    assert [one for one in found if one[3]] == [one for one in tick_by_tick if one[3]]
    if not forgetful:
        assert found == tick_by_tick


def live_restarting(folder: Path, restarted: Callable[[int, Installation], Installation]) -> tuple[Told, Installation]:
    """As :func:`live`, with an installation whose clock is that of its start."""
    folder.mkdir()
    inst = installation(folder, HandClock(NOON))
    hear(inst, calm_weeks(NOON))
    found, by_bucket = Told(), traffic()
    for number, now in enumerate(steps()):
        inst = restarted(number, inst)
        assert isinstance(inst.clock, HandClock)
        inst.clock.now = now
        here = [mention for mention in by_bucket if bucket_start(mention.published.at) == now - BUCKET]
        if here:
            hear(inst, here)
        found += told(evaluate(inst, running=False))
    return found, inst


def test_history_that_a_first_visit_brings_is_no_alarm(tmp_path: Path) -> None:
    """A wave of yesterday is history; who asks for the first time today is not woken for it."""
    inst = installation(tmp_path)
    hear(inst, [*calm_weeks(NOON), *outcry(NOON - 5 * HOUR, people=90)])
    assert evaluate(inst) == ()


def test_a_wave_of_an_hour_ago_that_is_heard_now_says_when_it_was(tmp_path: Path) -> None:
    clock = HandClock(NOON - 2 * HOUR)
    inst = installation(tmp_path, clock)
    hear(inst, calm_weeks(NOON))
    evaluate(inst)
    clock.now = NOON
    hear(inst, outcry(NOON - 2 * HOUR + 30 * timedelta(minutes=1)))
    (wave,) = (one for one in evaluate(inst) if one.opened)
    assert "complained in the hour that ended " in wave.signal.sentence
    assert wave.signal.at < NOON - HOUR / 2
    with inst.database.reading() as connection:
        assert store.find(connection, wave.incident_id or 0).opened_at == NOON


def test_a_clock_that_jumps_back_and_forth_tells_nobody_twice(tmp_path: Path) -> None:
    clock = HandClock(NOON)
    inst = installation(tmp_path, clock)
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    tellings = sum(one.told for one in evaluate(inst))
    for jump in (timedelta(hours=-2), timedelta(minutes=1), timedelta(hours=2), timedelta(minutes=-5), HOUR / 4):
        clock.now = NOON + jump
        tellings += sum(one.told for one in evaluate(inst))
    assert tellings == 1


def test_what_was_made_of_the_past_is_kept_where_nothing_new_was_said(tmp_path: Path) -> None:
    clock = HandClock(NOON - 3 * timedelta(minutes=1))
    inst = installation(tmp_path, clock)
    words = "Lost again, this is terrible, Northwind Air."
    moments = [*ordinary(5, per_day=150, until=NOON - HOUR), *burst(19, minutes=50, until=clock.now)]
    hear(inst, [said(f"{words} {n}", at, number=n, author=f"a{n}") for n, at in enumerate(moments)])
    assert evaluate(inst) == ()
    clock.now = NOON
    assert evaluate(inst) == ()
    with inst.database.reading() as connection:
        assert NOON in connection.execute(select(PastRow.hour)).scalars().all()


def test_what_was_made_of_counts_that_were_corrected_meanwhile_is_not_kept(tmp_path: Path) -> None:
    inst = installation(tmp_path)
    hear(inst, calm_weeks(NOON))
    with inst.database.reading() as connection:
        lookup = Lookup(connection, judging_of(inst, BRAND), NOON - LATE, NOON)
        lookup.known(Series.NEGATIVE, NOON, NOON - 240 * HOUR)
    with inst.database.writing() as connection:
        add_to_buckets(connection, {("northwind", NOON - 48 * HOUR): Counter(negative=-1, positive=1)})
        keep_pasts(connection, lookup.made)
        assert connection.execute(select(PastRow.hour)).all() == []
