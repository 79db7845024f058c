from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from console.brand_pages import MOST_MARKED
from database.corrections import Verdict as Correction
from database.incidents import record_signal
from database.listening import About, Heard, store
from detection.signal import Verdict
from mentions.matching import Match, MatchReason
from mentions.mention import Engagement, Mention, Rating, RatingScale
from sentiment.score import Label, Score
from services import correcting
from services.correcting import seen_as
from services.installation import Installation
from services.picturing import brand_chart
from settings.model import Brand
from tests.console.seeding import fail_source, open_incident
from tests.database.incident_rows import signal
from tests.installations import BRAND, NOON, HandClock, installation, said, source
from topics.tag import CATEGORY, Tag

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RIVAL = Brand(id="southwind", name="Southwind", phrases=("Southwind",), competitor=True)
FAILURE = Tag(CATEGORY, "service-failure", 'flight NEAR/4 "cancelled"')


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Iterator[Installation]:
    """A brand and a competitor, nothing heard yet."""
    made = installation(tmp_path, clock, brands=(BRAND, RIVAL), sources=(source(url="http://127.0.0.1/feed"),))
    with made.database:
        yield made


@pytest.fixture
def client(inst: Installation) -> TestClient:
    return TestClient(create_app(inst), base_url="http://127.0.0.1:8420")


def hear(inst: Installation, mentions: Iterable[Mention], label: Label, *tags: Tag, brand: str = "northwind") -> None:
    """Store mentions of a tone that is given, so that pages are shown figures that a test knows."""
    match, compound = Match(brand, MatchReason.PHRASE, brand), None if label is Label.UNSCORED else 0.0
    about = About(match, Score(compound, label, "test"), tags)
    with inst.database.writing() as connection:
        store(connection, "forum", [Heard(one, (about,)) for one in mentions], NOON)


def calm(inst: Installation) -> None:
    """Sixteen days of four posts and one complaint, by the same five people."""
    for number in range(5):
        label = Label.NEGATIVE if number == 4 else Label.NEUTRAL
        texts = [
            said(
                f"Day {day} of talk {number}", NOON - day * DAY - HOUR, number=f"{day}.{number}", author=f"old{number}"
            )
            for day in range(1, 17)
        ]
        hear(inst, texts, label)


def wave(inst: Installation, people: int = 40) -> None:
    """Many people write of cancelled flights in the last hour."""
    texts = [
        said(f"My flight to city {n} is cancelled", NOON - n * HOUR / people, number=f"wave{n}", author=f"angry{n}")
        for n in range(people)
    ]
    hear(inst, texts, Label.NEGATIVE, FAILURE)


def shown(client: TestClient, path: str = "/brands/northwind") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def test_a_wave_is_one_sentence_of_how_many_are_angry_and_about_what(client: TestClient, inst: Installation) -> None:
    calm(inst)
    wave(inst)
    page = shown(client)
    assert '<p class="headline">People are angrier than usual.</p>' in page
    assert "40 posts in 24 hours by 40 people, 100% negative. Usually about 5 posts, 20% negative." in page
    assert "Most speak of “cancelled”" in page
    assert "100% of the negative posts tell of service failure." in page
    assert "“<bdi>flight … cancelled</bdi>”" in page
    assert 'href="/mentions?brand=northwind&range=24h&tag=category%3Aservice-failure"' in page


def test_ordinary_days_are_nothing_unusual_unless_an_incident_is_open(client: TestClient, inst: Installation) -> None:
    calm(inst)
    hear(inst, [said("Flying today", NOON, number=1)], Label.NEUTRAL)
    assert "Nothing unusual.</p>" in shown(client)
    number = open_incident(inst)
    page = shown(client)
    assert "Nothing unusual in this window, but an incident is open.</p>" in page
    assert f'href="/incidents/{number}"' in page


def test_an_incident_before_anything_usual_is_known_stands_first_in_the_answer(
    client: TestClient, inst: Installation
) -> None:
    wave(inst, people=6)
    assert '<section class="answer learning"' in shown(client)
    open_incident(inst)
    page = shown(client)
    assert '<section class="answer learning alarmed"' in page
    assert "An incident is open; what is usual is not known yet.</p>" in page


def test_a_term_counts_independent_uses_and_says_so(client: TestClient, inst: Installation) -> None:
    calm(inst)
    wave(inst)
    speak_of = shown(client).partition("What they speak of")[2].partition("What kind of trouble")[0]
    assert ">Posts<" not in speak_of
    assert ">Independent</th>" in speak_of
    assert "each person and each text counts once a day" in speak_of


def test_evidence_that_was_erased_is_left_out_and_categories_have_their_names(
    client: TestClient, inst: Installation
) -> None:
    texts = [said(f"The crew {n} was rude to us", NOON - HOUR, number=n, author=f"a{n}") for n in range(4)]
    hear(inst, texts[:2], Label.NEGATIVE, Tag(CATEGORY, "conduct", "rude*"))
    hear(inst, texts[2:], Label.NEGATIVE, Tag(CATEGORY, "conduct", ""))
    page = shown(client)
    assert 'Conduct of staff</a> <span class="because">“<bdi>rude</bdi>”</span>' in page
    assert "tell of conduct of staff." in page
    listed = shown(client, "/mentions")
    assert "“”" not in page + listed
    assert 'title="because of “rude”">Conduct of staff</a>' in listed
    assert '<option value="category:conduct">Conduct of staff</option>' in listed


def test_thanks_of_strangers_are_no_story_that_is_passed_on(client: TestClient, inst: Installation) -> None:
    told = "Northwind Air leaves hundreds of people behind in Oslo tonight"
    for text in ("Thank you Northwind Air", told):
        hear(inst, [said(text, NOON - HOUR, number=f"{text}{n}", author=f"a{n}") for n in range(5)], Label.NEGATIVE)
    passed_on = shown(client).partition("Passed on by several people")[2].partition("</ul>")[0]
    assert told in passed_on
    assert "Thank you" not in passed_on


def test_the_picture_begins_when_the_brand_was_first_heard(inst: Installation) -> None:
    hear(inst, [said(f"Day {n}", NOON - n * DAY, number=n) for n in range(1, 3)], Label.NEUTRAL)
    drawn = brand_chart(inst, "northwind", NOON - 7 * DAY, NOON).points
    assert NOON - 2 * DAY - 3 * HOUR < drawn[0].start <= NOON - 2 * DAY
    assert len(brand_chart(inst, "southwind", NOON - 7 * DAY, NOON).points) > len(drawn), "nothing heard, nothing known"


def test_one_loud_author_is_not_many_people_and_stands_first(client: TestClient, inst: Installation) -> None:
    calm(inst)
    loud = [said(f"Text {n} of one angry man", NOON - n * HOUR / 9, number=f"l{n}", author="loud") for n in range(30)]
    famous = [said("Fine flight", NOON, number=f"f{n}", author=f"famous{n}", followers=9_000 + n) for n in range(3)]
    hear(inst, loud, Label.NEGATIVE)
    hear(inst, famous, Label.POSITIVE)
    page = shown(client)
    assert "More complaints than usual, but few people make them." in page
    assert "One author wrote 30 of the 30 negative ones." in page
    leading = page.partition("Leading voices")[2]
    assert leading.index(">loud<") < leading.index(">famous2<")


def test_a_brand_of_which_nothing_was_heard_says_what_will_appear(client: TestClient, inst: Installation) -> None:
    page = shown(client)
    assert "Nobody has spoken of it." in page
    assert "Nothing has been heard of Northwind Air in 90 days." in page
    assert "Who is speaking" not in page
    calm(inst)
    page = shown(client)
    assert "No posts in 24 hours; usually about 5." in page
    assert 'href="/brands/northwind?range=7d">Look at 7 days</a>' in page


def test_what_is_not_scored_is_named_by_its_language_and_softens_no_share(
    client: TestClient, inst: Installation
) -> None:
    wave(inst, people=4)
    foreign = [said(f"Texto {n}", NOON - HOUR, number=f"es{n}", author=f"es{n}", language="es") for n in range(12)]
    hear(inst, foreign, Label.UNSCORED)
    page = shown(client)
    assert "16 posts in 24 hours by 16 people, 100% negative." in page
    assert "12 posts in Spanish are counted but not scored, and no part of the negative share." in page
    assert "100% negative, 12 not scored" in shown(client, "/")


def test_the_window_is_chosen_in_the_address_and_links_lead_to_the_same_one(
    client: TestClient, inst: Installation
) -> None:
    hear(inst, [said("Long ago", NOON - 5 * DAY, number=1), said("Lately", NOON - HOUR, number=2)], Label.NEUTRAL)
    assert "1 post in 6 hours by 1 person" in shown(client, "/brands/northwind?range=6h")
    assert "/mentions?brand=northwind&from=2026-03-04T06%3A00&tone=neutral" in shown(
        client, "/brands/northwind?range=6h"
    )
    assert "2 posts in 7 days by 1 person" in shown(client, "/brands/northwind?range=7d")


@pytest.mark.parametrize("path", ["/brands/nobody", "/brands/northwind?range=1y", "/brands/"])
def test_an_address_of_no_brand_and_no_window_leads_nowhere(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_voices_are_counted_with_those_who_are_silent(client: TestClient, inst: Installation) -> None:
    wave(inst, people=10)
    liked = said("Great", NOON, number="x", author="liked", followers=12_000, engagement=Engagement(likes=7))
    hear(inst, [liked], Label.POSITIVE)
    assert "<dt>new voices</dt><dd>\N{EN DASH}</dd>" in shown(client), "nothing older is known, so all would be new"
    hear(inst, [said("Long ago", NOON - 3 * DAY, number="y", author="angry1")], Label.NEUTRAL)
    page = shown(client)
    assert "<dt>silent, estimated</dt><dd>260</dd>" in page
    assert "TARP" in page
    assert "<dt>new voices</dt><dd>91%</dd>" in page
    assert '<td class="figure" data-unit="followers">12,000</td>' in page
    assert "first heard now" in page


def test_ratings_come_with_their_interval_and_what_disagrees_can_be_corrected(
    client: TestClient, inst: Installation
) -> None:
    rated = [
        said(f"Survey {n}", NOON - n * HOUR, number=n, author=None, rating=Rating(n, 0, 10, RatingScale.NPS))
        for n in range(6, 11)
    ]
    hear(inst, rated, Label.NEGATIVE)
    page = shown(client)
    assert "<b>NPS +20</b>" in page
    assert "From 5 ratings, so the true figure may lie anywhere from" in page
    assert "3 texts say the opposite of their rating" in page
    assert page.count('action="/mentions/') >= 3
    correcting.correct(inst, (5, "northwind"), Correction.NEGATIVE, "dana", seen_as(None, None))
    assert "2 texts say the opposite of their rating" in shown(client)


def test_the_voice_is_shared_with_other_brands_that_have_pages_too(client: TestClient, inst: Installation) -> None:
    hear(inst, [said("One", NOON, number=1)], Label.NEUTRAL)
    hear(inst, [said(f"Rival {n}", NOON, number=f"r{n}") for n in range(3)], Label.POSITIVE, brand="southwind")
    page = shown(client)
    assert 'href="/brands/southwind">Southwind</a> <span class="quiet">competitor</span>' in page
    assert "75%" in page
    assert "25%" in page


def test_the_share_of_voice_tells_posts_voices_tone_and_what_has_changed(
    client: TestClient, inst: Installation
) -> None:
    for brand in ("northwind", "southwind"):
        hear(inst, [said("Long ago", NOON - 9 * DAY, number=brand)], Label.NEUTRAL, brand=brand)
        hear(inst, [said("Before", NOON - 1.5 * DAY, number=f"{brand}1")], Label.NEUTRAL, brand=brand)
    hear(inst, [said("One", NOON, number=1)], Label.NEGATIVE)
    hear(inst, [said(f"Rival {n}", NOON, number=f"r{n}") for n in range(3)], Label.POSITIVE, brand="southwind")
    told = cells(shown(client).partition("Share of voice</h2>")[2])
    assert told[1:3] == [
        ["Southwind competitor", "75%", "+25 points", "50%", "3", "0%", "0%"],
        ["Northwind Air", "25%", "\N{MINUS SIGN}25 points", "50%", "1", "100%", "0%"],
    ]


def test_a_brand_that_was_added_lately_is_not_said_to_have_grown(client: TestClient, inst: Installation) -> None:
    calm(inst)
    hear(inst, [said("Rival", NOON, number="r")], Label.POSITIVE, brand="southwind")
    page = shown(client)
    assert (
        "Southwind has not been listened to for long enough to say how the shares were in the 24 hours before." in page
    )
    assert "points</td>" not in page


def test_a_long_window_is_summed_up_once_for_some_minutes_and_again_after_a_correction(
    client: TestClient, inst: Installation, clock: HandClock
) -> None:
    week, day = "/brands/northwind?range=7d", "/brands/northwind"
    hear(inst, [said("One", NOON, number=1)], Label.NEUTRAL)
    assert "1 post in 7 days" in shown(client, week)
    hear(inst, [said("Two", NOON, number=2)], Label.NEUTRAL)
    assert "1 post in 7 days" in shown(client, week)
    assert "2 posts in 24 hours" in shown(client, day), "the present is always the present"
    correcting.correct(inst, (1, "northwind"), Correction.NEGATIVE, "dana", seen_as(None, None))
    assert "2 posts in 7 days by 1 person, 50% negative" in shown(client, week)
    hear(inst, [said("Three", NOON, number=3)], Label.NEUTRAL)
    clock.advance(minutes=11)
    assert "3 posts in 7 days" in shown(client, week)


def test_where_there_is_no_competitor_the_page_says_how_to_get_one(tmp_path: Path) -> None:
    made = installation(tmp_path)
    with made.database:
        hear(made, [said("One", NOON, number=1)], Label.NEUTRAL)
        page = shown(TestClient(create_app(made), base_url="http://127.0.0.1:8420"))
    assert "There is nothing to compare Northwind Air with." in page
    assert "<code>competitor: true</code>" in page


def test_the_time_before_stands_beside_the_answer(client: TestClient, inst: Installation) -> None:
    calm(inst)
    hear(inst, [said("Flying today", NOON, number=1)], Label.NEUTRAL)
    assert "In the 24 hours before: 5 posts by 5 people, 20% negative." in shown(client)
    assert "What was said in the 30 days before is not known." in shown(client, "/brands/northwind?range=30d")


def test_sources_are_told_with_their_tone_and_what_is_usual_of_them(client: TestClient, inst: Installation) -> None:
    calm(inst)
    hear(inst, [said("Lost bag", NOON, number="x")], Label.NEGATIVE)
    day, week = (shown(client, f"/brands/northwind?range={key}") for key in ("24h", "7d"))
    assert cells(day.partition("Where it was said</h2>")[2])[:2] == [
        ["Source", "Posts", "Negative", "Usually"],
        ["forum", "1", "100%", "5"],
    ]
    assert cells(week.partition("Where it was said</h2>")[2])[:2] == [
        ["Source", "Posts", "Negative", "Before"],
        ["forum", "31", "23%", "35"],
    ]
    assert 'href="/mentions?brand=northwind&range=24h&source=forum"' in day


def test_what_is_marked_in_the_picture_is_listed_with_why_for_those_who_do_not_see_it(
    client: TestClient, inst: Installation
) -> None:
    wave(inst)
    number = open_incident(inst)
    page = shown(client)
    assert "<summary>Marked in the picture: 1 alarm</summary>" in page
    (row,) = cells(page.partition('<table class="rows marked">')[2].partition("</table>")[0])[1:]
    assert row == ["12:00", "Alarm", "Many people complained. Incident"]
    assert f'<a href="/incidents/{number}">Incident</a>' in page


def test_of_very_many_marks_the_newest_are_listed_and_the_page_stays_small(
    client: TestClient, inst: Installation
) -> None:
    wave(inst)
    calm(inst)
    sentence = f"{'x' * 300}. Held: only 2 people."
    with inst.database.writing() as connection:
        for n in range(260):
            held = replace(signal(), verdict=Verdict.HELD, at=NOON - n * HOUR, sentence=sentence)
            record_signal(connection, held, None)
    answer = client.get("/brands/northwind?range=30d")
    assert answer.text.count("mark-kind is-held") == MOST_MARKED
    assert "These are the newest 40." in answer.text
    assert len(answer.content) < 200_000


def cells(table: str) -> list[list[str]]:
    """The rows of the tables in a piece of a page, as one reads them."""
    rows = re.findall(r"<tr.*?</tr>", table)
    found = (re.findall(r"<t[hd].*?</t[hd]>", row) for row in rows)
    return [[" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", cell).split()) for cell in row] for row in found]


def test_a_source_that_is_not_heard_makes_the_answer_doubtful(
    client: TestClient, inst: Installation, clock: HandClock
) -> None:
    assert "not heard" not in shown(client)
    fail_source(inst, "forum", "The server answered 503.", "Wait; it is asked again.")
    clock.advance(hours=2)
    assert "<strong>forum is not heard</strong> at the moment, so there may be more." in shown(client)


def test_nothing_that_strangers_write_becomes_part_of_the_page(client: TestClient, inst: Installation) -> None:
    evil = '"><script>alert(1)</script>'
    texts = [
        said(f"{evil} #{evil} cancelled flight {n}", NOON, number=n, author=f"{evil}{n}", followers=5) for n in range(6)
    ]
    hear(inst, texts, Label.NEGATIVE, Tag(CATEGORY, "outage", evil))
    assert "<script>alert" not in client.get("/brands/northwind").text


def test_the_home_page_leads_to_each_brand(client: TestClient) -> None:
    assert '<a href="/brands/northwind">Northwind Air</a>' in client.get("/").text
