from __future__ import annotations

import smtplib
import socket
import ssl

import pytest

from alerts.smtp_replies import explain

TO = "dana@example.com"


def refused(code: int, words: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({TO: (code, words)})


@pytest.mark.parametrize(
    ("error", "permanent", "problem", "remedy"),
    [
        (refused(550, b"5.1.1 no such user"), True, "550 5.1.1 no such user", "the person's address"),
        (refused(450, b"4.2.1 greylisted"), False, "450 4.2.1 greylisted", "tried again"),
        (refused(554, b"5.7.1 relay access denied"), False, "recipient", "log in"),
        (refused(530, b"authentication required"), False, "recipient", "log in"),
        (smtplib.SMTPDataError(554, b"looks like spam"), True, "looks like spam", "cannot help"),
        (smtplib.SMTPDataError(452, b"out of space"), False, "out of space", "tried again"),
        (smtplib.SMTPSenderRefused(553, b"not yours", "a@b"), False, "sender", "mail.sender"),
        (smtplib.SMTPAuthenticationError(535, b"bad"), False, "login", "user and password"),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported"), False, "STARTTLS", "security"),
        (smtplib.SMTPNotSupportedError("required SMTPUTF8 capability"), True, "SMTPUTF8", "cannot help"),
        (smtplib.SMTPServerDisconnected("closed"), False, "ended the conversation", "same Message-ID"),
        (smtplib.SMTPConnectError(421, b"busy"), False, "421 busy", "host and port"),
        (ssl.SSLCertVerificationError(1, "self-signed"), False, "not trusted", "ca_file"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), False, "TLS", "starttls"),
        (TimeoutError("timed out"), False, "in time", "firewall"),
        (ConnectionRefusedError(111, "Connection refused"), False, "refused the connection", "host and port"),
        (socket.gaierror(-2, "Name or service not known"), False, "name", "DNS"),
        (FileNotFoundError(2, "No such file or directory"), False, "ca_file", "path"),
        (UnicodeEncodeError("ascii", "ü", 0, 1, "not in range"), False, "login", "ASCII"),
        (OSError(113, "No route to host"), False, "No route to host", "network"),
    ],
)
def test_every_answer_says_where_what_and_what_to_do(
    error: Exception, *, permanent: bool, problem: str, remedy: str
) -> None:
    found = explain(error, "mail.example:587", "the letter to dana@example.com")
    assert found.subject == "Mail server mail.example:587"
    assert found.permanent is permanent
    assert problem in found.problem
    assert remedy in found.remedy


def test_the_words_of_a_server_stay_one_bounded_line() -> None:
    found = explain(smtplib.SMTPDataError(451, b"a\r\nb\xff" + b"c" * 5000), "h:1", "the letter")
    assert "\n" not in found.problem
    assert len(found.problem) < 300
