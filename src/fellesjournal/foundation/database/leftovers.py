"""What an earlier, killed platform may have left running on a cluster folder.

Two servers on one folder would destroy it. PostgreSQL guards itself by a pid file and a
shared memory block; here the remains are found and stopped, so that a start after kill -9
of the platform, of PostgreSQL or of both needs nobody's help.
"""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


class StillRunning(RuntimeError):
    """A server on this cluster folder could not be stopped."""


def postmaster_pid(cluster: Path) -> int | None:
    """The process id in the cluster's pid file, alive or not."""
    try:
        return int((cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def stop_leftovers(cluster: Path) -> None:
    """Stop every server process on the folder, the gentle way first; then clear its marks.

    Raises :class:`StillRunning` when a process survives all.
    """
    for number, patience in _STEPS:
        alive = _processes_on(cluster)
        if not alive:
            break
        leader = postmaster_pid(cluster)
        # Signals go to the leader, who ends its children; orphans without one get their own.
        for pid in [leader] if leader in alive else alive:
            _send(pid, number)
        _wait_until_gone(cluster, patience)
    if left := _processes_on(cluster):
        message = f"PostgreSQL processes {sorted(left)} on {cluster} do not stop"
        raise StillRunning(message)
    # A reused process id would make PostgreSQL believe that its predecessor is alive.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def clear_socket(directory: Path) -> None:
    """Remove the socket files of a dead server."""
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (directory / name).unlink(missing_ok=True)


def _wait_until_gone(cluster: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while _processes_on(cluster) and time.monotonic() < deadline:
        time.sleep(0.05)


def _send(pid: int | None, number: int) -> None:
    if pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _processes_on(cluster: Path) -> set[int]:
    """Living postgres processes whose working folder is the cluster."""
    if platform.system() == "Linux":
        return {pid for pid in _process_ids() if _works_in(pid, cluster.resolve())}
    pid = postmaster_pid(cluster)
    return {pid} if pid is not None and _is_postgres_by_ps(pid) else set()


def _process_ids() -> Iterable[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _works_in(pid: int, folder: Path) -> bool:
    process = Path("/proc") / str(pid)
    try:
        if (process / "comm").read_text(encoding="utf-8").strip() != "postgres":
            return False
        if (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return False
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


def _is_postgres_by_ps(pid: int) -> bool:
    found = subprocess.run(
        ["ps", "-p", str(pid), "-o", "comm="],  # noqa: S607 - where ps lies differs by system
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in found.stdout
