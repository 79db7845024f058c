from __future__ import annotations

from pathlib import Path

import pytest

from mentions.quoting import Quotes, Said
from services.files.exporting import COLUMNS, ExportError
from services.files.withdrawing import exports_in, withdraw_from

QUOTES = Quotes([Said("forum", "=ana", "ana", None, "", "My bag\nis lost")], ["ana"])
LINE = dict.fromkeys(COLUMNS, "") | {"source": "forum"}


def csv_of(*lines: dict[str, str]) -> str:
    rows = [COLUMNS, *(line.values() for line in lines)]
    return "\ufeff" + "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


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


def test_one_that_cannot_be_read_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(csv_of(LINE).encode() + b"\xff")
    with pytest.raises(ExportError, match=r"export\.csv: cannot be read"):
        withdraw_from(path, QUOTES)
