"""Parts of ``console``: what encrypts it, whom it believes, and who else may say who somebody is."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from settings.rules import Line, refused
from settings.section import Model

Network = IPv4Network | IPv6Network
_LOCALHOST = "localhost"
_WORLD = 0  # bits that the whole internet has in common


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == _LOCALHOST or ip_address(host).is_loopback
    except ValueError:
        return False


def _host(text: str) -> str:
    try:
        return text if text == _LOCALHOST else str(ip_address(text))
    except ValueError:
        right = "Write 127.0.0.1 for this machine only, one of its addresses, or 0.0.0.0 for all of them."
        raise refused("is not an address to listen at.", right) from None


def _network(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        network = ip_network(value.strip(), strict=False)
    except ValueError:
        raise refused("is not an address or a network.", "Write it as 10.0.0.5 or 10.0.0.0/24.") from None
    if network.prefixlen == _WORLD:
        raise refused("trusts everybody to say who they are.", "Name the proxy itself, as in 10.0.0.5.")
    if "/" in value and ip_address(value.strip().partition("/")[0]) != network.network_address:
        raise refused("is an address within a network.", f"Write {network} for the network.")
    return network


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    if parts.query or parts.fragment or not parts.hostname:
        raise refused(
            "is not the address of a provider.", "Write it as your provider gives it: https://id.example.com."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise refused("is not encrypted.", "Write an address that begins with https://.")
    return text


Host = Annotated[str, AfterValidator(_host)]
Proxy = Annotated[Network, BeforeValidator(_network)]
Issuer = Annotated[str, AfterValidator(_issuer)]


class Tls(Model):
    """Files in PEM: the certificate with those that vouch for it, and its key without a passphrase."""

    certificate: Path = Field(examples=["console.pem"])
    key: Path = Field(examples=["console.key"])


class Oidc(Model):
    """A provider that says who somebody is: OpenID Connect Core 1.0, authorization code flow.

    ``issuer`` is compared letter by letter with what the provider says of itself. ``name`` stands on the button. A mail
    address counts when the provider says that it is verified; with ``trust_email`` when it says nothing about that,
    which some never do.
    """

    issuer: Issuer = Field(examples=["https://id.example.com"])
    client_id: Line
    client_secret: SecretStr
    name: Line = "your company account"
    trust_email: bool = False
