from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from cli.evaluate import NothingLabelledError, command
from cli.import_file import command as import_command
from database import correcting
from database.corrections import Verdict
from database.tables import MentionRow
from sentiment.learned import ModelError
from services.installation import open_installation
from services.learning import learn
from tests.cli.test_import_export import settings_in
from tests.labelled import THEN, examples, labelled_texts

ROWS = "said,tone,airline\nTerrific Air is at gate nine,0,Terrific Air\nawful,neg,\nlovely,pos,\nawful awful,1,\nx,?,\n"


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Labelled.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


COLUMNS = ("--text", "said", "--label", "tone")


def test_a_labelled_file_is_measured_beside_the_package(file: Path) -> None:
    result = evaluate("--csv", file, *COLUMNS, "--brand-column", "airline")
    assert result.return_value == 0
    assert result.stdout.splitlines() == [
        "4 labelled texts of Labelled.csv: 1 negative, 1 neutral, 2 positive.",
        "",
        "                   macro-F1  accuracy  kappa  negative recall  negative precision",
        " VADER with packs     0.778     0.750  0.636            1.000               0.500",
        " stock VADER          0.389     0.500  0.200            1.000               0.500",
        "",
        "VADER with packs: what it took them for",
        " people said  negative   neutral  positive  precision  recall     F1",
        " negative            1         0         0      0.500   1.000  0.667",
        " neutral             0         1         0      1.000   1.000  1.000",
        " positive            1         0         1      1.000   0.500  0.667",
    ]
    assert result.stderr.startswith('line 6: left out. Its label "?" is none of: negative, neg, -1, neutral')


def test_programs_get_the_same_figures(file: Path) -> None:
    told = json.loads(evaluate("--csv", file, *COLUMNS, "--brand-column", "airline", "--json").stdout)
    assert (told["from"], told["texts"], told["unscored"]) == ("Labelled.csv", 4, 0)
    assert told["labels"] == ["negative", "neutral", "positive"]
    assert told["vader_with_packs"]["counts"] == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert told["vader_with_packs"]["negative_precision"] == 0.5
    assert "learned_model" not in told


def test_what_cannot_be_measured_for_want_of_a_label_is_left_open(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("text,label\nawful,neg\nlovely,pos\n", encoding="utf-8")
    told = evaluate("--csv", file).stdout.replace("\N{EN DASH}", "?").splitlines()
    assert told[3] == " VADER with packs         ?     1.000  1.000            1.000               1.000"
    assert told[8:] == [
        " negative            1         0         0      1.000   1.000  1.000",
        " neutral             0         0         0          ?       ?      ?",
        " positive            0         0         1      1.000   1.000  1.000",
        "",
        "No scored text is labelled neutral; what cannot be measured without is left open (?).",
    ]
    record = json.loads(evaluate("--csv", file, "--json").stdout)["vader_with_packs"]
    assert (record["macro_f1"], record["accuracy"], record["negative_recall"]) == (None, 1, 1)


def test_one_text_is_one_text(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("text,label\nEl vuelo sale a las nueve de la noche,neg\n", encoding="utf-8")
    told = evaluate("--csv", file).stdout.replace("\N{EN DASH}", "?").splitlines()
    assert told[0] == "1 labelled text of one.csv: 1 negative, 0 neutral, 0 positive."
    assert told[1] == "1 of them is in a language that is not scored; it counts in no figure."
    assert told[4] == " VADER with packs         ?         ?      ?                ?                   ?"

    file.write_text("text,label\nawful,neg\n", encoding="utf-8")
    record = json.loads(evaluate("--csv", file, "--json").stdout)["vader_with_packs"]
    assert (record["kappa"], record["accuracy"]) == (None, 1)  # chance alone would agree on everything


def test_what_is_in_another_language_counts_in_no_figure(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("text,label\nEl vuelo sale a las nueve de la noche,neg\nawful,neg\n", encoding="utf-8")
    assert "1 of them is in a language that is not scored" in evaluate("--csv", file).stdout
    told = json.loads(evaluate("--csv", file, "--json").stdout)
    assert (told["unscored"], told["stock_vader"]["counts"]) == (1, [[1, 0, 0], [0, 0, 0], [0, 0, 0]])


def test_a_learned_model_stands_beside_with_its_honest_figures(tmp_path: Path) -> None:
    model = learn("m", examples(labelled_texts(300)), THEN).model
    (tmp_path / "model.json").write_text(model.written(), encoding="utf-8")
    file = tmp_path / "more.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *labelled_texts(100, seed=2)])
    result = evaluate("--csv", file, "--model", tmp_path / "model.json")
    assert [line.split("  ")[0] for line in result.stdout.splitlines()[3:6]] == [
        " learned model",
        " VADER with packs",
        " stock VADER",
    ]
    assert "learned on 2026-03-04 from 300 labels" in result.stdout
    told = json.loads(evaluate("--csv", file, "--model", tmp_path / "model.json", "--json").stdout)
    assert told["learned_model"]["macro_f1"] > told["vader_with_packs"]["macro_f1"]
    assert told["cross_validated"]["learned"]["macro_f1"] == model.card.learned.macro_f1
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    assert isinstance(evaluate("--csv", file, "--model", tmp_path / "model.json").exception, ModelError)


def corrected(folder: Path) -> Path:
    """Settings of an installation with three mentions, two of them corrected."""
    config = settings_in(folder)
    said = folder / "said.csv"
    texts = ("Northwind Air is not bad", "Northwind Air is awful", "Northwind Air is lovely")
    said.write_text("\n".join(["text", *texts]), encoding="utf-8")
    CliRunner().invoke(import_command, ["-c", str(config), str(said)], standalone_mode=False)
    inst = open_installation(config, {})
    with inst.database, inst.database.writing() as connection:
        ids = connection.execute(select(MentionRow.id, MentionRow.text)).all()
        verdicts = {texts[0]: Verdict.POSITIVE, texts[1]: Verdict.NEGATIVE}
        for mention_id, text in ids:
            if text in verdicts:
                correcting.correct(connection, [(mention_id, "northwind")], verdicts[text], "dana", datetime.now(UTC))
    return config


def test_the_teams_corrections_are_measured_where_no_file_is_named(tmp_path: Path) -> None:
    config = corrected(tmp_path)
    result = evaluate("-c", config)
    assert "2 labelled texts of the team's corrections: 1 negative, 0 neutral, 1 positive." in result.stdout
    assert "corrections hold more mistakes than posts do" in result.stdout
    assert json.loads(evaluate("-c", config, "--brand", "northwind", "--json").stdout)["texts"] == 2


def test_where_there_is_nothing_to_measure_on_it_says_what_to_do(tmp_path: Path, file: Path) -> None:
    nothing = evaluate("-c", settings_in(tmp_path))
    assert isinstance(nothing.exception, NothingLabelledError)
    assert str(nothing.exception).startswith("the team's corrections: there are no labelled texts. Correct mentions")
    assert "exclude one another" in str(evaluate("--csv", file, "--brand", "x", "--brand-column", "y").exception)
    unknown = evaluate("-c", settings_in(tmp_path), "--csv", file, *COLUMNS, "--brand", "nobody")
    assert "is none of: northwind" in str(unknown.exception)
