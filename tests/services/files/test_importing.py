"""Files brought in: what is kept, what is known, what is rejected, and that nothing is lost on the way."""

from __future__ import annotations

import csv
import json
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from database.tables import BrandMentionRow, MentionRow
from mentions.mention import Rating, RatingScale
from services.evaluating import evaluate
from services.files.importing import Choices, Imported, import_file, preview, source_of
from services.files.rejecting import Rejects, RejectsError, Repeats
from services.files.row_errors import RowError
from services.files.row_files import Row, RowFile
from services.files.rows import Field, Scale
from services.installation import Installation
from settings.model import Brand
from tests.installations import BRAND, NOON, HandClock, installation

SURVEY = """\
Response ID;Response Date;Comment;NPS;Customer
1;2026-03-01 10:00;"Lost my bag; Northwind Air";2;Ana
2;2026-03-01 11:00;Northwind Air was on time;10;Bo
3;2026-03-01 12:00;;9;Cy
4;01/03/2026;Northwind Air again;7;Di
5;2026-03-01 13:00;Nothing to say;5;Ed
"""
OTHER = Brand(id="bluebird", name="Bluebird Hotels", phrases=("Bluebird",))


@pytest.fixture
def inst(tmp_path: Path) -> Installation:
    return installation(tmp_path, HandClock(), brands=(BRAND, OTHER))


def write(inst: Installation, content: str, name: str = "Survey May.csv") -> Path:
    path = inst.settings.data_folder / name
    path.write_text(content, encoding="utf-8")
    return path


def counts(done: Imported) -> tuple[int, int, int, int, int]:
    return done.new, done.known, done.unrelated, done.wordless, done.rejected


def stored(inst: Installation) -> dict[str, MentionRow]:
    with inst.database.reading() as connection:
        return {row.key: row for row in connection.execute(select(MentionRow.__table__))}  # type: ignore[misc]  # rows have the table's columns


def test_a_survey_is_kept_with_its_scores_and_what_is_bad_is_told_apart(inst: Installation) -> None:
    done = import_file(inst, write(inst, SURVEY), Choices())
    assert counts(done) == (2, 0, 1, 1, 1)
    assert (done.source, done.rows) == ("survey-may", 5)
    row = stored(inst)["survey-may:1"]
    assert (row.text, row.author, row.source) == ("Lost my bag; Northwind Air", "Ana", "survey-may")
    assert (row.rating, row.rating_worst, row.rating_best, row.rating_scale) == (2, 0, 10, "nps")


def test_importing_again_adds_nothing(inst: Installation) -> None:
    path = write(inst, SURVEY)
    import_file(inst, path, Choices())
    assert counts(import_file(inst, path, Choices())) == (0, 2, 1, 1, 1)


def test_rows_without_an_id_are_kept_as_often_as_they_stand_in_the_file_and_only_once(inst: Installation) -> None:
    line = "2026-03-01,Northwind Air is late\n"
    path = write(inst, "date,comment\n" + line * 3)
    assert counts(import_file(inst, path, Choices())) == (3, 0, 0, 0, 0)
    path = write(inst, "date,comment\n2026-03-02,Northwind Air is early\n" + line * 4)
    assert counts(import_file(inst, path, Choices())) == (2, 3, 0, 0, 0)


def test_everything_can_be_about_one_brand_and_a_column_may_say_which(inst: Installation) -> None:
    path = write(inst, "id,brand,comment\n1,Bluebird Hotels,Cold room\n2,elsewhere,Warm room\n")
    assert counts(import_file(inst, path, Choices())) == (1, 0, 1, 0, 0)
    assert counts(import_file(inst, path, Choices(brand="northwind"))) == (1, 1, 0, 0, 0)
    with inst.database.reading() as connection:
        rows = connection.execute(select(BrandMentionRow.brand, BrandMentionRow.reason, BrandMentionRow.evidence)).all()
    assert sorted(map(tuple, rows)) == [
        ("bluebird", "source", "survey-may"),
        ("northwind", "source", "survey-may"),
        ("northwind", "source", "survey-may"),
    ]


def test_the_rejects_hold_the_row_its_line_and_the_reason_and_can_be_imported_once_mended(inst: Installation) -> None:
    done = import_file(inst, write(inst, SURVEY), Choices())
    assert done.rejects
    text = done.rejects.read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(text.splitlines(), delimiter=";")
    assert (row["Response ID"], row["Comment"], row["_line"]) == ("4", "Northwind Air again", "5")
    assert "two ways" in row["_reason"]
    mended = write(inst, text.replace("01/03/2026", "2026-03-01"), done.rejects.name)
    assert counts(again := import_file(inst, mended, Choices())) == (1, 0, 0, 0, 0)
    assert again.source == done.source
    assert set(stored(inst)) == {"survey-may:1", "survey-may:2", "survey-may:4"}


def test_rejects_of_json_lines_can_be_mended_too_and_no_reject_makes_no_file(inst: Installation) -> None:
    path = write(inst, '{"text": "Northwind Air", "date": "1/2/2026"}\nnonsense\n', "tickets.jsonl")
    done = import_file(inst, path, Choices())
    assert done.rejects
    first, second = (json.loads(line) for line in done.rejects.read_text(encoding="utf-8").splitlines())
    assert (first["text"], first["_line"]) == ("Northwind Air", 1)
    assert second == {"_row": "nonsense", "_line": 2, "_reason": "It is not a JSON object on one line."}
    assert import_file(inst, write(inst, '{"text": "Northwind Air"}', "fine.jsonl"), Choices()).rejects is None
    assert not (inst.settings.data_folder / "fine.rejects.jsonl").exists()


def test_formulas_and_bytes_that_are_no_text_come_into_the_rejects_harmless_and_whole(inst: Installation) -> None:
    path = write(inst, "comment,date\n=1+1,never\n")
    path.write_bytes(path.read_bytes() + b"caf\xe9,2026-01-01\n")
    done = import_file(inst, path, Choices())
    assert done.rejects
    lines = done.rejects.read_bytes().splitlines()
    assert lines[1].startswith(b"'=1+1,never,2,")
    assert lines[2].startswith(b"caf\xe9,2026-01-01,3,")


def test_rejects_that_cannot_be_written_are_said_so_and_what_was_imported_is_kept(inst: Installation) -> None:
    path = write(inst, SURVEY)
    (inst.settings.data_folder / "Survey May.rejects.csv").mkdir()
    with pytest.raises(RejectsError, match="what was imported is kept"):
        import_file(inst, path, Choices())


def test_history_is_no_wave(inst: Installation) -> None:
    complaints = "".join(f"{n},Northwind Air is awful and late,person {n}\n" for n in range(200))
    import_file(inst, write(inst, f"id,comment,author\n{complaints}"), Choices())
    row = next(iter(stored(inst).values()))
    assert (row.published_at, row.dating) == (NOON - timedelta(days=1), "missing")
    assert all(answer.incident_id is None for answer in evaluate(inst))


def test_a_dry_run_shows_the_mapping_and_the_first_rows_and_stores_nothing(inst: Installation) -> None:
    plan = preview(inst, write(inst, SURVEY), Choices(scale=Scale(RatingScale.NPS, 0, 10)), count=4)
    assert (plan.described, plan.source) == ("CSV with semicolons", "survey-may")
    assert plan.columns.by_field[Field.TEXT] == "Comment"
    lines, rows = zip(*plan.rows, strict=True)
    assert lines == (2, 3, 4, 5)
    assert rows[0].rating == Rating(2, 0, 10, RatingScale.NPS)
    assert [isinstance(row, RowError) for row in rows] == [False, False, True, True]
    assert stored(inst) == {}


def test_an_import_that_breaks_off_goes_on_where_it_was(inst: Installation) -> None:
    path = write(inst, "id,comment\n" + "".join(f"{n},Northwind Air {n}\n" for n in range(1_200)))

    def break_off(done: Imported) -> None:
        if done.rows == 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(inst, path, Choices(), break_off)
    assert counts(import_file(inst, path, Choices())) == (200, 1_000, 0, 0, 0)


def test_a_long_file_is_read_in_the_memory_of_a_short_one(inst: Installation) -> None:
    def peak(rows: int) -> int:
        path = write(inst, "comment,author\n" + "".join(f"nothing about it,{n}\n" for n in range(rows)), f"{rows}.csv")
        tracemalloc.start()
        import_file(inst, path, Choices())
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(500)  # what is made once
    assert peak(6_000) < 1.5 * peak(1_000)


def test_repeats_are_numbered() -> None:
    with Repeats() as repeats:
        assert [repeats.numbered(key) for key in ("a", "b", "a", "a")] == ["a", "b", "a:2", "a:3"]


def test_a_row_with_too_many_cells_keeps_them_behind_the_reason(tmp_path: Path) -> None:
    file = RowFile(",", ("a", "b"), iter(()), "utf-8")
    with Rejects(tmp_path / "f.csv", file) as rejects:
        rejects.add(Row(2, {}, ["1", "2", "3"], RowError("x")), "too many")
    assert rejects.path.read_text(encoding="utf-8").splitlines()[1] == "1,2,2,too many,3"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Survey May (2).csv", "survey-may-2"),
        ("survey.rejects.csv", "survey"),
        ("客户.csv", "import"),
        ("x" * 90 + ".csv", "x" * 63),
    ],
)
def test_a_source_is_made_of_the_files_name(name: str, source: str) -> None:
    assert source_of(Path(name)) == source
