"""A settings file on disk for tests that start programs: one brand, one feed, mails that become files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from simulation.network import SimulatedNetwork
from simulation.post import NORTHWIND_AIR

NORTHWIND = {"id": "northwind", "name": "Northwind Air", "phrases": ["Northwind Air"]}
SOUTHWIND = {"id": "southwind", "name": "Southwind", "phrases": ["Southwind"]}


def write_settings(folder: Path, network: SimulatedNetwork, **changed: Any) -> Path:
    """As :func:`settings_in`, with the forum of a simulated network."""
    brands = [{"id": "northwind", "name": NORTHWIND_AIR.name, "phrases": list(NORTHWIND_AIR.phrases)}]
    return settings_in(folder, **{"brands": brands, "sources": [feed("forum", network.forum_feed)], **changed})


def settings_in(folder: Path, **changed: Any) -> Path:
    """Write ``groundswell.yaml`` into a folder; sections that are given take the place of the usual ones.

    Its one source is asked by nobody in time: a test that wants posts brings them.
    """
    sections = {
        "brands": [NORTHWIND],
        "sources": [{"id": "forum", "kind": "rss", "url": "http://127.0.0.1:1/", "internal": True}],
        "people": [{"id": "dana", "name": "Dana Reyes", "email": "dana@example.com"}],
        "routing": {"owner": "dana"},
        "mail": {"transport": "file", "sender": "alerts@example.com", "folder": str(folder / "outbox")},
        "console": {"sign_in": "none"},
        "data_folder": str(folder / "data"),
    }
    file = folder / "groundswell.yaml"
    file.write_text(yaml.safe_dump({**sections, **changed}), encoding="utf-8")
    return file


def feed(source_id: str, url: str) -> dict[str, Any]:
    """A feed on this machine that is due at every tick."""
    return {"id": source_id, "kind": "rss", "url": url, "every": "1s", "internal": True}
