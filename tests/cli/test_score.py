from __future__ import annotations

import json
import random
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from cli.score import command
from services.files.columns import ColumnsError
from tests.cli.test_import_export import settings_in
from tests.conftest import ROOT
from tests.processes import PATIENCE

PROGRAM = (sys.executable, "-c", "from cli.score import command; command()")


def score(*arguments: object, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], input=typed, standalone_mode=False)


def answers(*arguments: object, typed: str | bytes = "") -> list[dict[str, Any]]:
    result = score(*arguments, typed=typed)
    assert (result.return_value, result.exception, result.stderr) == (0, None, "")
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


def test_every_line_gets_its_answer_in_its_place() -> None:
    good, foreign, empty, bad = answers(typed="Lovely crew\nEl vuelo sale a las nueve de la noche\n\nawful service\r\n")
    assert good == {"compound": pytest.approx(0.6, abs=0.2), "label": "positive", "language": "en", "flags": []}
    assert foreign == {"compound": None, "label": "unscored", "language": "es", "flags": ["foreign"]}
    assert (empty["compound"], empty["label"]) == (0, "neutral")
    assert bad["label"] == "negative"
    assert answers(typed="") == []
    assert answers("--stock", typed="\ufeffawful")[0]["label"] == "negative"


def test_an_explanation_names_the_words_and_what_they_added() -> None:
    (told,) = answers("--explain", "--stock", typed="Not great!\n")
    assert told["carriers"] == [{"words": "great", "valence": 3.1, "counted": -2.294, "pack": "vader"}]
    assert told["emphasis"] == -0.292
    assert answers("--stock", typed="Not great!\n")[0]["compound"] == told["compound"]


def test_stock_scores_exactly_as_the_package_handles_links_and_languages_included() -> None:
    texts = ["@united great :)", "see http://x.example/love!", "Der Krieg, die Angst", "\U0001f60d so-so &amp; ok?", ""]
    package = SentimentIntensityAnalyzer()
    scored = [one["compound"] for one in answers("--stock", typed="\n".join([*texts, ""]))]
    assert scored == [package.polarity_scores(text)["compound"] for text in texts]


def test_words_that_the_brand_is_made_of_carry_nothing() -> None:
    text = "Terrific Air and Glory fly at nine\n"
    assert answers(typed=text)[0]["label"] == "positive"
    assert answers("--neutral", "Terrific Air, glory", typed=text)[0]["compound"] == 0


def test_a_brand_of_the_settings_is_scored_by_its_settings(tmp_path: Path) -> None:
    config = settings_in(tmp_path)
    pack = "# pack: ours\n# version: 1\n# language: en\nflumped\t-3\n"
    (tmp_path / "ours.tsv").write_text(pack, encoding="utf-8")
    with config.open("a", encoding="utf-8") as file:
        file.write("sentiment:\n  packs: [ours.tsv]\n")
    assert answers("-c", config, "--brand", "northwind", typed="they flumped\n")[0]["label"] == "negative"
    assert answers(typed="they flumped\n")[0]["label"] == "neutral"
    unknown = score("-c", config, "--brand", "nobody", typed="x")
    assert '"nobody" is none of: northwind.' in str(unknown.exception)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "two", [("--brand", "b", "--stock"), ("--neutral", "x", "--stock"), ("--brand", "b", "--neutral", "x")]
)
def test_one_way_of_scoring_at_a_time(two: tuple[str, ...]) -> None:
    assert "exclude one another" in str(score(*two).exception)


def test_a_file_is_answered_row_by_row_with_lines(tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_bytes('\ufeffid;said\n1;"awful;\nterrible"\n2\n3;nice\n'.encode() + b"4;caf\xe9\n5;lovely\n")
    told = answers("--csv", file, "--text", "said")
    assert [one["line"] for one in told] == [2, 4, 5, 6, 7]
    assert [one["label"] for one in told] == ["negative", "unscored", "positive", "unscored", "positive"]
    assert told[1]["problem"] == 'It ends before column "said".'
    assert "not UTF-8" in told[3]["problem"]
    assert answers("--csv", file, "--text", "said", "--encoding", "cp1252")[3]["label"] == "neutral"
    wrong = score("--csv", file)
    assert isinstance(wrong.exception, ColumnsError)
    assert 'no column "text". It has: id, said. Say which one: --text COLUMN.' in str(wrong.exception)


def test_a_json_object_without_a_text_is_unscored_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": null}\n{"id": 2}\n{"text": ""}\n{"text": "lovely"}\n', encoding="utf-8")
    told = answers("--csv", file)
    assert [one["label"] for one in told] == ["unscored", "unscored", "neutral", "positive"]
    assert [one.get("problem") for one in told] == ['Its "text" is null.', 'It has no "text".', None, None]


def hostile(count: int) -> list[bytes]:
    """Lines as nobody should send them, in an order that is always the same."""
    rng = random.Random(0)  # noqa: S311  # made-up texts
    kinds = (
        b"",
        b"\0\0 awful \0",
        b"\xff\xfe\x00\xd8",
        "\ud800 hate \udfff".encode("utf-8", "surrogatepass"),
        "\u202eevil\u202c \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd".encode(),
        ("z" + "\u0335\u0321\u034f" * 300).encode(),
        "\U0001f621\U0001f3fd\u200d\U0001f525".encode() * 300,
        b"\x1b[31m\x1b]0;x\x07 " + "\u2028\u2029\x85\x0b\x0c".encode(),
        b"but " * 2_000,
        b'{"text": "x"}',
        b"&#x110000;&amp;&lt;" * 50,
        b"!?" * 5_000,
    )
    return [rng.choice(kinds) for _ in range(count)]


def test_ten_thousand_hostile_lines_get_ten_thousand_answers() -> None:
    lines = [*hostile(9_990), *[b"good but bad " * 80_000] * 5, *["\U0001f620".encode() * 250_000] * 5]
    result = score("--explain", typed=b"\n".join(lines))
    assert (result.return_value, result.exception) == (0, None)
    told = [json.loads(line) for line in result.stdout.split("\n")[:-1]]
    assert len(told) == len(lines)
    assert {one["label"] for one in told} <= {"negative", "neutral", "positive", "unscored"}
    assert [one["compound"] for one, line in zip(told, lines, strict=True) if not line.strip()][:1] == [0]
    assert all("truncated" in one["flags"] for one in told[-10:])
    assert result.stdout.isascii()
    assert "\x1b" not in result.stdout


def test_who_reads_only_the_beginning_ends_it_quietly() -> None:
    with subprocess.Popen(
        PROGRAM, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdin
        assert program.stdout
        assert program.stderr
        program.stdin.write(b"awful\n")
        program.stdin.flush()
        # What is typed is answered at once, before there is more.
        assert select.select([program.stdout], [], [], PATIENCE)[0]
        assert json.loads(program.stdout.readline())["label"] == "negative"
        program.stdout.close()
        program.stdin.write(b"awful\n" * 1_000)
        program.stdin.close()
        assert program.wait(PATIENCE) == 0
        assert program.stderr.read() == b""
