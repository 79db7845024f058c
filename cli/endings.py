"""Endings from outside, as a closed terminal: what lies in folders of its own is put away first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from signal import SIG_IGN, SIGHUP, SIGINT, SIGTERM, getsignal
from signal import signal as on_signal
from threading import current_thread, main_thread

ENDINGS = (SIGINT, SIGTERM, SIGHUP)


@contextmanager
def put_away_when_ended() -> Iterator[Callable[[], None]]:
    """Leave the block as Ctrl-C does whatever ends the process; what it was started to pass over it passes over.

    It yields what long work calls now and then: where Python passed over the interruption, as within a callback that
    tidies up, the work ends there.
    """
    if current_thread() is not main_thread():  # signals are its matter alone
        yield lambda: None
        return
    before, came = {ending: getsignal(ending) for ending in ENDINGS}, list[int]()

    def note(number: int, frame: object) -> None:
        came.append(number)
        end(number, frame)

    for ending, handler in before.items():
        if handler is not SIG_IGN:
            on_signal(ending, note)

    def look() -> None:
        if came:
            raise KeyboardInterrupt

    try:
        yield look
    except Exception:
        look()  # what was interrupted, as a statement of the database, may call it an error of its own
        raise
    finally:
        for ending, handler in before.items():
            on_signal(ending, handler)


def end(_signal: int, _frame: object) -> None:
    """Put everything away, and let nothing interrupt that."""
    for ending in ENDINGS:
        on_signal(ending, SIG_IGN)
    raise KeyboardInterrupt
