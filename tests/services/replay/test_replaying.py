from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from database import incidents as store
from database.columns import Table
from detection.buckets import BUCKET
from detection.signal import Reason
from mentions.mention import Mention
from services.evaluating import evaluate
from services.files.importing import Choices
from services.installation import Installation
from services.receiving import Entry, keep_all, understand_all
from services.replay.loading import made_settings
from services.replay.replaying import FilePast, Finished, ReplayError, TeamPast, replay
from services.replay.trying import try_all
from services.replay.tuning import PRESENT, Candidate
from services.replay.walking import Alarm, News
from services.retaining import erase_expired
from settings.understanding import Privacy
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry, said, settings
from tests.mention_files import write_mentions

# What its tests share is made once.
pytestmark = pytest.mark.xdist_group("replaying")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGIN = NOON - 6 * HOUR


def hear(inst: Installation, mentions: Iterable[Mention]) -> None:
    understood = understand_all(inst, [Entry(one, "forum", ("northwind",)) for one in mentions])
    with inst.database.writing() as connection:
        keep_all(connection, understood, inst.clock())


def everything(inst: Installation) -> dict[str, list[Any]]:
    with inst.database.reading() as connection:
        tables = Table.metadata.sorted_tables
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fortnight of calm; in the last six hours an outcry of which every minute was judged as it was heard."""
    clock = HandClock(BEGIN)
    inst = installation(tmp_path_factory.mktemp("team"), clock)
    crisis = sorted(outcry(NOON - HOUR, people=60, minutes=60), key=lambda one: one.published.at)
    with inst.database:
        hear(inst, calm_weeks(NOON))
        for minute in range(6 * 60):
            clock.now = BEGIN + minute * MINUTE
            hear(inst, [one for one in crisis if clock.now - MINUTE < one.published.at <= clock.now])
            evaluate(inst)
        clock.now = NOON
        yield inst


def test_a_replay_opens_what_was_opened_when_it_was_lived_and_changes_nothing(team: Installation) -> None:
    before = everything(team)
    done = replay(team.settings, TeamPast(team.database, BEGIN, NOON))
    assert everything(team) == before
    with team.database.reading() as connection:
        (lived,) = store.all_opened(connection)
    (opened,) = done.walked.incidents
    assert (opened.brand, opened.kind, opened.severity) == (lived.brand, lived.kind, lived.severity)
    assert abs(opened.opened_at - lived.opened_at) <= BUCKET
    assert done.walked.alarms[0].news is News.OPENED
    assert done.mentions == sum(BEGIN <= one.published.at < NOON for one in calm_weeks(NOON)) + 60


def test_a_replay_from_the_middle_knows_the_past_before_it(team: Installation) -> None:
    done = replay(team.settings, TeamPast(team.database, BEGIN, NOON))
    assert not any(one.signal.learning for one in done.walked.alarms)


def test_a_time_in_which_nothing_was_heard_is_said_to_be_one(tmp_path: Path) -> None:
    with installation(tmp_path).database as database, pytest.raises(ReplayError, match="holds nothing about your"):
        replay(settings(tmp_path), TeamPast(database, BEGIN, NOON))


def test_candidates_judge_the_same_past_each_from_the_beginning(team: Installation) -> None:
    strict = Candidate(least_people=500)
    past = TeamPast(team.database, BEGIN, NOON)
    before = everything(team)
    first, none, again = try_all(team.settings, past, [PRESENT, strict, PRESENT])
    assert first.alarms == again.alarms != ()
    assert [one.signal.kind for one in none.alarms if one.signal.kind == "negative_wave"] == []
    assert everything(team) == before


def test_what_has_lost_its_authors_is_not_judged(tmp_path: Path) -> None:
    inst = installation(tmp_path, privacy=Privacy.model_validate({"keep": "2d"}))
    flood = [replace(one, author="loud") for one in outcry(NOON - 3 * DAY)]
    hear(inst, [*calm_weeks(NOON), *flood])
    erase_expired(inst)
    whole = TeamPast(inst.database, NOON - 5 * DAY, NOON)
    past = whole.heard(inst.settings, NOON)
    assert past.since == NOON - 2 * DAY + 6 * HOUR
    assert replay(inst.settings, past).walked.alarms == []
    assert replay(inst.settings, whole).walked.alarms != []
    with pytest.raises(ReplayError, match="does not know any more who wrote"):
        TeamPast(inst.database, NOON - 5 * DAY, NOON - 2 * DAY).heard(inst.settings, NOON)


def replayed(file: Path) -> Finished:
    made, choices = made_settings(file, Choices())
    return replay(made, FilePast(file, choices))


def test_a_long_silence_takes_no_time_and_changes_nothing(tmp_path: Path) -> None:
    begin = NOON - 1000 * DAY
    some = [*calm_weeks(begin, days=2), *outcry(begin)]
    much_later = said("Flew today.", NOON, number="late", author="late")
    done = replayed(write_mentions(tmp_path / "a.csv", [*some, much_later], brand="Northwind"))
    short = replayed(write_mentions(tmp_path / "b.csv", some, brand="Northwind"))
    assert done.walked.alarms == short.walked.alarms != []
    assert [one.resolved_at is None for one in short.walked.incidents] == [True]
    assert [one.resolved_at is None for one in done.walked.incidents] == [False]
    assert done.walked.weeks > 140


def test_rows_in_any_order_tell_the_same(tmp_path: Path) -> None:
    some = [*calm_weeks(NOON, days=2), *outcry(NOON)]
    first = replayed(write_mentions(tmp_path / "a.csv", some, brand="Northwind"))
    other = replayed(write_mentions(tmp_path / "b.csv", some[::-1], brand="Northwind"))
    assert first.walked.alarms == other.walked.alarms


@pytest.fixture(scope="module")
def airline(recorded: Path) -> Finished:
    file = recorded / "airline" / "tweets-dev.csv"
    if not file.is_file():
        pytest.skip(f"no recorded complaints at {file}")
    return replayed(file)


def of(done: Finished, brand: str, since: datetime, until: datetime) -> Sequence[Alarm]:
    return [one for one in done.walked.alarms if one.signal.brand == brand and since <= one.at <= until]


def february(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2015, 2, day, hour, minute, tzinfo=UTC)


def test_real_waves_of_complaints_are_found_when_they_begin(airline: Finished) -> None:
    night = of(airline, "us-airways", february(22, 0), february(22, 5))
    assert [one.news for one in night] == [News.OPENED]
    evening = of(airline, "united", february(22, 0), february(22, 23))
    assert [one.news for one in evening] == [News.OPENED]
    assert evening[0].at >= february(22, 21, 55)


def test_one_real_persons_flood_is_held_and_nobody_is_told_often(airline: Finished) -> None:
    assert airline.walked.held["us-airways", Reason.ONE_LOUD_AUTHOR] >= 1
    assert of(airline, "us-airways", february(23, 7), february(23, 8)) == []
    for brand in ("united", "us-airways", "virgin-america"):
        assert len(of(airline, brand, february(17, 0), february(25, 0))) <= 3
