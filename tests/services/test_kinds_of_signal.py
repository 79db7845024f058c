"""Each kind of signal, from what people said to the incident, its letter and its decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from alerts.incident_alert import IncidentAlert
from database import incidents as store
from database.response_tables import IncidentRow
from database.tables import OutboxRow, SignalRow
from detection.signal import Verdict
from incidents.incident import EventKind, Incident
from mentions.mention import Mention
from playbooks.playbook import Severity
from services.evaluating import evaluate
from services.installation import Installation
from services.receiving import Entry, keep_all, understand_all
from services.reporting import Told, take_report
from services.settling import settle
from settings.detecting import Detection, Row
from settings.planning import Event
from tests.installations import BRAND, NOON, HandClock, calm_weeks, installation, outcry, said

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def hear(inst: Installation, mentions: Iterable[Mention]) -> None:
    """Store mentions through all of understanding, tags and critical words too."""
    understood = understand_all(inst, [Entry(mention, "forum", ("northwind",)) for mention in mentions])
    with inst.database.writing() as connection:
        keep_all(connection, understood, inst.clock())


def letter_of(inst: Installation) -> IncidentAlert:
    with inst.database.reading() as connection:
        return IncidentAlert.from_json(connection.execute(select(OutboxRow.content).limit(1)).scalar_one())


def opened(inst: Installation) -> Incident:
    evaluate(inst)
    with inst.database.reading() as connection:
        (incident,) = store.all_open(connection, "northwind")
    return incident


def decisions(inst: Installation) -> list[tuple[str, str, str]]:
    with inst.database.reading() as connection:
        rows = connection.execute(select(SignalRow.kind, SignalRow.verdict, SignalRow.reason).order_by(SignalRow.id))
        return [(row.kind, row.verdict, row.reason) for row in rows]


@pytest.fixture
def inst(tmp_path: Path) -> Installation:
    ready = installation(tmp_path)
    hear(ready, calm_weeks(NOON))
    return ready


def test_critical_words_by_three_people_open_an_incident_that_quotes_them(inst: Installation) -> None:
    texts = (
        "Northwind Air: passenger died on board tonight, police at the gate.",
        "My neighbour says somebody died on a Northwind Air flight, terrible news.",
        "Is it true that a man died on the Northwind Air plane from Oslo?",
    )
    spoken = [said(text, NOON - n * MINUTE, number=f"c{n}", author=f"w{n}") for n, text in enumerate(texts, 1)]
    hear(inst, spoken)
    incident = opened(inst)
    assert (incident.kind, incident.title) == ("critical_words", "Northwind Air: several people use critical words")
    assert incident.why.startswith("3 people used critical words (death) in the last hour (3 such mentions)")
    assert {post.text for post in letter_of(inst).posts} == set(texts)


def test_a_complaint_by_somebody_with_a_huge_following_opens_an_incident_and_is_quoted(inst: Installation) -> None:
    star = said("Northwind Air lost my bags, this is terrible.", NOON - MINUTE, number="star", author="star")
    hear(inst, [replace(star, followers=3_000_000)])
    incident = opened(inst)
    assert (incident.kind, incident.severity) == ("loud_voice", Severity.SEV2)
    assert "3,000,000 followers" in incident.why
    assert [post.text for post in letter_of(inst).posts] == ["Northwind Air lost my bags, this is terrible."]


@pytest.mark.parametrize("known", [40, 97], ids=["of a brand few speak of", "of a brand many speak of"])
def test_a_loud_voice_is_no_news_again_with_a_few_more_followers(tmp_path: Path, known: int) -> None:
    clock = HandClock(NOON - 30 * HOUR)
    inst = installation(tmp_path, clock)
    usual = [replace(one, followers=100) for one in calm_weeks(NOON)]
    hear(inst, [one for one in usual if int((one.author or "").removeprefix("regular-")) < known])
    for followers in (300_000, 300_012):
        star = said("Northwind Air lost my bags, terrible.", clock.now - MINUTE, number=followers, author="star")
        hear(inst, [replace(star, followers=followers)])
        evaluate(inst)
        clock.advance(hours=30)
    assert [kind for kind, *_ in decisions(inst)].count("loud_voice") == 1


def test_a_loud_voice_that_was_heard_late_says_how_long_ago(inst: Installation) -> None:
    star = said("Northwind Air lost my bags, this is terrible.", NOON - 150 * MINUTE, number="star", author="star")
    hear(inst, [replace(star, followers=3_000_000)])
    assert opened(inst).why.endswith(" It was said 150 minutes ago.")


def test_one_text_that_many_repost_is_one_story_and_not_a_wave_of_complaints(inst: Installation) -> None:
    text = "Northwind Air left a child alone at the gate and nobody answers, this is awful, share this everywhere"
    hear(inst, [said(text, NOON - n * 20 * MINUTE / 60, number=f"r{n}", author=f"r{n}") for n in range(1, 90)])
    incident = opened(inst)
    assert (incident.kind, incident.title) == ("repost_wave", "Northwind Air: one story is told by many")
    assert ("negative_wave", "held", "one_story") in decisions(inst)
    assert ("volume_wave", "held", "one_story") in decisions(inst)


def test_praise_is_noted_once_a_day_and_wakes_nobody(tmp_path: Path) -> None:
    clock = HandClock()
    inst = installation(tmp_path, clock)
    glad = [
        said(f"Thank you Northwind Air, great crew, wonderful flight {n}!", NOON - n * MINUTE, number=n, author=f"g{n}")
        for n in range(1, 40)
    ]
    hear(inst, [*calm_weeks(NOON), *glad])
    (first,) = (one for one in evaluate(inst) if one.signal.kind == "praise_wave")
    assert (first.signal.verdict, first.told, first.incident_id) == (Verdict.NOTICED, False, None)
    clock.advance(minutes=5)
    evaluate(inst)
    assert [one for one in decisions(inst) if one[0] == "praise_wave"] == [("praise_wave", "noticed", "above_baseline")]
    assert ("volume_wave", "held", "mostly_praise") in decisions(inst)


@pytest.mark.parametrize("minute", [0, 7, 58])
def test_a_brand_that_nobody_speaks_of_any_more_is_noted_once_whenever_ticks_come(tmp_path: Path, minute: int) -> None:
    clock = HandClock(NOON)
    inst = installation(tmp_path, clock)
    hear(inst, calm_weeks(NOON))
    for hours in range(1, 16):
        clock.now = NOON + hours * HOUR + minute * MINUTE
        evaluate(inst)
        clock.advance(minutes=1)
        evaluate(inst)
    assert decisions(inst) == [("brand_silence", "noticed", "silent")]


def test_what_was_planned_is_no_wave_and_a_crisis_within_it_is(tmp_path: Path) -> None:
    launch = Event.model_validate(
        {"name": "launch", "from": "2026-03-04 10:00", "until": "2026-03-04 20:00", "expect": 40}
    )
    clock = HandClock()
    inst = installation(tmp_path, clock, brands=(BRAND.model_copy(update={"events": (launch,)}),))
    talk = [
        said(f"Northwind Air opens gate {n}.", NOON - n * MINUTE / 2, number=f"l{n}", author=f"l{n}")
        for n in range(1, 100)
    ]
    hear(inst, [*calm_weeks(NOON), *talk])
    assert not any(one.told for one in evaluate(inst))
    hear(inst, outcry(clock.advance(minutes=30), people=300, minutes=29))
    incident = opened(inst)
    assert incident.kind == "negative_wave"
    assert "with what is planned about" in incident.why


def test_a_team_that_wants_more_people_is_woken_by_more(tmp_path: Path) -> None:
    inst = installation(tmp_path, detection=Detection(least_people=20))
    hear(inst, [*calm_weeks(NOON), *outcry(NOON, people=19)])
    assert not any(one.told for one in evaluate(inst))
    hear(inst, [replace(one, key=f"more {one.key}", author=f"more {one.author}") for one in outcry(NOON, people=9)])
    assert opened(inst).severity is Severity.SEV2


def test_a_teams_own_row_says_how_bad_it_is(tmp_path: Path) -> None:
    own = Detection(severity=(Row(severity=Severity.SEV1, kind=("negative_wave",), people=30),))
    inst = installation(tmp_path, detection=own)
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    incident = opened(inst)
    assert incident.severity is Severity.SEV1
    with inst.database.reading() as connection:
        (row,) = (row for row in store.timeline(connection, incident.id or 0) if row.kind is EventKind.SEVERITY)
    assert "By your own rule" in row.text


def test_a_wave_that_is_over_is_recorded_once_and_told_to_nobody(inst: Installation, tmp_path: Path) -> None:
    clock = HandClock()
    later = installation(tmp_path, clock)
    hear(inst, outcry(NOON))
    number = opened(inst).id or 0
    for minutes in range(5, 300, 5):
        clock.now = NOON + minutes * MINUTE
        evaluate(later)
    with inst.database.reading() as connection:
        rows = [row for row in store.timeline(connection, number) if row.kind is EventKind.EBBED]
        letters = connection.execute(select(OutboxRow.id)).all()
    assert len(rows) == 1
    assert NOON + HOUR < rows[0].at < NOON + 3 * HOUR
    assert len(letters) == 2


def test_a_wave_that_went_on_while_nobody_looked_has_not_ebbed(inst: Installation, tmp_path: Path) -> None:
    hear(inst, outcry(NOON))
    number = opened(inst).id or 0
    clock = HandClock(NOON + 2 * HOUR)
    later = installation(tmp_path, clock)
    went_on = outcry(clock.now, people=60, minutes=115)
    hear(later, [replace(one, key=f"on {one.key}", author=f"on {one.author}") for one in went_on])
    evaluate(later)
    with inst.database.reading() as connection:
        assert EventKind.EBBED not in {row.kind for row in store.timeline(connection, number)}


def test_nobody_plans_deaths(tmp_path: Path) -> None:
    launch = Event.model_validate(
        {"name": "launch", "from": "2026-03-04 10:00", "until": "2026-03-04 20:00", "expect": 100}
    )
    inst = installation(tmp_path, brands=(BRAND.model_copy(update={"events": (launch,)}),))
    hear(inst, calm_weeks(NOON))
    hear(
        inst,
        [
            said(
                f"Northwind Air: a passenger died on board, seat {n}.",
                NOON - n * MINUTE,
                number=f"d{n}",
                author=f"d{n}",
            )
            for n in range(1, 10)
        ],
    )
    assert opened(inst).kind == "critical_words"


def test_an_incident_whose_playbook_is_gone_still_hears_of_its_wave(inst: Installation) -> None:
    hear(inst, outcry(NOON, people=12))
    number = opened(inst).id
    with inst.database.writing() as connection:
        connection.execute(update(IncidentRow).values(playbook="gone-with-the-last-release"))
    hear(inst, [replace(one, key=f"more {one.key}", author=f"more {one.author}") for one in outcry(NOON, people=90)])
    assert number in {one.incident_id for one in evaluate(inst) if one.told}


def test_what_was_held_in_several_moments_is_kept_at_its_biggest(tmp_path: Path) -> None:
    clock = HandClock(NOON - 2 * HOUR)
    inst = installation(tmp_path, clock)
    hear(inst, calm_weeks(NOON))
    evaluate(inst)
    clock.now = NOON
    flood = outcry(NOON - HOUR, people=40, minutes=30)
    hear(inst, [replace(mention, author="loud") for mention in flood])
    evaluate(inst)
    with inst.database.reading() as connection:
        where = (SignalRow.kind == "negative_wave", SignalRow.reason == "one_loud_author")
        assert connection.execute(select(SignalRow.observed).where(*where)).scalars().all() == [40]


def test_what_somebody_reported_goes_on_while_talk_of_it_is_raised(inst: Installation) -> None:
    take_report(inst, Told(words="A seagull stopped our flight, all laugh.", brand="northwind"))
    hear(inst, [said(f"The Northwind Air seagull {n}.", NOON - MINUTE, number=n, author=f"g{n}") for n in range(60)])
    (joined,) = (one for one in evaluate(inst) if one.signal.kind == "volume_wave")
    still = replace(joined.signal, verdict=Verdict.GOES_ON, at=NOON + HOUR)
    with inst.database.writing() as connection:
        assert settle(connection, inst, BRAND, still).incident_id == joined.incident_id
        incident = store.find(connection, joined.incident_id or 0)
    assert (incident.kind, incident.wave_at) == ("reported", NOON + HOUR)
