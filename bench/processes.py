"""Processor time and memory of process trees, read from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """A process and everything below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        todo.extend(children.get(current, []))
    return found


def time_on_processor(pid: int) -> float:
    """Seconds that a process of one thread has run so far, to the nanosecond; for short work,
    of which :func:`cpu_seconds` sees steps of a hundredth of a second.
    """
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes so far, their reaped children included."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def command_line(pid: int) -> str:
    """How the process was started; empty for one that is gone."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""


def private_megabytes(pid: int) -> float:
    """Memory that would be freed if the process ended, plus its share of what it shares."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    except OSError:
        pass
    return 0.0


@dataclass(frozen=True, slots=True)
class Tree:
    """The processes of a running platform."""

    root: int

    def cpu(self) -> float:
        """Processor seconds of server and database together."""
        return cpu_seconds(descendants(self.root))

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in descendants(self.root) if "config.serving" in command_line(pid)]
