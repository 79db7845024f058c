"""What is written out, and that bringing it in elsewhere gives the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from database.listening import store
from database.reading_mentions import Wanted
from mentions.mention import Dating, Engagement, Mention, Published, Rating, RatingScale
from services.files.exporting import AT_ONCE, COLUMNS, ExportError, Format, export, write_whole
from services.files.importing import Choices, import_file
from services.installation import Installation
from services.understanding import understand
from settings.model import Brand
from settings.understanding import Topics
from sources.reading.text import one_line, plain_text
from tests.installations import BRAND, NOON, HandClock, installation, said

OTHER = Brand(id="bluebird", name="Bluebird Hotels", phrases=("Bluebird",))
ALL = Wanted(("northwind", "bluebird"))
EVERYTHING = Mention(
    key="mastodon:https://e.example/1",
    title="=HYPERLINK(1)",
    text='+1 for Northwind Air,\n@all "quoted"; \'tis true',
    published=Published(NOON - timedelta(days=2, microseconds=7), Dating.MISSING),
    url="https://e.example/1?a=b,c",
    author="-Ana",
    language="en",
    engagement=Engagement(1, 0, None, 77),
    followers=12,
    handle="@ana@e.example",
    rating=Rating(9, 0, 10, RatingScale.NPS),
)
# Figures that come anew with every installation.
OWN = {"story", "seen"}


def two_brands(folder: Path, **changed: object) -> Installation:
    return installation(folder, HandClock(), brands=(BRAND, OTHER), **changed)


def hear(inst: Installation, mentions: Iterable[Mention], source: str = "forum", about: tuple[str, ...] = ()) -> None:
    heard = understand(inst, source, about, mentions)
    with inst.database.writing() as connection:
        store(connection, source, heard, inst.clock())


def records(inst: Installation, wanted: Wanted = ALL) -> list[dict[str, object]]:
    return [json.loads(line) for part in export(inst, wanted, Format.JSONL) for line in part.split("\n") if line]


def comparable(inst: Installation) -> list[dict[str, object]]:
    kept = [{name: value for name, value in record.items() if name not in OWN} for record in records(inst)]
    return sorted(kept, key=lambda record: (str(record["brand"]), str(record["key"])))


def table(inst: Installation) -> list[dict[str, str]]:
    text = "".join(export(inst, ALL, Format.CSV))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    return two_brands(tmp_path, database=SecretStr(database_address))


def test_a_line_holds_all_that_is_known_of_a_mention(inst: Installation) -> None:
    hear(inst, [EVERYTHING])
    (record,) = records(inst)
    assert tuple(record) == COLUMNS
    assert {name: record[name] for name in ("source", "brand", "matched_by", "evidence", "tone")} == {
        "source": "forum", "brand": "northwind", "matched_by": "phrase", "evidence": "Northwind Air",
        "tone": "neutral",
    }  # fmt: skip
    assert (record["rating"], record["rating_best"], record["rating_scale"]) == (9.0, 10.0, "nps")
    assert record["story"] is not None


def test_what_a_mention_is_about_is_written_beside_it(tmp_path: Path) -> None:
    topics = Topics(tags={"product": {"economy": '"row 42"'}, "region": {"north": "Oslo"}})
    inst = two_brands(tmp_path, topics=topics)
    hear(inst, [said("Northwind Air to Oslo, row 42: the app is down and I was charged twice", NOON, number=1)])
    hear(inst, [said("Northwind Air", NOON, number=2)])
    assert [(record["category"], record["tags"]) for record in records(inst)] == [
        (["outage", "price"], ["product:economy", "region:north"]),
        ([], []),
    ]
    rows = [(row["category"], row["tags"]) for row in table(inst)]
    assert rows == [("outage price", "product:economy region:north"), ("", "")]


def test_no_cell_of_a_strangers_is_a_formula(inst: Installation) -> None:
    hear(inst, [EVERYTHING, replace(EVERYTHING, key="=1", text="\uff1dcmd Northwind Air")])
    for row in table(inst):
        for name in ("key", "title", "text", "author", "handle", "url"):
            assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


def test_parts_neither_repeat_nor_skip_even_at_the_same_moment(inst: Installation) -> None:
    hear(inst, [said(f"Northwind Air {n}", NOON - timedelta(hours=n // 300), number=n) for n in range(AT_ONCE + 700)])
    found = [record["key"] for record in records(inst)]
    assert len(found) == len(set(found)) == AT_ONCE + 700
    assert [record["published"] for record in records(inst)] == sorted(str(r["published"]) for r in records(inst))


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (ALL, {"test:1", "test:2", "test:3"}),
        (Wanted(("bluebird",)), {"test:2"}),
        (Wanted(("northwind",), since=NOON - timedelta(hours=1)), {"test:1"}),
        (Wanted(("northwind",), until=NOON - timedelta(hours=1)), {"test:3"}),
        (Wanted((), text="x"), set()),
    ],
)
def test_only_what_is_wanted_is_written(inst: Installation, wanted: Wanted, keys: set[str]) -> None:
    hear(inst, [said("Northwind Air", NOON, number=1), said("Bluebird", NOON, number=2)])
    hear(inst, [said("Northwind Air", NOON - timedelta(hours=2), number=3)])
    assert {record["key"] for record in records(inst, wanted)} == keys


def moved(inst: Installation, folder: Path, form: Format) -> Installation:
    """Everything exported, and imported into an empty installation."""
    path = folder / f"all.{form}"
    write_whole(path, export(inst, ALL, form))
    fresh = two_brands(folder / "fresh")
    done = import_file(fresh, path, Choices())
    assert (done.rejected, done.unrelated) == (0, 0)
    return fresh


words = st.text(alphabet=st.sampled_from("ab =+-@'\"\t\n\r,;\u00e9\u0627\U0001f600\x00\u2028"), max_size=20) | st.text()
numbers = st.none() | st.integers(0, 2**63 - 1)


@st.composite
def heard_mentions(draw: st.DrawFn, number: int) -> Mention:
    """A mention as sources make them: their texts have been through the same cleaning."""
    brand = draw(st.sampled_from(["Northwind Air", "Bluebird", "Bluebird and Northwind Air", ""]))
    title, text = one_line(draw(words)), plain_text(f"{draw(words)} {brand} {draw(words)}")
    return Mention(
        key=f"{draw(st.sampled_from(['rss', '=x', 'mastodon']))}:{number}",
        title=title if title or text else "x",
        text=text,
        published=Published(
            NOON - timedelta(microseconds=draw(st.integers(0, 10**14))), draw(st.sampled_from(list(Dating)))
        ),
        url=draw(st.sampled_from([None, "https://e.example/?q=%22,;", "http://e.example/'=1"])),
        author=one_line(draw(words)) or None,
        language=draw(st.sampled_from([None, "en", "de"])),
        engagement=Engagement(*(draw(numbers) for _ in range(4))),
        followers=draw(numbers),
        handle=one_line(draw(words)) or None,
        rating=draw(st.sampled_from([None, Rating(4.5, 1, 5), Rating(2, 7, 1, RatingScale.CES)])),
    )


def batches() -> st.SearchStrategy[list[Mention]]:
    return st.integers(1, 4).flatmap(lambda size: st.tuples(*(heard_mentions(n) for n in range(size))).map(list))


@pytest.mark.parametrize("form", list(Format))
@given(mentions=batches(), about=st.sampled_from([(), ("northwind",), ("northwind", "bluebird")]))
@settings(max_examples=25, deadline=None)
def test_what_is_exported_and_imported_elsewhere_is_the_same(
    form: Format, mentions: list[Mention], about: tuple[str, ...]
) -> None:
    with TemporaryDirectory() as name:
        before = two_brands(Path(name) / "before")
        hear(before, mentions, "forum", about)
        assume(records(before))  # a file of nothing is no file of rows
        after = moved(before, Path(name), form)
        assert comparable(after) == comparable(before)


@pytest.mark.parametrize("form", list(Format))
def test_a_mention_full_of_traps_comes_back_as_it_was(tmp_path: Path, form: Format) -> None:
    before = two_brands(tmp_path / "before")
    hear(before, [EVERYTHING], "north", ("bluebird",))
    assert len(comparable(before)) == 2
    assert comparable(moved(before, tmp_path, form)) == comparable(before)


def test_a_disk_that_is_full_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("yesterday's")

    def parts() -> Iterator[str]:
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(ExportError, match="no space left") as failed:
        write_whole(path, parts())
    assert "Nothing was changed." in failed.value.remedy
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("all.csv", "yesterday's")]


def test_a_file_is_replaced_whole_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("yesterday's, which was longer")
    assert write_whole(path, ["a", "é"]) == 3
    assert path.read_text(encoding="utf-8") == "aé"
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no such file"):
        write_whole(tmp_path / "gone" / "all.csv", ["a"])
