from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.files.importing import Choices
from services.replay.file_brands import MOST_BRANDS, FileBrandsError, brands_in
from services.replay.loading import load_file, made_settings
from services.replay.rehearsal import rehearsal
from services.replay.walking import span_of
from tests.installations import NOON, said
from tests.mention_files import write_mentions


def written(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_brands_are_those_that_the_brand_column_names_whatever_the_texts_name(tmp_path: Path) -> None:
    file = written(
        tmp_path / "posts.csv",
        "brand,published,text",
        "US Airways,2026-03-04T10:00Z,Better than United.",
        "united,2026-03-04T10:00Z,Late.",
        "United,2026-03-04T10:01Z,Late again.",
        ",2026-03-04T10:02Z,About nobody.",
    )
    settings, choices = made_settings(file, Choices())
    assert [(brand.id, brand.name) for brand in settings.brands] == [("us-airways", "US Airways"), ("united", "united")]
    with rehearsal(settings, datetime.now(UTC)) as rehearsed:
        counts = load_file(rehearsed, file, choices).counts
    assert (counts.new, counts.unrelated) == (3, 1)


def test_without_a_brand_column_all_of_it_is_about_one_brand_called_as_the_file(tmp_path: Path) -> None:
    file = write_mentions(tmp_path / "Autumn Sale.csv", [said("Nothing works.", NOON, number=1)])
    settings, choices = made_settings(file, Choices())
    assert [(brand.id, brand.name) for brand in settings.brands] == [("autumn-sale", "Autumn Sale")]
    with rehearsal(settings, datetime.now(UTC)) as rehearsed:
        assert load_file(rehearsed, file, choices).counts.new == 1


def test_a_name_that_is_given_is_the_brand_of_all_of_it(tmp_path: Path) -> None:
    file = write_mentions(tmp_path / "posts.csv", [said("Nothing works.", NOON, number=1)], brand="Delta")
    settings, choices = made_settings(file, Choices(), "Northwind Air")
    assert [brand.name for brand in settings.brands] == ["Northwind Air"]
    with rehearsal(settings, datetime.now(UTC)) as rehearsed:
        assert load_file(rehearsed, file, choices).counts.new == 1


def test_names_that_make_no_id_or_the_same_one_are_numbered(tmp_path: Path) -> None:
    file = written(tmp_path / "posts.csv", "brand,text", "日本,a", "A B,b", "A-B,c")
    assert [brand.id for brand in brands_in(file, Choices())] == ["brand-1", "a-b", "a-b-3"]


def test_a_column_of_very_many_names_is_no_brand_column(tmp_path: Path) -> None:
    file = written(tmp_path / "posts.csv", "brand,text", *(f"brand {n},words" for n in range(MOST_BRANDS + 1)))
    with pytest.raises(FileBrandsError, match="names more than 50 brands"):
        brands_in(file, Choices())


def test_rows_that_cannot_be_read_are_named_by_line_and_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    later = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    file = written(
        tmp_path / "posts.csv",
        "published,text",
        "2026-03-04T10:00Z,Good.",
        ",No time.",
        "05/06/2026,Which day?",
        f"{later},Tomorrow.",
        "2026-03-04T10:05Z,One,too many",
        "2026-03-04T10:06Z,Good again.",
    )
    settings, choices = made_settings(file, Choices())
    with rehearsal(settings, datetime.now(UTC)) as rehearsed:
        done = load_file(rehearsed, file, choices)
        span = span_of(rehearsed)
    assert [(one.line, one.text.split(";")[0]) for one in done.remarks] == [
        (3, "It has no time."),
        (4, 'The date "05/06/2026" can be read in two ways'),
        (5, "Its time is still to come."),
        (6, "It has 3 cells where the header has 2."),
    ]
    assert span == (datetime(2026, 3, 4, 10, 0, tzinfo=UTC), datetime(2026, 3, 4, 10, 10, tzinfo=UTC))
    assert [path.name for path in tmp_path.iterdir()] == ["posts.csv"]
