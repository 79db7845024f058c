"""The review afterwards: written by several people, declared complete by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incidents.incident import Incident, Review, Status
from incidents.reviewing import PART_LIMIT, finish_review, write_review
from tests.incidents.cases import ACKNOWLEDGED, BEN, DANA, LATER, RESOLVED, made, refused

NAMES = {"dana": "Dana Reyes"}
WRITTEN = Review({"people": "Nobody looked."}, 2, "dana", LATER)
COMPLETE = replace(WRITTEN, texts={**WRITTEN.texts, "changes": "Somebody looks."})


def test_a_part_that_is_written_leaves_the_others_as_they_were() -> None:
    change = made(write_review(RESOLVED, WRITTEN, {"worked": " The phone. "}, BEN, LATER, NAMES, seen=2))
    assert change.also == (Review({"people": "Nobody looked.", "worked": "The phone."}, 3, "ben", LATER),)
    assert change.event.text == "Ben Ortiz wrote in the review: What worked."


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_nobody_writes_over_what_they_have_not_read(seen: int) -> None:
    says = "Dana Reyes wrote in it on 2031-05-06 at 13:58 UTC. Read that first."
    assert refused(write_review(RESOLVED, WRITTEN, {"people": "All."}, BEN, LATER, NAMES, seen=seen)) == says


@pytest.mark.parametrize(
    ("incident", "texts", "says"),
    [
        (ACKNOWLEDGED, {"people": "Nobody."}, "Resolve the incident first"),
        (RESOLVED, {"blame": "Ben."}, "A review has no part called blame; it has: summary,"),
        (RESOLVED, {"people": "x" * (PART_LIMIT + 1)}, "“Mistakes that people made” has more than 10,000"),
        (RESOLVED, {"people": " Nobody looked. "}, "Nothing in it is different from before."),
    ],
)
def test_what_cannot_be_written_is_said_why(incident: Incident, texts: dict[str, str], says: str) -> None:
    assert refused(write_review(incident, WRITTEN, texts, BEN, LATER, seen=2)).startswith(says)


def test_a_complete_review_ends_it() -> None:
    change = made(finish_review(RESOLVED, COMPLETE, DANA, LATER))
    assert change.incident.status is Status.REVIEWED
    assert change.also == (replace(COMPLETE, finished_at=LATER),)
    assert refused(finish_review(change.incident, COMPLETE, DANA, LATER)) == "It is reviewed already."


@pytest.mark.parametrize(
    ("review", "says"),
    [
        (None, "Say first which of the three failed"),
        (replace(COMPLETE, texts={"changes": "All."}), "Say first which of the three failed"),
        (WRITTEN, "Say first what is changed because of it"),
    ],
)
def test_a_review_is_complete_once_it_names_a_cause_and_a_change(review: Review | None, says: str) -> None:
    assert refused(finish_review(RESOLVED, review, DANA, LATER)).startswith(says)
