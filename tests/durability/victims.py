"""What dies, and how: SIGKILL, all at once."""

from __future__ import annotations

import os
import random
import signal
from contextlib import suppress

from bench.processes import Tree, command_line, descendants

KINDS = (
    "worker",
    "connection",
    "work",
    "database",
    "laboratory",
    "server",
    "outsider",
    "everything",
)
"""``worker``: one of those that answer; ``server``: all of them; ``connection``: one backend of
the database, which restarts all; ``database``: its postmaster."""


def victims(root: int, kind: str, chance: random.Random) -> list[int]:
    """The processes that die in a round."""
    everything = descendants(root)
    postgres = [pid for pid in everything if "postgres" in command_line(pid)]
    if kind in {"work", "laboratory", "outsider"}:
        return [pid for pid in everything if command_line(pid).rstrip().endswith(f" {kind}")]
    if kind == "worker":
        return [chance.choice(Tree(root).workers()[1:] or Tree(root).workers())]
    if kind == "server":
        return Tree(root).workers()
    if kind == "database":
        return postgres[:1]  # the postmaster, which its children do not survive
    if kind == "connection":
        return [chance.choice(postgres[1:])]
    return everything


def kill(root: int, kind: str, chance: random.Random) -> None:
    """SIGKILL."""
    for pid in victims(root, kind, chance):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


__all__ = ["KINDS", "kill", "victims"]
