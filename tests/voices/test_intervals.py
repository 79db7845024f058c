from __future__ import annotations

from math import exp, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as some

from voices.intervals import mean, net_promoters, share


@pytest.mark.parametrize("answers", [10, 25, 60])
@pytest.mark.parametrize(("promoters", "detractors"), [(0.5, 0.2), (0.1, 0.7), (0.34, 0.33), (0.8, 0.1), (0.05, 0.05)])
def test_the_interval_of_an_nps_holds_the_true_one_in_about_95_of_100_samples(
    promoters: float, detractors: float, answers: int
) -> None:
    """Summed over every sample there is, each as likely as the multinomial distribution has it."""
    true, held = 100 * (promoters - detractors), 0.0
    for one in range(answers + 1):
        for other in range(answers + 1 - one):
            found = net_promoters(one, other, answers)
            if found.low is not None and found.high is not None and found.low <= true <= found.high:
                held += _likely((one, other, answers - one - other), (promoters, detractors))
    assert 0.935 <= held <= 1


def _likely(counts: tuple[int, int, int], parts: tuple[float, float]) -> float:
    shares = (*parts, 1 - sum(parts))
    ways = lgamma(sum(counts) + 1) - sum(lgamma(count + 1) for count in counts)
    return exp(ways + sum(count * log(share) for count, share in zip(counts, shares, strict=True)))


def test_an_nps_is_promoters_less_detractors_in_percent() -> None:
    """The interval by hand: (60.75 - 20.75) / 103, and 1.96 times the root of its variance over 103."""
    found = net_promoters(60, 20, 100)
    assert found.value == 40
    assert found.low == pytest.approx(23.38, abs=0.01)
    assert found.high == pytest.approx(54.29, abs=0.01)


@given(some.integers(0, 50), some.integers(0, 50), some.integers(0, 50))
def test_an_nps_lies_in_its_interval_and_both_within_the_scale(one: int, other: int, rest: int) -> None:
    found = net_promoters(one, other, one + other + rest or 1)
    assert found.low is not None
    assert found.high is not None
    assert -100 <= found.low <= found.high <= 100
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9


@pytest.mark.parametrize(
    ("values", "half"),
    [  # Student's 0.975 quantiles 4.303, 2.571 and 2.045, times the standard error
        ([1, 2, 3], 4.303 / 3**0.5),
        ([1, 2, 3, 4, 5, 3], 2.571 * 2**0.5 / 6**0.5),
        ([2, 4] * 15, 2.045 * (30 / 29) ** 0.5 / 30**0.5),
    ],
)
def test_the_interval_of_a_mean_is_students(values: list[int], half: float) -> None:
    found = mean(len(values), sum(values), sum(value**2 for value in values), (-50, 50))
    assert found.value == pytest.approx(sum(values) / len(values))
    assert found.low == pytest.approx(found.value - half, abs=0.03)
    assert found.high == pytest.approx(found.value + half, abs=0.03)


def test_the_interval_ends_where_the_scale_does_also_where_the_best_is_the_smallest() -> None:
    for ends in ((1, 5), (5, 1)):
        found = mean(4, 18, 82, ends)
        assert (found.value, found.high) == (4.5, 5)
        assert mean(4, 6, 10, ends).low == 1


@pytest.mark.parametrize("values", [[4], [1, 5], [5, 5, 5, 5], [0.1] * 9])
def test_too_few_or_equal_ratings_have_no_interval(values: list[float]) -> None:
    found = mean(len(values), sum(values), sum(value**2 for value in values), (0, 5))
    assert (found.low, found.high) == (None, None)


@given(some.integers(1, 400).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_a_share_lies_in_its_interval_even_where_all_or_none_are(asked: tuple[int, int]) -> None:
    found = share(*asked)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
