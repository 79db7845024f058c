"""From a letter to the message that travels: MIME structure, threading, and headers that cannot be forged.

RFC 5322 (message), 2046 (alternative), 2387 (related), 2392 (cid), 2919 (List-Id), 3834 (Auto-Submitted).
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, AddressHeader, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP

from alerts.contract import DeliveryError, InlineImage, Letter
from alerts.wording import one_line

_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_UNSENDABLE = re.compile("[\ud800-\udfff]")
_SUBJECT = 200  # characters
# What the parser of the standard library raises on malformed addresses, found by feeding it such.
_MALFORMED = (MessageError, ValueError, TypeError, LookupError, AttributeError, NameError)
_DIGEST = 16  # bytes
# As Message-ID has by itself: a long id is neither folded nor turned into an encoded word (RFC 2047 5).
_HEADERS = HeaderRegistry()
for _name in ("in-reply-to", "references", "list-id"):
    _HEADERS.map_to_type(_name, MessageIDHeader)  # type: ignore[arg-type]  # the registry itself adds BaseHeader
_POLICY = SMTP.clone(header_factory=_HEADERS)


def message_id(incident_id: int, kind: str, recipient: str, domain: str, *, opened_at: datetime) -> str:
    """A Message-ID that is the same at every attempt to deliver the same letter.

    ``kind`` tells letters of one incident to one person apart (``opened``, ``raised to SEV1``). The time of opening
    keeps incidents of the same number apart after a database was set up anew: mail servers drop a Message-ID they know.
    """
    facts = f"{incident_id}\n{kind}\n{recipient.strip().lower()}\n{opened_at.timestamp():.6f}"
    return f"<{hashlib.blake2b(facts.encode(), digest_size=_DIGEST).hexdigest()}@{domain}>"


def to_message(letter: Letter) -> EmailMessage:
    """The letter as text beside HTML with its pictures inline.

    Line breaks in the subject become spaces: better an odd subject than no alert.

    Raises:
        DeliveryError: an address or an id cannot stand in a header; permanent.
    """
    sender = _address(letter.sender, "sender")
    recipient = _address(letter.recipient, "recipient")
    message = EmailMessage(policy=_POLICY.clone(utf8=not f"{sender.username}{recipient.username}".isascii()))
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = one_line(letter.subject, _SUBJECT)
    message["Date"] = letter.written_at
    message["Message-ID"] = _id(letter.message_id)
    if letter.thread_id != letter.message_id:
        message["In-Reply-To"] = message["References"] = _id(letter.thread_id)
    message["List-Id"] = f"<{letter.topic}.groundswell.{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    # Exchange answers automatic letters with absence notes unless told not to ([MS-OXCMAIL] 2.2.3.2.14).
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_sendable(letter.text), cte="quoted-printable")
    message.add_alternative(_sendable(letter.html), subtype="html", cte="quoted-printable")
    _add_images(message, letter.images)
    return message


def _add_images(message: EmailMessage, images: tuple[InlineImage, ...]) -> None:
    html = message.get_body(("html",))
    if not images or not isinstance(html, MIMEPart):
        return
    for number, image in enumerate(images, start=1):
        html.add_related(
            image.png, "image", "png", cid=_id(f"<{image.cid}>"), disposition="inline", filename=f"chart-{number}.png"
        )
    html.set_param("type", "text/html")


def _address(text: str, role: str) -> Address:
    """The one address that a text holds, its domain in ASCII (RFC 5890)."""
    if not text.isprintable():
        raise _unusable(role, text, "holds a line break or another control character")
    try:
        header = SMTP.header_factory("To", text)
        found = header.addresses if isinstance(header, AddressHeader) else ()
        addresses = [Address(one.display_name, one.username, one.domain.encode("idna").decode()) for one in found]
    except _MALFORMED as error:
        raise _unusable(role, text, "is not a mail address") from error
    if len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
        raise _unusable(role, text, "is not exactly one mail address")
    return addresses[0]


def _unusable(role: str, text: str, problem: str) -> DeliveryError:
    remedy = f"Correct the {role} in the settings; the letter was not sent."
    return DeliveryError(f"The {role} {one_line(text, 80)!r}", f"{problem}.", remedy, permanent=True)


def _id(text: str) -> str:
    if _MESSAGE_ID.fullmatch(text) and text.isascii():
        return text
    remedy = "Give it as <unique@domain> in ASCII without spaces; the letter was not sent."
    raise DeliveryError(f"The message id {one_line(text, 80)!r}", "cannot stand in a header.", remedy, permanent=True)


def _sendable(text: str) -> str:
    return _UNSENDABLE.sub("\ufffd", text)
