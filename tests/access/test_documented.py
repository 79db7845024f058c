"""What docs/signing-in.md says is what holds."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from access.attempts import LIMITS, Counted, wait_after
from access.links import GOOD_FOR, Purpose
from access.passwords import LONGEST, SHORTEST
from access.roles import Role
from access.sessions import ABSOLUTE, IDLE
from settings.loading import load_text
from settings.model import SignIn
from tests.conftest import ROOT

PAGE = " ".join((ROOT / "docs" / "signing-in.md").read_text(encoding="utf-8").split())
LONGEST_WAIT = LIMITS[Counted.PAIR].longest
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "signing-in.md").read_text(encoding="utf-8"), re.DOTALL)
REST = """
brands: [{id: northwind, name: Northwind Air, phrases: [Northwind Air]}]
sources: [{id: forum, kind: rss, url: "https://forum.example/feed"}]
mail: {transport: file, sender: ana@example.com, folder: outbox}
"""


@pytest.mark.parametrize(
    "said",
    [
        f"At least {SHORTEST} characters, at most {LONGEST:,}",
        f"for {ABSOLUTE.days} days at most, and for {IDLE.days} days without coming by",
        "an invitation for three days" if GOOD_FOR[Purpose.INVITATION] == timedelta(days=3) else "?",
        "for a forgotten password for an hour" if GOOD_FOR[Purpose.RESET] == timedelta(hours=1) else "?",
        "Five wrong passwords" if LIMITS[Counted.PAIR].at_once == 5 else "?",
        f"doubles from {wait_after(Counted.PAIR, 5).seconds} s up to {LONGEST_WAIT.seconds // 60} minutes",
        f"fails for {LIMITS[Counted.ADDRESS].at_once} people",
        "one attempt a minute" if LIMITS[Counted.ACCOUNT].longest == timedelta(minutes=1) else "?",
        *(f"| `{role}` |" for role in Role),
    ],
)
def test_every_figure_of_the_page_is_that_of_the_code(said: str) -> None:
    assert said in PAGE


def test_the_settings_of_the_page_can_be_copied() -> None:
    people, console = BLOCKS
    read = load_text(f"{REST}{people}{console}", Path("groundswell.yaml"), {})
    assert [read.access_of(one.id) for one in read.people] == [Role.ADMIN, Role.LEAD, Role.RESPONDER, Role.VIEWER]
    assert read.console.sign_in is SignIn.NONE
    assert load_text(f"{REST}{people}", Path("groundswell.yaml"), {}).console.sign_in is SignIn.REQUIRED
