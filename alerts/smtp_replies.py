"""What a mail server's answer means: whether trying again can help, and what a person can do.

Reply codes: RFC 5321 4.2.1 (4xx for now, 5xx for good) and RFC 3463 (5.7.x is about permission, not about the mailbox).
"""

from __future__ import annotations

import smtplib
import socket
import ssl

from alerts.contract import DeliveryError
from alerts.wording import one_line

_KEPT = "The letter is kept in the outbox and tried again"
_TWICE = "should it arrive twice, both carry the same Message-ID"
_REPLY = 200  # characters
_FOR_GOOD = 500
_LOGIN_WANTED = 530

# The first that fits decides; special kinds stand before general ones.
_MEANINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        "refused the login",
        f"{_KEPT}; correct user and password of the mail server in the settings.",
    ),
    (
        smtplib.SMTPSenderRefused,
        "does not accept the sender",
        f"{_KEPT}; set mail.sender to an address that this server may send for, or log in to it.",
    ),
    (smtplib.SMTPDataError, "did not take the letter", f"{_KEPT}."),
    (
        smtplib.SMTPNotSupportedError,
        "cannot do what is asked",
        f"{_KEPT}; set security to what the server offers, and leave user and password out if it has no login.",
    ),
    (
        smtplib.SMTPServerDisconnected,
        "ended the conversation",
        f"{_KEPT}; {_TWICE}.",
    ),
    (smtplib.SMTPException, "gave an unexpected answer", f"{_KEPT}; check that host and port are a mail server's."),
    (
        ssl.SSLCertVerificationError,
        "has a certificate that is not trusted",
        f"{_KEPT}; use the host name that the certificate is for, or name your own authority's certificate as ca_file.",
    ),
    (
        ssl.SSLError,
        "does not speak TLS in this way",
        f"{_KEPT}; set security to starttls (usual at port 587) or tls (usual at port 465), as the server expects.",
    ),
    (
        TimeoutError,
        "did not answer in time",
        f"{_KEPT}; check that a firewall lets this machine reach it. Where it had the letter already, {_TWICE}.",
    ),
    (ConnectionRefusedError, "refused the connection", f"{_KEPT}; check host and port, and that the server runs."),
    (socket.gaierror, "cannot be found by its name", f"{_KEPT}; check the host name and this machine's DNS."),
    (FileNotFoundError, "cannot be trusted: ca_file is missing", f"{_KEPT}; correct the path of ca_file."),
    (UnicodeError, "cannot be given this login", f"{_KEPT}; SMTP logins take ASCII letters only."),
    (OSError, "cannot be reached", f"{_KEPT}; check host, port and the network."),
)


def explain(error: Exception, server: str, doing: str) -> DeliveryError:
    """The error for people; ``server`` is ``host:port``, ``doing`` names what was under way."""
    subject = f"Mail server {server}"
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        error = error.__context__  # smtplib hides that it was a matter of time
    code, reply = _reply(error)
    said = f" ({reply})" if reply else ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _recipient_refused(subject, code, said, doing)
    problem, remedy = next((problem, remedy) for kind, problem, remedy in _MEANINGS if isinstance(error, kind))
    permanent = "SMTPUTF8" in reply or (isinstance(error, smtplib.SMTPDataError) and code >= _FOR_GOOD)
    if permanent:
        remedy = "Trying again cannot help: read the server's answer, correct the cause and send the letter again."
    return DeliveryError(subject, f"{problem} during {doing}{said}.", remedy, permanent=permanent)


def _recipient_refused(subject: str, code: int, said: str, doing: str) -> DeliveryError:
    problem = f"does not accept the recipient during {doing}{said}."
    if code < _FOR_GOOD:
        return DeliveryError(subject, problem, f"{_KEPT}.")
    if code == _LOGIN_WANTED or " 5.7." in said:
        return DeliveryError(subject, problem, f"{_KEPT}; allow this machine to send through it, or log in to it.")
    remedy = "Trying again cannot help: correct the person's address in the settings and send the letter again."
    return DeliveryError(subject, problem, remedy, permanent=True)


def _reply(error: Exception) -> tuple[int, str]:
    """The server's code, 0 where it gave none, and its words on one line."""
    code: int = 0
    words: bytes | str = getattr(error, "strerror", None) or str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return code, one_line(f"{code} {text}" if code else text, _REPLY)
