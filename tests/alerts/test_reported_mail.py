"""Letters about what somebody told us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.contract import Letter
from alerts.incident_alert import IncidentAlert, LetterKind, Told

AT = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)
TOLD = Told("Smoke on NW12.\nPeople film it.", "The gate desk", "https://e.example/1", AT)
UNMEASURED: dict[str, Any] = {
    "title": "Northwind Air: Smoke on NW12.",
    "why": "The gate desk reported this; it was not found by listening.",
    "told": TOLD,
    "measured": False,
    "posts": (),
    "points": (),
    "since": None,
}
Write = Callable[..., Letter]


def test_it_says_what_was_reported_by_whom_when_and_where_and_no_figures(write: Write) -> None:
    letter = write(letter={"chart_png": None}, **UNMEASURED)
    assert letter.subject == "[SEV2] Northwind Air: Smoke on NW12. (reported by The gate desk)"
    text = " ".join(letter.text.split())
    assert "WHAT WAS REPORTED The gate desk, 14:05 CEST Smoke on NW12. People film it. https://e.example/1" in text
    for figure in ("usual", "people say", "complaints", "mentions", "84"):
        assert figure not in text
    assert "Open at e.example" in letter.html
    assert "What was reported" in letter.html


def test_without_its_report_an_incident_that_nobody_measured_still_has_a_letter(write: Write) -> None:
    letter = write(letter={"chart_png": None}, **{**UNMEASURED, "told": None})
    assert letter.subject.endswith("(reported by hand)")
    assert "What was reported" not in letter.html


def test_a_report_that_joins_a_wave_comes_with_its_figures(write: Write) -> None:
    letter = write(kind=LetterKind.JOINED, told=TOLD)
    assert "a further report at 14:05 CEST" in letter.text
    places = [letter.text.index(part) for part in ("WHAT WAS REPORTED", "mentions, usually 6", "WHAT PEOPLE SAY")]
    assert places == sorted(places)


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'https://e.example/"onload="x', None])
def test_strangers_words_names_and_links_stay_text(write: Write, url: str | None) -> None:
    told = Told("<script>x</script>\u202e\r\nOWNER", 'Eve"\r\nBcc: all@example.com<b>', url, AT)
    letter = write(letter={"chart_png": None}, **{**UNMEASURED, "told": told})
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "<script>" not in letter.html
    assert "<b>" not in letter.html
    assert "Open at" not in letter.html
    assert "javascript:" not in letter.text
    assert letter.text.splitlines().count("OWNER") == 1


def test_a_stored_alert_comes_back_with_what_was_told(make_alert: Callable[..., IncidentAlert]) -> None:
    alert = make_alert(**UNMEASURED)
    assert IncidentAlert.from_json(alert.to_json()) == alert
