"""A process must not outlive the one that started it: nobody would stop it, and it holds a port."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_EVERY_S = 0.5
_PR_SET_PDEATHSIG = 1


def exit_with_parent() -> None:
    """End this process half a second after its parent has died, whatever it is doing.

    Works wherever there is POSIX; call it first thing in a process that a supervisor starts.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_EVERY_S)
        os._exit(1)

    threading.Thread(target=watch, name="exit-with-parent", daemon=True).start()


def die_with_parent() -> Callable[[], None] | None:
    """What to run between fork and exec so that the kernel kills the child with its parent.

    Returns: None where the kernel offers no such thing (only Linux does).
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return ask_kernel
