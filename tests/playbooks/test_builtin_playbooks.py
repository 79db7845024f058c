"""What every playbook that comes with Groundswell keeps to; a new file is tested on the day it appears."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

import playbooks
from detection.signal import kinds
from playbooks.checklist import checklist
from playbooks.library import available, load
from playbooks.playbook import Playbook, Severity
from topics.categories import built_in

OPENED = datetime(2031, 5, 6, 13, 50, tzinfo=UTC)


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


# Words that people have read too often to believe.
HOLLOW = ("inconvenience", "isolated", "seriously", "regret", "valued", "going forward", "reach out", "unfortunately")


def test_its_statements_say_what_is_done_before_why_and_in_plain_words(playbook: Playbook) -> None:
    for template in playbook.statements:
        hollow = [word for word in HOLLOW if word in template.text.casefold()]
        assert hollow == [], f"{template.key} says {hollow}"
        if "cause" in template.text:
            done = [template.text.find(fact) for fact in ("action", "remedy", "help") if fact in template.text]
            assert done, f"{template.key} explains and does nothing"
            assert min(done) < template.text.find("cause"), f"{template.key} explains before it helps"


@pytest.mark.parametrize("names", ["categories", "kinds"])
def test_no_two_playbooks_are_made_for_the_same(names: str) -> None:
    counted = Counter(name for one in available() for name in getattr(load(one), names))
    assert [name for name, count in counted.items() if count > 1] == []


def test_it_is_made_for_categories_and_kinds_that_there_are(playbook: Playbook) -> None:
    assert set(playbook.categories) <= {category.id for category in built_in()}
    assert set(playbook.kinds) <= set(kinds())


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
