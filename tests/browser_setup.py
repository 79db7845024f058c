"""Finds a Chromium for the browser tests, or installs one; run by `make browser`.

In this order: what ``GROUNDSWELL_CHROMIUM`` names, what is installed on the machine, Playwright's own, which is
downloaded where it is missing, and the system's package where that fails.
"""

# ruff: noqa: T201  # what it prints is what it is for
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
VARIABLE = "GROUNDSWELL_CHROMIUM"


def find_chromium() -> str | None:
    """Path of a Chromium that is there, None where there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def runs(chromium: str) -> bool:
    """Whether it starts and shows a page; one that lacks libraries is there and still of no use."""
    command = [chromium, "--headless", "--disable-gpu", "--dump-dom", "about:blank"]
    if os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    return _succeeds(command, quiet=True)


def install() -> None:
    """Try Playwright's own, then the system's package; what they print is shown."""
    if (
        _succeeds([sys.executable, "-m", "playwright", "install", "chromium"])
        and (own := find_chromium())
        and runs(own)
    ):
        return
    if shutil.which("apt-get"):
        as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        if not as_root or shutil.which("sudo"):
            _succeeds([*as_root, "apt-get", "update"])
            _succeeds([*as_root, "apt-get", "install", "--yes", "--no-install-recommends", "chromium"])


def _succeeds(command: Sequence[str], *, quiet: bool = False) -> bool:
    shown = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, check=False, stdout=shown, stderr=shown, timeout=600).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main() -> int:
    """Say which Chromium the tests use; 1 where there is none."""
    found = find_chromium()
    if not (found and runs(found)) and VARIABLE not in os.environ:
        print("No Chromium that starts is on this machine; installing one ...", flush=True)
        install()
        found = find_chromium()
    if found and runs(found):
        print(f"Browser tests use {found}")
        return 0
    remedy = "Install the package chromium or Google Chrome, or set " + VARIABLE + " to the path of one."
    print(f"No Chromium that starts was found. {remedy}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
