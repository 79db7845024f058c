"""The plan of the house and the house itself say the same."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import alerts.contract
import sources.contract
from tests.conftest import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["importlinter"]["contracts"]}
ROOMS = sorted(folder.parent.name for folder in ROOT.glob("*/__init__.py"))


@pytest.mark.parametrize(
    ("contract", "folder", "kinds"),
    [
        ("Kinds of source are islands", "sources", sources.contract.kinds()),
        ("Alert channels are islands", "alerts.channels", alerts.contract.kinds()),
    ],
)
def test_every_plug_in_is_held_to_be_an_island_from_the_day_it_appears(
    contract: str, folder: str, kinds: tuple[str, ...]
) -> None:
    assert CONTRACTS[contract]["modules"] == [f"{folder}.*"]
    shared = CONTRACTS[contract].get("ignore_imports", [])
    assert not {f"{folder}.* -> {folder}.{kind}" for kind in kinds} & set(shared)


def test_every_room_is_packaged_watched_and_described() -> None:
    assert SETTINGS["importlinter"]["root_packages"] == ROOMS
    assert SETTINGS["setuptools"]["packages"]["find"]["include"] == [f"{room}*" for room in ROOMS]
    described = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [room for room in ROOMS if f"`{room}/`" not in described] == []


def test_no_lock_names_an_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name


def test_every_file_of_a_room_is_short_enough_to_read_at_once() -> None:
    def lines(file: Path) -> int:
        return sum(1 for line in file.read_text(encoding="utf-8").splitlines() if line.strip())

    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py") if "versions" not in file.parts]
    assert {file.name: lines(file) for file in files if lines(file) > 300} == {}
