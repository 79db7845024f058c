from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import small_team
from tests.cli.conftest import Outcome

Groundswell = Callable[..., Outcome]
SURVEY = """\
Response Date;Comment;Score
28/02/2026;Northwind Air lost my bag;2
01/03/2026;=lovely Northwind Air crew;10
02/03/2026;;7
03/03/2026;Northwind Air;eleven
"""
OPTIONS = ("--date-format", "%d/%m/%Y", "--rating", "nps")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_in(tmp_path)


def settings_in(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return small_team.settings_in(folder, time_zone="Europe/Madrid")


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    file = tmp_path / "Survey.csv"
    file.write_text(SURVEY, encoding="utf-8")
    return file


def test_an_import_says_what_became_of_the_rows(groundswell: Groundswell, config: Path, survey: Path) -> None:
    done = groundswell("import", "-c", config, survey, *OPTIONS)
    assert (done.code, done.err) == (0, "")
    rejects = survey.with_name("Survey.rejects.csv")
    assert done.out.splitlines() == [
        '4 rows: 2 new mentions, kept as "survey"; 1 without a text, not kept.',
        f"1 row rejected, with the reasons in {rejects}.",
    ]
    assert "does not begin with a number" in rejects.read_text(encoding="utf-8-sig")
    again = groundswell("import", "-c", config, survey, *OPTIONS)
    assert again.out.startswith('4 rows: 0 new mentions, kept as "survey"; 2 known already; 1 without')


def test_where_no_row_could_be_read_the_exit_code_says_so(groundswell: Groundswell, config: Path, survey: Path) -> None:
    survey.write_text("date,comment\n1/2/2026,Northwind Air\n", encoding="utf-8")
    done = groundswell("import", "-c", config, survey)
    assert done.code == 1
    assert "1 row rejected" in done.out
    survey.write_text("date,comment\n", encoding="utf-8")
    nothing = groundswell("import", "-c", config, survey)
    assert (nothing.code, nothing.out) == (0, "Survey.csv holds no rows below its header; nothing was imported.\n")


def test_a_dry_run_shows_columns_and_rows_and_stores_nothing(
    groundswell: Groundswell, config: Path, survey: Path
) -> None:
    done = groundswell("import", "-c", config, survey, *OPTIONS, "--dry-run", "--map", "author=Comment")
    assert done.code == 1  # a column holds one thing
    shown = groundswell("import", "-c", config, survey, *OPTIONS, "--dry-run").out
    assert 'CSV with semicolons. It would be kept as "survey". Nothing was stored.' in shown
    assert "  text:      Comment\n  published: Response Date\n  rating:    Score  (nps, 0 to 10)\n" in shown
    assert "line 2: 2026-02-27 23:00 UTC, author unknown, nps 2 of 10\n  Northwind Air lost my bag" in shown
    assert "line 4: not kept. It has no text." in shown
    assert len(groundswell("export", "-c", config).out.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--map", "text"), 2, "is not FIELD=COLUMN"),
        (("--map", "txt=Comment"), 2, "fields are: key, source"),
        (("--map", "text=Nothing"), 1, 'there is no column "Nothing"'),
        (("--brand", "nobody"), 2, "is none of: northwind"),
        (("--source", "My Survey"), 2, "is not an id"),
        (("--rating", "thumbs"), 2, "is none of stars, nps, csat, ces"),
        (("--rating", "csat:5-5"), 2, "is none of stars"),
        (("--time-zone", "Mars/Base"), 2, "is not known"),
        (("--encoding", "klingon"), 1, "no encoding"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_stored(
    groundswell: Groundswell, config: Path, survey: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = groundswell("import", "-c", config, survey, *OPTIONS, *arguments)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_what_is_exported_can_be_imported_elsewhere(
    groundswell: Groundswell, config: Path, survey: Path, tmp_path: Path
) -> None:
    groundswell("import", "-c", config, survey, *OPTIONS)
    for name in ("all.csv", "all.jsonl"):
        wrote = groundswell("export", "-c", config, "-o", tmp_path / name)
        assert wrote.out.startswith(f"Wrote {tmp_path / name} (")
        elsewhere = settings_in(tmp_path / name.replace(".", "-"))
        done = groundswell("import", "-c", elsewhere, tmp_path / name)
        assert done.out == '2 rows: 2 new mentions, kept as "all".\n'
        assert {one["key"]: one["rating"] for one in exported(groundswell, elsewhere)} == {
            one["key"]: one["rating"] for one in exported(groundswell, config)
        }


def test_an_export_is_cut_in_the_time_zone_of_the_settings(
    groundswell: Groundswell, config: Path, survey: Path
) -> None:
    groundswell("import", "-c", config, survey, *OPTIONS)
    assert len(exported(groundswell, config, "--since", "2026-03-01")) == 1
    assert len(exported(groundswell, config, "--until", "2026-03-01")) == 1
    assert exported(groundswell, config, "--since", "2026-03-02", "--brand", "northwind") == []
    wrong = groundswell("export", "-c", config, "--brand", "nobody")
    assert (wrong.code, wrong.out) == (2, "")


def test_formulas_are_harmless_in_the_csv(groundswell: Groundswell, config: Path, survey: Path, tmp_path: Path) -> None:
    groundswell("import", "-c", config, survey, *OPTIONS)
    groundswell("export", "-c", config, "-o", tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)][1] == "'=lovely Northwind Air crew"


def test_a_place_that_cannot_be_written_is_told(groundswell: Groundswell, config: Path, tmp_path: Path) -> None:
    done = groundswell("export", "-c", config, "-o", tmp_path / "gone" / "all.csv")
    assert (done.code, done.out) == (1, "")
    assert "cannot be written (no such file or directory)" in done.err


def exported(groundswell: Groundswell, config: Path, *arguments: str) -> list[dict[str, object]]:
    out = groundswell("export", "-c", config, "--format", "jsonl", *arguments).out
    return [json.loads(line) for line in out.splitlines()]
