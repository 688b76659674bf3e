"""Tie a process to its parent: when the parent is gone, however it went, so is the process.

As a program: `python -I -S leash.py PARENT COMMAND…`. Standard library only, started before
anything of ours is imported.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
TIED = "SEN_TIED"
"""In the environment of a tied process, so that the processes it forks tie themselves to it."""


def tie(parent: int) -> None:
    """Let the kernel kill this process when its parent ends; end at once if it has ended already.

    The tie holds through exec, not through fork.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def tie_if_asked() -> None:
    """Tie this process to its parent if that one is tied itself (a web server's own worker)."""
    if os.environ.get(TIED):
        tie(os.getppid())


def main(parent: str, *command: str) -> None:
    """Tie this process to the parent and become the command."""
    tie(int(parent))
    os.environ[TIED] = "1"
    os.execvp(command[0], command)  # noqa: S606 - becoming a program is its whole work


if __name__ == "__main__":
    main(*sys.argv[1:])
