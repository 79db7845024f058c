from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from database.listening import About, Heard, store
from incidents.incident import EventKind, TimelineEvent
from mentions.matching import about
from reports.chart import MarkKind
from services.installation import Installation
from services.picturing import MOST_POINTS, brand_chart, marks_of
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def prepared(folder: Path) -> Installation:
    """An outcry an hour and a half ago, after calm weeks."""
    inst = installation(folder, HandClock())
    mentions = [*calm_weeks(NOON), *outcry(NOON - 1.5 * HOUR)]
    scores = inst.scorers["northwind"].score_batch([m.content for m in mentions], [None] * len(mentions))
    match = about(["northwind"], "forum")[0]
    with inst.database.writing() as connection:
        heard = [Heard(mention, (About(match, score),)) for mention, score in zip(mentions, scores, strict=True)]
        store(connection, "forum", heard, NOON)
    return inst


def test_the_picture_counts_every_mention_of_its_time_once(tmp_path: Path) -> None:
    chart = brand_chart(prepared(tmp_path), "northwind", NOON - 6 * HOUR, NOON)
    assert sum(point.observed for point in chart.points) == 6 * 2 + 40
    assert sum(point.negative for point in chart.points) >= 40


def test_a_wave_is_no_part_of_what_it_stands_out_from(tmp_path: Path) -> None:
    opened = TimelineEvent(NOON - 1.5 * HOUR, EventKind.OPENED, "groundswell", "Many people complained.")
    chart = brand_chart(prepared(tmp_path), "northwind", NOON - 6 * HOUR, NOON, (opened,))
    assert max(chart.highs) <= 2
    assert [(mark.at, mark.kind, mark.detail) for mark in chart.marks] == [(opened.at, MarkKind.ALARM, opened.text)]


def test_a_time_that_is_not_over_is_no_whole_point(tmp_path: Path) -> None:
    inst = prepared(tmp_path)
    later = timedelta(minutes=2)
    over, running = (brand_chart(inst, "northwind", NOON - 6 * HOUR, NOON + past) for past in (0 * later, later))
    assert (len(over.points), len(over.whole)) == (72, 72)
    assert (len(running.points), len(running.whole)) == (73, 72)


def test_what_is_long_over_is_counted_to_the_end_of_its_last_step(tmp_path: Path) -> None:
    inst = prepared(tmp_path)
    chart = brand_chart(inst, "northwind", NOON - DAY, NOON - 1.5 * HOUR - timedelta(minutes=8))
    assert chart.whole == chart.points
    to_the_end = brand_chart(inst, "northwind", NOON - DAY, chart.points[-1].start + chart.step)
    assert to_the_end == chart


def test_any_length_of_time_has_few_enough_points_to_see(tmp_path: Path) -> None:
    inst = prepared(tmp_path)
    for length in (HOUR, 6 * HOUR, timedelta(days=1), timedelta(days=30)):
        assert 10 < len(brand_chart(inst, "northwind", NOON - length, NOON).points) <= MOST_POINTS + 1


def test_a_statement_is_marked_when_it_is_out_and_not_while_it_is_written() -> None:
    events = [
        TimelineEvent(NOON + n * HOUR, EventKind.STATEMENT, "dana", did, {"did": did})
        for n, did in enumerate(("drafted", "edited", "approved", "published"))
    ]
    assert [(mark.label, mark.detail) for mark in marks_of(events)] == [("Published", "published")]
    assert marks_of([TimelineEvent(NOON, EventKind.NOTE, "dana", "Noted.")]) == ()
