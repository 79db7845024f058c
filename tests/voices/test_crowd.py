from __future__ import annotations

from voices.crowd import Crowd, SilentCustomers, Tones, TopVoices, Voice, share_of_voice


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


def test_shares_of_voice_add_up_and_come_largest_first() -> None:
    brands = [("a", "Able", False, Tones(negative=1)), ("b", "Best", True, Tones(positive=2, unscored=1))]
    found = share_of_voice(brands)
    assert [(one.brand, one.competitor, one.share) for one in found] == [("b", True, 0.75), ("a", False, 0.25)]
    assert [one.share for one in share_of_voice([("a", "Able", False, Tones())])] == [0.0]
