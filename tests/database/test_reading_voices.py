from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as some
from sqlalchemy import Connection, delete, insert, update

from database.listening import About, Heard, store
from database.reading_voices import (
    Span,
    bucket_tones,
    bucket_tones_of_all,
    busiest_in,
    disagreements_in,
    last_day_in,
    people_in,
    ratings_in,
    tones_in,
    top_voices_in,
    unscored_languages,
)
from database.session import Database
from database.tables import BrandMentionRow, BucketRow, CorrectionRow, MentionRow
from detection.buckets import BUCKET
from mentions.matching import Match, MatchReason
from mentions.mention import Engagement, Rating, RatingScale
from sentiment.score import Label, Score
from tests.installations import NOON, said
from voices.crowd import BUSIEST_OF, Busiest, Crowd, Familiarity, People, Strength, Tones
from voices.ratings import Rated, Scale

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = Span("northwind", NOON - DAY, NOON)
STARS = Scale("stars", 1, 5)


def heard(  # a mention and what is to be known of it
    number: int,
    label: Label = Label.NEUTRAL,
    *,
    author: str | None = "ana",
    at: datetime = NOON - HOUR,
    brand: str = "northwind",
    text: str = "",
    **given: Any,
) -> Heard:
    mention = said(text or f"Post {number} of its own kind", at, number=number, author=author, **given)
    compound = {Label.NEGATIVE: -0.5, Label.POSITIVE: 0.5, Label.UNSCORED: None}.get(label, 0.0)
    return Heard(mention, (About(Match(brand, MatchReason.PHRASE, brand), Score(compound, label, "test")),))


def keep(connection: Connection, *said: Heard, source: str = "forum") -> None:
    store(connection, source, said, NOON)


def test_an_author_is_a_name_on_a_source_and_each_mention_without_one_is_a_voice(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(1, Label.NEGATIVE), heard(2, Label.NEGATIVE), heard(3), heard(4, author=None))
        keep(connection, heard(5, Label.NEGATIVE), heard(6, author=""), heard(7, Label.UNSCORED), source="north")
        found = people_in(connection, TODAY)
    assert found.tones == Tones(negative=3, neutral=3, positive=0, unscored=1)
    assert (found.voices.mentions, found.voices.authors, found.voices.loudest) == (7, 4, 3)
    assert (found.complaints.mentions, found.complaints.authors, found.complaints.loudest) == (3, 2, 2)


def test_copies_of_a_text_are_one_story_of_many_voices(database: Database) -> None:
    text = "Five hours at the gate in Lisbon and nobody from the airline tells us anything at all about our flight"
    with database.writing() as connection:
        copies = [heard(n, Label.NEGATIVE, author=f"author{n}", text=text) for n in range(4)]
        keep(connection, *copies, heard(9))
        found = people_in(connection, TODAY)
    assert (found.voices.stories, found.complaints.stories, found.complaints.authors) == (2, 1, 4)


def test_erased_authors_are_one_voice_each_and_neither_new_nor_known(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(1), heard(2))
        connection.execute(update(MentionRow).values(author=None, handle=None))
        connection.execute(update(BrandMentionRow).values(author=None))
        found = people_in(connection, TODAY)
        assert top_voices_in(connection, TODAY, 5).leading(5) == ()
    assert (found.voices.authors, found.familiarity) == (2, Familiarity(nameless=2))


def test_who_spoke_of_the_brand_before_the_window_returns(database: Database) -> None:
    with database.writing() as connection:
        before = NOON - 40 * DAY
        keep(connection, heard(1, at=before), heard(2, at=before, author="ben", brand="rival"))
        keep(connection, heard(3, at=before, author="cora"), source="north")
        keep(connection, heard(4), heard(5), heard(6, author="ben"), heard(7, author="cora"))
        assert people_in(connection, TODAY).familiarity == Familiarity(new=2, returning=1, nameless=0)


def test_a_window_holds_both_its_ends_and_one_brand(database: Database) -> None:
    inside = [heard(1, at=NOON - DAY), heard(2, at=NOON)]
    with database.writing() as connection:
        keep(connection, *inside, heard(3, at=NOON - DAY - HOUR), heard(4, brand="rival"))
        assert people_in(connection, TODAY).voices.mentions == tones_in(connection, TODAY).mentions == 2
        empty = people_in(connection, Span("nobody", NOON - DAY, NOON))
    assert empty == People(Tones(), Crowd(), Crowd(), Familiarity())


def test_top_voices_lead_by_followers_by_answers_or_by_posts_one_row_each(database: Database) -> None:
    with database.writing() as connection:
        loud = [heard(n, Label.NEGATIVE, author="loud", handle="@loud") for n in range(3)]
        famous = heard(10, Label.POSITIVE, author="famous", followers=9_000)
        liked = heard(11, author="liked", engagement=Engagement(likes=40, reposts=2, views=900))
        keep(connection, heard(20, at=NOON - 3 * DAY, author="famous"), *loud, famous, liked, heard(12, author="quiet"))
        top = top_voices_in(connection, TODAY, 2)
    assert [(one.author, one.followers, one.returning) for one in top.by_followers] == [("famous", 9_000, True)]
    assert [(one.author, one.engagement) for one in top.by_engagement] == [("liked", 42)]
    (loudest,) = top.by_mentions
    assert (loudest.author, loudest.tones, loudest.followers, loudest.engagement) == ("loud", Tones(3), None, None)
    assert [one.author for one in top.leading(2)] == ["famous", "liked", "loud"]


def test_equal_leaders_keep_their_order_and_no_more_come_than_asked_for(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, *(heard(n, author=f"author{n}", followers=100) for n in range(6)))
        top = top_voices_in(connection, TODAY, 3)
    assert [one.author for one in top.by_followers] == ["author0", "author1", "author2"]


def test_languages_that_are_not_scored_are_counted(database: Database) -> None:
    with database.writing() as connection:
        foreign = [heard(n, Label.UNSCORED, language="es") for n in range(3)]
        keep(connection, *foreign, heard(7, Label.UNSCORED), heard(8, Label.UNSCORED, language="de"), heard(9))
        counted = unscored_languages(connection, TODAY)
    assert counted[0] == ("es", 3)
    assert set(counted[1:]) == {("de", 1), (None, 1)}


def stars(value: float, best: float = 5) -> Rating:
    return Rating(value, 1, best, RatingScale.STARS)


def test_ratings_are_counted_by_value_and_scale_beside_the_tone(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, *(heard(n, Label.NEGATIVE, rating=stars(1)) for n in range(2)), heard(3, rating=stars(1)))
        keep(connection, heard(4, Label.UNSCORED, rating=stars(4)), heard(5, rating=stars(4, best=10)), heard(6))
        found = ratings_in(connection, TODAY)
    assert found == (
        Rated(STARS, 1, 3, 3, 2),
        Rated(STARS, 4, 1, 0, 0),
        Rated(Scale("stars", 1, 10), 4, 1, 1, 0),
    )


def test_a_fine_scale_costs_a_hundred_rows_however_many_rate(database: Database) -> None:
    with database.writing() as connection:
        ratings = [Rating(n / 10, 0, 100, RatingScale.CSAT) for n in range(1000)]
        keep(connection, *(heard(n, rating=rating) for n, rating in enumerate(ratings)))
        found = ratings_in(connection, TODAY)
    assert len(found) <= 101
    assert sum(one.mentions for one in found) == 1000
    assert abs(sum(one.value * one.mentions for one in found) - sum(range(1000)) / 10) < 1e-6


def test_tone_and_rating_that_disagree_are_candidates_until_somebody_judged_them(database: Database) -> None:
    rated: Mapping[int, tuple[Label, float]] = {
        1: (Label.POSITIVE, 1), 2: (Label.POSITIVE, 2), 3: (Label.POSITIVE, 3), 4: (Label.NEGATIVE, 4),
        5: (Label.NEGATIVE, 3), 6: (Label.NEUTRAL, 1), 7: (Label.NEGATIVE, 1), 8: (Label.POSITIVE, 5),
    }  # fmt: skip
    with database.writing() as connection:
        keep(connection, *(heard(n, label, rating=stars(value)) for n, (label, value) in rated.items()))
        count, found = disagreements_in(connection, TODAY, 10)
        assert {(one.label, one.value) for one in found} == {("positive", 1), ("positive", 2), ("negative", 4)}
        assert (count, disagreements_in(connection, TODAY, 1)) == (3, (3, found[:1]))
        judged = {"mention_id": found[0].mention_id, "brand": "northwind", "verdict": "positive", "by": "dana"}
        connection.execute(insert(CorrectionRow).values(**judged, at=NOON, before={}))
        assert disagreements_in(connection, TODAY, 10) == (2, found[1:])


def test_effort_of_which_little_is_good_disagrees_the_other_way_round(database: Database) -> None:
    with database.writing() as connection:
        easy, hard = (Rating(value, 7, 1, RatingScale.CES) for value in (1, 7))
        keep(connection, heard(1, Label.NEGATIVE, rating=easy), heard(2, Label.NEGATIVE, rating=hard))
        (count, (found,)) = disagreements_in(connection, TODAY, 10)
    assert (count, found.value, found.scale) == (1, 1, Scale("ces", 7, 1))


def test_past_windows_are_summed_from_buckets(database: Database) -> None:
    with database.writing() as connection:
        keep(connection, heard(1, Label.NEGATIVE, at=NOON - DAY), heard(2, Label.UNSCORED, at=NOON - DAY - HOUR))
        keep(connection, heard(3, Label.POSITIVE, at=NOON - 2 * DAY))
        windows = [(NOON - n * DAY, NOON - (n - 1) * DAY) for n in (1, 2, 3)]
        found = bucket_tones(connection, "northwind", windows)
    assert found == (Tones(), Tones(negative=1, unscored=1), Tones(positive=1))


@limits(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=some.lists(
        some.tuples(some.sampled_from(["ana", "ben", None]), some.sampled_from(Label), some.integers(0, 50)),
        max_size=15,
    )
)
def test_counts_agree_with_counting_by_hand(database: Database, posts: list[tuple[str | None, Label, int]]) -> None:
    inside = [(author or f"#{n}", label) for n, (author, label, hours) in enumerate(posts) if hours <= 24]
    by_author = {name: [label for author, label in inside if author == name] for name, _ in inside}
    earlier = {author for author, _, hours in posts if author and hours > 24}
    with database.reading() as connection:
        keep(connection, *(heard(n, a, author=b, at=NOON - h * HOUR) for n, (b, a, h) in enumerate(posts)))
        found = people_in(connection, TODAY)
        assert tones_in(connection, TODAY) == found.tones
        connection.rollback()
    assert (found.voices.mentions, found.voices.authors) == (len(inside), len(by_author))
    assert found.voices.loudest == max(map(len, by_author.values()), default=0)
    assert found.complaints.authors == sum(Label.NEGATIVE in labels for labels in by_author.values())
    assert found.familiarity.returning == len(earlier & by_author.keys())


def count(connection: Connection, counts: Mapping[datetime, int], brand: str = "northwind") -> None:
    connection.execute(delete(BucketRow).where(BucketRow.brand == brand))
    nothing = dict.fromkeys(("scored", "negative", "positive"), 0)
    rows = [{"brand": brand, "start": start, "mentions": number, **nothing} for start, number in counts.items()]
    if rows:
        connection.execute(insert(BucketRow), rows)


def strength_of(connection: Connection, brand: str, until: datetime) -> Strength:
    return Strength.of(last_day_in(connection, brand, until), busiest_in(connection, brand, until))


def test_strength_is_the_last_day_against_the_busiest_of_90(database: Database) -> None:
    old, busy = NOON - 91 * DAY, NOON - 40 * DAY
    with database.writing() as connection:
        count(connection, {old: 999, busy: 30, busy + DAY / 2: 10, NOON - DAY / 3: 10})
        count(connection, {NOON: 500}, "southwind")
        found = strength_of(connection, "northwind", NOON)
        assert (found.last_day, found.busiest_day, found.share) == (10, 40, 0.25)
        assert found.busiest_at == busy + DAY / 2
        count(connection, {NOON - BUSIEST_OF: 5, NOON + BUCKET: 5})
        assert strength_of(connection, "northwind", NOON) == Strength()
        assert strength_of(connection, "nobody", NOON).share is None


@limits(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.dictionaries(some.integers(0, 3 * 288), some.integers(1, 50), max_size=40))
def test_the_busiest_day_is_the_largest_of_all_windows_of_24_hours(database: Database, made: dict[int, int]) -> None:
    """Against the definition, window by window."""
    counts = {NOON - back * BUCKET: number for back, number in sorted(made.items(), reverse=True)}
    windows = {end: sum(number for at, number in counts.items() if end - DAY < at <= end) for end in counts}
    last = sum(number for at, number in counts.items() if at > NOON - DAY)
    most = max(windows.values(), default=0)
    with database.writing() as connection:
        count(connection, counts)
        found = strength_of(connection, "northwind", NOON)
    first = next((end for end, number in windows.items() if number == most), None)
    assert found == Strength(last, most, first)


def test_what_is_louder_than_the_busiest_day_that_was_known_is_the_busiest(database: Database) -> None:
    """It may have been read a few minutes before."""
    with database.writing() as connection:
        count(connection, {NOON - DAY / 2: 7, NOON: 5})
        last = last_day_in(connection, "northwind", NOON)
    assert Strength.of(last, Busiest(10, NOON - 5 * DAY)) == Strength(12, 12, NOON)
    assert Strength.of(last, Busiest(12, NOON - 5 * DAY)) == Strength(12, 12, NOON - 5 * DAY)


def test_windows_of_several_brands_are_those_of_each(database: Database) -> None:
    windows = [(NOON - day * DAY - DAY, NOON - day * DAY) for day in range(3)]
    with database.writing() as connection:
        keep(connection, *(heard(n, Label.NEGATIVE, at=NOON - n * DAY / 2) for n in range(6)))
        keep(connection, heard(9, brand="southwind"), heard(10, Label.UNSCORED, brand="southwind"))
        found = bucket_tones_of_all(connection, ["northwind", "southwind", "nobody"], windows)
        for brand in ("northwind", "southwind", "nobody"):
            each = bucket_tones(connection, brand, windows)
            assert tuple(found.get((brand, window), Tones()) for window in windows) == each
        assert bucket_tones_of_all(connection, ["northwind"], []) == {}
