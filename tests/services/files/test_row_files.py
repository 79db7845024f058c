"""Files in the dialects that tools write, whole and broken."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.mention import RatingScale
from services.files.columns import Columns, ColumnsError, map_columns
from services.files.row_files import LONGEST_LINE, Row, RowFileError, open_rows
from services.files.rows import Field


def rows_of(path: Path, content: str | bytes, encoding: str = "") -> list[Row]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_rows(path, encoding) as file:
        return list(file.rows)


@pytest.mark.parametrize(
    ("content", "described"),
    [
        ("date,comment\n1,Good\n", "CSV with commas"),
        ("date;comment\r\n1;Good\r\n", "CSV with semicolons"),
        ("\ufeffdate\tcomment\n1\tGood", "CSV with tabs"),
        ("sep=;\ndate;comment\n1;Good\n", "CSV with semicolons"),
        ("\n\ndate,comment\n\n1,Good\n,\n", "CSV with commas"),
        ('"date","comment"\r"1","Good"\r', "CSV with commas"),
        ('{"date": "1", "comment": "Good"}\n\n', "JSON Lines"),
    ],
)
def test_the_dialect_is_found_out(tmp_path: Path, content: str, described: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode())
    with open_rows(path) as file:
        assert (file.described, file.header) == (described, ("date", "comment"))
        assert [row.values for row in file.rows] == [{"date": "1", "comment": "Good"}]


def test_cells_may_hold_delimiters_quotes_line_breaks_and_marked_formulas(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path / "f.csv", 'a,b,c\n"x, ""y""\nz",\'=1+1,\'tis\n')
    assert row.values == {"a": 'x, "y"\nz', "b": "=1+1", "c": "'tis"}


def test_utf_16_as_spreadsheets_save_it_and_named_encodings_are_read(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "a.csv", "text\tn\nSchön\t1\n".encode("utf-16"))[0].values["text"] == "Schön"
    assert rows_of(tmp_path / "b.csv", "text\nSchön\n".encode("cp1252"), "cp1252")[0].values["text"] == "Schön"


def test_a_bad_row_is_told_with_its_line_and_the_rows_around_it_are_kept(tmp_path: Path) -> None:
    content = b'text,n\ngood,1\n"open,2\ngood,3\nbad\xff,4\na,b,c\n"x"y,5\ngood,6\n"end,7\n'
    rows = rows_of(tmp_path / "f.csv", content)
    assert [row.line for row in rows if not row.problem] == [2, 4, 8]
    told = {row.line: str(row.problem) for row in rows if row.problem}
    assert list(told) == [3, 5, 6, 7, 9]
    assert "written twice" in told[3]
    assert "not UTF-8" in told[5]
    assert told[6] == "It has 3 cells where the header has 2."
    assert "never closed" in told[9]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    lines = "".join(f"row {n},{n}\n" for n in range(20_000))
    rows = rows_of(tmp_path / "f.csv", f'text,n\n"open,0\n{lines}')
    assert [row.line for row in rows if row.problem] == [2]
    assert len(rows) == 20_001


def test_long_texts_are_read_and_longer_ones_are_told_truly(tmp_path: Path) -> None:
    long = "x" * 700_000
    longest, wide, open_end = "y" * (LONGEST_LINE + 1), ",".join([long] * 3), f'"{long}\n{long}\n{long}\n{long}'
    rows = rows_of(tmp_path / "f.csv", f"text,n,m\n{long},1\n{longest},2\n{wide}\ngood,4\n{open_end}\n")
    assert rows[0].values == {"text": long, "n": "1"}
    assert [row.line for row in rows if row.problem] == [3, 4, 6]
    assert {str(row.problem) for row in rows[1:3]} == {"The line has more than 2,000,000 characters."}
    assert all(len(row.raw[0]) <= 1_000 for row in rows[1:3])
    assert str(rows[4].problem) == (
        'A cell in it has more than 2,000,000 characters, most often because a quotation mark (") is opened in it and '
        "never closed."
    )


def test_rows_with_fewer_cells_are_complete_without_them(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path / "f.csv", "text,n,extra\ngood\n")
    assert row.values == {"text": "good"}


@pytest.mark.parametrize("line", ["nonsense", "[1]", '"text"', "{" * 100_000, '{"a": ' + "9" * 5_000 + "}", "\ud800"])
def test_a_line_that_is_no_object_is_one_bad_row(tmp_path: Path, line: str) -> None:
    content = f'{{"text": "a"}}\n{line}\n{{"text": "b"}}\n'.encode("utf-8", "surrogatepass")
    rows = rows_of(tmp_path / "f.jsonl", content)
    assert [row.problem is None for row in rows] == [True, False, True]


def test_an_endless_line_is_one_bad_row_and_not_kept_in_memory(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "f.jsonl", '{"text": "a"}\n{"text": "' + "x" * (LONGEST_LINE * 2) + '"}\n{"text": "b"}\n')
    assert [row.problem is None for row in rows] == [True, False, True]
    assert len(rows[1].raw[0]) <= 1_000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "not text in UTF-8"),
        (b"caf\xe9,b\n1,2\n", "not text in UTF-8"),
        (b'[{"text": "a"}]', "one JSON list"),
        (b"sep=|\na|b\n", 'separates its cells by "|"'),
        (b'"text\n', "no header that can be read"),
        (b"sep=,\n", "no header that can be read"),
    ],
)
def test_what_is_no_file_of_rows_is_refused_whole(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(RowFileError) as refused:
        rows_of(tmp_path / "f.csv", content)
    assert says in refused.value.problem


def test_a_file_that_is_not_there_and_an_encoding_that_is_none_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(RowFileError, match="no such file"), open_rows(tmp_path / "gone.csv"):
        pass
    with pytest.raises(RowFileError, match="no encoding"):
        rows_of(tmp_path / "f.csv", "text\n", "klingon")


@given(st.lists(st.lists(st.sampled_from(['"', ",", "\n", "a", '"a"', "é", "'=", "\r"]), max_size=6).map("".join)))
def test_whatever_a_file_holds_every_row_is_read_or_told(said: list[str]) -> None:
    with TemporaryDirectory() as folder:
        rows = rows_of(Path(folder) / "f.csv", "text,n\n" + "\n".join(said))
    assert all(row.problem is None or str(row.problem) for row in rows)
    assert [row.line for row in rows] == sorted({row.line for row in rows})


def test_the_keys_of_json_lines_are_those_of_its_first_objects(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text("\n".join(json.dumps({f"k{n % 3}": n}) for n in range(9)))
    with open_rows(path) as file:
        assert file.header == ("k0", "k1", "k2")
        assert len(list(file.rows)) == 9


def test_two_columns_of_one_name_and_one_without_keep_apart(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path / "f.csv", "text,text,\na,b,c\n")
    assert row.values == {"text": "a", "text (2)": "b", "column 3": "c"}


class TestColumns:
    def mapped(self, *names: str, given: dict[Field, str] | None = None, asked: RatingScale | None = None) -> Columns:
        return map_columns("survey.csv", names, given or {}, asked)

    def test_usual_names_are_found_whatever_their_spelling(self) -> None:
        columns = self.mapped(
            "ResponseID", "Response Date (UTC)", "COMMENT_TEXT", "customer-name", "NPS Score", "Region"
        )
        assert columns.by_field == {
            Field.ID: "ResponseID",
            Field.PUBLISHED: "Response Date (UTC)",
            Field.TEXT: "COMMENT_TEXT",
            Field.AUTHOR: "customer-name",
            Field.RATING: "NPS Score",
        }
        assert (columns.scale, columns.unread) == (RatingScale.NPS, ("Region",))

    def test_the_user_has_the_last_word(self) -> None:
        columns = self.mapped("Comment", "Q7", "Date", given={Field.TEXT: "q7", Field.TITLE: "Comment"})
        assert columns.by_field[Field.TEXT] == "Q7"
        assert columns.by_field[Field.TITLE] == "Comment"

    def test_of_several_the_more_telling_name_wins(self) -> None:
        columns = self.mapped("response", "verbatim", "time", "date")
        assert (columns.by_field[Field.TEXT], columns.by_field[Field.PUBLISHED]) == ("verbatim", "date")

    def test_a_score_is_read_only_where_somebody_says_what_it_is(self) -> None:
        assert Field.RATING not in self.mapped("text", "score").by_field
        assert self.mapped("text", "score", asked=RatingScale.CSAT).by_field[Field.RATING] == "score"
        assert self.mapped("text", "nps", "csat", asked=RatingScale.CSAT).by_field[Field.RATING] == "csat"

    def test_a_source_column_counts_only_in_an_export_of_ours(self) -> None:
        assert Field.SOURCE not in self.mapped("text", "source").by_field
        assert self.mapped("text", "source", "key").by_field[Field.SOURCE] == "source"

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({}, "no column is known to hold the text. It has: Remarks, Q2."),
            ({Field.TEXT: "Remark"}, 'Did you mean "Remarks"?'),
            ({Field.TEXT: "Comment"}, "It has: Remarks, Q2."),
        ],
    )
    def test_missing_columns_are_named_with_what_there_is(self, given: dict[Field, str], says: str) -> None:
        with pytest.raises(ColumnsError) as refused:
            self.mapped("Remarks", "Q2", given=given)
        assert says in str(refused.value)
        assert "Nothing was imported." in str(refused.value)
