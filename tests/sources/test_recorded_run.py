"""Every recorded answer through ``groundswell run``: each body is a source of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.sources.test_recorded import bodies, posts_in_feed, replying, statuses

if TYPE_CHECKING:
    from tests.sources.conftest import Site


def test_recorded_answers_become_mentions_once_and_a_second_run_adds_none(
    recorded: Path, site: Site, tmp_path: Path
) -> None:
    expected: dict[str, int | None] = {}
    sources: list[dict[str, Any]] = []

    def listen(path: Path, number: int | None, kind: str, at: str, **options: Any) -> None:
        name = f"s{len(sources)}"
        site.answer(at.format(name=name), replying(site, path))
        settled = {key: value.format(name=name) if isinstance(value, str) else value for key, value in options.items()}
        sources.append({"id": name, "kind": kind, "about": ["anything"], "internal": True, **settled})
        expected[name] = number

    for path in bodies(recorded, "feeds-real", "google"):
        listen(path, posts_in_feed(path), "rss", "/{name}", url=site.url + "/{name}")
    for path in bodies(recorded, "mastodon"):
        listed = isinstance(json.loads(path.read_bytes()), list)
        timeline = len({post["uri"] for post in statuses(path)}) if listed else None
        listen(path, timeline, "mastodon", "/api/v1/timelines/tag/{name}", server=site.url, tag="{name}", pages=1)
    hits: set[str] = set()  # several recorded searches found the same story: one mention
    for path in bodies(recorded, "hackernews"):
        found = {hit["objectID"] for hit in json.loads(path.read_bytes())["hits"]}
        at, server = "/{name}/api/v1/search_by_date", site.url + "/{name}"
        listen(path, len(found - hits), "hackernews", at, server=server, query="x", pages=1)
        hits |= found

    config = write_settings(tmp_path, sources)
    first, second = run(config), run(config)
    failed = {one["source"] for one in first["sources"] if one["problem"]}
    assert failed == {name for name, number in expected.items() if number is None}
    assert sum(one["new"] for one in first["sources"]) == sum(number or 0 for number in expected.values())
    assert {one["new"] for one in second["sources"]} == {0}


def write_settings(folder: Path, sources: list[dict[str, Any]]) -> Path:
    settings = {
        "brands": [{"id": "anything", "name": "Anything", "phrases": ["Anything"]}],
        "sources": sources,
        "people": [{"id": "dana", "name": "Dana Reyes", "email": "dana@example.com"}],
        "routing": {"owner": "dana"},
        "mail": {"transport": "file", "sender": "alerts@example.com", "folder": "outbox"},
    }
    config = folder / "groundswell.yaml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return config


def run(config: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "--config", str(config), "run", "--all", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report
