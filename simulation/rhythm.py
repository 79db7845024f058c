"""When people speak: arrivals in time that sleep at night, rest at weekends and swell in a crisis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

# Share of the average hour, by hour of the day in UTC; the mean is 1.
_DAY = (0.3, 0.2, 0.15, 0.15, 0.25, 0.5, 0.85, 1.2, 1.35, 1.3, 1.25, 1.25)
_NIGHT = (1.3, 1.25, 1.2, 1.25, 1.35, 1.5, 1.65, 1.75, 1.6, 1.25, 0.75, 0.35)
HOURS = tuple(weight * 24 / sum(_DAY + _NIGHT) for weight in _DAY + _NIGHT)
# Monday to Sunday: people write of travel on Fridays and leave the keyboard alone on Saturdays; the mean is 1.
WEEKDAYS = (1.08, 1.02, 1.02, 1.05, 1.18, 0.76, 0.89)
# Days differ by more than chance and calendar explain: the weather, a football match, a viral video of a dog.
_MOOD_SPREAD = 0.12
_MOOD_LIMITS = (0.75, 1.35)
_BUSIEST = max(HOURS) * max(WEEKDAYS) * _MOOD_LIMITS[1]

Rate = Callable[[datetime], float]


def daily_rhythm(seed: int, per_hour: float) -> tuple[Rate, float]:
    """Posts per second at a time, and a bound it never passes, for an average of ``per_hour``."""

    def mood(day: str) -> float:
        low, high = _MOOD_LIMITS
        return min(max(Random(f"{seed} {day}").lognormvariate(0, _MOOD_SPREAD), low), high)  # noqa: S311 - no secret

    moods: dict[str, float] = {}

    def rate(at: datetime) -> float:
        day = at.date().isoformat()
        if day not in moods:
            moods[day] = mood(day)
        return per_hour / 3600 * HOURS[at.hour] * WEEKDAYS[at.weekday()] * moods[day]

    return rate, per_hour / 3600 * _BUSIEST


def outbreak(start: datetime, minutes: float, per_minute: float) -> tuple[Rate, float]:
    """Posts per second while news spreads: from a twelfth of ``per_minute`` to all of it after a third of the time."""
    ramp = timedelta(minutes=minutes) / 3
    ceiling = per_minute / 60

    def rate(at: datetime) -> float:
        return ceiling * min(1.0, 1 / 12 + (at - start) / ramp)

    return rate, ceiling


def arrivals(rng: Random, start: datetime, end: datetime, rhythm: tuple[Rate, float]) -> Iterator[datetime]:
    """Times from start up to end, whole milliseconds, of a Poisson process whose rate changes.

    By thinning: Lewis and Shedler 1979, https://doi.org/10.1002/nav.3800260304. A longer window begins with the
    times of a shorter one as long as nobody else draws from ``rng``.
    """
    rate, ceiling = rhythm
    at = start
    while True:
        at += timedelta(milliseconds=max(1, round(rng.expovariate(ceiling) * 1000)))
        if at >= end:
            return
        if rng.random() * ceiling < rate(at):
            yield at
