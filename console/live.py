"""Tells open pages that something changed, by server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html. One poller per process asks the database, and only
while somebody listens; a page that hears another word than the one it was made with asks for itself again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from errors import GroundswellError

# Proxies and browsers give up on a silent connection; one that is gone is noticed when it is written to.
HEARTBEAT = timedelta(seconds=15)
POLL = timedelta(seconds=1)
_RECONNECT = "retry: 2000\n\n"
_log = logging.getLogger(__name__)


class LiveFeed:
    """Words that change whenever a page would, for any number of listeners of one event loop.

    Args:
        read: asks for the word now; runs in a thread.
        poll: time between two questions.
    """

    def __init__(self, read: Callable[[], str], poll: timedelta = POLL) -> None:
        self._read = read
        self._poll_every = poll.total_seconds()
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._poller: asyncio.Task[None] | None = None
        self._word: str | None = None
        self._closed = False

    def close(self) -> None:
        """End every stream, so that a server that stops need not wait for its listeners; call in the event loop."""
        self._closed = True
        for mailbox in self._listeners:
            mailbox.put_nowait(None)

    async def listen(self) -> AsyncIterator[str]:
        """Events as they are sent: the word now, then every new one; comments in between keep the line open."""
        yield _RECONNECT
        if self._closed:
            return
        mailbox = self._join()
        try:
            while (event := await _next(mailbox)) is not None:
                yield event
        finally:
            self._leave(mailbox)

    def _join(self) -> asyncio.Queue[str | None]:
        mailbox: asyncio.Queue[str | None] = asyncio.Queue()
        if self._poller is None:
            self._word = None
            self._poller = asyncio.create_task(self._poll())
        elif self._word is not None:
            mailbox.put_nowait(self._word)
        self._listeners.add(mailbox)
        return mailbox

    def _leave(self, mailbox: asyncio.Queue[str | None]) -> None:
        self._listeners.discard(mailbox)
        if not self._listeners and self._poller is not None:
            self._poller.cancel()
            self._poller = None

    async def _poll(self) -> None:
        while True:
            try:
                word = await run_in_threadpool(self._read)
            except GroundswellError as error:
                _log.warning("live pages wait: %s", error)
            else:
                self._tell(word)
            await asyncio.sleep(self._poll_every)

    def _tell(self, word: str) -> None:
        if word == self._word:
            return
        self._word = word
        for mailbox in self._listeners:
            mailbox.put_nowait(word)


async def _next(mailbox: asyncio.Queue[str | None]) -> str | None:
    try:
        word = await asyncio.wait_for(mailbox.get(), HEARTBEAT.total_seconds())
    except TimeoutError:
        return ": still here\n\n"
    return None if word is None else f"data: {word}\n\n"
