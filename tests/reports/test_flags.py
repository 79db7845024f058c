from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.axes import Frame
from reports.flags import place_flags, shorten
from reports.wave import Mark

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
FRAME = Frame(40, 60, 700, 240, NOON, NOON + timedelta(hours=10), 100)


def test_a_label_stands_to_the_right_of_its_mark_where_it_fits_and_else_to_the_left() -> None:
    early, late = place_flags([Mark(NOON, "opened"), Mark(NOON + timedelta(hours=10), "raised")], FRAME)
    assert early.left == early.x == 40
    assert late.right == late.x == 700


def test_what_is_reserved_stays_free() -> None:
    (flag,) = place_flags([Mark(NOON, "opened")], FRAME, reserved=90)
    assert (flag.row, flag.left) == (1, 40)


def test_marks_outside_the_picture_are_left_out() -> None:
    assert place_flags([Mark(NOON - timedelta(minutes=1), "before")], FRAME) == ()


def test_a_mark_without_room_for_its_label_keeps_its_line() -> None:
    flags = place_flags([Mark(NOON + timedelta(hours=5), f"alarm number {n}") for n in range(9)], FRAME)
    assert len(flags) == 9
    assert [flag.text for flag in flags].count("") == 6


@given(st.lists(st.tuples(st.integers(0, 600), st.text(max_size=50)), max_size=12))
def test_labels_never_cover_one_another_or_leave_the_picture(marks: list[tuple[int, str]]) -> None:
    flags = place_flags([Mark(NOON + timedelta(minutes=at), label) for at, label in marks], FRAME)
    shown = [flag for flag in flags if flag.right > flag.left]
    assert all(flag.left >= 0 and flag.right <= FRAME.right for flag in shown)
    for row in range(3):
        spans = sorted((flag.left, flag.right) for flag in shown if flag.row == row)
        assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_long_labels_end_in_an_ellipsis() -> None:
    assert shorten("a holding statement was sent", 10) == "a holding…"
    assert shorten("short", 10) == "short"
