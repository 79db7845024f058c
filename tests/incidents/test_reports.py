"""What somebody told us, as an incident of its own or as part of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from detection.signal import Reason, Signal, Verdict
from incidents import waves
from incidents.admission import Join, admit
from incidents.incident import SYSTEM, Actor, Change, EventKind, Incident, Refusal, Status
from incidents.reports import Tip, join_reported, newest_report, open_reported, report_in
from incidents.severity import assess
from playbooks.library import load
from playbooks.playbook import Severity

AT = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
LATER = AT + timedelta(minutes=8)
PLAYBOOK = load("communication-crisis")
DANA, LEE = Actor("dana", "Dana Reyes"), Actor("lee", "Lee Okafor")
TIP = Tip("northwind", "Smoke on NW12", "Smoke on NW12, people saw it.", "The gate desk", "https://e.example/1", LEE)
WAVE = Signal(
    brand="northwind", kind="negative_wave", verdict=Verdict.FIRED, reason=Reason.ABOVE_BASELINE, observed=60,
    expected=2.0, threshold=9.0, window=timedelta(hours=1), at=LATER, since=AT, authors=55, loudest_share=0.1,
    sentence="55 people complained in the last hour; usually 2.",
)  # fmt: skip


def reported(tip: Tip = TIP) -> Incident:
    return replace(open_reported(tip, PLAYBOOK, DANA, "Northwind Air", AT).incident, id=7)


def joined(incident: Incident, tip: Tip = TIP) -> Change:
    change = join_reported(incident, tip, PLAYBOOK, LATER)
    assert isinstance(change, Change)
    return change


def test_the_first_row_carries_the_words_who_said_them_and_the_link() -> None:
    opening = open_reported(TIP, PLAYBOOK, DANA, "Northwind Air", AT, owned_because="Rule 1 applies.")
    first, severity, owned = opening.events
    assert first.text == "The gate desk reported: “Smoke on NW12, people saw it.” https://e.example/1"
    assert (first.kind, first.actor) == (EventKind.OPENED, "lee")
    assert report_in(first.facts) == {
        "words": "Smoke on NW12, people saw it.", "said_by": "The gate desk", "url": "https://e.example/1",
    }  # fmt: skip
    assert severity.text == "Set to SEV3. What is reported by hand starts here."
    assert owned.text == "Dana Reyes owns it. Rule 1 applies."
    assert (opening.incident.title, opening.incident.owner) == ("Northwind Air: Smoke on NW12", "dana")
    assert len(opening.steps) == 8


def test_a_severity_that_somebody_judged_sets_the_clock_and_is_theirs() -> None:
    incident = reported(replace(TIP, severity=Severity.SEV1))
    assert (incident.severity, incident.severity_by) == (Severity.SEV1, "lee")
    assert incident.acknowledge_by == AT + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("said_by", "taken_by", "source"),
    [("The gate", LEE, "The gate"), ("", LEE, "Lee Okafor"), ("", SYSTEM, "Somebody")],
)
def test_a_tip_names_whoever_said_it(said_by: str, taken_by: Actor, source: str) -> None:
    assert replace(TIP, said_by=said_by, taken_by=taken_by).source == source


def test_a_tip_that_joins_is_one_row_and_one_version() -> None:
    change = joined(reported())
    assert [event.kind for event in change.events] == [EventKind.JOINED]
    assert (change.incident.version, change.incident.severity) == (2, Severity.SEV3)


@pytest.mark.parametrize(
    ("judged", "becomes"),
    [(Severity.SEV1, Severity.SEV1), (Severity.SEV3, Severity.SEV3), (Severity.SEV4, Severity.SEV3)],
)
def test_a_tip_raises_an_incident_and_never_lowers_it(judged: Severity, becomes: Severity) -> None:
    change = joined(reported(), replace(TIP, severity=judged))
    assert change.incident.severity == becomes
    assert change.incident.version == 2
    assert (EventKind.SEVERITY in {event.kind for event in change.events}) is (judged is Severity.SEV1)
    assert report_in(change.events[0].facts)


def test_a_raise_tightens_the_clock_only_while_nobody_has_acknowledged() -> None:
    worse = replace(TIP, severity=Severity.SEV1)
    assert joined(reported(), worse).incident.acknowledge_by == AT + timedelta(minutes=15)
    had = replace(reported(), status=Status.ACKNOWLEDGED, acknowledged_at=AT)
    assert joined(had, worse).incident.acknowledge_by == had.acknowledge_by


def test_nothing_joins_what_is_resolved() -> None:
    over = replace(reported(), status=Status.RESOLVED, resolved_at=AT)
    refused = join_reported(over, TIP, PLAYBOOK, LATER)
    assert isinstance(refused, Refusal)
    assert "Incident 7 is over already" in refused.text


def test_the_newest_report_of_a_timeline_is_found_among_other_rows() -> None:
    incident = reported()
    rows = (*open_reported(TIP, PLAYBOOK, DANA, "Northwind Air", AT).events, joined(incident).event)
    assert newest_report(rows) == rows[-1]
    assert newest_report(rows[1:3]) is None


@pytest.mark.parametrize("kind", ["negative_wave", "volume_wave"])
def test_the_first_wave_after_a_report_is_news_and_keeps_the_title_that_says_more(kind: str) -> None:
    wave = replace(WAVE, kind=kind)
    incident = reported()
    assert waves.is_new_wave(incident, wave)
    change = waves.join(incident, wave, assess(wave), PLAYBOOK, LATER)
    assert change
    assert change.incident.title == "Northwind Air: Smoke on NW12"
    assert change.incident.observed == 60
    again = replace(wave, at=LATER + timedelta(minutes=1))
    assert not waves.is_new_wave(change.incident, again)


def test_a_wave_goes_to_the_incident_of_its_kind_before_an_older_report() -> None:
    wave_incident = replace(reported(), id=8, kind="negative_wave", opened_at=LATER)
    assert admit(WAVE, [reported(), wave_incident], None, timedelta(days=1)) == Join(wave_incident)
    assert admit(WAVE, [reported()], None, timedelta(days=1)) == Join(reported())
