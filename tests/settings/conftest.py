from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from settings.loading import load
from settings.model import Settings
from settings.problems import SettingsError

# Line numbers in the tests count from here.
COMPLETE = """\
brands:
  - id: northwind
    name: Northwind Air
    phrases: [Northwind Air]
sources:
  - id: forum
    kind: rss
    url: https://forum.example.com/feed.xml
    every: 30s
    about: [northwind]
  - id: tags
    kind: mastodon
    server: https://social.example.com
    tag: northwind
people:
  - {id: ana, name: Ana, email: ana@example.com}
  - {id: ben, name: Ben, email: ben@example.com}
routing:
  owner: ana
  routes:
    - match: {severity: [SEV1], brand: [northwind], kind: [negative_wave]}
      owner: ben
      notify: [ana]
mail:
  transport: smtp
  sender: Groundswell <alerts@example.com>
  host: mail.example.com
  user: alerts
  password: ${SMTP_PASSWORD}
time_zone: Europe/Berlin
tick: 10s
"""
ENVIRON = {"SMTP_PASSWORD": "correct horse"}


class Desk:
    """A folder to write settings into and read them from."""

    complete = COMPLETE
    environ = ENVIRON

    def __init__(self, folder: Path) -> None:
        self.path = folder / "groundswell.yaml"

    def load(self, content: str | bytes = COMPLETE, environ: Mapping[str, str] = ENVIRON) -> Settings:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load(self.path, environ)

    def refused(self, content: str | bytes, environ: Mapping[str, str] = ENVIRON) -> SettingsError:
        with pytest.raises(SettingsError) as caught:
            self.load(content, environ)
        return caught.value

    def complaints(self, content: str | bytes, environ: Mapping[str, str] = ENVIRON) -> list[str]:
        """Each line of the error without the file's name: ``9: sources[0].every: ...``."""
        lines = str(self.refused(content, environ)).splitlines()
        return [line.removeprefix(str(self.path)).removeprefix(":").strip() for line in lines]

    def changed(self, old: str, new: str) -> str:
        """The complete file with one thing changed."""
        assert COMPLETE.count(old) == 1, f"{old!r} stands {COMPLETE.count(old)} times in the complete file"
        return COMPLETE.replace(old, new)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
