"""How often a host is asked, over all sources that live on it.

Two requests to one host keep a distance, and a host that asked to be left alone is left alone by every source on it:
not by those of its neighbours, and not for longer than it said. One :class:`Pacing` is shared by all clients of a
process; what must outlive the process is handed out as :class:`Wait` and given back at the next start.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sources.contract import HostBusyError
from sources.network.failures import LONGEST_WAIT

# Seconds between two requests to a host that are waited for, and not remembered beyond the process.
_SHORT = 10.0
# No host is left alone for so long: a wait that still lasts longer was set by a clock that was ahead.
_BELIEVED = 2 * LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Wait:
    """A host is to be left alone until a moment.

    Attributes:
        host: name and port as in an address, in lower case.
        reason: why, for people.
    """

    host: str
    until: datetime
    reason: str


class Pacing:
    """Gives requests their turn; safe to share between threads.

    Args:
        clock: what time it is, for moments that hosts name.
        monotonic, sleep: as in :mod:`time`.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = Lock()
        self._next: dict[str, float] = {}
        self._waits: dict[str, Wait] = {}
        self._learned: dict[str, Wait] = {}
        self._round_ends = float("inf")

    def start_round(self, seconds: float) -> None:
        """From now on requests wait for their turn no longer than this many seconds in all, and else give up."""
        with self._lock:
            now = self._monotonic()
            self._round_ends = now + seconds
            self._next = {host: at for host, at in self._next.items() if at > now}

    def turn(self, host: str, spacing: float) -> None:
        """Wait until a request to a host is due, and count it as made.

        Args:
            spacing: seconds that the next request to this host keeps from this one.

        Raises:
            HostBusyError: the host wants to be left alone, or its turn comes after the end of the round.
        """
        with self._lock:
            self._refuse_early(host)
            now = self._monotonic()
            due = max(now, self._next.get(host, now))
            if due > max(self._round_ends, now):
                raise _busy(host, "other sources of the same host come first", due - now)
            self._next[host] = due + spacing
            if spacing > _SHORT:
                until = self._clock() + timedelta(seconds=due - now + spacing)
                self._waits[host] = Wait(host, until, f"it may be asked once every {spacing:g} seconds")
        if due > now:
            self._sleep(due - now)

    def leave_alone(self, host: str, seconds: float, reason: str) -> None:
        """Ask nothing of a host for so long; a longer wait that holds already stays."""
        with self._lock:
            self._keep(Wait(host, self._clock() + timedelta(seconds=seconds), reason))

    def learn(self, waits: Iterable[Wait]) -> None:
        """Keep to what was remembered; a longer wait that holds already stays."""
        with self._lock:
            for wait in waits:
                self._learned[wait.host] = wait
                self._keep(wait)

    def _keep(self, wait: Wait) -> None:
        known, latest = self._waits.get(wait.host), self._clock() + timedelta(seconds=_BELIEVED)
        if known is None or known.until > latest or known.until < wait.until <= latest:
            self._waits[wait.host] = wait

    def waits(self) -> tuple[Wait, ...]:
        """Hosts that are to be left alone now, but for what was learned: somebody may have it forgotten meanwhile."""
        with self._lock:
            now = self._clock()
            latest = now + timedelta(seconds=_BELIEVED)
            self._waits = {host: wait for host, wait in self._waits.items() if now < wait.until <= latest}
            return tuple(wait for host, wait in self._waits.items() if self._learned.get(host) != wait)

    def _refuse_early(self, host: str) -> None:
        wait = self._waits.get(host)
        left = (wait.until - self._clock()).total_seconds() if wait else 0.0
        if wait and 0 < left <= _BELIEVED:
            raise _busy(host, wait.reason, left)


def _busy(host: str, reason: str, seconds: float) -> HostBusyError:
    return HostBusyError(
        host,
        f"it is left alone for now: {reason}.",
        "It is asked again by itself; ask less often if this lasts.",
        retry_after=seconds,
    )
