"""How sure a figure is that was asked of some people: 95% confidence intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

# The 0.975 quantile of the normal distribution.
Z = 1.959963984540054
# Below this the quantile of Student's distribution is not approximated well enough, and means say little anyway.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that its true value lies in, in 95 of 100 samples.

    Attributes:
        low, high: None where too few answered, or all alike, to draw an interval.
    """

    value: float
    low: float | None = None
    high: float | None = None


def net_promoters(promoters: int, detractors: int, answers: int) -> Estimate:
    """The Net Promoter Score, -100 to 100: the percentage of promoters less that of detractors.

    The interval is the adjusted Wald one for a difference of two proportions of a multinomial: the variance of Goodman
    (1964, Simultaneous Confidence Intervals for Contrasts Among Multinomial Populations, Annals of Mathematical
    Statistics 35) after adding 3/4 to both counts and 3 to the answers, which came closest to 95% among the intervals
    that Rocks compared (2016, Interval Estimation for the "Net Promoter Score", The American Statistician 70:4, after
    Agresti and Min 2005, Statistics in Medicine 24:5).

    Args:
        promoters: answers of 9 and 10.
        detractors: answers of 0 to 6.
        answers: all answers, at least one.
    """
    n = answers + 3
    first, second = (promoters + 0.75) / n, (detractors + 0.75) / n
    centre = first - second
    half = Z * math.sqrt((first + second - centre**2) / n)
    score = (promoters - detractors) / answers
    # The centre is drawn towards 0; of few answers that all agree, the interval would leave out what they say.
    low, high = min(max(centre - half, -1.0), score), max(min(centre + half, 1.0), score)
    return Estimate(100 * score, 100 * low, 100 * high)


def mean(answers: int, total: float, squares: float, ends: tuple[float, float]) -> Estimate:
    """The mean of ratings, with Student's interval, cut off at the ends of the scale.

    Args:
        answers: how many, at least one.
        total: their sum.
        squares: the sum of their squares.
        ends: worst and best, in either order.
    """
    middle = total / answers
    variance = (squares - answers * middle**2) / max(answers - 1, 1)
    # What is left of equal ratings is the error of floating point.
    if answers < FEWEST or variance <= 1e-9 * max(middle**2, 1.0):
        return Estimate(middle)
    half = _student(answers - 1) * math.sqrt(variance / answers)
    return Estimate(middle, max(middle - half, min(ends)), min(middle + half, max(ends)))


def _student(freedom: int) -> float:
    """The 0.975 quantile of Student's distribution, within 1% (Abramowitz and Stegun 1964, formula 26.7.5)."""
    z, v = Z, float(freedom)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / v**power for power, term in enumerate(terms, 1))


def share(part: int, whole: int) -> Estimate:
    """A share of 0 to 1, with Wilson's score interval (1927, Journal of the American Statistical Association 22:158).

    Args:
        part: how many of them.
        whole: of how many, at least one.
    """
    seen, squared = part / whole, Z**2
    centre, half = seen + squared / (2 * whole), Z * math.sqrt(seen * (1 - seen) / whole + squared / (4 * whole**2))
    scale = 1 + squared / whole
    # Where all or none are, the interval ends with them; errors of floating point must not leave them out.
    return Estimate(seen, min((centre - half) / scale, seen), max((centre + half) / scale, seen))
