"""What was promised to whom, and which of it was kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from incidents.incident import EventKind, TimelineEvent
from incidents.promises import promises
from tests.incidents.cases import OPENED

HOUR = timedelta(hours=1)


def row(hours: float, kind: EventKind, next_at: datetime | None = None) -> TimelineEvent:
    spoken = kind in {EventKind.STATEMENT, EventKind.UPDATE}
    facts = {"audience": "public", "next_at": next_at.isoformat() if next_at else ""} if spoken else {}
    return TimelineEvent(OPENED + hours * HOUR, kind, "dana", "Something.", facts)


def test_what_the_end_made_needless_was_not_broken_though_it_was_reopened_later() -> None:
    published = row(1, EventKind.STATEMENT, OPENED + 3 * HOUR)
    again = row(9, EventKind.STATEMENT)
    timeline = (published, row(2, EventKind.RESOLVED), row(8, EventKind.REOPENED), again)
    assert promises(timeline[:-1]) == ()
    assert promises(timeline) == ()


def test_what_was_overdue_when_it_ended_was_broken() -> None:
    published = row(1, EventKind.STATEMENT, OPENED + 2 * HOUR)
    timeline = (published, row(3, EventKind.RESOLVED), row(8, EventKind.REOPENED))
    assert [(one.due_at, one.kept_at) for one in promises(timeline)] == [(OPENED + 2 * HOUR, None)]


def test_a_last_word_after_the_end_keeps_the_promise() -> None:
    said = row(2.5, EventKind.STATEMENT)
    timeline = (row(1, EventKind.STATEMENT, OPENED + 3 * HOUR), row(2, EventKind.RESOLVED), said)
    assert [one.kept_at for one in promises(timeline)] == [said.at]
