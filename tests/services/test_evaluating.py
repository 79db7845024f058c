from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from alerts.incident_alert import IncidentAlert, LetterKind
from database import incidents as store
from database import outbox, responses
from database.listening import About, Heard
from database.listening import store as keep
from database.tables import BucketRow, SignalRow
from detection.signal import Verdict
from incidents.incident import Change, Status
from mentions.matching import about
from mentions.mention import Mention
from playbooks.playbook import Severity
from services import response
from services.delivery import deliver
from services.evaluating import EvaluationError, evaluate
from services.installation import Installation
from services.settling import Evaluated
from services.tagging import retag
from settings.detecting import Detection
from settings.model import Brand, Match, Route, Routing
from tests.installations import BRAND, LEE, NOON, HandClock, calm_weeks, installation, outcry, said
from topics.rules import rules_of


def hear(inst: Installation, mentions: Iterable[Mention], source: str = "forum") -> None:
    """Store mentions as collecting would."""
    some = list(mentions)
    scores = inst.scorers["northwind"].score_batch([m.content for m in some], [m.language for m in some])
    match = about(["northwind"], "forum")[0]
    with inst.database.writing() as connection:
        heard = [Heard(mention, (About(match, score),)) for mention, score in zip(some, scores, strict=True)]
        keep(connection, source, heard, inst.clock())


def opened(answers: Iterable[Evaluated]) -> list[int | None]:
    return [answer.incident_id for answer in answers if answer.opened]


def told(answers: Iterable[Evaluated]) -> list[int | None]:
    return [answer.incident_id for answer in answers if answer.told]


def letters(inst: Installation) -> list[IncidentAlert]:
    with inst.database.reading() as connection:
        return [IncidentAlert.from_json(letter.content) for letter in outbox.due(connection, inst.clock(), 100)]


def signals(inst: Installation) -> list[Any]:
    with inst.database.reading() as connection:
        return list(connection.execute(select(SignalRow.__table__).order_by(SignalRow.id)))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock) -> Installation:
    ready = installation(tmp_path, clock)
    hear(ready, calm_weeks(NOON))
    return ready


def test_weeks_of_ordinary_talk_open_nothing(inst: Installation) -> None:
    assert evaluate(inst) == ()
    assert signals(inst) == []


def test_a_wave_opens_one_incident_with_owner_checklist_reasons_and_letters(inst: Installation) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    assert number
    with inst.database.reading() as connection:
        incident = store.find(connection, number)
        assert (incident.owner, incident.severity, incident.status) == ("dana", Severity.SEV2, Status.OPEN)
        assert incident.why.startswith("40 people complained in the last hour")
        assert len(responses.steps(connection, number)) == 8
        assert [event.kind for event in store.timeline(connection, number)] == ["opened", "severity", "handed_over"]
    assert [letter.recipient_id for letter in letters(inst)] == ["dana", "lee"]


def test_while_the_wave_goes_on_it_stays_one_incident_and_one_letter_each(inst: Installation, clock: HandClock) -> None:
    hear(inst, outcry(NOON))
    evaluate(inst)
    for minute in range(1, 6):
        hear(
            inst,
            [said("Still awful, Northwind Air.", clock.advance(minutes=1), number=minute, author=f"late-{minute}")],
        )
        assert opened(evaluate(inst)) == []
    assert len(letters(inst)) == 2


def test_volume_that_rises_with_the_complaints_is_the_same_issue(inst: Installation) -> None:
    hear(inst, outcry(NOON, people=120))
    answers = {answer.signal.kind: answer for answer in evaluate(inst)}
    assert answers["volume_wave"].signal.verdict is Verdict.FIRED
    assert answers["negative_wave"].opened
    assert answers["volume_wave"].incident_id == answers["negative_wave"].incident_id


def test_a_wave_that_becomes_viral_raises_the_severity_moves_the_clocks_and_tells_again(
    inst: Installation, clock: HandClock
) -> None:
    hear(inst, outcry(NOON, people=12))
    (number,) = opened(evaluate(inst))
    assert number
    with inst.database.reading() as connection:
        before = responses.steps(connection, number)
    hear(inst, outcry(clock.advance(minutes=5), people=60, minutes=4))
    evaluate(inst)
    with inst.database.reading() as connection:
        assert store.find(connection, number).severity is Severity.SEV2
        assert responses.steps(connection, number)[0].due_at < before[0].due_at
    raised = [letter for letter in letters(inst) if letter.raised_from]
    assert [(letter.raised_from, letter.severity) for letter in raised] == [(Severity.SEV3, Severity.SEV2)] * 2


def test_what_is_held_is_kept_with_its_reason_once_an_hour(inst: Installation, clock: HandClock) -> None:
    flood = [replace(mention, author="loud") for mention in outcry(NOON)]
    hear(inst, flood)
    evaluate(inst)
    clock.advance(minutes=1)
    evaluate(inst)
    held = [row for row in signals(inst) if row.kind == "negative_wave"]
    assert [(row.verdict, row.reason) for row in held] == [("held", "one_loud_author")]
    assert letters(inst) == []


def test_a_resolved_incident_is_not_opened_again_by_the_mentions_it_was_resolved_for(
    inst: Installation, clock: HandClock
) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    clock.advance(minutes=5)
    response.resolve(inst, number or 0, "dana")
    assert opened(evaluate(inst)) == []
    assert signals(inst)[-1].reason == "just_resolved"
    hear(inst, [replace(mention, key=f"second {mention.key}") for mention in outcry(clock.advance(hours=25))])
    assert len(opened(evaluate(inst))) == 1


def test_a_wave_that_is_back_within_a_day_wakes_the_incident_that_was_resolved(
    inst: Installation, clock: HandClock
) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    response.resolve(inst, number or 0, "dana")
    hear(inst, [replace(mention, key=f"second {mention.key}") for mention in outcry(clock.advance(hours=2))])
    assert told(evaluate(inst)) == [number]
    with inst.database.reading() as connection:
        incident = store.find(connection, number or 0)
    assert (incident.status, incident.owner, incident.resolved_at) == (Status.OPEN, "dana", None)
    assert incident.acknowledge_by > clock.now
    assert [letter.kind for letter in letters(inst)].count(LetterKind.REOPENED) == 2
    assert told(evaluate(inst)) == [], "once"


def test_a_second_crisis_soon_after_a_resolved_one_is_no_echo(inst: Installation, clock: HandClock) -> None:
    hear(inst, outcry(NOON, people=12))
    (number,) = opened(evaluate(inst))
    response.resolve(inst, number or 0, "dana")
    hear(
        inst,
        [replace(mention, key=f"second {mention.key}") for mention in outcry(clock.advance(minutes=50), people=60)],
    )
    assert told(evaluate(inst)) == [number]
    with inst.database.reading() as connection:
        assert store.find(connection, number or 0).severity is Severity.SEV2


def test_a_resolution_dated_in_the_future_by_a_wrong_clock_silences_nothing(
    inst: Installation, clock: HandClock
) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    clock.advance(days=365)
    response.resolve(inst, number or 0, "dana")
    clock.now = NOON + timedelta(hours=3)
    hear(inst, [replace(mention, key=f"second {mention.key}") for mention in outcry(clock.now)])
    assert len(opened(evaluate(inst))) == 1


def test_a_new_wave_weeks_after_an_incident_was_left_open_is_told_of(inst: Installation, clock: HandClock) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    with inst.database.writing() as connection:
        for letter in outbox.due(connection, NOON, 10):
            outbox.mark_sent(connection, letter.id, NOON)
    hear(inst, [replace(mention, key=f"second {mention.key}") for mention in outcry(clock.advance(days=20))])
    hear(inst, [replace(mention, key=f"between {mention.key}") for mention in calm_weeks(clock.now)])
    assert opened(evaluate(inst)) == []
    assert [(letter.incident_id, letter.kind, letter.recipient_id) for letter in letters(inst)] == [
        (number, "joined", "dana"),
        (number, "joined", "lee"),
    ]
    clock.advance(minutes=1)
    evaluate(inst)
    assert len(letters(inst)) == 2, "once a wave"


def test_complaints_name_an_incident_that_began_as_mere_talk(inst: Installation, clock: HandClock) -> None:
    talk = [
        said(f"Northwind Air, gate {n}.", NOON - n * timedelta(seconds=9), number=f"talk-{n}", author=f"t{n}")
        for n in range(90)
    ]
    hear(inst, talk)
    (number,) = opened(evaluate(inst))
    hear(inst, outcry(clock.advance(minutes=2), minutes=2))
    evaluate(inst)
    with inst.database.reading() as connection:
        incident = store.find(connection, number or 0)
    assert (incident.kind, incident.title) == ("negative_wave", "Northwind Air: many people are complaining")


def test_a_severity_raised_a_second_time_is_told_a_second_time(inst: Installation) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    for severity in (Severity.SEV1, Severity.SEV4, Severity.SEV1):
        response.change_severity(inst, number or 0, "dana", severity, "As it looks now.")
    assert [letter.severity for letter in letters(inst) if letter.kind == "raised"] == [Severity.SEV1] * 4


def test_an_incident_of_a_brand_that_left_the_settings_can_still_be_worked(
    inst: Installation, tmp_path: Path, clock: HandClock
) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    other = Brand(id="other", name="Other", phrases=("Other",))
    without = installation(tmp_path, clock, brands=(other,))
    assert isinstance(response.change_severity(without, number or 0, "dana", Severity.SEV1, "Police called."), Change)
    assert isinstance(response.resolve(without, number or 0, "dana"), Change)


def test_a_busy_source_that_shows_only_its_newest_posts_is_no_wave_beside_one_that_reaches_far_back(
    inst: Installation,
) -> None:
    newest = [
        said(
            f"Terrible delay again, Northwind Air {n}.",
            NOON - n * timedelta(minutes=1.5),
            number=f"new-{n}",
            author=f"n{n}",
        )
        for n in range(40)
    ]
    hear(inst, newest, source="busy")
    assert opened(evaluate(inst)) == []


def test_a_brand_that_cannot_be_judged_leaves_the_others_watched(tmp_path: Path) -> None:
    broken = Brand(id="broken", name="Broken", phrases=("Broken",))
    inst = installation(tmp_path, brands=(broken, BRAND))
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    with inst.database.writing() as connection:
        connection.execute(
            insert(BucketRow).values(brand="broken", start=NOON, mentions=9, scored=9, negative=9, positive=0)
        )
        connection.execute(text("UPDATE buckets SET mentions = 'many' WHERE brand = 'broken'"))
    with pytest.raises(EvaluationError, match="broken"):
        evaluate(inst)
    with inst.database.reading() as connection:
        assert len(store.all_open(connection, "northwind")) == 1


def test_mentions_that_a_wrong_clock_left_in_the_future_stop_nothing(inst: Installation, clock: HandClock) -> None:
    clock.now = NOON - timedelta(days=40)
    assert evaluate(inst) == ()


def test_an_incident_of_somebody_who_left_goes_to_whom_the_routing_names(
    inst: Installation, tmp_path: Path, clock: HandClock
) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    without = installation(tmp_path, clock, people=(LEE,), routing=Routing(owner="lee"))
    evaluate(without)
    with inst.database.reading() as connection:
        assert store.find(connection, number or 0).owner == "lee"
        assert store.timeline(connection, number or 0)[-1].actor == "groundswell"
    handed = [letter for letter in letters(without) if letter.kind == "handed_over"]
    assert [(letter.recipient_id, letter.reason) for letter in handed] == [("lee", "you own this incident")]


def test_whoever_is_asked_to_take_an_incident_over_is_told_and_whoever_takes_it_knows(inst: Installation) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    response.hand_over(inst, number or 0, "dana", "lee")
    response.accept(inst, number or 0, "lee")
    response.hand_over(inst, number or 0, "dana", "dana")
    assert len(letters(inst)) == 3
    assert [letter.recipient_id for letter in letters(inst) if letter.kind == "offered"] == ["lee"]


def test_the_route_that_matches_names_the_owner_and_the_letter_says_so(tmp_path: Path) -> None:
    route = Route(match=Match(brand=("northwind",), severity=(Severity.SEV2,)), owner="lee")
    inst = installation(tmp_path, routing=Routing(owner="dana", routes=(route,)))
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    evaluate(inst)
    assert [(letter.recipient_id, letter.owner_name, letter.reason) for letter in letters(inst)] == [
        ("lee", "Lee Okafor", "you own this incident")
    ]


def test_a_letter_names_why_posts_owner_next_step_and_the_page(inst: Installation) -> None:
    hear(inst, outcry(NOON))
    (number,) = opened(evaluate(inst))
    letter = letters(inst)[0]
    assert letter.link == f"http://127.0.0.1:8420/incidents/{number}"
    assert len({post.author for post in letter.posts}) == 3
    assert letter.next_step
    assert letter.next_step.position == 1
    assert NOON < letter.next_step.due_at <= NOON + timedelta(minutes=30)
    assert sum(point.negative for point in letter.points) >= 40


def test_a_letter_quotes_what_many_say_and_not_what_one_says_most_strongly(inst: Installation) -> None:
    rant = "Horrible, terrible, disgusting, the worst, I hate hate hate that purple giraffe, Northwind Air"
    hear(inst, [*outcry(NOON), said(rant, NOON, number="rant", author="giraffe")])
    evaluate(inst)
    texts = [post.text for post in letters(inst)[0].posts]
    assert len(texts) == 3
    assert all(text.startswith("Cancelled again and nobody answers") for text in texts)


def test_a_letter_says_what_kind_of_trouble_leads_by_the_complaints_of_the_hour(inst: Installation) -> None:
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    retag(replace(inst, rules=rules_of({"waiting": "waiting OR nobody NEAR/3 answers"}, {})))
    evaluate(replace(inst, rules=rules_of({"waiting": "waiting OR nobody NEAR/3 answers"}, {})))
    assert letters(inst)[0].about == "40 of 40 negative posts tell of waiting: “waiting”."


def test_what_leads_among_the_complaints_weighs_in_how_bad_it_is_and_is_kept(inst: Installation) -> None:
    parts = ["cabin", "wing", "galley", "gate", "belt", "seat", "aisle", "door", "floor", "engine", "wheel", "window"]
    texts = [f"The {part} felt unsafe and terrible, {part} after {part}, Northwind Air" for part in parts]
    hear(inst, [said(text, NOON, number=text, author=part) for part, text in zip(parts, texts, strict=True)])
    retag(inst)
    (number,) = opened(evaluate(inst))
    assert number
    with inst.database.reading() as connection:
        (_, judged, _) = store.timeline(connection, number)
    assert judged.text == "Set to SEV2. People may be harmed: 12 people, 12 times what is usual (safety)."
    assert [row.category for row in signals(inst) if row.kind == "negative_wave"] == ["safety"]


def test_a_teams_own_rows_judge_what_opens_and_what_joins(tmp_path: Path, clock: HandClock) -> None:
    rows = ({"severity": "SEV1", "people": 40}, {"severity": "SEV4", "people": 10})
    inst = installation(tmp_path, clock, detection=Detection.model_validate({"severity": rows}))
    hear(inst, [*calm_weeks(NOON), *outcry(NOON, people=12)])
    (number,) = opened(evaluate(inst))
    assert number
    hear(inst, outcry(clock.advance(minutes=5), people=60, minutes=4))
    evaluate(inst)
    with inst.database.reading() as connection:
        told = [event.text for event in store.timeline(connection, number) if event.kind == "severity"]
    assert told[0].startswith("Set to SEV4. By your own rule: 12 people.")
    assert told[1].startswith("Raised from SEV4 to SEV1. By your own rule: 60 people.")


def test_the_letter_arrives_as_a_mail_with_its_picture(inst: Installation, tmp_path: Path) -> None:
    hear(inst, outcry(NOON))
    evaluate(inst)
    assert deliver(inst).sent == 2
    files = sorted((tmp_path / "outbox").glob("*.eml"))
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert {mail["To"] for mail in mails} == {"Dana Reyes <dana@example.com>", "Lee Okafor <lee@example.com>"}
    assert all(mail["Subject"].startswith("[SEV2] Northwind Air: many people are complaining") for mail in mails)
    assert all(any(part.get_content_type() == "image/png" for part in mail.walk()) for mail in mails)


def test_while_the_past_is_unknown_no_figure_pretends_to_know_it(tmp_path: Path) -> None:
    inst = installation(tmp_path)
    hear(inst, outcry(NOON, minutes=50))
    assert len(opened(evaluate(inst))) == 1
    deliver(inst)
    mail = message_from_bytes(next((tmp_path / "outbox").glob("*.eml")).read_bytes(), policy=policy.default)
    assert mail["Subject"] == "[SEV3] Northwind Air: many people are complaining (40 people)"
    with inst.database.reading() as connection:
        timeline = " ".join(event.text for event in store.timeline(connection, 1))
    assert "still being learned" in timeline
    assert "times what is usual" not in timeline
