"""The phone call that asks "are you aware of this?", from the words to the letters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import SecretStr

from alerts.incident_alert import IncidentAlert, LetterKind
from database import incidents as store
from database import outbox, responses
from incidents.incident import Change, EventKind, Incident
from playbooks.playbook import Severity
from services import response
from services.delivery import deliver
from services.installation import Installation
from services.reporting import Declined, Taken, Told, take_report
from settings.model import Brand, Match, Route, Routing
from tests.database.incident_rows import opening, signal
from tests.installations import BRAND, NOON, HandClock, installation

HOSTILE = "<script>alert(1)</script> =cmd|'/c calc'!A1 {{ 7*7 }} %s \u202e\x00\ud800 'DROP TABLE"
TOLD = Told("Smoke on NW12", said_by="The gate desk", url="https://e.example/1", taken_by="lee")


@pytest.fixture
def inst(tmp_path: Path, database_address: str) -> Installation:
    return installation(tmp_path, HandClock(), database=SecretStr(database_address))


def taken(inst: Installation, told: Told = TOLD) -> Taken:
    answer = take_report(inst, told)
    assert isinstance(answer, Taken), answer
    return answer


def letters(inst: Installation) -> list[IncidentAlert]:
    with inst.database.reading() as connection:
        return [IncidentAlert.from_json(letter.content) for letter in outbox.due(connection, inst.clock(), 100)]


def stored(inst: Installation, number: int | None) -> Incident:
    with inst.database.reading() as connection:
        return store.find(connection, number or 0)


def wave(inst: Installation) -> int:
    """An incident that listening opened."""
    with inst.database.writing() as connection:
        number = store.add(connection, opening())
        store.record_signal(connection, signal(), number)
    return number


def test_a_tip_opens_an_owned_incident_with_checklist_timeline_and_letters(inst: Installation) -> None:
    answer = taken(inst)
    assert (answer.opened, answer.told) == (True, ("Dana Reyes", "Lee Okafor"))
    incident = stored(inst, answer.incident.id)
    assert (incident.kind, incident.owner, incident.severity) == ("reported", "dana", Severity.SEV3)
    with inst.database.reading() as connection:
        first, *_ = store.timeline(connection, incident.id or 0)
        assert len(responses.steps(connection, incident.id or 0)) == 8
    assert first.text == "The gate desk reported: “Smoke on NW12” https://e.example/1"
    assert [(one.kind, one.recipient_id, one.measured) for one in letters(inst)] == [
        (LetterKind.OPENED, "dana", False),
        (LetterKind.OPENED, "lee", False),
    ]
    told = letters(inst)[0].told
    assert told
    assert (told.words, told.said_by, told.url, told.at) == (
        "Smoke on NW12",
        "The gate desk",
        "https://e.example/1",
        NOON,
    )


def test_routing_sends_what_is_reported_to_whom_it_names(tmp_path: Path) -> None:
    routing = Routing(owner="dana", routes=(Route(match=Match(kind=("reported",)), owner="lee"),))
    answer = taken(installation(tmp_path, HandClock(), routing=routing))
    assert (answer.incident.owner, answer.told) == ("lee", ("Lee Okafor",))


def test_a_tip_joins_the_open_incident_of_its_brand_and_its_owner_is_told(inst: Installation) -> None:
    number = wave(inst)
    answer = taken(inst)
    assert (answer.opened, answer.incident.id) == (False, number)
    with inst.database.reading() as connection:
        assert store.timeline(connection, number)[-1].kind is EventKind.JOINED
    (first, _) = letters(inst)
    assert (first.kind, first.recipient_id, first.measured) == (LetterKind.JOINED, "dana", True)
    assert first.told
    assert first.why == "The gate desk reported something that belongs to this incident."


def test_something_else_opens_its_own_incident_however_many_are_open(inst: Installation) -> None:
    number = wave(inst)
    others = [taken(inst, replace(TOLD, separate=True)) for _ in range(2)]
    assert all(one.opened for one in others)
    assert len({number, *(one.incident.id for one in others)}) == 3


def test_a_tip_joins_the_incident_it_is_said_to_belong_to(inst: Installation) -> None:
    wave(inst)
    other = taken(inst, replace(TOLD, separate=True)).incident.id
    assert taken(inst, replace(TOLD, incident=other)).incident.id == other


def test_a_tip_that_is_worse_raises_with_the_deadlines(inst: Installation) -> None:
    number = taken(inst).incident.id
    answer = taken(inst, replace(TOLD, severity=Severity.SEV1))
    assert (answer.incident.id, answer.incident.severity) == (number, Severity.SEV1)
    with inst.database.reading() as connection:
        assert responses.steps(connection, number or 0)[0].due_at == NOON + (stored(inst, number).acknowledge_by - NOON)
    last = letters(inst)[-1]
    assert (last.kind, last.raised_from, last.measured) == (LetterKind.RAISED, Severity.SEV3, False)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"words": " \n"}, "words", "Write down what was said"),
        ({"words": "\ufeff\u200b"}, "words", "Write down what was said"),
        ({"words": "x" * 4001}, "words", "4001 characters"),
        ({"url": "javascript:alert(1)"}, "url", "no web address"),
        ({"url": "file:///etc/passwd"}, "url", "no web address"),
        ({"url": "http://[broken"}, "url", "no web address"),
        ({"url": 'https://e.example/"><script>'}, "url", "no web address"),
        ({"brand": "nobody"}, "brand", "Say which brand it is about: northwind."),
    ],
)
def test_what_cannot_be_taken_is_declined_with_its_field_and_changes_nothing(
    inst: Installation, change: dict[str, str], field: str, says: str
) -> None:
    answer = take_report(inst, replace(TOLD, **change))  # type: ignore[arg-type]  # a table of texts
    assert isinstance(answer, Declined)
    assert answer.facts["field"] == field
    assert says in answer.text
    with inst.database.reading() as connection:
        assert store.every_open(connection) == ()
        assert outbox.waiting(connection) == 0


def test_a_link_without_its_scheme_is_completed(inst: Installation) -> None:
    taken(inst, replace(TOLD, url=" e.example/post/1 "))
    told = letters(inst)[0].told
    assert told
    assert told.url == "https://e.example/post/1"


def test_where_there_are_several_brands_the_words_may_name_the_one(tmp_path: Path) -> None:
    other = Brand(id="bluebird", name="Bluebird", phrases=("Bluebird",))
    inst = installation(tmp_path, HandClock(), brands=(BRAND, other))
    assert taken(inst, replace(TOLD, words="Is Bluebird closed?")).incident.brand == "bluebird"
    assert isinstance(take_report(inst, replace(TOLD, words="Is it closed?")), Declined)
    assert isinstance(take_report(inst, replace(TOLD, words="Bluebird sues Northwind Air")), Declined)


def test_what_is_resolved_or_of_another_brand_is_not_joined(tmp_path: Path) -> None:
    other = Brand(id="bluebird", name="Bluebird", phrases=("Bluebird",))
    inst = installation(tmp_path, HandClock(), brands=(BRAND, other))
    number = taken(inst, replace(TOLD, brand="northwind")).incident.id
    assert isinstance(take_report(inst, replace(TOLD, brand="bluebird", incident=number)), Declined)
    response.resolve(inst, number or 0, "dana")
    assert isinstance(take_report(inst, replace(TOLD, incident=number)), Declined)


def test_of_several_people_who_report_the_same_at_once_one_opens_an_incident_and_the_others_join(
    inst: Installation,
) -> None:
    ready = Barrier(4)

    def report(_: int) -> bool:
        ready.wait()
        return taken(inst).opened

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(report, range(4))) == [False, False, False, True]


def test_a_hostile_tip_is_kept_as_data_and_reaches_the_letter_as_text(inst: Installation) -> None:
    answer = taken(inst, replace(TOLD, words=HOSTILE, said_by=f"x\r\nBcc: y@z {HOSTILE}"))
    assert deliver(inst).sent == 2
    with inst.database.reading() as connection:
        assert "<script>alert(1)</script>" in store.timeline(connection, answer.incident.id or 0)[0].text
    for file in (inst.settings.data_folder / "outbox").rglob("*.eml"):
        sent = file.read_text(encoding="utf-8")
        assert "\nBcc:" not in sent
        assert "<script>" not in sent.partition("text/html")[2]


def test_later_letters_of_a_reported_incident_say_what_was_reported(inst: Installation) -> None:
    number = taken(inst).incident.id or 0
    assert isinstance(response.hand_over(inst, number, "dana", "lee"), Change)
    assert isinstance(response.change_severity(inst, number, "dana", Severity.SEV2, "On the news."), Change)
    offered, raised = letters(inst)[2], letters(inst)[-1]
    assert (offered.kind, offered.recipient_id) == (LetterKind.OFFERED, "lee")
    assert offered.why == "Dana Reyes asked Lee Okafor to take it over."
    assert (raised.kind, raised.raised_from) == (LetterKind.RAISED, Severity.SEV3)
    assert [letter.told and letter.told.words for letter in (offered, raised)] == ["Smoke on NW12"] * 2
    assert raised.why.startswith("The gate desk reported this; it was not found by listening.")
