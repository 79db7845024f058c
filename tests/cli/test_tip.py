from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Outcome

Groundswell = Callable[..., Outcome]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two brands, two people, mails that become files; nothing is fetched."""
    sections = {
        "brands": [
            {"id": "northwind", "name": "Northwind Air", "phrases": ["Northwind Air"]},
            {"id": "bluebird", "name": "Bluebird Hotels", "phrases": ["Bluebird"]},
        ],
        "sources": [{"id": "forum", "kind": "rss", "url": "http://127.0.0.1:1/", "internal": True}],
        "people": [
            {"id": "dana", "name": "Dana Reyes", "email": "dana@example.com"},
            {"id": "lee", "name": "Lee Okafor", "email": "lee@example.com"},
        ],
        "routing": {"owner": "dana", "routes": [{"match": {"kind": ["reported"]}, "owner": "lee"}]},
        "mail": {"transport": "file", "sender": "alerts@example.com", "folder": str(tmp_path / "outbox")},
        "data_folder": str(tmp_path / "data"),
    }
    file = tmp_path / "groundswell.yaml"
    file.write_text(yaml.safe_dump(sections), encoding="utf-8")
    return file


def test_a_tip_opens_an_incident_and_the_next_tick_tells_its_owner(
    groundswell: Groundswell, config: Path, tmp_path: Path
) -> None:
    done = groundswell("tip", "-c", config, "Smoke at Northwind Air", "--by", "The gate", "--url", "e.example/1")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Incident 1 is open (SEV3). Lee Okafor owns it. Mails to Lee Okafor leave with the next round. "
        "http://127.0.0.1:8420/incidents/1\n"
    )
    assert "1 mail sent." in groundswell("run", "-c", config).out
    (letter,) = (tmp_path / "outbox").rglob("*.eml")
    assert "reported by The gate" in letter.read_text(encoding="utf-8")


def test_another_tip_joins_and_may_raise_unless_it_is_something_else(groundswell: Groundswell, config: Path) -> None:
    groundswell("tip", "-c", config, "Smoke at Northwind Air")
    again = groundswell("tip", "-c", config, "It spreads", "--brand", "northwind", "--by", "dana", "--severity", "sev1")
    assert again.out.startswith("It is added to incident 1 (SEV1). Lee Okafor owns it.")
    assert groundswell("tip", "-c", config, "Northwind Air lost a dog", "--new").out.startswith("Incident 2 is open")
    assert groundswell("tip", "-c", config, "More smoke", "--incident", "1").out.startswith("It is added to incident 1")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("Smoke",), 1, "tip: Say which brand it is about: northwind, bluebird. Nothing was changed."),
        (("Smoke", "--brand", "bluebird", "--url", "javascript:x"), 1, "The link is no web address"),
        (("Smoke", "--incident", "9"), 1, "there is no such incident"),
        (("Smoke", "--incident", "9", "--new"), 2, "say the opposite"),
        (("Smoke", "--severity", "SEV9"), 2, "SEV9"),
        ((), 2, "Missing argument"),
    ],
)
def test_what_is_not_taken_says_why_in_one_line(
    groundswell: Groundswell, config: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = groundswell("tip", "-c", config, *arguments)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
