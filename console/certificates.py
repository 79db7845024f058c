"""The certificate that the console shows to browsers, and its renewal while it runs."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from cryptography import x509

from errors import GroundswellError
from settings.serving import Tls

# How soon a renewed certificate is taken up; those who issue them renew weeks before the end.
LOOK_AGAIN = timedelta(minutes=1)
_log = logging.getLogger(__name__)
_REMEDY = "Name a certificate in PEM and its own key, without a passphrase, under console.tls of the settings."


class CertificateError(GroundswellError):
    """A certificate or its key cannot be used."""


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate says.

    Attributes:
        names: the hosts that it is for.
        until: when it ends.
    """

    names: tuple[str, ...]
    until: datetime

    def stands_for(self, host: str) -> bool:
        """Whether browsers take it for a host; a star stands for one word at the beginning (RFC 6125)."""
        starred = f"*.{host.partition('.')[2]}"
        return host.lower() in self.names or starred.lower() in self.names


def examine(tls: Tls) -> Certified:
    """Try a certificate with its key, without serving anything.

    Raises:
        CertificateError: one of the files cannot be read, or they do not belong together.
    """
    _load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tls)
    try:
        found = x509.load_pem_x509_certificates(tls.certificate.read_bytes())[0]
        return Certified(_names(found), found.not_valid_after_utc)
    except (OSError, ValueError) as error:
        raise CertificateError(str(tls.certificate), "is not a certificate that can be read.", _REMEDY) from error


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return (*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress)))


class Renewal:
    """Takes up a renewed certificate: connections that are open go on, new ones get the new one.

    Args:
        context: what the running server encrypts with.
    """

    def __init__(self, context: ssl.SSLContext, tls: Tls) -> None:
        self._context = context
        self._tls = tls
        self._seen = _state(tls)

    async def keep_looking(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_AGAIN.total_seconds())
            self.look()

    def look(self) -> None:
        """Take up what has changed; of files that do not fit together yet nothing is taken."""
        state = _state(self._tls)
        if state == self._seen:
            return
        self._seen = state
        try:
            examine(self._tls)  # first elsewhere: a key that does not fit would spoil the context
            _load(self._context, self._tls)
        except CertificateError as error:
            _log.warning("the certificate from before is kept: %s", error)


def _load(context: ssl.SSLContext, tls: Tls) -> None:
    try:
        context.load_cert_chain(tls.certificate, tls.key, password=_nobody_types)
    except ssl.SSLError as error:
        reason = "do not belong together" if "MISMATCH" in (error.reason or "") else "are not both in PEM"
        raise CertificateError(f"{tls.certificate} and {tls.key}", f"the files {reason}.", _REMEDY) from error
    except OSError as error:
        file = next((one for one in (tls.certificate, tls.key) if not _readable(one)), tls.certificate)
        problem = f"cannot be read ({(error.strerror or 'unknown reason').lower()})."
        raise CertificateError(str(file), problem, _REMEDY) from error


def _nobody_types() -> NoReturn:
    raise CertificateError("console.tls", "the key asks for a passphrase, and nobody is there to type it.", _REMEDY)


def _readable(file: Path) -> bool:
    try:
        with file.open("rb"):
            return True
    except OSError:
        return False


def _state(tls: Tls) -> tuple[tuple[int, int, int] | None, ...]:
    """What changes when a file is written or replaced, also where a link leads elsewhere."""
    return tuple(_stamp(file) for file in (tls.certificate, tls.key))


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
