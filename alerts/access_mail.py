"""Writes the letter that lets somebody choose a password, as HTML and as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access.links import Purpose
from alerts.access_alert import AccessAlert
from alerts.contract import Letter
from alerts.plain_mail import write_plain_letter
from alerts.wording import clock, one_line

_NAME = 60  # characters
_GREETING = {
    Purpose.INVITATION: "You are invited to Groundswell",
    Purpose.RESET: "Choose a new password for Groundswell",
}
_BUTTON = {Purpose.INVITATION: "Choose a password and sign in", Purpose.RESET: "Choose a new password"}
_REASON = {
    Purpose.INVITATION: "you get this because the settings of Groundswell name you.",
    Purpose.RESET: "you get this because somebody asked for a new password of yours.",
}
_MUTE = {
    Purpose.INVITATION: "If you do not know what this is, do nothing: without the link nobody gets in.",
    Purpose.RESET: "If it was not you, do nothing: your password stays as it is.",
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What both forms of the letter say, in words; templates only arrange it."""

    subject: str
    title: str
    why: str
    ends: str
    link: str
    button: str
    reason: str
    mute: str


def write_access_letter(
    alert: AccessAlert, *, sender: str, recipient: str, message_id: str, thread_id: str, written_at: datetime
) -> Letter:
    """The letter to the recipient of the alert."""
    return write_plain_letter(
        "access",
        _sheet(alert, written_at),
        sender=sender,
        recipient=recipient,
        message_id=message_id,
        thread_id=thread_id,
        written_at=written_at,
    )


def _sheet(alert: AccessAlert, written_at: datetime) -> _Sheet:
    title = _GREETING[alert.purpose]
    return _Sheet(
        subject=title,
        title=title,
        why=_why(alert),
        ends=f"The link is for you alone. It works once, until {clock(alert.good_until, alert.time_zone, written_at)}.",
        link=alert.link,
        button=_BUTTON[alert.purpose],
        reason=f"{one_line(alert.recipient_name, _NAME)}, {_REASON[alert.purpose]}",
        mute=_MUTE[alert.purpose],
    )


def _why(alert: AccessAlert) -> str:
    if alert.purpose is Purpose.RESET:
        return "Somebody, most likely you, asked for a new password. Choosing one signs you out everywhere else."
    invited_by = one_line(alert.invited_by, _NAME)
    by = f"{invited_by} invites you to work with it" if invited_by else "You are invited to work with it"
    return f"Groundswell listens to what people say about your brands and tells your team when trouble begins. {by}."
