"""The command line: its help, its exit codes, and the platform's life from start to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from fellesjournal.config.cli import COMMANDS, main
from fellesjournal.foundation.database.embedded import socket_directory
from tests.running import Platform, free_port


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_shows_an_example(command: str) -> None:
    answer = CliRunner().invoke(main, [command, "--help"])
    assert answer.exit_code == 0
    assert "Example:" in answer.output
    assert f"fellesjournal {command}" in answer.output


def test_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(main, ["destroy"]).exit_code == 2


def test_bad_setting_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FELLESJOURNAL_PORT", "eight thousand")
    answer = CliRunner().invoke(main, ["run"])
    assert answer.exit_code == 2
    assert "FELLESJOURNAL_PORT" in answer.output


def test_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    variables = Platform.environment(tmp_path / "data", free_port(), citizens=0)
    variables["DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    done = subprocess.run(
        [sys.executable, "-m", "fellesjournal", "run"],
        env=variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Error: the database can't be reached" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One for all tests here that leave it running; what is killed in one is up again for the next."""
    with Platform(tmp_path_factory.mktemp("platform") / "data", citizens=0) as running:
        yield running


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _command_line(pid: int) -> str:
    """What a process was started as; nothing when it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, marks=pytest.mark.thorough), signal.SIGTERM]
)
def test_signal_stops_everything_and_the_database_last(
    tmp_path: Path, number: signal.Signals
) -> None:
    with Platform(tmp_path / "data", citizens=0) as running:
        everybody = _children(running.process.pid)
        assert len(everybody) == 3  # database, HTTP server, and the worker of messages
        running.process.send_signal(number)
        assert running.process.wait(30) == 0
        assert not any(_is_running(pid) for pid in everybody)
        assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()
        log = (tmp_path / "data" / "postgres.log").read_text()
        assert "database system is shut down" in log
        assert "was not properly shut down" not in log


def test_start_says_where_to_open_it_and_who_to_be(platform: Platform) -> None:
    said = platform.output()
    assert platform.url in said
    assert "/fhir/metadata" in said
    assert "Sign in" in said


def test_killed_database_is_started_again(platform: Platform) -> None:
    pid_file = platform.data / "postgres" / "postmaster.pid"
    killed = int(pid_file.read_text().split("\n")[0])
    os.kill(killed, signal.SIGKILL)
    platform.wait_until_ready(lambda: int(pid_file.read_text().split("\n")[0]) != killed)
    assert _status(platform.url + "/health") == 200


def test_killed_worker_of_messages_is_started_again(platform: Platform) -> None:
    def workers() -> list[int]:
        return [
            pid for pid in _children(platform.process.pid) if _command_line(pid).endswith("work\0")
        ]

    (worker,) = workers()
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while workers() in ([], [worker]) and time.monotonic() < deadline:
        time.sleep(0.1)
    (again,) = workers()
    assert again != worker


def test_killed_http_server_is_started_again(platform: Platform) -> None:
    database = int((platform.data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    (server,) = [
        pid
        for pid in _children(platform.process.pid)
        if pid != database and "config.serving" in _command_line(pid)
    ]
    os.kill(server, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _is_running(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    platform.wait_until_ready(lambda: server not in _children(platform.process.pid))
    assert _status(platform.url + "/health") == 200


def test_killed_platform_leaves_nothing_running_and_starts_again(tmp_path: Path) -> None:
    with Platform(tmp_path / "data", citizens=0) as running:
        everybody = _children(running.process.pid)
        workers = [pid for child in everybody for pid in _children(child)]
        running.process.kill()
        running.process.wait()
    deadline = time.monotonic() + 20
    while any(map(_is_running, [*everybody, *workers])) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_is_running, [*everybody, *workers]))
    with Platform(tmp_path / "data", citizens=0) as again:
        assert _status(again.url + "/health") == 200


def test_two_platforms_run_side_by_side(platform: Platform, tmp_path: Path) -> None:
    with Platform(tmp_path / "other", citizens=0) as other:
        assert _status(platform.url + "/health") == 200
        assert _status(other.url + "/health") == 200


def test_second_platform_on_the_same_data_is_told_so(platform: Platform) -> None:
    code, said = _run_briefly(platform.data, free_port())
    assert code == 4
    assert "in use by process" in said


def test_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = _run_briefly(tmp_path / "data", taken.getsockname()[1])
    assert code == 4
    assert "FELLESJOURNAL_PORT" in said
    assert not (tmp_path / "data" / "postgres").exists()


def test_command_uses_the_database_of_the_running_platform(platform: Platform) -> None:
    done = platform.command("token")
    assert done.returncode == 0, done.stderr
    token = done.stdout.strip().split("\n")[-1]
    request = urllib.request.Request(
        platform.url + "/fhir/Patient", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def test_planner_knows_at_once_what_was_loaded(platform: Platform, tmp_path: Path) -> None:
    """It would look by itself within a minute; until then searches took ten times as long."""
    (tmp_path / "one.json").write_text(
        '{"resourceType": "Basic", "id": "b", "code": {"text": "b"}}'
    )
    done = platform.command("load", str(tmp_path / "one.json"), "--rejects", str(tmp_path / "no"))
    assert done.returncode == 0, done.stderr
    with psycopg.connect(
        host=str(socket_directory(platform.data)), user="fellesjournal", dbname="fellesjournal"
    ) as owner:
        looked_at = owner.execute(
            "select last_analyze from pg_stat_user_tables where relname = 'entry'"
        ).fetchone()
    assert looked_at is not None
    assert looked_at[0] is not None


def test_tables_of_figures_are_written_to_files_nobody_else_reads(
    platform: Platform, tmp_path: Path
) -> None:
    done = platform.command("figures", str(tmp_path / "files"), "--month", "2026-10")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "there are no units" in done.stdout
    assert (tmp_path / "files" / "dose_given").is_dir()
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700
    again = platform.command("figures", str(tmp_path / "files"), "--month", "october")
    assert again.returncode == 2
    assert "%Y-%m" in again.stderr


def test_command_alone_starts_and_stops_the_database(tmp_path: Path) -> None:
    with Platform(tmp_path / "data", citizens=0, start=False) as idle:
        done = idle.command("token")
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()


def _run_briefly(data: Path, port: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "fellesjournal", "run"],
        env=Platform.environment(data, port, citizens=0),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


def test_first_start_that_was_interrupted_goes_on_with_the_same_region(tmp_path: Path) -> None:
    data = tmp_path / "data"
    unfinished = data / "demo-region.unfinished"
    started = subprocess.Popen(
        [sys.executable, "-m", "fellesjournal", "run"],
        env=Platform.environment(data, free_port(), citizens=20),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not unfinished.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    started.send_signal(signal.SIGTERM)
    assert started.wait(60) != 0
    assert unfinished.read_text().startswith("20 ")
    with Platform(data, citizens=20):
        assert not unfinished.exists()
