from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.learn import command
from cli.score import command as score_command
from sentiment.score import Label
from services.learning import LearningError
from services.model_file import read_model_file
from tests.cli.test_import_export import settings_in
from tests.labelled import labelled_texts


def learn(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)


def written(folder: Path, pairs: Sequence[tuple[str, Label]]) -> Path:
    file = folder / "labelled.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *pairs])
    return file


def scored(config: Path, text: str) -> str:
    arguments = ["-c", str(config), "--brand", "northwind"]
    return CliRunner().invoke(score_command, arguments, input=text, standalone_mode=False).stdout


def test_a_model_that_wins_is_written_and_used_once_the_settings_name_it(tmp_path: Path) -> None:
    pairs = [(text.replace("gate moved twice", "blorped along"), label) for text, label in labelled_texts(300)]
    result = learn("--csv", written(tmp_path, pairs), "--out", tmp_path / "model.json")
    assert result.return_value == 0
    assert "300 labelled texts of labelled.csv:" in result.stdout
    assert "learned model        1.000" in result.stdout
    assert f"It wins. Wrote {tmp_path / 'model.json'} (" in result.stdout
    assert result.stdout.endswith(f"\nsentiment:\n  model: {tmp_path / 'model.json'}\n")
    assert sum(read_model_file(tmp_path / "model.json").card.labels) == 300

    config = settings_in(tmp_path)
    beside = learn("-c", config, "--csv", tmp_path / "labelled.csv", "--out", tmp_path / "model.json")
    assert beside.stdout.endswith("\n  model: model.json\n")
    before = scored(config, "blorped along today")
    with config.open("a", encoding="utf-8") as file:
        file.write("sentiment:\n  model: model.json\n")
    after = scored(config, "blorped along today")
    assert before == '{"compound": 0.0, "label": "neutral", "language": "en", "flags": []}\n'
    assert after == '{"compound": 0.0, "label": "negative", "language": "en", "flags": ["learned"]}\n'


def test_a_model_that_does_not_win_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("the one before", encoding="utf-8")
    lot = [label for _, label in labelled_texts(300, seed=5)]
    pairs = [(text, label) for (text, _), label in zip(labelled_texts(300), lot, strict=True)]
    result = learn("--csv", written(tmp_path, pairs), "--out", tmp_path / "model.json")
    assert result.return_value == 1
    assert "\nNot written. " in result.stdout
    assert (tmp_path / "model.json").read_text(encoding="utf-8") == "the one before"


@pytest.mark.parametrize(
    ("count", "problem"),
    [
        (0, "there are 0 labelled texts, and 200 are needed: 200 more."),
        (1, "there is 1 labelled text, and 200 are needed: 199 more."),
        (120, "there are 120 labelled texts, and 200 are needed: 80 more."),
    ],
)
def test_too_few_labels_are_refused_and_nothing_is_written(tmp_path: Path, count: int, problem: str) -> None:
    result = learn("--csv", written(tmp_path, labelled_texts(count)), "--out", tmp_path / "model.json")
    assert isinstance(result.exception, LearningError)
    assert problem in str(result.exception)
    assert not (tmp_path / "model.json").exists()


def test_without_a_file_it_learns_from_the_corrections(tmp_path: Path) -> None:
    result = learn("-c", settings_in(tmp_path), "--out", tmp_path / "model.json")
    assert "0 labelled texts of the team's corrections" in result.stdout
    assert "Correct or confirm the tone of mentions in the console" in str(result.exception)


def test_on_recorded_complaints_a_third_of_the_labels_already_wins(recorded: Path, tmp_path: Path) -> None:
    with (recorded / "airline" / "tweets-dev.csv").open(encoding="utf-8", newline="") as tweets:
        pairs = [(row["text"], Label(row["label"])) for row in csv.DictReader(tweets)]
    result = learn("--csv", written(tmp_path, pairs[::3]), "--out", tmp_path / "model.json")
    assert result.return_value == 0
    card = read_model_file(tmp_path / "model.json").card
    assert card.learned.macro_f1 > 0.7
    assert card.learned.negative_recall > 0.82
    assert card.learned.negative_precision > 0.88
