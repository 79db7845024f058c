"""Which addresses may be dialled, and for how long: the transport below the polite client.

A name is resolved here, once, and the address that was checked is the address that is dialled. So neither a redirect
nor a name that changes its answer between check and use (DNS rebinding) leads into a private network. Reading stops at
a deadline however slowly the other side drips: a time limit on each read alone would let one byte every few seconds
hold a thread for days.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 ranges whose last four bytes are an IPv4 address: IPv4-compatible (RFC 4291) and NAT64 (RFC 6052).
_CARRIERS = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))
# Not global, and missing from the tables of some Python versions: NAT64 for local use (RFC 8215).
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one request and its redirects; the deadline is a reading of ``time.monotonic``."""

    deadline: float
    allow_private: bool


# Set by the client around each request, because urllib3 has no way to hand a value through to its sockets. There is no
# default, so that a request without rules fails instead of going anywhere.
RULES: ContextVar[Rules] = ContextVar("rules of the request under way")


class PrivateAddressError(Exception):
    """A host name leads nowhere but to addresses that may not be dialled."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, and so does any IPv4 address hidden inside it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_public(each) for each in (ip, *_hidden(ip)))


def _is_public(ip: _Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (ip.is_site_local or ip in _LOCAL_NAT64):
        return False
    return ip.is_global and not ip.is_multicast


def _hidden(ip: _Address) -> list[ipaddress.IPv4Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found = [hidden for hidden in (ip.ipv4_mapped, ip.sixtofour) if hidden]
    if any(ip in carrier for carrier in _CARRIERS):
        found.append(ipaddress.IPv4Address(ip.packed[-4:]))
    return found


class _Patience(io.RawIOBase):
    """The bytes of a socket, until a deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._deadline = deadline
        self._each = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        self._sock.settimeout(_left(self._deadline, self._each))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(deadline: float, limit: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time for the whole request is over")
    return left if limit is None else min(left, limit)


class _Response(http.client.HTTPResponse):
    """An answer whose status line, headers and body all end at the deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Patience(self.fp.detach(), sock, RULES.get().deadline))


class _Connection(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        rules = RULES.get()
        addresses = self._addresses()
        allowed = [address for address in addresses if rules.allow_private or is_public(address)]
        if not allowed:
            raise PrivateAddressError(self.host)
        return self._dial(allowed, rules.deadline)

    def _addresses(self) -> list[str]:
        """All addresses of the host; decimal and octal spellings come back in plain form too."""
        try:
            found = socket.getaddrinfo(self._dns_host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except UnicodeError as error:
            raise LocationParseError(self.host) from error
        return [str(entry[4][0]) for entry in found]

    def _dial(self, addresses: list[str], deadline: float) -> socket.socket:
        refused: OSError = OSError("no address")
        limit = self.timeout if isinstance(self.timeout, int | float) else None
        for address in addresses:
            try:
                return create_connection(
                    (address, self.port), _left(deadline, limit), self.source_address, self.socket_options
                )
            except OSError as error:
                refused = error
        if isinstance(refused, TimeoutError):
            raise ConnectTimeoutError(self, "no connection in time") from refused
        raise NewConnectionError(self, "no connection") from refused


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class GuardedAdapter(HTTPAdapter):
    """A requests transport adapter that dials by the rules; its pool of connections is safe to share by threads."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of connections (called by requests)."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
