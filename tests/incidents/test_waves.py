"""What waves do to incidents: open them, join them, come back, ebb, wake them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.admission import Admit, Echo, Join, Wake, admit
from incidents.incident import Change, EventKind, Incident, Status
from incidents.lifecycle import change_severity
from incidents.severity import Assessment, assess
from incidents.waves import CALM, ebb, is_new_wave, join, wake
from playbooks.checklist import checklist
from playbooks.playbook import Severity
from tests.incidents.cases import (
    ACKNOWLEDGED,
    DANA,
    LATER,
    MILD,
    OPENED,
    PLAYBOOK,
    RESOLVED,
    VIRAL,
    made,
    opened,
    opening,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class TestOpening:
    def test_it_has_an_owner_a_severity_a_reason_and_a_clock_from_its_first_second(self) -> None:
        incident = opened(VIRAL)
        assert incident.title == "Northwind Air: many people are complaining"
        assert (incident.owner, incident.severity, incident.status) == ("dana", Severity.SEV2, Status.OPEN)
        assert incident.why == VIRAL.sentence
        assert incident.acknowledge_by == OPENED + timedelta(minutes=30)
        assert (incident.playbook, incident.playbook_version) == (PLAYBOOK.id, PLAYBOOK.version)
        assert (incident.version, incident.update_due_at) == (1, None)

    def test_its_checklist_is_the_playbook_at_its_severity(self) -> None:
        assert opening(VIRAL).steps == checklist(PLAYBOOK, Severity.SEV2, OPENED)

    def test_its_first_rows_say_why_how_bad_and_whose(self) -> None:
        why, how_bad, whose = opening(VIRAL).events
        assert (why.kind, why.text) == (EventKind.OPENED, VIRAL.sentence)
        assert (why.facts["observed"], why.facts["since"]) == ("84", "2031-05-06T13:25:00+00:00")
        assert (how_bad.kind, how_bad.facts["severity"]) == (EventKind.SEVERITY, "SEV2")
        assert how_bad.text == "Set to SEV2. Viral: 58 people, 42 times what is usual."
        assert (whose.facts["owner"], whose.text) == ("dana", "Dana Reyes owns it. Rule 2 applies.")
        assert {event.actor for event in (why, how_bad, whose)} == {"groundswell"}

    def test_a_kind_of_signal_without_words_of_its_own_gets_plain_ones(self) -> None:
        assert opened(replace(MILD, kind="volume_wave")).title == "Northwind Air: far more mentions than usual"


class TestJoining:
    def test_a_worse_signal_raises_the_severity_and_tightens_the_clock(self) -> None:
        change = made(join(opened(), VIRAL, assess(VIRAL), PLAYBOOK, LATER))
        assert (change.incident.severity, change.incident.why) == (Severity.SEV2, VIRAL.sentence)
        assert change.incident.acknowledge_by == OPENED + timedelta(minutes=30)
        assert change.event.kind == EventKind.SEVERITY
        assert change.event.text.startswith("Raised from SEV3 to SEV2. Viral: 58 people")
        assert change.event.facts["previous_severity"] == "SEV3"

    def test_a_milder_signal_lowers_nothing(self) -> None:
        assert join(opened(VIRAL), MILD, assess(MILD), PLAYBOOK, LATER) is None

    @pytest.mark.parametrize(("observed", "row"), [(20, False), (39, False), (40, True), (41, True)])
    def test_a_wave_that_goes_on_is_worth_a_row_once_it_has_doubled(self, observed: int, *, row: bool) -> None:
        further = replace(MILD, observed=observed)
        change = join(opened(), further, assess(further), PLAYBOOK, LATER)
        assert (change is not None) == row
        if change is not None:
            assert (change.event.kind, change.incident.observed) == (EventKind.JOINED, observed)
            assert change.incident.why == MILD.sentence
            assert join(change.incident, further, assess(further), PLAYBOOK, LATER) is None

    def test_what_people_judged_is_raised_only_by_a_wave_twice_as_big(self) -> None:
        judged = made(change_severity(opened(VIRAL), Severity.SEV3, "One forum.", PLAYBOOK, DANA, LATER)).incident
        assert join(judged, VIRAL, assess(VIRAL), PLAYBOOK, LATER) is None
        doubled = replace(VIRAL, observed=2 * VIRAL.observed)
        assert made(join(judged, doubled, assess(doubled), PLAYBOOK, LATER)).incident.severity is Severity.SEV2

    def test_a_resolved_incident_takes_no_signals(self) -> None:
        assert join(RESOLVED, VIRAL, Assessment(Severity.SEV1, "Worse."), PLAYBOOK, LATER) is None


class TestANewWave:
    @pytest.mark.parametrize(
        ("after", "observed", "new"),
        [
            (HOUR, 60, False),
            (HOUR + MINUTE, 60, True),
            (HOUR + MINUTE, 20, False),
            (5 * HOUR, 19, False),
            (5 * HOUR, 21, True),
            (DAY + MINUTE, 9, True),
        ],
    )
    def test_comes_after_calm_and_is_bigger_or_after_a_day(self, after: timedelta, observed: int, *, new: bool) -> None:
        assert is_new_wave(opened(), replace(MILD, at=OPENED + after, observed=observed)) == new

    def test_waves_over_windows_of_different_length_compare_by_the_hour(self) -> None:
        swell = replace(MILD, window=3 * HOUR, observed=63)
        assert opened(swell).peak == 21
        later = replace(MILD, at=OPENED + 4 * HOUR)
        assert is_new_wave(opened(swell), replace(later, observed=22))
        assert not is_new_wave(opened(swell), replace(later, observed=21))

    def test_first_complaints_about_what_was_only_talk_are_news(self) -> None:
        talk = opened(replace(MILD, kind="volume_wave", observed=90))
        assert is_new_wave(talk, MILD)
        change = join(talk, MILD, assess(MILD), PLAYBOOK, LATER)
        assert change
        assert (change.incident.kind, change.incident.peak) == ("negative_wave", MILD.observed)

    def test_a_signal_that_says_more_is_a_row_once(self) -> None:
        words = replace(MILD, kind="critical_words", observed=4, authors=4)
        change = join(opened(), words, assess(MILD), PLAYBOOK, LATER, first_of_kind=True)
        assert change
        assert (change.event.kind, change.event.text) == (EventKind.JOINED, f"Also. {words.sentence}")
        assert (change.incident.kind, change.incident.peak) == ("negative_wave", MILD.observed)
        assert join(change.incident, words, assess(MILD), PLAYBOOK, LATER) is None

    def test_talk_that_rises_with_the_complaints_is_no_row(self) -> None:
        talk = replace(MILD, kind="volume_wave", observed=90)
        assert join(opened(), talk, assess(talk), PLAYBOOK, LATER, first_of_kind=True) is None


class TestEbbing:
    def test_it_is_recorded_once_when_the_wave_was_not_seen_for_an_hour(self) -> None:
        assert ebb(opened(), OPENED + CALM - MINUTE) is None
        change = made(ebb(opened(), OPENED + CALM))
        assert (change.event.kind, change.incident.ebbed_at) == (EventKind.EBBED, OPENED + CALM)
        assert ebb(change.incident, OPENED + 2 * CALM) is None

    @pytest.mark.parametrize("incident", [RESOLVED, replace(ACKNOWLEDGED, peak=0), replace(opened(), wave_at=None)])
    def test_nothing_ebbs_where_there_is_no_wave(self, incident: Incident) -> None:
        assert ebb(incident, OPENED + DAY) is None

    def test_a_wave_that_comes_back_no_bigger_is_a_row_and_ebbs_again(self) -> None:
        over = made(ebb(opened(), OPENED + CALM)).incident
        again = replace(MILD, at=OPENED + 2 * HOUR)
        change = join(over, again, assess(again), PLAYBOOK, again.at)
        assert change
        assert change.event.text.startswith("The wave is back.")
        assert (change.incident.ebbed_at, change.incident.wave_at) == (None, again.at)


class TestWaking:
    def test_a_resolved_incident_is_open_again_with_its_owner_and_a_new_clock(self) -> None:
        at = OPENED + 5 * HOUR
        change = wake(RESOLVED, replace(VIRAL, at=at), assess(VIRAL), PLAYBOOK, at)
        woken = change.incident
        assert (woken.status, woken.owner, woken.resolved_at, woken.acknowledged_at) == (
            Status.OPEN,
            "dana",
            None,
            None,
        )
        assert woken.acknowledge_by == at + PLAYBOOK.clocks[Severity.SEV2].acknowledge
        assert (woken.severity, change.event.kind) == (Severity.SEV2, EventKind.REOPENED)
        assert "Raised from SEV3 to SEV2." in change.event.text

    def test_a_milder_wave_lowers_no_severity(self) -> None:
        bad = replace(RESOLVED, severity=Severity.SEV1, severity_by="dana")
        change = wake(bad, MILD, assess(MILD), PLAYBOOK, OPENED + 5 * HOUR)
        assert (change.incident.severity, change.incident.severity_by) == (Severity.SEV1, "dana")
        assert "Raised" not in change.event.text

    def test_when_it_gets_worse_then_the_time_to_acknowledge_counts_from_the_waking(self) -> None:
        at = OPENED + 48 * HOUR
        woken = wake(RESOLVED, replace(MILD, at=at), assess(MILD), PLAYBOOK, at).incident
        by_wave = join(woken, replace(VIRAL, at=at), assess(VIRAL), PLAYBOOK, at)
        by_hand = change_severity(woken, Severity.SEV2, "The press called.", PLAYBOOK, DANA, at)
        clocks = PLAYBOOK.clocks[Severity.SEV2]
        for change in (by_wave, by_hand):
            assert isinstance(change, Change)
            assert change.incident.acknowledge_by == at + clocks.acknowledge


OVER = replace(RESOLVED, resolved_at=OPENED)
CASES = [
    ("nothing before", MILD, (), None, Admit()),
    ("an open one", MILD, (opened(),), OVER, Join(opened())),
    ("the same posts still in the window", replace(MILD, at=OPENED + HOUR / 2), (), OVER, Echo(OPENED)),
    ("before it was resolved, heard late", replace(MILD, at=OPENED - HOUR / 2), (), OVER, Echo(OPENED)),
    ("twice as many", replace(MILD, at=OPENED + HOUR / 2, observed=40), (), OVER, Wake(OVER)),
    ("hours later", replace(MILD, at=OPENED + 5 * HOUR), (), OVER, Wake(OVER)),
    ("a day later", replace(MILD, at=OPENED + DAY), (), OVER, Wake(OVER)),
    ("more than a day later", replace(MILD, at=OPENED + DAY + MINUTE), (), OVER, Admit()),
]


@pytest.mark.parametrize(
    ("signal", "is_open", "over", "decided"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_where_a_wave_belongs(signal: object, is_open: object, over: object, decided: object) -> None:
    assert admit(signal, is_open, over, DAY) == decided  # type: ignore[arg-type]  # the table holds several types
