"""A platform of its own to measure: started, filled with a demo region, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.processes import Tree

COMMAND = str(Path(sys.executable).with_name("fellesjournal"))


@dataclass(frozen=True, slots=True)
class Instance:
    """A running platform: its port, data folder, processes, and a token for the API."""

    port: int
    data: Path
    tree: Tree
    token: str

    def url(self, path: str) -> str:
        """An address on this platform."""
        return f"http://127.0.0.1:{self.port}{path}"


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(data: Path, port: int = 8000, **more: str) -> dict[str, str]:
    """The environment of commands about this data folder."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FELLESJOURNAL_", "DJANGO_", "PYTEST_")) and name != "DATABASE_URL"
    }
    return inherited | {
        "FELLESJOURNAL_DATA": str(data),
        "FELLESJOURNAL_PORT": str(port),
        "FELLESJOURNAL_DEMO": "0",
        # one client asks for all here
        "FELLESJOURNAL_RATE_PERSON": "0",
        **more,
    }


def command(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one ``fellesjournal`` command on a data folder; raises when it fails."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=settings(data, kept_port(data)),
        text=True,
        capture_output=True,
        check=True,
    )


def start(data: Path, port: int, **more: str) -> subprocess.Popen[bytes]:
    """Start the platform and wait until it answers."""
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [COMMAND, "run"],
            env=settings(data, port, **more),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_until_ready(port, process)
    return process


def wait_until_ready(port: int, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Block until the health page answers; raises RuntimeError when it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the platform did not start; see the log beside {port}")


def kept_port(data: Path) -> int:
    """The port of a data folder, the same each time: with another address of the server the
    search index would be made again.
    """
    kept = data / "port"
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        kept.write_text(str(free_port()), encoding="ascii")
    return int(kept.read_text(encoding="ascii"))


@contextmanager
def running(data: Path, **more: str) -> Iterator[Instance]:
    """The platform on a data folder, for the block."""
    port = kept_port(data)
    process = start(data, port, **more)
    try:
        token = command(data, "token").stdout.strip().splitlines()[-1]
        yield Instance(port, data, Tree(process.pid), token)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
