"""From where somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, ip_address

from fastapi import Request

from settings.serving import Network

_MAPPED_BITS = 96  # RFC 4291, section 2.5.5.2


def client_address(request: Request) -> str:
    """The address of whoever asks, for the audit and for throttling; empty where it is not known.

    Behind a trusted proxy it is what the proxy says: of the addresses in ``X-Forwarded-For`` the last one that is no
    trusted proxy itself, because whatever stands before it is only what somebody claims. From anybody else the header
    means nothing. The server has put it in place already (:class:`console.serving.ConsoleServer`).
    """
    try:
        found = ip_address((request.client.host if request.client else "").partition("%")[0])
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def believed(proxies: Iterable[Network]) -> list[str]:
    """Trusted proxies as the server compares them; one that listens at ``::`` sees IPv4 in the clothes of IPv6."""
    return [written for proxy in proxies for written in _ways(proxy)]


def _ways(network: Network) -> Iterable[str]:
    yield str(network)
    if isinstance(network, IPv4Network):
        yield f"::ffff:{network.network_address}/{_MAPPED_BITS + network.prefixlen}"
