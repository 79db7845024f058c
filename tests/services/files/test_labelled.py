from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.score import Label
from services.files.columns import ColumnsError
from services.files.labelled import LabelledRow, read_labelled, read_texts

NEGATIVE, NEUTRAL, POSITIVE, _ = Label


def written(folder: Path, content: str | bytes, name: str = "texts.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_a_file_with_a_mark_and_semicolons_is_read_as_any_other(tmp_path: Path) -> None:
    file = written(
        tmp_path, '\ufeffText;Tone;Airline\r\n"late; again\nand again";neg;Acme Air\r\n\'@acme thanks;pos;\r\n'
    )
    assert read_labelled(file, "text", "tone", "airline").rows == (
        LabelledRow(2, "late; again\nand again", NEGATIVE, "Acme Air"),
        LabelledRow(4, "@acme thanks", POSITIVE, ""),
    )


@pytest.mark.parametrize(
    ("spelled", "label"),
    [
        *[(one, NEGATIVE) for one in ("negative", " Negative ", "NEG", "-1", "-1.0")],
        *[(one, NEUTRAL) for one in ("neutral", "neu", "0", "0.0")],
        *[(one, POSITIVE) for one in ("positive", "pos", "1", "+1", "1.0")],
    ],
)
def test_labels_are_known_in_their_usual_spellings(tmp_path: Path, spelled: str, label: Label) -> None:
    rows = read_labelled(written(tmp_path, f"text,label\nx,{spelled}\n"), "text", "label").rows
    assert [row.label for row in rows] == [label]


def test_rows_that_teach_nothing_are_left_out_with_line_and_reason(tmp_path: Path) -> None:
    file = written(tmp_path, b"text,label\nlate,neg\nlate,mixed\n,neg\nlate\nl\xe4te,neg\na,b,c\ngreat,pos\n")
    labelled = read_labelled(file, "text", "label")
    assert [row.line for row in labelled.rows] == [2, 8]
    assert [line for line, _ in labelled.refused] == [3, 4, 5, 6, 7]
    reasons = [reason for _, reason in labelled.refused]
    assert reasons[0].startswith('Its label "mixed" is none of: negative, neg, -1, neutral,')
    assert reasons[1] == "It has no text."
    assert reasons[2].startswith('Its label "" is none of')
    assert "not UTF-8" in reasons[3]
    assert "3 cells where the header has 2" in reasons[4]


def test_a_row_that_ends_too_early_keeps_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, "id,text\n1,late\n2\n3,great\n")
    rows = [(row.line, row.text, row.problem) for row in read_texts(file, "text")]
    assert rows == [(2, "late", ""), (3, "", 'It ends before column "text".'), (4, "great", "")]


def test_json_lines_do_as_well(tmp_path: Path) -> None:
    file = written(tmp_path, '{"text": "late", "label": -1}\n{"text": null, "label": 1}\n', "texts.jsonl")
    assert read_labelled(file, "text", "label").rows == (LabelledRow(1, "late", NEGATIVE, ""),)
    assert [row.text for row in read_texts(file, "text")] == ["late", ""]


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    file = written(tmp_path, "id,body,Tone,tone\n1,late,neg,neg\n")
    for column in ("text", "TONE"):
        with pytest.raises(ColumnsError, match=rf'no column "{column}". It has: id, body, Tone, tone\.'):
            list(read_texts(file, column))
    assert [row.text for row in read_texts(file, "tone")] == ["neg"]
