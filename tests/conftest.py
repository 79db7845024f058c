"""What tests of every room share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded answers of real services; it is not part of this repository."""
    folder = Path(os.environ.get("GROUNDSWELL_RECORDED", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recorded answers at {folder}; set GROUNDSWELL_RECORDED to a folder that holds them")
    return folder
