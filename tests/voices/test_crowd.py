from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from detection.buckets import BUCKET
from tests.installations import NOON
from voices.crowd import BUSIEST_OF, Crowd, SilentCustomers, Strength, Tones, TopVoices, Voice, share_of_voice, strength

DAY = timedelta(days=1)
COUNTS = some.dictionaries(some.integers(0, 3 * 288), some.integers(1, 50), max_size=40)


def test_what_is_not_scored_is_counted_and_part_of_no_share() -> None:
    tones = Tones(negative=3, neutral=5, positive=2, unscored=90)
    assert (tones.mentions, tones.scored, tones.negative_share) == (100, 10, 0.3)
    assert Tones(unscored=4).negative_share is None


def test_the_ratio_is_positive_to_negative() -> None:
    assert Tones(negative=4, positive=10).ratio == 2.5
    assert Tones(positive=10).ratio is None


def test_passion_is_mentions_per_author_and_reach_authors_over_mentions() -> None:
    crowd = Crowd(mentions=10, authors=4, loudest=5, stories=9)
    assert (crowd.passion, crowd.reach, crowd.loudest_share) == (2.5, 0.4, 0.5)
    assert (Crowd().passion, Crowd().reach, Crowd().loudest_share) == (None, None, 0.0)


def test_silent_customers_are_those_who_complain_times_the_factor_and_say_where_it_is_from() -> None:
    silent = SilentCustomers(complaining=12, factor=26)
    assert silent.estimate == 312
    assert "TARP" in silent.source


def test_an_author_who_leads_twice_is_one_voice() -> None:
    one, other = (Voice(name, "forum", Tones(1), 5, None, returning=False) for name in ("ana", "ben"))
    assert TopVoices((one,), (other, one), (one,)).leading(2) == (one, other)


def test_strength_is_the_last_day_against_the_busiest_of_90() -> None:
    counts = [(NOON - 91 * DAY, 999), (NOON - 40 * DAY, 30), (NOON - 40 * DAY + DAY / 2, 10), (NOON - DAY / 3, 10)]
    found = strength(counts, NOON)
    assert (found.last_day, found.busiest_day, found.share) == (10, 40, 0.25)
    assert found.busiest_at == NOON - 40 * DAY + DAY / 2
    assert strength([], NOON).share is None


@given(COUNTS)
def test_the_busiest_day_is_the_largest_of_all_windows_of_24_hours(made: dict[int, int]) -> None:
    """Against the definition, window by window."""
    counts = sorted((NOON - back * BUCKET, count) for back, count in made.items())
    windows = [sum(n for at, n in counts if end - DAY < at <= end) for end, _ in counts]
    last = sum(n for at, n in counts if at > NOON - DAY)
    found = strength(counts, NOON)
    assert (found.last_day, found.busiest_day) == (last, max(windows, default=0))
    assert found.share is None or 0 <= found.share <= 1


def test_what_is_still_to_come_and_what_is_older_than_90_days_does_not_count() -> None:
    assert strength([(NOON - BUSIEST_OF, 5), (NOON + BUCKET, 5)], NOON) == Strength()


def test_shares_of_voice_add_up_and_come_largest_first() -> None:
    brands = [("a", "Able", False, Tones(negative=1)), ("b", "Best", True, Tones(positive=2, unscored=1))]
    found = share_of_voice(brands)
    assert [(one.brand, one.competitor, one.share) for one in found] == [("b", True, 0.75), ("a", False, 0.25)]
    assert [one.share for one in share_of_voice([("a", "Able", False, Tones())])] == [0.0]
