from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from database import incidents as store
from detection.signal import Reason, Verdict
from services.installation import Installation, open_installation
from tests.cli.conftest import Outcome
from tests.database.incident_rows import opening, signal
from tests.small_team import NORTHWIND, SOUTHWIND, settings_in

Groundswell = Callable[..., Outcome]
HOUR = timedelta(hours=1)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_in(tmp_path, time_zone="Europe/Berlin", brands=[NORTHWIND, {**SOUTHWIND, "competitor": True}])


@pytest.fixture
def opened(config: Path) -> Iterator[Installation]:
    """An hour ago signal 1 opened an incident; signal 2 was held."""
    inst = open_installation(config, os.environ)
    at = inst.clock() - HOUR
    with inst.database:
        raised = opening()
        number = replace(raised, incident=replace(raised.incident, opened_at=at))
        held = replace(signal("volume_wave"), verdict=Verdict.HELD, reason=Reason.ONE_LOUD_AUTHOR, at=at)
        with inst.database.writing() as connection:
            store.record_signal(
                connection, replace(signal(), at=at), store.add(connection, number), opened=True, told=True
            )
            store.record_signal(connection, replace(held, sentence="27 posts\x1b[31m. Held: by one."), None)
        yield inst


def test_decisions_are_listed_with_their_reasons_and_what_people_said(
    groundswell: Groundswell, config: Path, opened: Installation
) -> None:
    groundswell("-c", config, "signals", "noise", 1, "--by", "dana reyes", "--note", "only our sale")
    at = (opened.clock() - HOUR).astimezone(opened.settings.time_zone)
    missed = f"{at - HOUR:%Y-%m-%d %H:%M}"
    groundswell("signals", "missed", "-c", config, "northwind", missed, "--by", "dana")
    done = groundswell("signals", "list", "-c", config)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"    2  {at:%Y-%m-%d %H:%M}  Northwind Air: talk, held (one loud author)",
        "       27 posts [31m. Held: by one.",
        f"    1  {at:%Y-%m-%d %H:%M}  Northwind Air: complaints, alarm, incident 1",
        "       Many people complained.",
        "       mark 1: noise, says Dana Reyes: only our sale",
        f"       {missed}  Northwind Air: no alarm came",
        "       mark 2: missed, says Dana Reyes",
        "1 alarm, 1 held. Times are Europe/Berlin.",
    ]


@pytest.mark.usefixtures("opened")
def test_the_list_is_narrowed_and_may_be_empty(groundswell: Groundswell, config: Path) -> None:
    held = groundswell("signals", "list", "-c", config, "--held", "--brand", "northwind").out
    assert "Many people complained." not in held
    assert held.endswith("\n1 held. Times are Europe/Berlin.\n")
    assert groundswell("signals", "list", "-c", config, "--since", "5m").out == (
        "Nothing has stood out. Times are Europe/Berlin.\n"
    )


def test_programs_get_every_figure(groundswell: Groundswell, config: Path, opened: Installation) -> None:
    at = (opened.clock() - HOUR).replace(second=0, microsecond=0)
    written = at.astimezone(timezone(-5 * HOUR)).isoformat()
    groundswell("signals", "noise", "-c", config, 1, "--by", "dana")
    groundswell("signals", "missed", "-c", config, "northwind", written, "--by", "dana")
    told = json.loads(groundswell("signals", "list", "-c", config, "--json").out)
    held, alarm = told["signals"]
    assert (held["outcome"], held["reason"], held["mark"], held["window"]) == ("held", "one_loud_author", None, 3600)
    assert (alarm["outcome"], alarm["incident_id"], alarm["observed"]) == ("alarm", 1, 40)
    assert (alarm["mark"]["verdict"], alarm["mark"]["by"]) == ("noise", "dana")
    (missed,) = told["missed"]
    assert (missed["moment"], missed["signal_id"]) == (at.isoformat(), None)


@pytest.mark.usefixtures("opened")
def test_what_was_said_is_taken_back_by_its_number(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("signals", "wrongly-held", "-c", config, 2, "--by", "dana")
    assert done.out == ("Signal 2 is marked as missed (mark 1). To take it back: groundswell signals unmark 1\n")
    assert groundswell("signals", "unmark", "-c", config, 1).out == "Taken back: mark 1 (missed) on signal 2.\n"
    done = groundswell("signals", "missed", "-c", config, "northwind", "2026-03-04 13:00", "--by", "dana")
    assert done.out.startswith("Noted: an alarm about Northwind Air was missed on 2026-03-04 13:00 (mark 1).")
    assert groundswell("signals", "unmark", "-c", config, 1).out == "Taken back: mark 1 (missed) on Northwind Air.\n"


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("noise", 9, "--by", "dana"), 1, "signal 9: There is no decision 9."),
        (("noise", 2, "--by", "dana"), 1, "signal 2: It was held, so nobody was alarmed."),
        (("noise", 1, "--by", "gone"), 2, '"gone" is none of: dana.'),
        (("noise", 1), 2, "Missing option '--by'"),
        (("noise", 0, "--by", "dana"), 2, "0 is not in the range"),
        (("wrongly-held", 1, "--by", "dana"), 1, "It was not held."),
        (("missed", "northwind", "2999-01-01 12:00", "--by", "dana"), 1, "northwind: That moment has not come yet."),
        (("missed", "southwind", "2026-03-04 12:00", "--by", "dana"), 1, "Southwind is a competitor"),
        (("missed", "nobody", "2026-03-04 12:00", "--by", "dana"), 1, "There is no brand nobody"),
        (("missed", "northwind", "yesterday", "--by", "dana"), 2, 'Write it as "2026-05-12 14:30", which is read in'),
        (("unmark", 7), 1, "mark 7: There is no mark 7 any more"),
        (("list", "--brand", "nobody"), 2, '"nobody" is none of: northwind, southwind.'),
    ],
)
def test_what_is_not_done_says_why_in_one_line(
    groundswell: Groundswell, config: Path, arguments: tuple[object, ...], code: int, says: str
) -> None:
    done = groundswell("-c", config, "signals", *arguments)
    assert (done.code, done.out) == (code, "")
    assert says in " ".join(done.err.split())
    if code == 1:
        assert done.err.endswith("Nothing was changed.\n")
