from __future__ import annotations

from collections.abc import Callable

import pytest

from alerts.contract import Letter
from alerts.incident_alert import LetterKind
from tests.alerts.test_incident_mail import Page

Write = Callable[..., Letter]
DRILL = "This is a drill. Nobody outside has complained."


@pytest.mark.parametrize("kind", list(LetterKind))
def test_whatever_happens_in_a_drill_its_letter_says_so_before_anything_else(write: Write, kind: LetterKind) -> None:
    letter = write(drill=True, kind=kind)
    assert letter.subject.startswith("[DRILL] [SEV2")
    assert "] Northwind Air: " in letter.subject
    assert letter.text.splitlines()[0] == DRILL
    body = Page(letter.html.partition("<body")[2].partition("</div>")[2]).text
    assert body.removeprefix('"').strip().startswith(DRILL)
    assert f">{DRILL} 84 negative" in letter.html  # what a mail program shows beside the subject


def test_a_real_letter_says_nothing_of_drills(write: Write) -> None:
    letter = write()
    assert "drill" not in f"{letter.subject} {letter.text} {letter.html}".lower()
