"""From the fields of a row to a mention, value by value."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.mention import Dating, Engagement, Mention, Published, Rating, RatingScale
from services.files.neutral import neutralised, unneutralised
from services.files.row_dates import read_date
from services.files.row_errors import RowError, WordlessError
from services.files.rows import USUAL_SCALES, Field, HowToRead, Scale, brand_called, has_id, read_row
from tests.installations import BRAND, NOON

MADRID = ZoneInfo("Europe/Madrid")
HOW = HowToRead(MADRID)
FULL: dict[Field, object] = {
    Field.ID: "r-1",
    Field.TITLE: "Never\nagain",
    Field.TEXT: "The bag  is lost.\r\nNobody answers.",
    Field.PUBLISHED: "2026-03-01 10:30",
    Field.URL: "https://e.example/1?a=b",
    Field.AUTHOR: " Ana\tLima ",
    Field.HANDLE: "@ana@e.example",
    Field.LANGUAGE: "pt-BR",
    Field.LIKES: 3,
    Field.REPLIES: "1",
    Field.REPOSTS: "2.0",
    Field.VIEWS: 9_000,
    Field.FOLLOWERS: 950,
    Field.RATING: "4",
}


def read(**fields: object) -> Mention:
    """A mention with a text and what is given by the names of fields."""
    return read_row({Field.TEXT: "said", **{Field(name): value for name, value in fields.items()}}, "survey", HOW, NOON)


def test_every_field_finds_its_place() -> None:
    assert read_row(FULL, "survey", HOW, NOON) == Mention(
        key="survey:r-1",
        title="Never again",
        text="The bag is lost.\nNobody answers.",
        published=Published(datetime(2026, 3, 1, 9, 30, tzinfo=UTC), Dating.STATED),
        url="https://e.example/1?a=b",
        author="Ana Lima",
        language="pt",
        engagement=Engagement(3, 1, 2, 9_000),
        followers=950,
        handle="@ana@e.example",
        rating=Rating(4, 1, 5, RatingScale.STARS),
    )


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "https://[broken"),
        ("url", ""),
        ("language", "English"),
        ("followers", "many"),
        ("followers", "-3"),
        ("followers", "9" * 30),
        ("author", "\x00\u200b\x07"[:1]),
    ],
)
def test_an_odd_extra_costs_only_itself(field: str, odd: str) -> None:
    mention = read(**{field: odd})
    assert getattr(mention, field) is None
    assert mention.text == "said"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": {"a": 1}}, "What stands under text is not a text."),
        ({"published": "soon"}, '"soon" is not read as a date'),
        ({"rating": "11"}, 'The rating "11" is not between 1 and 5.'),
        ({"rating": "very good"}, 'The rating "very good" does not begin with a number.'),
        ({"rating": "nan"}, "does not begin with a number"),
        ({"rating": 3, "rating_scale": "thumbs"}, '"thumbs" is not a scale: stars, nps, csat, ces.'),
        ({"rating": 3, "rating_worst": 3, "rating_best": 3}, "not between 3 and 3"),
    ],
)
def test_what_would_mislead_refuses_the_row_in_a_sentence(fields: dict[str, object], says: str) -> None:
    with pytest.raises(RowError) as refused:
        read(**fields)
    assert says in str(refused.value)


@pytest.mark.parametrize("text", ["", " \n\t", None, "\x00\u0007"])
def test_a_row_without_words_is_told_apart_from_a_bad_one(text: str | None) -> None:
    with pytest.raises(WordlessError):
        read(text=text, rating=9, rating_scale="nps")


@pytest.mark.parametrize(
    ("fields", "rating"),
    [
        ({"rating": "9 - very likely", "rating_scale": "NPS"}, Rating(9, 0, 10, RatingScale.NPS)),
        ({"rating": "4,5"}, Rating(4.5, 1, 5, RatingScale.STARS)),
        ({"rating": "4/5"}, Rating(4, 1, 5, RatingScale.STARS)),
        ({"rating": 2, "rating_scale": "ces", "rating_worst": 7, "rating_best": 1}, Rating(2, 7, 1, RatingScale.CES)),
        ({"rating": ""}, None),
    ],
)
def test_a_rating_keeps_its_scale(fields: dict[str, object], rating: Rating | None) -> None:
    assert read(**fields).rating == rating


def test_the_scale_of_a_file_holds_where_a_row_names_none() -> None:
    how = replace(HOW, scale=Scale(RatingScale.CSAT, 1, 10))
    assert read_row({Field.TEXT: "said", Field.RATING: 8}, "s", how, NOON).rating == Rating(8, 1, 10, RatingScale.CSAT)
    assert USUAL_SCALES[RatingScale.CES].best == 7


def test_a_row_without_an_id_is_known_again_by_what_it_says_when_by_whom_and_where() -> None:
    one = {"text": "said", "published": "2026-03-01", "author": "Ana"}
    key = read(**one).key
    assert key == read(**one, likes=5).key
    others = [{**one, "text": "sad"}, {**one, "published": "2026-03-02"}, {**one, "author": "Bo"}]
    assert key not in {read(**other).key for other in others}
    assert key != read_row({Field(name): value for name, value in one.items()}, "other", HOW, NOON).key
    assert has_id({Field.ID: 0})
    assert not has_id({Field.ID: " ", Field.TEXT: "said"})


def test_undated_rows_of_history_count_as_of_long_ago_and_keep_their_key() -> None:
    how = replace(HOW, undated_age=timedelta(days=1))
    for written in (None, "2099-01-01", "1970-01-01"):
        first, later = (
            read_row({Field.TEXT: "said", Field.PUBLISHED: written}, "s", how, now)
            for now in (NOON, NOON + timedelta(hours=1))
        )
        assert first.published.at == NOON - timedelta(days=1)
        assert first.published.dating is not Dating.STATED
        assert first.key == later.key


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-04T10:00:00Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00.25+02:00", datetime(2026, 3, 4, 8, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-03-04 10:00", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("2026-03-04", datetime(2026, 3, 3, 23, tzinfo=UTC)),
        ("2026/3/4 10:00", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("4.3.2026", datetime(2026, 3, 3, 23, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 10:00:00 +0100", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        (1772618400, datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("1772618400000", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_they_are_usually_written(written: object, at: datetime | None) -> None:
    assert read_date(written, MADRID) == at


@pytest.mark.parametrize("written", ["03/04/2026", "3/4/26 10:00", "3-4-2026", "13/04/2026"])
def test_a_date_that_can_be_two_days_is_not_guessed(written: str) -> None:
    with pytest.raises(RowError, match="two ways"):
        read_date(written, MADRID)
    if written == "03/04/2026":
        assert read_date(written, MADRID, "%d/%m/%Y") == datetime(2026, 4, 2, 22, tzinfo=UTC)
        assert read_date(written, MADRID, "%m/%d/%Y") == datetime(2026, 3, 3, 23, tzinfo=UTC)


@given(st.text(max_size=40) | st.integers() | st.floats(), st.sampled_from(["", "%d/%m/%Y", "%y"]))
def test_anything_is_a_date_or_refused_in_words(written: object, date_format: str) -> None:
    with suppress(RowError):
        at = read_date(written, MADRID, date_format)
        assert at is None or at.tzinfo is not None


TRIGGERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@given(st.text(alphabet=f"'{TRIGGERS}a ", max_size=8) | st.text())
def test_a_cell_is_never_calculated_and_always_given_back(cell: str) -> None:
    shown = neutralised(cell)
    assert not shown.startswith(tuple(TRIGGERS))
    assert unneutralised(shown) == cell


def test_a_brand_is_called_by_its_id_or_name() -> None:
    assert brand_called([BRAND], " northwind  AIR ") == "northwind"
    assert brand_called([BRAND], "northwind") == "northwind"
    assert brand_called([BRAND], "") is None
    assert brand_called([BRAND], None) is None
