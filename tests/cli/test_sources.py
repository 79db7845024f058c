from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click import unstyle

from cli.sources import lines
from database import source_health, visits
from services.installation import Installation, open_installation
from services.source_reports import source_reports
from sources.network.pacing import Wait
from tests.cli.conftest import Outcome
from tests.installations import NOON, HandClock, installation, source

Groundswell = Callable[..., Outcome]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = """
brands: [{id: northwind, name: Northwind Air, phrases: [Northwind Air]}]
sources:
  - {id: forum, kind: rss, url: "https://forum.example/feed"}
  - {id: news, kind: rss, url: "https://news.example/feed"}
people: [{id: dana, name: Dana Reyes, email: dana@example.com}]
routing: {owner: dana}
mail: {transport: file, sender: alerts@example.com, folder: outbox}
data_folder: data
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "groundswell.yaml"
    file.write_text(SETTINGS, encoding="utf-8")
    return file


@pytest.fixture
def opened(config: Path) -> Iterator[Installation]:
    inst = open_installation(config, os.environ)
    with inst.database:
        yield inst


def remember(inst: Installation, name: str, **values: object) -> None:
    with inst.database.writing() as connection:
        visits.save_source(connection, name, **values)


def test_each_source_is_a_row_the_deaf_ones_first_with_what_to_do(tmp_path: Path) -> None:
    metered = source("paid", kind="newsapi", key="k", query="northwind", per_day=100)
    inst = installation(tmp_path, HandClock(), sources=(source(url="https://forum.example"), metered))
    well: dict[str, object] = {"asked_at": NOON, "newest_at": NOON - 4 * HOUR, "brought_at": NOON - HOUR}
    failing = {"problem": "It broke\x1b[31m.", "remedy": "Mend it.", "next_at": NOON + HOUR / 4}
    remember(inst, "forum", **well, **failing, succeeded_at=NOON - 3 * HOUR)
    remember(inst, "paid", **well, succeeded_at=NOON, warning="An entry was odd.")
    with inst.database.writing() as connection:
        visits.add_usage(connection, "paid", NOON, requests=3, units=40)
        told = [unstyle(line) for line in lines(source_reports(connection, inst), NOON)]
    assert told == [
        "SOURCE  STATE     ANSWERED  LAST NEW POST  NEXT VISIT  TODAY (UTC)",
        "forum   failing   3 h ago   4 h ago        in 15 min   0 requests",
        "    It broke [31m. (since 3 h ago)",
        "    Mend it.",
        "paid    speaking  just now  4 h ago        next round  40 of 100 requests",
        "    note: An entry was odd.",
        "1 of 2 sources heard.",
    ]


def test_without_sources_it_says_how_to_add_one() -> None:
    assert lines((), NOON)[0].startswith("There are no sources in the settings.")


def test_programs_get_every_fact(groundswell: Groundswell, config: Path, opened: Installation) -> None:
    now = opened.clock()
    remember(opened, "news", asked_at=now, succeeded_at=now, stopped_at=now, next_at=now + DAY, problem="It is gone.")
    done = groundswell("sources", "-c", config, "--json")
    news, forum = json.loads(done.out)
    assert (news["source"], news["state"], news["deaf"], news["next_visit"]) == ("news", "stopped", True, None)
    assert news["last_success"] == now.isoformat()
    assert (forum["source"], forum["state"], forum["budget"]) == ("forum", "new", None)


def test_a_stopped_source_is_woken(groundswell: Groundswell, config: Path, opened: Installation) -> None:
    now = opened.clock()
    remember(opened, "news", asked_at=now, stopped_at=now, next_at=now + DAY)
    with opened.database.writing() as connection:
        visits.save_waits(connection, [Wait("news.example", now + HOUR, "it asked for that")])
    assert groundswell("-c", config, "sources", "wake", "news").out == "news is asked in the next round.\n"
    assert groundswell("sources", "-c", config, "wake", "forum").out.startswith("forum was not asked yet")
    with opened.database.reading() as connection:
        assert source_health.source_facts(connection)["news"].stopped_at is None
        assert visits.host_waits(connection, now) == []


def test_a_source_that_is_not_there_is_a_failure_that_names_those_that_are(
    groundswell: Groundswell, config: Path
) -> None:
    done = groundswell("sources", "wake", "-c", config, "forumm")
    assert done.code == 1
    assert "There are: forum, news." in done.err


def test_the_settings_may_be_named_before_or_after(groundswell: Groundswell, config: Path) -> None:
    for line in (("-c", config, "sources"), ("sources", "-c", config)):
        assert groundswell(*line).out.endswith("Nothing is amiss with 2 sources.\n")
