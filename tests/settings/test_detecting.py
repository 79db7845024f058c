from __future__ import annotations

from datetime import timedelta

import pytest

from detection.waking import Sensitivity
from incidents.severity import Matrix
from incidents.severity_row import SeverityRow
from playbooks.playbook import Severity
from settings.detecting import Detection
from tests.settings.conftest import COMPLETE, Desk

# The line in which what the tests add begins.
FIRST = COMPLETE.count("\n") + 1


def complaint(desk: Desk, section: str) -> str:
    """The one thing that is wrong, with its line counted from the section's own first line."""
    (line,) = desk.complaints(COMPLETE + section)
    number, _, said = line.partition(": ")
    return f"{int(number) - FIRST}: {said}"


def test_without_a_word_about_it_detection_is_as_groundswell_comes(desk: Desk) -> None:
    read = desk.load()
    assert (read.detection.sensitivity, read.detection.least_people) == (Sensitivity.NORMAL, 5)
    assert read.detection.reopen_within == timedelta(hours=24)
    assert read.detection.matrix == Matrix()
    assert read.sensitivity_of(read.brands[0]) is Sensitivity.NORMAL


def test_what_a_team_says_of_detection_is_read(desk: Desk) -> None:
    section = """\
detection:
  sensitivity: low
  least_people: 2
  reopen_within: 90m
  severity:
    - {severity: SEV1, kind: [negative_wave, volume_wave], category: [safety, strike], people: 50, times: 2.5}
    - {severity: SEV4, reach: 1000, negative_share: 0.5}
topics:
  categories: {strike: strike*}
"""
    assert desk.load(COMPLETE + section).detection.model_dump(exclude={"severity"}) == {
        "sensitivity": Sensitivity.LOW,
        "least_people": 2,
        "reopen_within": timedelta(minutes=90),
    }
    assert desk.load(COMPLETE + section).detection.matrix.own == (
        SeverityRow(Severity.SEV1, ("negative_wave", "volume_wave"), ("safety", "strike"), 50, 2.5),
        SeverityRow(Severity.SEV4, reach=1000, negative_share=0.5),
    )


@pytest.mark.parametrize(
    ("team", "brand", "holds"),
    [("", "high", Sensitivity.HIGH), ("high", "", Sensitivity.HIGH), ("high", "low", Sensitivity.LOW)],
)
def test_a_brands_own_sensitivity_takes_the_place_of_the_teams(
    desk: Desk, team: str, brand: str, holds: Sensitivity
) -> None:
    phrases = "    phrases: [Northwind Air]\n"
    content = desk.changed(phrases, f"{phrases}    sensitivity: {brand}\n") if brand else COMPLETE
    read = desk.load(content + (f"detection: {{sensitivity: {team}}}\n" if team else ""))
    assert read.sensitivity_of(read.brands[0]) is holds


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (
            "  sensitivity: loud",
            '1: detection.sensitivity: "loud" is not one of the choices. Write low, normal or high.',
        ),
        (
            "  least_people: 1",
            '1: detection.least_people: "1" is not accepted. It should be greater than or equal to 2.',
        ),
        ("  least_people: few", '1: detection.least_people: "few" is not a whole number.'),
        ("  reopen_within: 0s", '1: detection.reopen_within: "0s" is too short.'),
        ("  reopen_within: a day", '1: detection.reopen_within: "a day" is not a duration.'),
        ("  sensitivty: low", '1: detection.sensitivty: is not a key that belongs here. Did you mean "sensitivity"?'),
        ("  severity: SEV1", "1: detection.severity: "),
        ("  severity:\n  - severity: SEV5\n    people: 2", '2: detection.severity[0].severity: "SEV5" is not one of'),
        (
            "  severity:\n  - people: 2",
            '2: detection.severity[0].severity: is missing. Add it, as in "severity: ...".',
        ),
        ("  severity:\n  - {severity: SEV1}", "2: detection.severity[0]: The row asks for nothing. Write a kind"),
        ("  severity:\n  - {severity: SEV1, people: -1}", '2: detection.severity[0].people: "-1" is not accepted.'),
        ("  severity:\n  - {severity: SEV1, times: nan}", '2: detection.severity[0].times: "nan" is not accepted.'),
        ("  severity:\n  - {severity: SEV1, negative_share: 60}", "2: detection.severity[0].negative_share: "),
        (
            "  severity:\n  - {severity: SEV1, people: 2, voices: 2}",
            "2: detection.severity[0].voices: is not a key that belongs",
        ),
        (
            "  severity:\n  - severity: SEV1\n    kind:\n    - volume_wave\n    - negative_wav",
            '5: detection.severity[0].kind[1]: "negative_wav" is not the name of a signal. Did you mean "negative',
        ),
        (
            "  severity:\n  - severity: SEV1\n    category: [safty]",
            '3: detection.severity[0].category[0]: "safty" is not the name of a category. Did you mean "safety"?',
        ),
        (
            "  severity:\n  - {severity: SEV1, category: [price]}\ntopics: {categories: {price: ''}}",
            '2: detection.severity[0].category[0]: "price" is not the name of a category.',
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_place(desk: Desk, section: str, said: str) -> None:
    assert complaint(desk, f"detection:\n{section}\n").startswith(said)


def test_a_row_for_everything_can_be_written() -> None:
    assert Detection.model_validate({"severity": [{"severity": "SEV2", "people": 1}]}).matrix.own[0].people == 1
