"""Letters without a picture: the same sheet as text and as HTML."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from alerts.contract import Letter
from alerts.templating import TEMPLATES


class Sheet(Protocol):
    """What templates are filled with; the subject is also the letter's."""

    @property
    def subject(self) -> str:
        """Of the letter."""


def write_plain_letter(
    topic: str, sheet: Sheet, *, sender: str, recipient: str, message_id: str, thread_id: str, written_at: datetime
) -> Letter:
    """A letter of a topic, which is the name of its templates."""
    return Letter(
        message_id=message_id,
        thread_id=thread_id,
        sender=sender,
        recipient=recipient,
        subject=sheet.subject,
        text=TEMPLATES.get_template(f"{topic}.txt").render(sheet=sheet),
        html=TEMPLATES.get_template(f"{topic}.html").render(sheet=sheet),
        images=(),
        written_at=written_at,
        topic=topic,
    )
