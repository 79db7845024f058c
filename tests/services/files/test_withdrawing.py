from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mentions.quoting import Quotes, Said
from services.files.exporting import COLUMNS, ExportError
from services.files.row_files import LONGEST_LINE
from services.files.withdrawing import exports_in, withdraw_from

QUOTES = Quotes([Said("forum", "=ana", "ana", None, "", "My bag\nis lost")], ["ana"])
LINE = dict.fromkeys(COLUMNS, "") | {"source": "forum"}


def csv_of(*lines: dict[str, str]) -> str:
    rows = [COLUMNS, *(line.values() for line in lines)]
    return "\ufeff" + "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


def jsonl_of(*lines: dict[str, str]) -> str:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def test_lines_of_an_author_go_and_all_others_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    theirs = LINE | {"author": "'=ana", "text": "My bag\nis lost"}
    path.write_text(csv_of(theirs, LINE | {"author": "lee", "text": "'+1"}), encoding="utf-8")
    assert withdraw_from(path, QUOTES, only_count=True) == 1
    assert "My bag" in path.read_text(encoding="utf-8")
    assert withdraw_from(path, QUOTES) == 1
    left = path.read_text(encoding="utf-8")
    assert left.startswith("\ufeffkey,source,")
    assert ("ana" in left, "lee" in left, "'+1" in left) == (False, True, True)
    assert withdraw_from(path, QUOTES) == 0


def test_only_exports_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "export.csv").write_text(csv_of(LINE), encoding="utf-8")
    (tmp_path / "export.jsonl").write_text('{"key": 1}\n', encoding="utf-8")
    (tmp_path / "survey.csv").write_text("text,author\nhello,ana\n", encoding="utf-8")
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.csv").touch()
    assert [path.name for path in exports_in(tmp_path)] == ["export.csv"]


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\x0b", "\r\n"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_text_is_found_whatever_white_space_it_holds_and_others_keep_theirs(
    tmp_path: Path, odd: str, suffix: str
) -> None:
    quotes = Quotes([Said("forum", None, None, None, "", f"My bag{odd}is lost")])
    lines = [LINE | {"text": f"My bag{odd}is lost"}, LINE | {"text": f"Their bag{odd}is not"}]
    path = tmp_path / f"export.{suffix}"
    path.write_text(csv_of(*lines) if suffix == "csv" else jsonl_of(*lines), encoding="utf-8", newline="")
    assert withdraw_from(path, quotes) == 1
    assert path.read_bytes().decode("utf-8-sig").count("bag") == 1
    assert (
        f"Their bag{odd}" if suffix == "csv" else json.dumps(odd, ensure_ascii=False)[1:-1]
    ) in path.read_bytes().decode()


@pytest.mark.parametrize("form", [csv_of, jsonl_of])
def test_long_posts_are_found_and_taken_out(tmp_path: Path, form: Callable[..., str]) -> None:
    path = tmp_path / ("export.csv" if form is csv_of else "export.jsonl")
    theirs = LINE | {"author": "ana", "text": "My bag is lost. " * 80_000}
    path.write_text(form(theirs, LINE | {"author": "lee"}), encoding="utf-8")
    assert list(exports_in(tmp_path)) == [path]
    assert withdraw_from(path, QUOTES) == 1
    assert withdraw_from(path, QUOTES) == 0
    assert "lee" in path.read_text(encoding="utf-8")


def test_a_cell_beyond_all_measure_is_told_and_left(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(csv_of(LINE | {"text": "x" * (LONGEST_LINE + 1)}), encoding="utf-8")
    with pytest.raises(ExportError, match=r"cannot be read\. A cell may have 2,000,000 characters"):
        withdraw_from(path, QUOTES)


def test_one_that_cannot_be_read_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(csv_of(LINE).encode() + b"\xff")
    with pytest.raises(ExportError, match=r"export\.csv: cannot be read"):
        withdraw_from(path, QUOTES)
