from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.planned import PlannedEvent
from settings.planning import Event, end_of, faults, start_of
from tests.settings.conftest import Desk

BERLIN, CAIRO, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Kathmandu")
PHRASES = "    phrases: [Northwind Air]\n"
# The line of the first event in the complete file, once events are added below the phrases.
FIRST = 6


def event(begins: str, ends: str, expect: str = "10") -> Event:
    return Event.model_validate({"name": "launch", "from": begins, "until": ends, "expect": expect})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def complaint(desk: Desk, written: str) -> str:
    """The one thing that is wrong, with its line counted from the line of the first event."""
    (line,) = desk.complaints(desk.changed(PHRASES, f"{PHRASES}    events:\n{written}\n"))
    number, _, said = line.partition(": ")
    return f"{int(number) - FIRST}: {said}"


def test_events_are_read_as_people_write_them(desk: Desk) -> None:
    events = """\
    events:
      - name: Winter sale
        from: 2026-12-01 09:00
        until: "2026-12-01T18:30"
        expect: 10
      - {name: Match, from: 2026-12-12, until: 2026-12-12, expect: 2.5}
"""
    read = desk.load(desk.changed(PHRASES, PHRASES + events))
    assert read.brands[0].planned_events(read.time_zone) == (
        PlannedEvent("Winter sale", utc("2026-12-01 08:00"), utc("2026-12-01 17:30"), 10.0),
        PlannedEvent("Match", utc("2026-12-11 23:00"), utc("2026-12-12 23:00"), 2.5),
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-01 09:00", datetime(2026, 12, 1, 9)),  # noqa: DTZ001  # a local time
        ("2026-12-01T9:05", datetime(2026, 12, 1, 9, 5)),  # noqa: DTZ001
        (" 2026-12-01  09:00:30 ", datetime(2026, 12, 1, 9, 0, 30)),  # noqa: DTZ001
        ("2026-12-01", datetime(2026, 12, 1)),  # noqa: DTZ001
        ("2026-12-01 09:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2026-12-01 09:00 +05:45", datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=5, minutes=45)))),
        ("2026-12-01t09:00-0800", datetime(2026, 12, 1, 9, tzinfo=timezone(-timedelta(hours=8)))),
    ],
)
def test_a_time_may_be_written_in_these_ways(written: str, moment: datetime) -> None:
    assert start_of(written) == moment
    assert start_of(written).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    ("begins", "ends", "zone", "start", "end"),
    [
        ("2026-07-01 09:00", "2026-07-01 10:00", BERLIN, "2026-07-01 07:00", "2026-07-01 08:00"),
        ("2026-07-01 09:00", "2026-07-01 10:00", KATHMANDU, "2026-07-01 03:15", "2026-07-01 04:15"),
        ("2026-07-01 09:00Z", "2026-07-01 10:00-01:00", KATHMANDU, "2026-07-01 09:00", "2026-07-01 11:00"),
        ("2026-07-01 09:00", "2026-07-01 08:30Z", BERLIN, "2026-07-01 07:00", "2026-07-01 08:30"),
        # Clocks are put back from 3 to 2: the hour comes twice, and the event holds both.
        ("2026-10-25 02:30", "2026-10-25 02:30", BERLIN, "2026-10-25 00:30", "2026-10-25 01:30"),
        ("2026-10-25", "2026-10-25", BERLIN, "2026-10-24 22:00", "2026-10-25 23:00"),
        # Cairo puts clocks forward at midnight: the day begins at one o'clock, and the day before ends there.
        ("2026-04-24", "2026-04-24", CAIRO, "2026-04-23 22:00", "2026-04-24 21:00"),
        ("2026-04-23", "2026-04-23", CAIRO, "2026-04-22 22:00", "2026-04-23 22:00"),
    ],
)
def test_local_times_are_those_of_the_zone_and_days_are_whole(
    begins: str, ends: str, zone: ZoneInfo, start: str, end: str
) -> None:
    planned = event(begins, ends).planned(zone)
    assert (planned.start, planned.end) == (utc(start), utc(end))
    assert (planned.start.tzinfo, planned.end.tzinfo) == (UTC, UTC)
    assert faults({"from": begins, "until": ends}, zone) == {}


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ("from: 2026-12-01 09:00, until: 2026-12-01 09:00", '0: brands[0].events[0].until: "2026-12-01 09:00" is not'),
        ("from: 2026-12-02, until: 2026-12-01", '0: brands[0].events[0].until: "2026-12-01" is not after its'),
        ("from: 2026-12-01 09:00, until: 2026-12-01 08:00Z", "0: brands[0].events[0].until: "),
        (
            "from: 2026-03-29 02:30, until: 2026-03-30",
            '0: brands[0].events[0].from: "2026-03-29 02:30" is left out in Europe/Berlin: clocks are put forward',
        ),
        ("from: 2026-03-28, until: 2026-03-29 02:00", '0: brands[0].events[0].until: "2026-03-29 02:00" is left out'),
        ("from: Tuesday, until: 2026-12-01", '0: brands[0].events[0].from: "Tuesday" is not a time. Write it as'),
        ("from: 2026-11-01, until: 2026-11-31", '0: brands[0].events[0].until: "2026-11-31" is not a time.'),
        ("from: 2026-12-01, until: 2026-12-01 25:00", "0: brands[0].events[0].until: "),
        ("from: 2026-12-01, until: 2026-12-01 09:00+25:00", "0: brands[0].events[0].until: "),
        ("from: 20261201, until: 2026-12-02", "0: brands[0].events[0].from: "),
        ("from: 0001-01-01, until: 2026-12-02", "0: brands[0].events[0].from: "),
        ("until: 2026-12-02", '0: brands[0].events[0].from: is missing. Add it, as in "from: ...".'),
        ("start: 2026-12-01, from: 2026-12-01, until: 2026-12-02", "0: brands[0].events[0].start: is not a key"),
    ],
)
def test_times_that_cannot_be_meant_are_told_with_their_line(desk: Desk, times: str, said: str) -> None:
    assert complaint(desk, f"      - {{name: launch, expect: 2, {times}}}").startswith(said)


@pytest.mark.parametrize("expect", ["0.5", "1001", "nan", "inf", "many"])
def test_an_event_lets_expect_between_one_and_a_thousand_times_as_much(desk: Desk, expect: str) -> None:
    written = f"      - name: launch\n        from: 2026-12-01\n        until: 2026-12-01\n        expect: {expect}"
    assert complaint(desk, written).startswith(f'3: brands[0].events[0].expect: "{expect}" is not')


@pytest.mark.parametrize("zone", ["Europe", "Nowhere/At_All", "../etc/passwd", "''"])
def test_of_a_zone_that_is_none_only_the_zone_is_told(desk: Desk, zone: str) -> None:
    written = f"{PHRASES}    events: [{{name: launch, from: 2026-12-01, until: 2026-12-01, expect: 2}}]\n"
    (line,) = desk.complaints(desk.changed(PHRASES, written).replace("Europe/Berlin", zone))
    assert ": time_zone: " in line


@given(st.text(alphabet="0123456789-: TZ+2", max_size=26))
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        begins, ends = start_of(text), end_of(text)
    except ValueError:
        return
    assert begins <= ends
    assert event(text, text).planned(BERLIN).start.tzinfo is UTC
