"""The embedded PostgreSQL survives what happens to laptops."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fellesjournal.foundation.database import embedded
from fellesjournal.foundation.database.embedded import (
    AlreadyRunning,
    EmbeddedPostgres,
    ServerFailed,
    socket_directory,
)
from fellesjournal.foundation.database.leftovers import postmaster_pid

# A platform that writes a row, says so, and waits to be killed.
_PLATFORM = """
import sys, time
from pathlib import Path
import psycopg
from fellesjournal.foundation.database.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
with psycopg.connect(server.conninfo, autocommit=True) as connection:
    connection.execute("create table if not exists kept (n int)")
    connection.execute("insert into kept values (1)")
print("written", server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="fj-db-"))
    yield made
    shutil.rmtree(socket_directory(made), ignore_errors=True)
    shutil.rmtree(made)


@pytest.fixture
def platform(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A running platform that has written a row, and the process id of its server."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PLATFORM, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline().split()
    assert said[0] == "written"
    yield process, int(said[1])
    process.kill()
    process.wait()
    process.stdout.close()


def _rows(server: EmbeddedPostgres) -> int:
    with psycopg.connect(server.conninfo) as connection:
        row = connection.execute("select count(*) from kept").fetchone()
        assert row is not None
        return int(row[0])


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_start_stop_start_keeps_data(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create table kept as select 1")
        connection.commit()
        pid = server.pid
    assert pid is not None
    assert not _is_running(pid)
    with EmbeddedPostgres(folder) as server:
        assert _rows(server) == 1


def test_platform_killed_leaves_no_server_behind_and_loses_nothing(
    folder: Path, platform: tuple[subprocess.Popen[str], int]
) -> None:
    process, server_pid = platform
    process.kill()
    process.wait()
    with EmbeddedPostgres(folder) as server:
        assert server.pid != server_pid
        assert not _is_running(server_pid)
        assert _rows(server) == 1


def test_server_killed_with_its_platform_recovers(
    folder: Path, platform: tuple[subprocess.Popen[str], int]
) -> None:
    process, server_pid = platform
    os.kill(server_pid, signal.SIGKILL)
    process.kill()
    process.wait()
    with EmbeddedPostgres(folder) as server:
        assert _rows(server) == 1


def test_orphan_server_that_was_not_told_to_stop_is_taken_over(
    folder: Path, platform: tuple[subprocess.Popen[str], int]
) -> None:
    process, server_pid = platform
    os.kill(server_pid, signal.SIGSTOP)  # cannot obey the order to stop
    process.kill()
    process.wait()
    assert _is_running(server_pid)
    # as if the machine had been too busy: the order arrives late
    late = subprocess.Popen(["/bin/sh", "-c", f"sleep 0.5; kill -CONT {server_pid}"])
    with EmbeddedPostgres(folder) as server:
        late.wait()
        assert not _is_running(server_pid)
        assert _rows(server) == 1


def test_server_killed_under_a_living_platform_starts_again(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        with psycopg.connect(server.conninfo, autocommit=True) as connection:
            connection.execute("create table kept as select 1")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        server.start()
        assert _rows(server) == 1


def test_second_supervisor_of_a_folder_is_refused(folder: Path) -> None:
    with EmbeddedPostgres(folder) as first:
        with pytest.raises(AlreadyRunning, match=str(os.getpid())):
            EmbeddedPostgres(folder).start()
        assert first.is_alive()


def test_two_folders_run_side_by_side(folder: Path) -> None:
    with EmbeddedPostgres(folder / "a") as one, EmbeddedPostgres(folder / "b") as two:
        for server in (one, two):
            with psycopg.connect(server.conninfo, autocommit=True) as connection:
                connection.execute("create table kept as select 1")
        assert one.pid != two.pid
        assert (_rows(one), _rows(two)) == (1, 1)


def test_long_data_path_gets_a_short_private_socket_folder(folder: Path) -> None:
    deep = folder / ("deep" * 20) / ("er" * 30)
    place = socket_directory(deep)
    try:
        assert len(str(place)) < 80
        with EmbeddedPostgres(deep) as server:
            assert place.stat().st_mode & 0o777 == 0o700
            with psycopg.connect(server.conninfo) as connection:
                connection.execute("select 1")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_half_made_cluster_of_a_killed_first_start_is_made_again(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("select 1")


def test_pid_file_with_a_reused_process_id_does_not_prevent_the_start(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        content = (server.cluster / "postmaster.pid").read_text().split("\n")
    pid_file = server.cluster / "postmaster.pid"
    pid_file.write_text("\n".join(["1", *content[1:]]))
    with EmbeddedPostgres(folder) as again:
        assert postmaster_pid(again.cluster) == again.pid


def test_server_that_cannot_start_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedPostgres(folder) as server:
        pass
    (server.cluster / "postgresql.local.conf").write_text("no_such_setting = on\n")
    with pytest.raises(ServerFailed, match="no_such_setting"):
        EmbeddedPostgres(folder).start()
    monkeypatch.setattr(embedded, "_binary", lambda _name: "/nowhere/postgres")
    with pytest.raises(FileNotFoundError):
        EmbeddedPostgres(folder).start()


def test_server_listens_on_its_socket_only_and_keeps_durability_on(folder: Path) -> None:
    expected = {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "jit": "off",
        "wal_compression": "off",
    }
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo) as connection:
        for name, value in expected.items():
            row = connection.execute("select current_setting(%s)", [name]).fetchone()
            assert row == (value,), name


def test_norwegian_letters_are_letters_to_the_trigram_search(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute("select similarity('Åse', 'Øse') < 1, lower('ÅSE')").fetchone()
        assert row == (True, "åse")


def test_failing_statement_leaves_no_personal_data_in_the_log(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("create table people (number text unique)")
        connection.execute("insert into people values ('planted-value')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into people values ('planted-value')")
    log = server.log_file.read_text()
    assert "duplicate key" in log
    assert "planted-value" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")
def test_started_by_root_it_runs_as_another_user_even_where_that_user_may_not_go(
    folder: Path,
) -> None:
    folder.chmod(0o700)
    with EmbeddedPostgres(folder) as server:
        status = Path(f"/proc/{server.pid}/status").read_text()
        uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
        assert "0" not in uids
        assert server.cluster.stat().st_mode & 0o777 == 0o700
