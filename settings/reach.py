"""Who can reach the console, and what has to be true then: nobody comes in unknown or unencrypted from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from settings.model import Console, SignIn
from settings.problems import Location
from settings.serving import is_loopback

_SIGN_IN = "Write sign_in: required."
_ENCRYPT = "Add tls with a certificate and its key, or name the proxy that encrypts under trusted_proxies."
_WHERE = "Write the one that people open, as in address: https://groundswell.example.com."


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit together.

    Attributes:
        key: where it stands below ``console``.
        problem: a sentence that goes on from the value.
    """

    key: Location
    problem: str
    remedy: str


def faults(console: Console) -> Iterator[Fault]:
    """What is wrong with how the parts of ``console`` fit together; one that makes others moot comes first."""
    if console.sign_in is SignIn.NONE:
        yield from _unknown(console)
    else:
        yield from _unencrypted(console)
    if not console.passwords and console.oidc is None:
        remedy = "Add oidc with the company's provider, or remove this line."
        yield Fault(("passwords",), "leaves no way to sign in.", remedy)


def _unknown(console: Console) -> Iterator[Fault]:
    """Whoever reaches a console without sign-in is trusted, so nobody else may: neither directly nor by a proxy.

    A proxy on this machine would make everybody look as if they sat here.
    """
    if not is_loopback(console.host):
        problem = "would open the console to others, and nobody would have to sign in."
        yield Fault(("host",), problem, "Write sign_in: required, or host: 127.0.0.1 for this machine only.")
    if console.tls:
        yield Fault(("tls",), "is for a console that others reach, and nobody would have to sign in.", _SIGN_IN)
    if console.trusted_proxies:
        problem = "lets others reach the console through a proxy, and nobody would have to sign in."
        yield Fault(("trusted_proxies",), problem, _SIGN_IN)
    if not _is_here(console):
        problem = "is opened by others, and nobody would have to sign in."
        yield Fault(("address",), problem, f"{_SIGN_IN[:-1]}, or remove the address.")
    if console.oidc:
        yield Fault(("oidc",), "is for signing in, and nobody has to.", _SIGN_IN)


def _unencrypted(console: Console) -> Iterator[Fault]:
    """Passwords and sessions must not travel in the clear."""
    beyond = not is_loopback(console.host)
    encrypted, https = bool(console.tls or console.trusted_proxies), console.base_url.startswith("https://")
    if beyond and not encrypted:
        yield Fault(("host",), "would send passwords to others unencrypted.", _ENCRYPT)
    elif beyond and not console.address:
        yield Fault(("host",), "is not where people open the console, and address does not say where.", _WHERE)
    elif encrypted and not https:
        yield Fault(("address",) if console.address else _named(console), "needs an address with https.", _WHERE)
    elif not encrypted and (https or not _is_here(console)):
        yield Fault(("address",), "is opened by others, and nothing here says what encrypts it.", _ENCRYPT)


def _named(console: Console) -> Location:
    return ("tls",) if console.tls else ("trusted_proxies",)


def _is_here(console: Console) -> bool:
    """Whether people open the console on its own machine."""
    return not console.address or is_loopback(urlsplit(console.address).hostname or "")
