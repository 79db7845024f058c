from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Outcome
from tests.cli.test_import_export import settings_in

Groundswell = Callable[..., Outcome]


@pytest.fixture
def config(tmp_path: Path, groundswell: Groundswell) -> Path:
    """Two mentions, and a rule that was added after they were heard."""
    file = settings_in(tmp_path)
    rows = tmp_path / "posts.csv"
    rows.write_text("date,text\n2020-01-01,Northwind Air row 42\n2020-01-02,Northwind Air up front\n")
    groundswell("import", "-c", file, rows)
    sections = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({**sections, "topics": {"tags": {"product": {"economy": '"row 42"'}}}}))
    return file


def test_a_rule_that_was_added_is_applied_to_what_was_heard_before(groundswell: Groundswell, config: Path) -> None:
    done = groundswell("retag", "-c", config)
    assert (done.code, done.out, done.err) == (0, "Read 2 mentions of 1 brand; 1 changed.\n", "")
    exported = groundswell("export", "-c", config, "--format", "jsonl").out
    assert '"tags": ["product:economy"]' in exported


def test_only_mentions_that_are_younger_are_read_where_an_age_is_given(groundswell: Groundswell, config: Path) -> None:
    assert groundswell("retag", "-c", config, "--since", "30d").out == "Read 0 mentions of 1 brand; 0 changed.\n"


@pytest.mark.parametrize("age", ["", "soon", "5 parsecs", "400d", "0d"])
def test_an_age_that_is_none_is_refused(groundswell: Groundswell, config: Path, age: str) -> None:
    done = groundswell("retag", "-c", config, "--since", age)
    assert done.code == 2
    assert f"'{age}' is " in done.err
    assert "Write it as 90m, 24h or 7d." in " ".join(done.err.split())
