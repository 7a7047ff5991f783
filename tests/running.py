"""A whole platform as users start it, in a process and a data folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from fellesjournal.foundation.database.embedded import EmbeddedPostgres, socket_directory
from tests import morning

PROJECT = Path(__file__).resolve().parents[1]
_PATIENCE_SECONDS = 90.0


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def need_not_last(server: EmbeddedPostgres) -> None:
    """Nothing in this database outlives the tests, so no commit waits for the disk. Not for tests of
    what dies: their platforms keep what they are told.
    """
    with psycopg.connect(server.conninfo, autocommit=True) as database:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            database.execute(f"alter system set {setting} = off".encode())
        database.execute("select pg_reload_conf()")


class Platform:
    """``fellesjournal run`` on a data folder, ready when the block begins, stopped at its end."""

    def __init__(self, data: Path, *, citizens: int, start: bool = True) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = self.environment(data, self.port, citizens=citizens)
        self._start = start
        self.process: subprocess.Popen[bytes]
        self._log = data.with_name(data.name + ".output")

    @staticmethod
    def environment(data: Path, port: int, *, citizens: int) -> dict[str, str]:
        """The variables of a platform; no ``citizens``: an empty database."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("FELLESJOURNAL_")
            and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        return kept | {
            "PYTHONTZPATH": morning.zones(),
            "FELLESJOURNAL_DATA": str(data),
            "FELLESJOURNAL_PORT": str(port),
            "FELLESJOURNAL_WORKERS": "1",
            "FELLESJOURNAL_DEMO": "1" if citizens else "0",
            "FELLESJOURNAL_CITIZENS": str(citizens or 1),
        }

    def __enter__(self) -> Self:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if self._start:
            with self._log.open("wb") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "fellesjournal", "run"],
                    env=self._environment,
                    cwd=PROJECT,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self.wait_until_ready(lambda: "Ctrl-C" in self.output())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._start and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        if socket_directory(self.data).parent != self.data:
            shutil.rmtree(socket_directory(self.data), ignore_errors=True)

    def output(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def wait_until_ready(self, also: Callable[[], bool] = lambda: True) -> None:
        """Return when the health page says so and ``also`` holds; fail with its output."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=5):
                    if also():
                        return
            except (urllib.error.URLError, OSError, ValueError, IndexError):
                pass
            time.sleep(0.05)
        raise AssertionError("the platform is not ready:\n" + self.output())

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the platform on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "fellesjournal", *words],
            env=self._environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
