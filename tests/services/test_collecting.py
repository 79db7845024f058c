"""Visiting a source: what is kept of it, when it is asked again, what it may cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from database import visits
from database.buckets import buckets_between
from database.session import DatabaseError
from database.tables import BrandMentionRow, MentionRow, SourceHourRow, TagRow, UsageRow
from services.collecting import collect
from services.installation import Installation
from services.rounds import start_round
from services.ticking import tick
from tests.installations import NOON, HandClock, installed, settings, source
from tests.sources.conftest import Site

MINUTE = timedelta(minutes=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with closing(Site()) as opened:
        yield opened


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def item(number: int | str, text: str, minutes_ago: int) -> str:
    at = (NOON - minutes_ago * MINUTE).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return f"<item><title>{text}</title><guid>tag:acme,{number}</guid><pubDate>{at}</pubDate></item>"


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>"


def listening(folder: Path, site: Site, clock: HandClock, *paths: str, **given: Any) -> Installation:
    feeds = tuple(source(path.strip("/"), "rss", url=site.url + path, **given) for path in paths)
    return installed(settings(folder, sources=feeds), clock)


def row(inst: Installation, source_id: str = "feed") -> Any:
    with inst.database.reading() as connection:
        found = visits.source_row(connection, source_id)
    assert found is not None
    return found


def stored(inst: Installation, *columns: Any) -> list[tuple[Any, ...]]:
    with inst.database.reading() as connection:
        return [tuple(each) for each in connection.execute(select(*columns))]


def test_an_edited_entry_is_brought_up_to_date_where_it_stands(tmp_path: Path, site: Site, clock: HandClock) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve("/feed", feed(item(1, "I love Northwind Air, wonderful.", 20)))
    assert tick(inst).collected[0].new == 1
    clock.advance(minutes=10)
    site.serve("/feed", feed(item(1, "I hate Northwind Air, terrible.", 0)))
    assert tick(inst).collected[0].new == 0
    assert stored(inst, MentionRow.title, MentionRow.edited_at) == [("I hate Northwind Air, terrible.", clock.now)]
    ((label, published),) = stored(inst, BrandMentionRow.label, BrandMentionRow.published_at)
    assert (label, published) == ("negative", NOON - 20 * MINUTE)
    with inst.database.reading() as connection:
        (bucket,) = buckets_between(connection, "northwind", NOON - timedelta(days=1), clock.now)
    assert (bucket.mentions, bucket.negative, bucket.positive) == (1, 1, 0)


def test_an_edit_that_names_another_brand_is_about_both(tmp_path: Path, site: Site, clock: HandClock) -> None:
    changed = settings(tmp_path).brands[0].model_copy(update={"id": "cargo", "phrases": ("Northwind Cargo",)})
    base = settings(tmp_path, sources=(source("feed", "rss", url=site.url + "/feed"),))
    inst = installed(base.model_copy(update={"brands": (*base.brands, changed)}), clock)
    site.serve("/feed", feed(item(1, "Late, Northwind Air.", 20)))
    tick(inst)
    clock.advance(minutes=10)
    site.serve("/feed", feed(item(1, "Late, Northwind Air and Northwind Cargo.", 20)))
    tick(inst)
    assert sorted(stored(inst, BrandMentionRow.brand)) == [("cargo",), ("northwind",)]


@pytest.mark.parametrize("withdrawn", ["[deleted]", "A quiet day at sea."])
def test_words_that_are_withdrawn_are_kept_no_more_and_count_for_no_brand(
    tmp_path: Path, site: Site, clock: HandClock, withdrawn: str
) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve(
        "/feed", feed(item(1, "I hate Northwind Air, data breach.", 20), item(2, "Northwind Air is on time.", 20))
    )
    tick(inst)
    clock.advance(minutes=10)
    site.serve("/feed", feed(item(1, withdrawn, 20), item(2, "Northwind Air is on time.", 20)))
    tick(inst)
    assert sorted(stored(inst, MentionRow.title)) == sorted([(withdrawn,), ("Northwind Air is on time.",)])
    assert len(stored(inst, BrandMentionRow.brand)) == 1
    assert stored(inst, TagRow.name) == []
    with inst.database.reading() as connection:
        (bucket,) = buckets_between(connection, "northwind", NOON - timedelta(days=1), clock.now)
    assert (bucket.mentions, bucket.negative) == (1, 0)


def test_what_was_about_no_brand_before_is_not_stored_for_being_shown_again(
    tmp_path: Path, site: Site, clock: HandClock
) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    for text in ("Nobody in particular", "Nobody in particular, edited"):
        site.serve("/feed", feed(item(1, text, 20)))
        tick(inst)
        clock.advance(minutes=10)
    assert stored(inst, MentionRow.title) == []


def test_a_quiet_source_is_asked_less_often_once_it_is_known_and_at_full_pace_when_it_speaks(
    tmp_path: Path, site: Site, clock: HandClock
) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve("/feed", feed(item(1, "Northwind Air is late.", 60)))
    tick(inst)
    assert row(inst).interval_seconds == 300
    clock.advance(days=8)
    tick(inst)
    assert row(inst).interval_seconds == 1200
    assert row(inst).brought_at == NOON
    clock.advance(minutes=20)
    site.serve("/feed", feed(item(2, "Something about nobody.", -8 * 24 * 60 - 10)))
    tick(inst)
    assert row(inst).interval_seconds == 300
    assert row(inst).brought_at == clock.now


def test_what_a_source_shows_is_counted_by_the_hour_whether_it_is_about_a_brand_or_not(
    tmp_path: Path, site: Site, clock: HandClock
) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve("/feed", feed(item(1, "Northwind Air is late.", 30), item(2, "Rain.", 40), item(3, "Sun.", 90)))
    tick(inst)
    clock.advance(minutes=10)
    tick(inst)
    hours = [hour for hour in stored(inst, SourceHourRow.hour, SourceHourRow.posts) if hour[1]]
    assert sorted(hours) == [
        (NOON - timedelta(hours=2), 1),
        (NOON - timedelta(hours=1), 2),
    ]
    assert row(inst).newest_at == NOON - 30 * MINUTE


def test_a_source_that_is_gone_is_not_asked_again(tmp_path: Path, site: Site, clock: HandClock) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve("/feed", status=410)
    assert "gone for good" in (tick(inst).collected[0].problem or "")
    for _ in range(5):
        clock.advance(days=1)
        assert tick(inst).collected == ()
    assert len(site.asked) == 1
    assert row(inst).stopped_at == NOON


def test_requests_are_counted_also_those_that_failed(tmp_path: Path, site: Site, clock: HandClock) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve("/feed", status=500)
    tick(inst)
    clock.advance(minutes=10)
    site.serve("/feed", status=301, headers={"Location": "/moved"})
    site.serve("/moved", feed())
    tick(inst)
    assert stored(inst, UsageRow.source, UsageRow.requests, UsageRow.units) == [("feed", 3, 0)]
    assert row(inst).failing_since is None


def test_a_failure_is_remembered_since_when(tmp_path: Path, site: Site, clock: HandClock) -> None:
    inst = listening(tmp_path, site, clock, "/feed")
    site.serve("/feed", status=500)
    for _ in range(3):
        tick(inst)
        clock.advance(minutes=20)
    assert row(inst).failing_since == NOON
    assert row(inst).failures == 3


def test_a_host_that_refuses_one_source_is_left_alone_by_the_others_also_after_a_restart(
    tmp_path: Path, site: Site, clock: HandClock
) -> None:
    inst = listening(tmp_path, site, clock, "/one", "/two")
    site.serve("*", status=429, headers={"Retry-After": "3600"})
    one, two = inst.settings.sources
    assert "too often" in (collect(inst, one).problem or "")
    postponed = collect(inst, two)
    assert (postponed.problem, postponed.postponed) == (
        None,
        f"{site.url.removeprefix('http://')}: it is left alone for now: it asked for that.",
    )
    assert len(site.asked) == 1
    clock.advance(minutes=59)
    reborn = listening(tmp_path, site, clock, "/one", "/two")
    assert start_round(reborn) == ()
    assert collect(reborn, two).postponed
    assert len(site.asked) == 1
    site.serve("*", feed())
    clock.advance(minutes=7)
    assert len(tick(reborn).collected) == 2
    assert len(site.asked) == 3
    assert row(inst, "two").failures == 0


def test_what_was_paid_for_counts_also_where_nothing_could_be_stored(
    tmp_path: Path, site: Site, clock: HandClock
) -> None:
    paid = source("news", "newsapi", server=site.url, key="k", query="Northwind Air", per_day=2)
    inst = installed(settings(tmp_path, sources=(paid,)), clock)
    article = {"title": "Northwind Air is late", "url": "https://example.com/1", "publishedAt": "2026-03-04T11:00:00Z"}
    site.serve_json("*", {"status": "ok", "totalResults": 1, "articles": [article]})
    with inst.database.writing() as connection:
        refusal = "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        connection.exec_driver_sql(f"CREATE TRIGGER no BEFORE INSERT ON mentions {refusal}")
    for _ in range(6):
        with suppress(SQLAlchemyError, DatabaseError):
            collect(inst, paid)
        clock.advance(minutes=10)
    assert len(site.asked) == 2
    assert stored(inst, UsageRow.units) == [(2,)]


def test_undated_posts_that_a_new_phrase_finds_are_a_backlog_and_not_news(
    tmp_path: Path, site: Site, clock: HandClock
) -> None:
    site.serve("/feed", feed("<item><title>Terrible, Polar Jet</title><guid>tag:acme,1</guid></item>"))
    inst = listening(tmp_path, site, clock, "/feed")
    tick(inst)
    clock.advance(minutes=5)
    (brand,) = inst.settings.brands
    wider = brand.model_copy(update={"phrases": (*brand.phrases, "Polar Jet")})
    tick(installed(inst.settings.model_copy(update={"brands": (wider,)}), clock))
    assert stored(inst, MentionRow.published_at) == [(clock.now - timedelta(days=1),)]
