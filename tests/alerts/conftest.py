"""An alert as an incident makes it, the letter written from it, and a mail server to send it to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.contract import Letter
from alerts.incident_alert import IncidentAlert, LetterKind, NextStep, Post, WavePoint
from alerts.incident_mail import write_letter
from playbooks.playbook import Severity

AT = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40

MakeAlert = Callable[..., IncidentAlert]
Write = Callable[..., Letter]


@pytest.fixture
def make_alert() -> MakeAlert:
    """An alert to the owner of a new incident; fields can be given otherwise."""

    def make(**fields: Any) -> IncidentAlert:
        posts = (
            Post("@marta", "Mastodon", "Third cancelled flight this week.", "https://social.example/1", AT),
            Post("Tom", "Forum", "Nobody answers the phone.", "http://forum.example/t?a=1&b=2", AT - timedelta(days=1)),
            Post(None, "Hacker News", "The rebooking page is down.", None, AT),
        )
        usual: dict[str, Any] = {
            "kind": LetterKind.OPENED,
            "incident_id": 7,
            "brand": "Northwind Air",
            "severity": Severity.SEV2,
            "title": "Northwind Air: many people are complaining",
            "why": "84 negative mentions by 58 people since 13:50; expected 6.",
            "observed": 84,
            "expected": 6.0,
            "ratio": 14.0,
            "authors": 58,
            "since": AT - timedelta(minutes=15),
            "happened_at": AT,
            "posts": posts,
            "owner_id": "dana",
            "owner_name": "Dana Reyes",
            "recipient_id": "dana",
            "recipient_name": "Dana Reyes",
            "reason": "you own this incident",
            "acknowledge_by": AT + timedelta(minutes=30),
            "next_step": NextStep(1, "Verify what happened", AT + timedelta(minutes=20)),
            "link": "https://groundswell.example/incidents/7",
            "time_zone": ZoneInfo("Europe/Berlin"),
            "points": (WavePoint(AT, 91, 6.0, 12.0, 70),),
        }
        return IncidentAlert(**(usual | fields))

    return make


@pytest.fixture
def write(make_alert: MakeAlert) -> Write:
    """The letter from an alert with the given fields; ``letter`` holds what is not the alert's."""

    def write_one(letter: dict[str, Any] | None = None, **fields: Any) -> Letter:
        about: dict[str, Any] = {
            "sender": "Groundswell <alerts@example.com>",
            "recipient": "dana@example.com",
            "message_id": "<one@example.com>",
            "thread_id": "<one@example.com>",
            "chart_png": PNG,
            "written_at": AT,
        }
        return write_letter(make_alert(**fields), **(about | (letter or {})))

    return write_one
