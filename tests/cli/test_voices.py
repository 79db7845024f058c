from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.small_team import NORTHWIND, SOUTHWIND, settings_in

Groundswell = Callable[..., Outcome]
SURVEY = """\
date,text,author,followers,score
{at},"Northwind Air lost my bag, this is terrible",ana,120,1
{at},"Northwind Air cancelled again, awful",ana,120,2
{at},Thank you Northwind Air what a great crew,ben,9000,10
"""


@pytest.fixture
def config(tmp_path: Path, groundswell: Groundswell) -> Path:
    file = settings_in(tmp_path, brands=[NORTHWIND, {**SOUTHWIND, "competitor": True}])
    survey = tmp_path / "survey.csv"
    survey.write_text(SURVEY.format(at=(datetime.now(UTC) - timedelta(hours=1)).isoformat()), encoding="utf-8")
    done = groundswell("import", "-c", file, survey, "--rating", "nps")
    assert done.code == 0, done.err
    return file


def test_the_figures_stand_one_a_line_after_the_answer(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("voices", "-c", config, "northwind")
    assert (done.code, done.err) == (0, "")
    told = done.out.splitlines()
    assert told[0] == "Northwind Air: What is usual is not known yet."
    assert told[1] == "3 posts in 24 hours by 2 people, 67% negative."
    named = {line[:15].strip(): line[16:] for line in told[2:] if line[:15].strip()}
    assert named["VOICES"] == "2 telling 3 stories; 2 new, 0 returning"
    assert named["LOUDEST"] == "67% of the posts by one author (2)"
    assert named["SENTIMENT"] == "1 positive to 2 negative"
    assert named["SILENT"] == "about 26: 1 complaining author times 26"
    assert named["TOP VOICES"].startswith("ben (survey): 1 post, 0 negative, 9,000 followers")
    assert named["SHARE OF VOICE"] == "100% Northwind Air: 3, 67% of them negative"
    assert named["RATINGS"].startswith("NPS -33 (")


def test_json_holds_every_figure(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("voices", "-c", config, "northwind", "--json")
    record = json.loads(done.out)
    assert record["mentions"]["negative_share"] == pytest.approx(2 / 3)
    assert record["voices"] == {
        "mentions": 3, "authors": 2, "loudest": 2, "stories": 3,
        "loudest_share": pytest.approx(2 / 3), "passion": 1.5, "reach": pytest.approx(2 / 3),
    }  # fmt: skip
    assert record["top_by_followers"][0]["author"] == "ben"
    assert record["silent_customers"]["estimate"] == 26
    (ratings,) = record["ratings"]
    assert ratings["is_nps"]
    assert ratings["estimate"]["value"] == pytest.approx(-100 / 3)
    assert record["share_of_voice"][1]["competitor"]


def test_a_window_without_posts_is_a_short_answer(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("voices", "-c", config, "southwind", "--since", "1h")
    assert done.out.splitlines()[:2] == ["Southwind: Nobody has spoken of it.", "No posts in 1 hour."]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nobody",), '"nobody" is none of: northwind, southwind.'),
        (("northwind", "--since", "yesterday"), "Write it as 90m, 24h or 7d."),
        (("northwind", "--since", "0d"), "'0d' is shorter than a minute. Write it as 90m, 24h or 7d."),
    ],
)
def test_what_was_mistyped_is_said_with_what_to_write(
    groundswell: Groundswell, config: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = groundswell("voices", "-c", config, *arguments)
    assert done.code == 2
    assert told in " ".join(done.err.split())
