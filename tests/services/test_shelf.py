"""A team's own playbooks: what is in force, whatever becomes of the files."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from database import incidents as store
from database import responses
from incidents.incident import Change
from playbooks.library import DEFAULT, load
from playbooks.playbook import Playbook
from services.checklists import complete_step
from services.evaluating import evaluate
from services.installation import Installation
from services.reporting import Taken, Told, take_report
from services.shelf import MOST_BYTES, Playbooks, Shelf
from services.ticking import tick
from tests.installations import NOON, HandClock, calm_weeks, installation, outcry
from tests.services.traces import hear

BUILT_IN = resources.files("playbooks").joinpath(f"{DEFAULT}.yaml").read_text(encoding="utf-8")


def text(title: str) -> str:
    return BUILT_IN.replace("title: Communication crisis", f"title: {title}", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "playbooks"
    made.mkdir()
    return made


@pytest.fixture
def inst(tmp_path: Path, folder: Path) -> Installation:
    return installation(tmp_path, HandClock(), playbook_folder=folder)


def shelf(inst: Installation, playbooks: Playbooks | None = None) -> Shelf:
    """What is in force, after a tick has noted it; a new ``playbooks`` is what a restart begins with."""
    used = playbooks or inst.playbooks
    with inst.database.writing() as connection:
        used.remember(connection, inst.clock())
        return used.shelf(connection)


def binary(file: Path) -> None:
    file.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")


def unreadable(file: Path) -> None:
    # Rights hold nobody back who is the administrator; a link that leads to itself holds back everybody.
    file.unlink()
    file.symlink_to(file.name)


def folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe_instead(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


SPOILED: dict[str, Callable[[Path], object]] = {
    "binary": binary,
    "empty": lambda file: file.write_text(""),
    "huge": lambda file: file.write_text(text("Huge") + "#" * MOST_BYTES),
    "unreadable": unreadable,
    "a folder": folder_instead,
    "a pipe": pipe_instead,
    "half written": lambda file: file.write_text(text("Half")[: len(BUILT_IN) // 2]),
    "deep": lambda file: file.write_text("[" * 50_000),
    "a bomb": lambda file: file.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
    "half a character": lambda file: file.write_text(text('"\\uD800 day"')),
    "no plan": lambda file: file.write_text("title: Ours\n"),
}


def test_a_file_of_the_team_is_in_force_beside_those_that_come_with_it(inst: Installation, folder: Path) -> None:
    (folder / "strike.yaml").write_text(text("Strike"))
    found = shelf(inst)
    assert (found.books["strike"].own, found.playbooks["strike"].title) == (True, "Strike")
    assert found.playbooks[DEFAULT] == load(DEFAULT)
    assert not found.problems


def test_a_folder_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    assert shelf(installation(tmp_path, HandClock(), playbook_folder=tmp_path / "none")).problems == {}


def test_a_file_named_like_one_that_comes_with_it_takes_its_place(inst: Installation, folder: Path) -> None:
    (folder / f"{DEFAULT}.yaml").write_text(text("Our way"))
    assert shelf(inst).playbooks[DEFAULT].title == "Our way"
    taken = take_report(inst, Told("Smoke on NW12"))
    assert isinstance(taken, Taken)
    assert taken.incident.playbook_version == shelf(inst).playbooks[DEFAULT].version
    (folder / f"{DEFAULT}.yaml").unlink()
    assert shelf(inst).playbooks[DEFAULT] == load(DEFAULT)


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_file_is_refused_and_what_it_last_said_stays_in_force_also_over_a_restart(
    inst: Installation, folder: Path, how: str
) -> None:
    file = folder / "strike.yaml"
    file.write_text(text("Strike"))
    good = shelf(inst).playbooks["strike"]
    SPOILED[how](file)
    for playbooks in (None, Playbooks(folder), Playbooks(folder)):
        found = shelf(inst, playbooks)
        assert found.playbooks["strike"] == good
        assert "strike.yaml" in found.problems["strike.yaml"].subject
    assert all(fault.line > 0 for fault in found.problems["strike.yaml"].faults)


@pytest.mark.parametrize("how", SPOILED)
def test_a_file_that_was_never_right_is_not_in_force(inst: Installation, folder: Path, how: str) -> None:
    file = folder / "strike.yaml"
    file.write_text(text("Strike"))
    SPOILED[how](file)
    found = shelf(inst)
    assert "strike" not in found.books
    assert set(found.problems) == {"strike.yaml"}


def test_a_mistake_is_told_with_its_file_and_line(inst: Installation, folder: Path) -> None:
    (folder / "strike.yaml").write_text(text("Strike").replace("key: verify", "key: Verify it", 1))
    problem = shelf(inst).problems["strike.yaml"]
    line = next(n for n, one in enumerate(BUILT_IN.splitlines(), 1) if "key: verify" in one)
    assert problem.subject == f"strike.yaml:{line}"


def test_a_file_that_vanishes_between_listing_and_reading_takes_nothing_down(inst: Installation, folder: Path) -> None:
    (folder / "strike.yaml").symlink_to(folder / "gone.yaml.bak")
    assert "cannot be read" in str(shelf(inst).problems["strike.yaml"])


def test_a_folder_that_cannot_be_listed_leaves_everything_in_force(inst: Installation, folder: Path) -> None:
    (folder / "strike.yaml").write_text(text("Strike"))
    good = shelf(inst).playbooks["strike"]
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.name)
    assert shelf(inst).playbooks["strike"] == good
    assert shelf(inst, Playbooks(folder)).playbooks["strike"] == good


@pytest.mark.parametrize("name", ["x" * 64, "Strike now", "streik-\udcff"])
def test_a_file_whose_name_is_no_name_is_refused(inst: Installation, folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").write_text(text("Strike"))
    found = shelf(inst)
    assert name not in found.books
    (problem,) = found.problems.values()
    assert str(problem).encode()
    assert "is no name that a playbook can have" in problem.problem


def test_a_file_that_is_mended_is_in_force_again(inst: Installation, folder: Path) -> None:
    file = folder / "strike.yaml"
    for written, title in ((text("Strike"), "Strike"), ("", "Strike"), (text("Strike again"), "Strike again")):
        file.write_text(written)
        assert shelf(inst).playbooks["strike"].title == title
    assert not shelf(inst).problems


def test_a_tick_opens_an_incident_beside_a_malformed_file(inst: Installation, folder: Path) -> None:
    (folder / f"{DEFAULT}.yaml").write_text("steps: nothing")
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    assert [one.opened for one in tick(inst).fired if one.opened] == [True]
    with inst.database.reading() as connection:
        assert store.find(connection, 1).playbook_version == load(DEFAULT).version
        assert len(responses.steps(connection, 1)) == len(load(DEFAULT).steps)


@pytest.mark.parametrize("then", ["changed", "spoiled", "deleted"])
def test_a_running_incident_keeps_the_version_it_began_with(inst: Installation, folder: Path, then: str) -> None:
    file = folder / f"{DEFAULT}.yaml"
    file.write_text(text("Our way"))
    hear(inst, [*calm_weeks(NOON), *outcry(NOON)])
    evaluate(inst)
    began = _plan(inst)
    assert began.title == "Our way"
    match then:
        case "changed":
            file.write_text(text("Another way").replace("  - key: verify", "  - key: check"))
        case "spoiled":
            binary(file)
        case _:
            file.unlink()
    shelf(inst)
    inst.playbooks._pinned.clear()  # as after a restart
    assert _plan(inst) == began
    assert isinstance(complete_step(inst, 1, 1, "dana"), Change)
    with inst.database.reading() as connection:
        assert responses.steps(connection, 1)[0].key == "verify"


def _plan(inst: Installation) -> Playbook:
    with inst.database.reading() as connection:
        incident = store.find(connection, 1)
        return inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
