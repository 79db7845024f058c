"""How fast passwords may be tried: guessing is slowed down, and nobody can keep the rightful person out.

Failures are counted for an account at one address, for an account everywhere, and for an address. Each count allows a
few at once and then asks for a wait that doubles. Attempts made during the wait are refused unread and do not count,
so the right password is taken as soon as it is over. Where a person has signed in before, what strangers try elsewhere
does not hold them up; and the mail that sets a new password is held up by none of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

# Failures are forgotten when there was none for so long.
FORGOTTEN_AFTER = timedelta(days=1)
_FIRST_WAIT = timedelta(seconds=2)
_MOST_DOUBLINGS = 20
# One customer's line has at least so many bits of an IPv6 address in common (RFC 6177), and any of the rest at will.
_LINE = 64


class Counted(StrEnum):
    """Whose failures are counted together."""

    PAIR = "pair"  # of one account from one address
    ACCOUNT = "account"  # of one account from everywhere
    ADDRESS = "address"  # of everything from one address
    LETTER = "letter"  # mails asked for by whoever knows somebody's address


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once; then waits that double up to the longest."""

    at_once: int
    longest: timedelta


LIMITS = {
    Counted.PAIR: Limit(5, timedelta(minutes=15)),
    # Many machines that try one account are slowed to a guess a minute, its own person never by more than that.
    Counted.ACCOUNT: Limit(20, timedelta(minutes=1)),
    # An office has one address for everybody.
    Counted.ADDRESS: Limit(30, timedelta(minutes=15)),
    Counted.LETTER: Limit(3, timedelta(hours=1)),
}


@dataclass(frozen=True, slots=True)
class Failures:
    """How often something failed without a day between, and when last."""

    counted: Counted
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Throttled:
    """An attempt that is refused unread.

    Attributes:
        because: the count that asks for the longest wait.
        until: when the next one is read.
    """

    because: Counted
    until: datetime


def line_of(address: str) -> str:
    """Where attempts come from, as it is counted: an IPv4 address, or the line that an IPv6 address belongs to."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, _LINE), strict=False)) if isinstance(found, IPv6Address) else address


def wait_after(counted: Counted, count: int) -> timedelta:
    """How long after this many failures the next attempt is read."""
    limit = LIMITS[counted]
    if count < limit.at_once:
        return timedelta()
    return min(_FIRST_WAIT * (1 << min(count - limit.at_once, _MOST_DOUBLINGS)), limit.longest)


def throttled(failures: tuple[Failures, ...], now: datetime, *, known_here: bool = False) -> Throttled | None:
    """Whether an attempt has to wait, and until when.

    Args:
        known_here: its person has signed in from this address before; what is tried elsewhere says nothing of it.
    """
    waits = [
        Throttled(one.counted, one.last_at + wait_after(one.counted, one.count))
        for one in failures
        if now - one.last_at < FORGOTTEN_AFTER and not (known_here and one.counted is Counted.ACCOUNT)
    ]
    # A clock that was ahead when a failure was counted must keep nobody out for longer than the longest wait.
    due = [one for one in waits if now < one.until <= now + LIMITS[one.because].longest]
    return max(due, key=lambda one: one.until, default=None)


def counted_on(failures: Failures, now: datetime) -> Failures:
    """The failures with one more, now; old ones are forgotten."""
    before = failures.count if now - failures.last_at < FORGOTTEN_AFTER else 0
    return Failures(failures.counted, before + 1, now)
