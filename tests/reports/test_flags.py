from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.axes import Frame
from reports.flags import gathered, place_flags, shorten
from reports.wave import Mark, MarkKind, tally

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


def test_what_is_marked_alike_within_one_step_is_one_mark_with_its_reasons() -> None:
    hour, held = timedelta(hours=1), MarkKind.HELD
    marks = [
        Mark(NOON + 0.9 * hour, "Held", held, "Only 2 people."),
        Mark(NOON + 0.1 * hour, "Held", held, "One author."),
        Mark(NOON + 0.2 * hour, "Held", held, "One author."),
        Mark(NOON + 0.5 * hour, "Alarm"),
        Mark(NOON + 1.1 * hour, "Held", held, "Too few."),
    ]
    told = [(one.label, one.detail, one.at - NOON) for one in gathered(marks, NOON, hour)]
    assert told == [
        ("Held (3)", "One author.\nOnly 2 people.", 0.1 * hour),
        ("Alarm", "", 0.5 * hour),
        ("Held", "Too few.", 1.1 * hour),
    ]


def test_of_many_reasons_the_first_are_told_and_long_ones_are_cut() -> None:
    marks = [Mark(NOON, "Held", MarkKind.HELD, f"{n}{'x' * 400}") for n in range(9)]
    (one,) = gathered(marks, NOON, timedelta(hours=1))
    assert one.detail.endswith("\nand 6 more")
    assert len(one.detail) < 600


def test_what_lasts_is_never_put_together_and_one_that_began_before_stands_at_the_edge() -> None:
    sale = Mark(NOON - timedelta(days=1), "Sale", MarkKind.PLANNED, until=NOON + timedelta(hours=2))
    over = Mark(NOON - timedelta(days=2), "Match", MarkKind.PLANNED, until=NOON - timedelta(hours=1))
    assert len(gathered([sale, sale], NOON, timedelta(hours=1))) == 2
    (flag,) = place_flags([sale, over], FRAME)
    assert (flag.x, flag.text) == (40, "Sale")


def test_where_there_is_no_room_for_all_labels_alarms_keep_theirs() -> None:
    at = NOON + timedelta(hours=5)
    held = [Mark(at - timedelta(minutes=n), f"Held {n}", MarkKind.HELD) for n in range(9)]
    flags = place_flags([*held, Mark(at, "Alarm")], FRAME)
    assert "Alarm" in [flag.text for flag in flags]
    assert "" in [flag.text for flag in flags]
    assert [flag.mark.at for flag in flags] == sorted(flag.mark.at for flag in flags)


def test_marks_are_counted_by_what_they_stand_for() -> None:
    kinds = [MarkKind.HELD, MarkKind.ALARM, MarkKind.HELD, MarkKind.PLANNED, MarkKind.ACTION]
    told = tally([Mark(NOON, "x", kind) for kind in kinds])
    assert told == "1 alarm, 2 held alarms, 1 action, 1 planned event"
    assert tally([]) == ""
