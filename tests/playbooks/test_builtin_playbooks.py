"""What every playbook that comes with Groundswell keeps to; a new file is tested on the day it appears."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import playbooks
from detection.signal import kinds
from playbooks.checklist import checklist
from playbooks.library import DEFAULT, available, for_wave, load
from playbooks.playbook import Clocks, Playbook, Severity, StatementKind
from topics.categories import built_in

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)
DOCUMENTED = Path(__file__).parents[2] / "docs" / "built-in-playbooks.md"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# What crisis teams keep to.
USUAL = {
    Severity.SEV1: Clocks(15 * MINUTE, 20 * MINUTE, 30 * MINUTE),
    Severity.SEV2: Clocks(30 * MINUTE, HOUR, HOUR),
    Severity.SEV3: Clocks(HOUR, 4 * HOUR, 4 * HOUR),
    Severity.SEV4: Clocks(4 * HOUR, 24 * HOUR, None),
}
CHOSEN = {
    "safety": "product-safety",
    "breach": "data-breach",
    "discrimination": "misconduct",
    "fraud": DEFAULT,
    "product-defect": "product-safety",
    "legal": DEFAULT,
    "leadership": "misconduct",
    "environment": DEFAULT,
    "labour": DEFAULT,
    "boycott": DEFAULT,
    "rumour": "misinformation",
    "conduct": "misconduct",
    "outage": "outage",
    "price": DEFAULT,
    "service-failure": "service-failure",
}


@pytest.fixture(params=available())
def playbook(request: pytest.FixtureRequest) -> Playbook:
    return load(request.param)


def test_every_yaml_file_of_the_folder_is_available() -> None:
    folder = Path(playbooks.__path__[0])
    assert available() == tuple(sorted(file.stem for file in folder.glob("*.yaml")))
    assert "communication-crisis" in available()


def test_its_id_is_its_file_name_and_its_version_is_a_hash(playbook: Playbook) -> None:
    assert playbook.id in available()
    assert re.fullmatch(r"[0-9a-f]{12}", playbook.version)


@pytest.mark.parametrize("severity", Severity)
def test_the_first_open_step_is_always_the_next_one_due(playbook: Playbook, severity: Severity) -> None:
    steps = checklist(playbook, severity, OPENED)
    assert all(earlier.due_at <= later.due_at for earlier, later in pairwise(steps))


@pytest.mark.parametrize("severity", Severity)
def test_its_steps_keep_the_clocks_it_promises(playbook: Playbook, severity: Severity) -> None:
    clocks = playbook.clocks[severity]
    due = [step.due_at - OPENED for step in checklist(playbook, severity, OPENED)]
    assert due[0] <= clocks.acknowledge
    assert clocks.first_public in due


def test_everything_in_it_can_be_read_at_a_glance(playbook: Playbook) -> None:
    for step in playbook.steps:
        assert len(step.title) <= 60
        assert not step.title.endswith(".")
        assert step.you_may, f"{step.key} leaves people to ask for permission"
        assert len(re.findall(r"[.?!](?:\s|$)", step.why)) <= 2, (
            f"{step.key} explains itself in more than two sentences"
        )
        for line in step.how.splitlines():
            assert len(line) <= 120
            assert line[0].isupper(), f"{line!r} does not stand on its own"
            assert line.endswith((".", "?")), f"{line!r} does not stand on its own"


@pytest.mark.parametrize("names", ["categories", "kinds"])
def test_no_two_playbooks_are_made_for_the_same(names: str) -> None:
    counted = Counter(name for one in available() for name in getattr(load(one), names))
    assert [name for name, count in counted.items() if count > 1] == []


def test_it_is_made_for_categories_and_kinds_that_there_are(playbook: Playbook) -> None:
    assert set(playbook.categories) <= {category.id for category in built_in()}
    assert set(playbook.kinds) <= set(kinds())


def test_every_category_and_praise_lead_to_the_playbook_that_was_meant() -> None:
    assert {category.id: for_wave("negative_wave", category.id).id for category in built_in()} == CHOSEN
    wave = {kind: for_wave(kind, None).id for kind in kinds()}
    assert wave == {kind: "praise" if kind == "praise_wave" else DEFAULT for kind in kinds()}


def test_every_playbook_is_chosen_by_something() -> None:
    assert {*CHOSEN.values(), "praise"} == set(available())


@pytest.mark.parametrize("name", ["acknowledge", "first_public", "update_every"])
def test_its_clocks_are_no_slower_than_usual_unless_its_summary_says_so(playbook: Playbook, name: str) -> None:
    asked = [(getattr(playbook.clocks[severity], name), getattr(USUAL[severity], name)) for severity in Severity]
    slower = [usual for own, usual in asked if usual and (own is None or own > usual)]
    assert not slower or re.search(r"\bslow(er|ly)\b.*:", " ".join(playbook.summary.split()))


def test_it_has_six_to_nine_steps_in_phases_that_are_all_used(playbook: Playbook) -> None:
    assert 6 <= len(playbook.steps) <= 9
    assert {step.phase for step in playbook.steps} == {phase.key for phase in playbook.phases}


def test_no_two_steps_say_the_same(playbook: Playbook) -> None:
    lines = Counter(line for step in playbook.steps for line in step.how.splitlines())
    assert [line for line, count in lines.items() if count > 1] == []


def test_a_second_pair_of_eyes_reads_whatever_it_publishes(playbook: Playbook) -> None:
    closing = {one.key for one in playbook.statements if one.kind is StatementKind.CLOSING}
    publishing = [step for step in playbook.steps if step.statement and step.statement not in closing]
    assert publishing
    for step in publishing:
        assert re.search("second (pair of eyes|person)", f"{step.how} {step.you_may}"), step.key


@pytest.mark.parametrize("playbook_id", sorted({*available()} - {"praise"}))
def test_the_second_pair_of_eyes_is_named_before_the_first_public_word(playbook_id: str) -> None:
    steps = load(playbook_id).steps
    first = next(position for position, step in enumerate(steps) if step.statement)
    assert any(re.search(r"^Name .*second pair of eyes", step.how, re.MULTILINE) for step in steps[:first])


def test_there_is_time_to_reflect_before_the_first_public_word(playbook: Playbook) -> None:
    first = next(step for step in playbook.steps if step.statement)
    assert "React, reflect, respond: " in first.how
    assert first.due == {severity: playbook.clocks[severity].first_public for severity in Severity}


def test_the_update_that_is_promised_is_due_when_the_clock_says(playbook: Playbook) -> None:
    promised = {severity: clocks.update_every for severity, clocks in playbook.clocks.items() if clocks.update_every}
    first = next((step.key for step in playbook.steps if step.statement), "")
    for severity, every in promised.items():
        (updates,) = [
            one for one in playbook.steps if one.statement == "update" and _is_in(one.key, playbook, severity)
        ]
        assert (updates.after, updates.due[severity]) == (first, every)


def _is_in(key: str, playbook: Playbook, severity: Severity) -> bool:
    return any(step.key == key and step.applies.to(severity, None, "") for step in playbook.steps)


def test_who_must_approve_is_asked_seldom(playbook: Playbook) -> None:
    asked = [step.key for step in playbook.steps if step.approval]
    assert len(asked) <= 4
    assert {step.approval for step in playbook.steps} <= {"", "legal", "executive"}


def test_nobody_has_to_approve_what_is_due_within_the_hour_unless_its_words_are_agreed(playbook: Playbook) -> None:
    for step in playbook.steps:
        if step.approval and step.due[Severity.SEV1] < HOUR:
            assert step.statement in step.preapproved, step.key


def test_its_clocks_are_documented_as_they_are(playbook: Playbook) -> None:
    cells = (
        " / ".join(_told(one) for one in (clocks.acknowledge, clocks.first_public, clocks.update_every))
        for clocks in playbook.clocks.values()
    )
    assert f"| {playbook.title} | {' | '.join(cells)} |" in DOCUMENTED.read_text(encoding="utf-8").splitlines()


def _told(time: timedelta | None) -> str:
    if time is None:
        return "-"
    names = {24 * HOUR: "d", HOUR: "h", MINUTE: "min"}
    unit = next(unit for unit in names if not time % unit)
    return f"{time // unit} {names[unit]}"


def test_what_it_is_chosen_for_is_documented(playbook: Playbook) -> None:
    table = [line for line in DOCUMENTED.read_text(encoding="utf-8").splitlines() if f"/{playbook.id}.yaml)" in line]
    assert len(table) == 1
    assert set(re.findall(r"`([a-z_-]+)`", table[0])) == {playbook.id, *playbook.categories, *playbook.kinds}


class TestCommunicationCrisis:
    def test_it_has_the_eight_steps_in_order(self) -> None:
        assert [step.key for step in load("communication-crisis").steps] == [
            "verify",
            "owner-and-spokesperson",
            "pause-scheduled",
            "holding-statement",
            "brief-own-people",
            "answer-people",
            "updates",
            "resolve-and-learn",
        ]

    @pytest.mark.parametrize(
        ("severity", "acknowledge", "first_public", "update_every"),
        [
            (Severity.SEV1, 15, 20, 30),
            (Severity.SEV2, 30, 60, 60),
            (Severity.SEV3, 60, 240, 240),
            (Severity.SEV4, 240, 1440, None),
        ],
    )
    def test_its_clocks_are_those_crisis_teams_use(
        self, severity: Severity, acknowledge: int, first_public: int, update_every: int | None
    ) -> None:
        playbook = load("communication-crisis")
        clocks = playbook.clocks[severity]
        due = {step.key: step.due[severity] for step in playbook.steps}
        updates = next(step for step in playbook.steps if step.key == "updates")
        assert clocks.acknowledge.total_seconds() / 60 == acknowledge
        assert clocks.first_public.total_seconds() / 60 == first_public
        assert due["verify"] == clocks.acknowledge
        assert due["holding-statement"] == clocks.first_public
        if update_every is None:
            assert clocks.update_every is None
        else:
            assert clocks.update_every is not None
            assert clocks.update_every.total_seconds() / 60 == update_every
            assert (updates.after, updates.due[severity]) == ("holding-statement", clocks.update_every)
