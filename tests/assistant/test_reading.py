from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import thinned

Counts = st.integers(0, 1_000)
Points = st.lists(st.fixed_dictionaries({"observed": Counts, "expected": Counts, "negative": Counts}), max_size=300)


@given(Points)
def test_points_are_few_in_order_and_none_is_lost(points: list[dict[str, int]]) -> None:
    starts = [{"start": f"2026-03-04T{n:05}", **point} for n, point in enumerate(points)]
    found = thinned(starts)
    assert len(found) <= 48
    assert len(found) > 24 or len(found) == len(points)
    assert [one["start"] for one in found] == sorted(one["start"] for one in found)
    assert bool(found) is bool(points)
    for name in ("observed", "expected", "negative"):
        assert sum(one[name] for one in found) == sum(point[name] for point in points)
