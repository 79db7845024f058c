from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.crowd import Tones
from voices.standing import Heard, Listened, Shares, brought_by, shares_of

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LONG_AGO = NOON - 90 * DAY


def listened(
    brand: str, now: int, before: int, *, voices: int = 1, since: datetime | None = LONG_AGO, competitor: bool = False
) -> Listened:
    heard = Heard(Tones(neutral=now), voices), Heard(Tones(neutral=before), voices)
    return Listened(brand, brand.title(), competitor, *heard, since)


def shared(*brands: Listened) -> Shares:
    return shares_of(brands, NOON - 2 * DAY)


def test_shares_are_of_mentions_and_of_voices_and_change_against_the_time_before() -> None:
    shares = shared(listened("ours", 30, 50, voices=3), listened("theirs", 70, 50, voices=9, competitor=True))
    theirs, ours = shares.parts
    assert (theirs.mentions, theirs.voices, ours.mentions, ours.voices) == (0.7, 0.75, 0.3, 0.25)
    assert [theirs.change, ours.change] == pytest.approx([0.2, -0.2])
    assert (shares.compared, shares.with_competitor, shares.heard, shares.young) == (True, True, True, ())


@pytest.mark.parametrize(
    ("since", "young"),
    [
        (NOON - 2 * DAY, ()),
        (NOON - 2 * DAY + timedelta(seconds=1), ("Theirs",)),
        (None, ()),  # of whom nothing was ever heard, nothing was heard before
    ],
)
def test_a_brand_that_was_added_lately_has_not_grown(since: datetime | None, young: tuple[str, ...]) -> None:
    shares = shared(listened("ours", 30, 50), listened("theirs", 70, 0, since=since))
    assert shares.young == young
    assert [part.change is None for part in shares.parts] == [bool(young)] * 2
    assert [part.before is None for part in shares.parts] == [bool(young)] * 2


@pytest.mark.parametrize("counts", [((0, 0), (0, 0)), ((0, 5), (0, 5)), ((5, 0), (5, 0))])
def test_where_nothing_was_said_no_share_has_changed(counts: tuple[tuple[int, int], ...]) -> None:
    shares = shared(*(listened(f"b{n}", now, before) for n, (now, before) in enumerate(counts)))
    assert [part.change for part in shares.parts] == [None, None]
    assert shares.heard == bool(counts[0][0])


def test_one_brand_alone_is_compared_with_nothing() -> None:
    assert not shared(listened("ours", 30, 50)).compared
    assert not shared(listened("ours", 30, 50), listened("other", 1, 1)).with_competitor


@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 99)), min_size=1, max_size=6))
def test_shares_of_all_brands_make_a_whole(counts: list[tuple[int, int, int]]) -> None:
    parts = shared(*(listened(f"b{n}", now, before, voices=v) for n, (now, before, v) in enumerate(counts))).parts
    whole = 1 if any(now for now, _, _ in counts) else 0
    assert sum(part.mentions for part in parts) == pytest.approx(whole)
    if all(part.change is not None for part in parts):
        assert sum(part.change or 0 for part in parts) == pytest.approx(0)


def past(*counts: Mapping[str, int]) -> list[tuple[datetime, Mapping[str, int]]]:
    return [(NOON - (n + 2) * DAY, one) for n, one in enumerate(counts)]


def test_what_is_usual_of_a_source_is_the_mean_of_the_windows_in_which_it_was_heard() -> None:
    windows = past({"forum": 4, "young": 9}, {"forum": 2}, {"forum": 0}, {"forum": 2})
    since = {"forum": LONG_AGO, "young": NOON - 2 * DAY}
    found = brought_by({"forum": Tones(3, 1), "young": Tones(1), "pushed": Tones(2)}, windows, since)
    assert [(one.source, one.tones.mentions, one.usual) for one in found] == [
        ("forum", 4, 2.0),
        ("pushed", 2, None),  # nobody knows since when it tells
        ("young", 1, None),  # one window says nothing of what is usual
    ]


def test_one_window_before_is_enough_where_there_is_only_one() -> None:
    assert brought_by({"forum": Tones(3)}, past({"forum": 7}), {"forum": LONG_AGO})[0].usual == 7


def test_a_source_that_is_silent_against_its_habit_is_listed_and_one_that_hardly_speaks_is_not() -> None:
    windows = past(*[{"loud": 6, "rare": int(n == 0)} for n in range(14)])
    found = brought_by({}, windows, {"loud": LONG_AGO, "rare": LONG_AGO})
    assert [(one.source, one.tones.mentions, one.usual) for one in found] == [("loud", 0, 6.0)]
