"""Whatever was recorded, a review can be drafted of it, and its figures agree with one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.incident import EventKind, Status, TimelineEvent
from incidents.promises import Promised
from playbooks.playbook import Severity
from reports.review.contents import Review
from reports.review.drafting import draft
from reports.review.markdown import as_markdown
from reports.review.measuring import Clock, Standing, on_time
from reports.review.page import as_html
from reports.review.paper import as_pdf
from reports.review.record import Material, Record
from reports.review.sheet import sheet_of
from reports.team import finished
from tests.airline_crisis import CLOCKS, Said, after, crisis, incident, step

TEXT = st.one_of(st.text(max_size=60), st.text(alphabet="#$\\*<>[]|`@_\x00\u202e😀م\n", max_size=30))
MOMENT = st.integers(-3000, 3000).map(after)
FACTS = st.dictionaries(
    st.sampled_from(["severity", "previous_severity", "reason", "owner", "since"]),
    st.one_of(TEXT, st.sampled_from([*Severity]).map(str), MOMENT.map(datetime.isoformat)),
    max_size=4,
)
EVENTS = st.lists(st.builds(TimelineEvent, MOMENT, st.sampled_from(EventKind), TEXT, TEXT, FACTS), max_size=8).map(
    tuple
)
STEPS = st.lists(st.tuples(TEXT, st.integers(0, 900), st.none() | st.integers(0, 900), TEXT), max_size=5).map(
    lambda told: tuple(step(number, *one) for number, one in enumerate(told, start=1))
)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    ended = draw(st.none() | MOMENT)
    steps = draw(STEPS)
    record = Record(
        incident(
            title=draw(TEXT),
            status=Status.RESOLVED if ended else Status.OPEN,
            severity=draw(st.sampled_from(Severity)),
            acknowledged_at=draw(st.none() | MOMENT),
            resolved_at=ended,
        ),
        draw(EVENTS),
        steps,
        draw(st.sampled_from([CLOCKS, {}])),
        draw(MOMENT),
        draw(st.none() | MOMENT),
        drill=draw(st.booleans()),
        skipped={one.position: draw(TEXT) for one in steps if draw(st.booleans())},
    )
    said = st.builds(Said, TEXT, TEXT, TEXT, st.none() | MOMENT, st.none() | TEXT, TEXT, st.none() | TEXT)
    return replace(
        crisis(record),
        rise_at=draw(st.none() | MOMENT),
        statements=tuple(draw(st.lists(said, max_size=2))),
        promises=tuple(draw(st.lists(st.builds(Promised, TEXT, MOMENT, st.none() | MOMENT), max_size=3))),
    )


def check(review: Review, material: Material) -> None:
    none = timedelta()
    assert [reading.clock for reading in review.clocks] == [*Clock]
    for reading in review.clocks:
        assert reading.took is None or reading.took >= none
        assert reading.late_by >= none
        late = reading.standing in {Standing.LATE, Standing.OVERDUE}
        assert late is (reading.late_by > none)
    assert all(step.late_by >= none for step in review.steps)
    assert all(one.late_by >= none for one in review.promises)
    done, counting = on_time(review.steps)
    assert 0 <= done <= counting <= len(review.steps)
    assert len(review.timeline) == len(material.record.events)
    assert [row.at for row in review.timeline] == sorted(row.at for row in review.timeline)
    assert review.head.owners


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(materials())
def test_no_timeline_is_too_odd_to_be_reviewed_and_no_time_is_negative(material: Material) -> None:
    review = draft(material)
    check(review, material)
    sheet_of(review)
    as_markdown(review).encode()
    as_html(review).encode()
    told = finished(material.record)
    assert (told is None) is (material.record.incident.resolved_at is None)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(materials())
def test_no_timeline_is_too_odd_to_be_printed(material: Material) -> None:
    assert as_pdf(draft(material)).startswith(b"%PDF")
