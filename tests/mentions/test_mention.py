from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentions.mention import Dating, Mention, Published, date_mention
from tests.installations import NOON, said


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (NOON - timedelta(days=20), Published(NOON - timedelta(days=20), Dating.STATED)),
        (None, Published(NOON, Dating.MISSING)),
        (NOON + timedelta(minutes=1), Published(NOON, Dating.STATED)),
        (NOON + timedelta(hours=1), Published(NOON, Dating.FUTURE)),
        (datetime(1970, 1, 1, tzinfo=UTC), Published(NOON, Dating.ABSURD)),
        (datetime(2026, 3, 4, 11, 0), Published(datetime(2026, 3, 4, 11, 0, tzinfo=UTC), Dating.STATED)),  # noqa: DTZ001  # naive on purpose
        (
            datetime(2026, 3, 4, 12, 0, tzinfo=timezone(timedelta(hours=2))),
            Published(NOON - timedelta(hours=2), Dating.STATED),
        ),
    ],
)
def test_a_stated_time_is_believed_unless_it_cannot_be(stated: datetime | None, expected: Published) -> None:
    assert date_mention(stated, NOON) == expected


@given(st.none() | st.datetimes(timezones=st.none() | st.timezones()))
def test_no_mention_is_dated_after_it_was_seen(stated: datetime | None) -> None:
    assert date_mention(stated, NOON).at <= NOON


@pytest.mark.parametrize(
    ("title", "text", "content"),
    [
        ("Late again", "Three hours.", "Late again\nThree hours."),
        ("Late again", "Late again, three hours.", "Late again, three hours."),
        ("Late again", "", "Late again"),
        ("", "Three hours.", "Three hours."),
    ],
)
def test_content_holds_title_and_text_without_saying_it_twice(title: str, text: str, content: str) -> None:
    assert Mention("k", title, text, Published(NOON, Dating.STATED)).content == content


def test_a_digest_stands_for_the_key_whatever_is_in_it() -> None:
    assert said("x", NOON, number="\ud83d").digest != said("x", NOON, number="?").digest
    assert len(said("x", NOON, number="y" * 10_000).digest) == 32
