"""What docs/playbooks.md says can be done is done with its own example."""

from __future__ import annotations

import re

import pytest

from playbooks.document import LARGEST, MOST
from playbooks.facts import NAMES, Facts
from playbooks.library import PlaybookError, parse
from playbooks.playbook import Cluster, StatementKind
from playbooks.playbook_file import PlaybookFile
from playbooks.statements import blanks, render
from playbooks.step_file import OnlyFile, SpendingFile, StepFile
from playbooks.wording import FILTERS
from tests.conftest import ROOT

DOCS = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)


def test_its_example_is_a_playbook() -> None:
    playbook = parse(EXAMPLE, "lost-luggage.yaml")
    assert [step.key for step in playbook.steps] == ["count", "first-word", "help", "tell-airport"]
    (holding,) = playbook.statements
    assert blanks(render(holding, Facts())) == ("doing what right now", "where people get help", "clock time")


def test_the_mistake_it_shows_is_told_as_it_says() -> None:
    with pytest.raises(PlaybookError) as caught:
        parse(EXAMPLE.replace("after: first-word", "after: frist-word"), "lost-luggage.yaml")
    shown = "\n".join(f"    {line}" for line in str(caught.value).splitlines())
    assert shown in DOCS


@pytest.mark.parametrize(
    "name",
    [
        *(name for model in (PlaybookFile, StepFile, SpendingFile, OnlyFile) for name in model.model_fields),
        *NAMES,
        *FILTERS,
        *StatementKind,
        *Cluster,
    ],
)
def test_it_names_everything_that_may_be_written(name: str) -> None:
    assert re.search(rf"`{name}\b", DOCS)


def test_its_limits_are_those_of_the_code() -> None:
    assert f"{LARGEST:,}\ncharacters or {MOST:,} keys" in DOCS
