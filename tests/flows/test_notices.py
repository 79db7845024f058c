from __future__ import annotations

import logging

import pytest

from detection.source_state import SourceFacts
from flows.notices import WithoutForeseen, notices
from services.collecting import Collected

WELL = SourceFacts()
AWAY = SourceFacts(problem="it is away.")


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (WELL, Collected("forum"), []),
        (WELL, Collected("forum", problem="it is\naway.", remedy="Wait."), ["source forum failed: it is away. Wait."]),
        (AWAY, Collected("forum", problem="it is away.", remedy="Wait."), []),
        (AWAY, Collected("forum", problem="it is gone."), ["source forum failed: it is gone."]),
        (AWAY, Collected("forum"), ["source forum answers again"]),
        (AWAY, Collected("forum", postponed="its host is busy."), []),
        (AWAY, Collected("other", problem="it is away."), ["source other failed: it is away."]),
    ],
)
def test_a_failure_is_told_when_it_begins_when_it_changes_and_when_it_ends(
    before: SourceFacts, after: Collected, lines: list[str]
) -> None:
    assert notices({"forum": before}, [after]) == lines


def test_only_the_foreseen_is_left_out_of_the_log() -> None:
    quiet = WithoutForeseen(LookupError)

    def record(error: Exception) -> logging.LogRecord:
        return logging.LogRecord("x", logging.ERROR, "x", 1, "Task run failed with exception: %r", (error,), None)

    assert not quiet.filter(record(LookupError("away")))
    assert quiet.filter(record(ValueError("odd")))
