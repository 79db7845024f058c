from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from access.links import Purpose
from alerts.access_alert import SPENT, AccessAlert, tells_of_access
from alerts.access_mail import write_access_letter
from alerts.contract import DeliveryError, Letter
from alerts.mime import to_message
from tests.alerts.test_health_mail import Page

AT = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)
LINK = "https://groundswell.example/invitation/7Yx-secret_1"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\r\nBcc: all@example.com"


def alert(purpose: Purpose = Purpose.INVITATION, **changed: Any) -> AccessAlert:
    usual = {"recipient_name": "Lee Okafor", "link": LINK, "good_until": AT + timedelta(days=3)}
    return AccessAlert(
        purpose, **{**usual, "invited_by": "Dana Reyes", "time_zone": ZoneInfo("Europe/Berlin"), **changed}
    )


def written(what: AccessAlert) -> Letter:
    about: dict[str, Any] = {"sender": "Groundswell <a@example.com>", "recipient": "lee@example.com"}
    return write_access_letter(what, message_id="<1@x>", thread_id="<1@x>", written_at=AT, **about)


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        (Purpose.INVITATION, "Dana Reyes invites you to work with it."),
        (Purpose.INVITATION, "It works once, until Fri 15 May, 14:05 CEST."),
        (Purpose.INVITATION, "Lee Okafor, you get this because the settings of Groundswell name you."),
        (Purpose.RESET, "Choosing one signs you out everywhere else."),
        (Purpose.RESET, "If it was not you, do nothing: your password stays as it is."),
    ],
)
def test_both_forms_say_what_it_is_and_lead_to_one_place(purpose: Purpose, said: str) -> None:
    letter = written(alert(purpose))
    page = Page(letter.html)
    assert said in " ".join(letter.text.split())
    assert said in page.text
    assert page.links == [LINK]
    assert letter.text.count(LINK) == 1
    assert "secret" not in letter.subject


def test_names_stay_words() -> None:
    letter = written(alert(recipient_name=HOSTILE, invited_by=HOSTILE))
    page = Page(letter.html)
    assert "script" not in page.tags
    assert "{{ 7*7 }}" in page.text
    assert to_message(letter)["Bcc"] is None


def test_it_survives_the_outbox_where_it_is_told_from_other_letters() -> None:
    what = alert()
    assert AccessAlert.from_json(what.to_json()) == what
    assert tells_of_access(what.to_json())
    assert tells_of_access(SPENT)
    assert not tells_of_access('{"kind":"health"}')
    with pytest.raises(DeliveryError, match="cannot be read"):
        AccessAlert.from_json(SPENT)
