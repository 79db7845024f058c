"""A flow run that hangs, for a test that kills its runner."""

from __future__ import annotations

import os
import time

from flows.watch import end_with_runner


def run() -> None:
    """Say who this is and hang."""
    end_with_runner()
    print(os.getpid(), flush=True)  # noqa: T201  # the test reads it
    time.sleep(600)
