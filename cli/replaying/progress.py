"""How far a replay is, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import click


class Bars:
    """A bar for each thing that is done, one after the other; use it in a ``with`` block and call it with each step.

    Args:
        look: is called with each step, too.
    """

    def __init__(self, look: Callable[[], None] = lambda: None) -> None:
        self._look = look
        self._stack = ExitStack()
        self._bar: Any = None
        self._stage = ""
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __call__(self, stage: str, done: int, whole: int) -> None:
        """Show how much is done; another stage, or one that begins anew, gets a bar of its own."""
        self._look()
        if stage != self._stage or done < self._done:
            self._stack.close()
            bar: Any = click.progressbar(length=max(whole, 1), label=stage, file=sys.stderr, update_min_steps=1)
            self._bar, self._stage, self._done = self._stack.enter_context(bar), stage, 0
        self._bar.update(done - self._done)
        self._done = done
