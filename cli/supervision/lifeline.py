"""A program that does not outlive the one that started it, however that one dies.

``python -m cli.supervision.lifeline PARENT COMMAND...`` asks the kernel to kill this process when its parent dies
(PR_SET_PDEATHSIG, https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html) and becomes COMMAND; the request
survives ``execve``. It is a program rather than a ``preexec_fn``, because that one may deadlock when threads are about.

The kernel means the parent's *thread*, so the supervisor starts its programs from its main thread. Where there is no
such request (macOS), a parent that is killed with SIGKILL leaves its programs running; every other end stops them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def command(parent: int, arguments: Sequence[str]) -> list[str]:
    """The command line that runs Python with these arguments, tied to the life of a process.

    ``-P`` keeps the working directory out of ``sys.path``: a folder ``settings`` there would hide our package.
    """
    return [sys.executable, "-P", "-m", __name__, str(parent), sys.executable, "-P", *arguments]


def become(parent: int, arguments: Sequence[str]) -> None:
    """Tie this process to the life of its parent and become another program; does not return."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit(1)
    os.execv(arguments[0], list(arguments))  # noqa: S606  # the command comes from the supervisor, not from a shell


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])
