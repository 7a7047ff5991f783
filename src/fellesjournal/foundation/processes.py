"""Child processes that must not outlive their parent."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def with_parent(number: int) -> Callable[[], None]:
    """For ``preexec_fn``: Linux sends the child this signal when the starting thread dies.

    Elsewhere nothing happens, and a killed parent leaves its children running.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def end_with_parent(number: int) -> None:
    """The same, asked for by the child itself once it runs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
