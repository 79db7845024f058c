"""Adding a kind of source takes one file, and the documentation's example is one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

# Another folder in which kinds are found, as if the file had been added to the room.
EXTENDED = """
import sources
sources.__path__.append({folder!r})
"""


def test_the_example_of_the_documentation_passes_the_contract_test_as_the_only_file_added(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    kinds = tmp_path / "kinds"
    kinds.mkdir()
    (kinds / "guestbook.py").write_text(example, encoding="utf-8")
    (tmp_path / "extended.py").write_text(EXTENDED.format(folder=str(kinds)), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "extended", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "tests/sources/test_contract.py", "-k", "guestbook"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed, run.stdout
    assert int(passed[1]) > 50
