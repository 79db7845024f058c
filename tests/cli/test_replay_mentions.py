"""``groundswell replay`` of mentions, and ``groundswell tune``: what they say, write and draw."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from database.marks import add_mark
from detection.marks import Mark, MarkVerdict
from mentions.mention import Mention
from services.installation import Installation, open_installation
from services.receiving import Entry, keep_all, understand_all
from tests.cli.conftest import Outcome
from tests.installations import NOON, calm_weeks, outcry
from tests.mention_files import write_mentions
from tests.small_team import NORTHWIND, SOUTHWIND, settings_in

# What its tests share is made once.
pytestmark = pytest.mark.xdist_group("replayed mentions")

Groundswell = Callable[..., Outcome]
DAY = timedelta(days=1)


def configured(folder: Path, **changed: object) -> Path:
    return settings_in(folder, **{"brands": [NORTHWIND, SOUTHWIND], **changed})


def talk(until: datetime) -> Sequence[Mention]:
    """Two days of calm, and at the end of them an outcry."""
    return [*calm_weeks(until, days=2), *outcry(until)]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outcry about the first of two brands, and two rows that cannot be read: lines 138 and 139."""
    folder = tmp_path_factory.mktemp("replay")
    bad = [
        "x1,Northwind Air,a,,No time.",
        "x2,Northwind Air,a,05/06/2026,Which day?",
        "x3,Southwind,a,2026-03-04,Fine.",
    ]
    return write_mentions(folder / "posts.csv", talk(NOON), "Northwind Air", bad)


def replayed(groundswell: Groundswell, file: Path, *more: object) -> Outcome:
    return groundswell("replay", file, "--no-settings", *more)


def test_a_file_tells_its_alarms_incidents_and_what_could_not_be_read(groundswell: Groundswell, file: Path) -> None:
    told = replayed(groundswell, file)
    lines = told.out.splitlines()
    assert told.code == 0
    assert lines[0] == ("Judged without settings of a team: everything as it comes. Brands: Northwind Air, Southwind.")
    assert lines[2].startswith("2026-03-04 1")
    assert "  Northwind Air  SEV" in lines[2]
    assert " alarm: " in lines[2]
    assert any("Northwind Air: many people are complaining; still going on at the end" in line for line in lines)
    assert any(line.startswith("1 incident, ") and "alarms a week (in 0.3 weeks)" in line for line in lines)
    assert "Nobody works on these incidents: each counts as resolved a day after its wave has ebbed." in lines
    assert lines[-3] == "139 rows; 2 that cannot be read."
    assert lines[-2] == "line 138: It has no time. It was left out."
    assert lines[-1].startswith('line 139: The date "05/06/2026" can be read in two ways')
    assert [path.name for path in file.parent.iterdir()] == ["posts.csv"]


def test_programs_get_alarms_incidents_rates_and_remarks(groundswell: Groundswell, file: Path, tmp_path: Path) -> None:
    told = replayed(groundswell, file, "--json", "--alerts", tmp_path / "alarms.csv")
    record = json.loads(told.out)
    first, (incident,) = record["alarms"][0], record["incidents"]
    assert (first["brand"], first["news"], first["incident"]) == ("northwind-air", "opened", 1)
    assert (incident["brand"], incident["ebbed_at"]) == ("northwind-air", None)
    assert record["a_week"]["southwind"] == {"alarms": 0.0, "incidents": 0.0}
    assert [one["line"] for one in record["remarks"]] == [138, 139]
    assert (record["rows"], record["mentions"]) == (139, 137)
    with (tmp_path / "alarms.csv").open(newline="") as opened:
        rows = [*csv.DictReader(opened)]
    assert len(rows) == len(record["alarms"])
    assert rows[0]["timestamp"] == first["timestamp"]
    assert float(rows[0]["people"]) >= 5


def test_a_page_shows_each_brand_and_lists_alarms_and_incidents(
    groundswell: Groundswell, file: Path, tmp_path: Path
) -> None:
    assert replayed(groundswell, file, "--picture", tmp_path / "past.html").code == 0
    page = (tmp_path / "past.html").read_text()
    assert page.count("<svg") == 2
    assert "<h2>Northwind Air</h2>" in page
    assert "<th>Alarm</th><th>Brand</th>" in page
    assert "<th>Incident</th>" in page
    assert not any(word in page for word in ("<script", " src=", "url(", "@import"))


def test_each_brand_has_a_picture_of_its_own_with_its_id_in_the_name(
    groundswell: Groundswell, file: Path, tmp_path: Path
) -> None:
    told = replayed(groundswell, file, "--picture", tmp_path / "past.png")
    assert told.out.endswith("A picture of each brand: past-northwind-air.png, past-southwind.png.\n")
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in tmp_path.iterdir())


def test_a_teams_settings_decide_which_brands_are_judged(groundswell: Groundswell, file: Path, tmp_path: Path) -> None:
    config = configured(tmp_path, brands=[{"id": "eastwind", "name": "Eastwind", "phrases": ["Eastwind"]}])
    told = groundswell("-c", config, "replay", file)
    assert told.code == 1
    assert "none is about a brand of the settings" in told.err
    told = groundswell("-c", config, "replay", file, "--brand", "eastwind", "--time-zone", "Europe/Berlin")
    assert told.out.startswith(f"Judged by the settings in {config}.\n\n2026-03-04 1")
    assert "  Eastwind  SEV" in told.out
    assert "Times are Europe/Berlin." in told.out
    assert not (tmp_path / "data").exists()


def test_a_file_without_alarms_says_what_was_heard_and_what_asks_for_less(
    groundswell: Groundswell, tmp_path: Path
) -> None:
    told = replayed(groundswell, write_mentions(tmp_path / "calm.csv", calm_weeks(NOON, days=3)))
    assert "No alarm in 144 mentions of 0.4 weeks. Nothing stood out from what is usual" in told.out
    assert "--sensitivity high asks for less." in told.out


def test_where_less_than_two_days_are_known_that_is_why_nothing_stood_out(
    groundswell: Groundswell, tmp_path: Path
) -> None:
    told = replayed(groundswell, write_mentions(tmp_path / "calm.csv", calm_weeks(NOON, days=2)))
    assert "It takes two days of past to say what is unusual" in told.out
    config = configured(tmp_path)
    hear(config, calm_weeks(datetime.now(UTC), days=4))
    assert "Nothing stood out from what is usual" in groundswell("-c", config, "replay", "--since", "1d").out


def test_two_settings_are_put_side_by_side(groundswell: Groundswell, file: Path, tmp_path: Path) -> None:
    (tmp_path / "strict").mkdir()
    config, strict = configured(tmp_path), configured(tmp_path / "strict", detection={"least_people": 900})
    told = groundswell("-c", config, "replay", file, "--compare", strict, "--json")
    record = json.loads(told.out)
    complaints = [one for one in record["first"]["alarms"] if one["kind"] == "negative_wave"]
    assert complaints
    assert [one for one in record["other"]["alarms"] if one["kind"] == "negative_wave"] == []
    pairs = len(record["both"])
    assert pairs + len(record["only_first"]) == len(record["first"]["alarms"])
    assert pairs + len(record["only_other"]) == len(record["other"]["alarms"])
    told = groundswell("-c", config, "replay", file, "--compare", strict)
    assert f"Both ({pairs} alarm" in told.out
    assert f"Only the first ({len(record['only_first'])}):" in told.out
    assert "Only groundswell.yaml (" in told.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Say one of FILE, --since or --counts."),
        (("posts.csv", "--since", "7d"), "Say one of FILE, --since or --counts."),
        (("posts.csv", "--until", "2026-03-01"), "--until goes with --since."),
        (("--counts", "counts.csv", "--compare", "other.yaml"), "--compare goes with FILE or --since."),
        (("--since", "7d", "--brand", "northwind"), "go with FILE."),
        (("--since", "yesterday"), "is no moment"),
        (("posts.csv", "--map", "words=text"), "is not FIELD=COLUMN"),
        (("posts.csv", "--picture", "past.gif"), "must end in .png or .html"),
    ],
)
def test_what_does_not_go_together_is_named(groundswell: Groundswell, arguments: Sequence[str], told: str) -> None:
    done = groundswell("replay", *arguments)
    assert done.code == 2
    assert told in done.err


def hear(config: Path, mentions: Sequence[Mention]) -> Installation:
    """An installation that has heard something; its database is closed, and opens when it is asked."""
    inst = open_installation(config, os.environ)
    understood = understand_all(inst, [Entry(one, "forum", ("northwind",)) for one in mentions])
    with inst.database, inst.database.writing() as connection:
        keep_all(connection, understood, inst.clock())
    return inst


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Settings of a team that has heard two days of calm and an outcry, yesterday."""
    config = configured(tmp_path)
    hear(config, talk(yesterday()))
    return config


def yesterday() -> datetime:
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - DAY


def stored(config: Path) -> dict[str, bytes]:
    folder = config.parent / "data"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.stat().st_size}


def test_what_a_team_heard_is_replayed_and_not_a_byte_of_it_changes(groundswell: Groundswell, team: Path) -> None:
    config = team
    before = stored(config)
    told = groundswell("-c", config, "replay", "--since", "4d", "--json")
    record = json.loads(told.out)
    assert [one["kind"] for one in record["incidents"]][:1] == ["negative_wave"]
    assert record["mentions"] == len(talk(NOON))
    assert stored(config) == before


def test_weeks_before_anything_was_heard_do_not_count(groundswell: Groundswell, team: Path) -> None:
    record = json.loads(groundswell("-c", team, "replay", "--since", "52w", "--json").out)
    assert record["weeks"] < 1
    assert record["a_week"]["northwind"]["alarms"] > len(record["alarms"])


def test_a_span_may_end_before_the_present(groundswell: Groundswell, team: Path) -> None:
    told = groundswell("-c", team, "replay", "--since", "5d", "--until", f"{yesterday():%Y-%m-%d}", "--json")
    record = json.loads(told.out)
    assert record["until"] == yesterday().replace(hour=0).isoformat()
    assert 0 < record["mentions"] < len(calm_weeks(NOON, days=2))
    assert record["alarms"] == []


def test_a_span_that_ends_before_it_begins_is_refused(groundswell: Groundswell, team: Path) -> None:
    told = groundswell("-c", team, "replay", "--since", "2d", "--until", "3d")
    assert (told.code, "It is not before the end." in told.err) == (2, True)


def test_without_marks_tuning_shows_the_table_and_says_how_to_mark(groundswell: Groundswell, team: Path) -> None:
    told = groundswell("-c", team, "tune", "--since", "52w")
    lines = told.out.splitlines()
    assert told.code == 0
    assert lines[0].startswith(f"From {yesterday() - 2 * DAY:%Y-%m-%d} to ")  # weeks without a word do not count
    assert " ".join(lines[2].split()) == "settings alarms a week noise kept missed found added removed"
    assert [line.split("  ")[0] for line in lines[3:8]] == [
        "as they are",
        "sensitivity: low",
        "sensitivity: high",
        "least_people: 3",
        "least_people: 8",
    ]
    assert "groundswell signals noise ID --by PERSON" in told.out


def test_the_settings_that_fit_the_marks_are_proposed_as_lines_and_nothing_is_changed(
    groundswell: Groundswell, tmp_path: Path
) -> None:
    at = yesterday()
    config = configured(tmp_path, detection={"least_people": 14})
    inst = hear(config, [*calm_weeks(at, days=2), *outcry(at, people=12)])
    with inst.database, inst.database.writing() as connection:
        add_mark(connection, Mark(0, "northwind", MarkVerdict.MISSED, at, None, "dana", at))
    before, text = stored(config), config.read_bytes()
    told = groundswell("-c", config, "tune", "--since", "4d").out
    assert "With least_people: 12:\n  + " in told
    assert "fit your marks best (0 noise kept, 0 missed alarms not found)" in told
    assert "let groundswell.yaml say:\n\n    detection:\n      least_people: 12\n" in told
    assert (stored(config), config.read_bytes()) == (before, text)


def test_a_brand_may_be_tuned_by_itself(groundswell: Groundswell, team: Path) -> None:
    told = json.loads(groundswell("-c", team, "tune", "--since", "2d", "--brand", "northwind", "--json").out)
    assert [one["settings"] for one in told["candidates"]] == ["as they are", "sensitivity: low", "sensitivity: high"]
    assert (told["proposed"], told["lines"]) == ("as they are", [])
    assert groundswell("-c", team, "tune", "--brand", "nobody").code == 2
