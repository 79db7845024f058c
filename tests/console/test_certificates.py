from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.certificates import CertificateError, Certified, examine
from settings.serving import Tls
from tests.console.served import certify


def test_a_certificate_says_for_whom_and_until_when(tmp_path: Path) -> None:
    found = examine(certify(tmp_path, "groundswell.example.com", days=30))
    assert found.names == ("groundswell.example.com", "127.0.0.1")
    assert timedelta(days=29) < found.until - datetime.now(UTC) <= timedelta(days=30)


def another_key(tls: Tls) -> None:
    key = tls.key.read_bytes()
    certify(tls.key.parent)
    tls.key.write_bytes(key)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda tls: tls.certificate.unlink(), r"console\.pem: cannot be read \(no such file or directory\)"),
        (lambda tls: tls.key.unlink(), r"console\.key: cannot be read \(no such file or directory\)"),
        (lambda tls: tls.key.write_text("key"), r"console\.key: the files are not both in PEM"),
        (lambda tls: tls.certificate.write_text(""), "the files are not both in PEM"),
        (another_key, "the files do not belong together"),
        (lambda tls: certify(tls.key.parent, passphrase=b"secret"), "the key asks for a passphrase"),
    ],
)
def test_what_cannot_be_used_says_why(tmp_path: Path, spoil: Callable[[Tls], object], said: str) -> None:
    tls = certify(tmp_path)
    spoil(tls)
    with pytest.raises(CertificateError, match=said):
        examine(tls)


@pytest.mark.parametrize(
    ("host", "stands"),
    [
        ("groundswell.example.com", True),
        ("Groundswell.Example.com", True),
        ("a.wild.example", True),
        ("a.b.wild.example", False),
        ("wild.example", False),
        ("other.example", False),
    ],
)
def test_browsers_take_it_for_its_names_alone(host: str, *, stands: bool) -> None:
    found = Certified(("groundswell.example.com", "*.wild.example"), datetime.now(UTC))
    assert found.stands_for(host) is stands
