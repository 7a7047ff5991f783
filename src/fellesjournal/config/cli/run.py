"""``fellesjournal run``: the whole platform in the foreground."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

import click
import psycopg

from fellesjournal.config.cli.database import (
    bring_up_to_date,
    environment,
    set_up_django,
    start_server,
)
from fellesjournal.config.cli.exit_codes import FAILED, IN_USE, INTERRUPTED, fail
from fellesjournal.config.environment import Environment
from fellesjournal.foundation.database.embedded import EmbeddedPostgres, ServerFailed
from fellesjournal.foundation.processes import with_parent

_READY_PATIENCE_SECONDS = 60.0
_DRAIN_SECONDS = 20.0
_HOUSEKEEPING_SECONDS = 300.0
_SEAL_SECONDS = 60.0
# More deaths than this within a minute mean that starting again does not help.
_TOLERATED_DEATHS_PER_MINUTE = 5
# Commands that play others beside a demo.
_STAND_INS = ("laboratory", "outsider")


@click.command(
    "run",
    epilog="""
\b
Example:
  fellesjournal run
  FELLESJOURNAL_DATA=/srv/record FELLESJOURNAL_PORT=8080 fellesjournal run
""",
)
def command() -> None:
    """Start the platform and stay in the foreground.

    Starts the embedded database (unless DATABASE_URL is set), brings its schema up to date,
    fills an empty one with the demo region (unless FELLESJOURNAL_DEMO=0), and serves pages
    and the FHIR API. Ctrl-C or SIGTERM stops everything, the database last.
    """
    settings = environment()
    _on_stop_signals(_give_up)
    _refuse_taken_port(settings)
    server = start_server(settings)
    try:
        try:
            set_up_django()
            _prepare(settings)
        except PermissionError as error:
            fail(f"can't write to {error.filename}: start it once as the owner of this checkout")
        stopping = threading.Event()
        _on_stop_signals(lambda _number, _frame: stopping.set())
        _serve(settings, server, stopping)
    finally:
        _on_stop_signals(signal.SIG_IGN)  # a second Ctrl-C must not cut the clean stop short
        if server is not None:
            click.echo("Stopping the database ...", err=True)
            server.stop()
    click.echo("Stopped.")


def _on_stop_signals(handler: Callable[[int, object], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _give_up(number: int, _frame: object) -> NoReturn:
    """Told to stop while starting: unwind, which stops what has been started."""
    sys.exit(INTERRUPTED if number == signal.SIGINT else FAILED)


def _refuse_taken_port(settings: Environment) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            fail(
                f"can't listen on {settings.host}:{settings.port}: {error.strerror}."
                " Set FELLESJOURNAL_PORT to another port.",
                IN_USE,
            )


def _prepare(settings: Environment) -> None:
    from fellesjournal.foundation.ui.collecting import collect_static_files

    missing = _missing_front_end_files()
    if missing:
        fail(f"{missing} front-end files are missing. Run: npm ci --ignore-scripts")
    collect_static_files()
    bring_up_to_date()
    _clear_old_sign_ins()
    _settle_index()
    if settings.demo:
        from fellesjournal.config.cli.demo import fill_if_empty

        fill_if_empty(settings.citizens, settings.data)
    _settle_stand_in(settings)
    # The workers have connections of their own.
    from django.db import connections

    connections.close_all()


def _settle_stand_in(settings: Environment) -> None:
    """The stand-in laboratory is a client in a demo, and nowhere else."""
    from fellesjournal.surfaces.stand_in.laboratory_client import let_in, shut_out

    if settings.stand_in:
        let_in(settings.data)
    else:
        shut_out()


def _settle_index() -> None:
    """Searches wait for a rebuild, reads and writes don't: it is carried out while serving."""
    from fellesjournal.access.index import settle

    why = settle()
    if why is not None:
        click.echo(f"Rebuilding the search index: {why}. Searches wait for it.", err=True)


def _missing_front_end_files() -> int:
    from fellesjournal.foundation.ui.vendor import check_vendor_files

    return len(check_vendor_files())


def _clear_old_sign_ins() -> None:
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore.clear_expired()


def _serve(
    settings: Environment, database: EmbeddedPostgres | None, stopping: threading.Event
) -> None:
    """Keep HTTP server and database alive until told to stop."""
    workers, hands = _start_workers(settings), _start_command("work")
    stand_ins = {name: _start_command(name) for name in _STAND_INS if settings.stand_in}
    deaths: deque[float] = deque(maxlen=_TOLERATED_DEATHS_PER_MINUTE)
    announced = False
    threading.Thread(target=_keep_house, args=(stopping,), daemon=True).start()
    threading.Thread(target=_keep_log, args=(settings, stopping), daemon=True).start()
    try:
        while not stopping.wait(0.2):
            if workers.poll() is not None:
                _count_death(deaths, "the HTTP server")
                workers = _start_workers(settings)
            if hands.poll() is not None:
                _count_death(deaths, "the worker that handles messages")
                hands = _start_command("work")
            for name, child in list(stand_ins.items()):
                if child.poll() is not None:
                    _count_death(deaths, f"the stand-in {name}")
                    stand_ins[name] = _start_command(name)
            if database is not None and not database.is_alive():
                _count_death(deaths, "the database")
                _restart(database)
            if not announced and _is_ready(settings, workers, stopping):
                _announce(settings)
                announced = True
    finally:
        for child in stand_ins.values():
            _stop(child)
        _stop(hands)
        _stop(workers)
        _seal_log(settings)


def _keep_house(stopping: threading.Event) -> None:
    """Every few minutes, work that keeps the record quick; a database that is away can wait."""
    from django.db import Error, connections

    from fellesjournal.access.housekeeping import keep_house
    from fellesjournal.config.cli.reindex import rebuild_in_background

    pause = 0.0
    while not stopping.wait(pause):
        pause = _HOUSEKEEPING_SECONDS
        try:
            rebuild_in_background(stopping)
            keep_house()
        except Error as error:
            click.echo(f"Housekeeping put off: {type(error).__name__}", err=True)
        except RuntimeError as error:  # our own: what it says names no patient
            click.echo(f"Housekeeping put off: {error}", err=True)
        finally:
            connections.close_all()


def _keep_log(settings: Environment, stopping: threading.Event) -> None:
    """Every minute, a seal over what the read log got, and the tables of the months ahead."""
    _seal_log(settings)
    while not stopping.wait(_SEAL_SECONDS):
        _seal_log(settings)


def _seal_log(settings: Environment) -> None:
    from django.db import Error, connections

    from fellesjournal.access.readlog.sealing import ANCHOR, keep_log

    try:
        keep_log(settings.data / ANCHOR)
    except (Error, psycopg.Error, OSError) as error:
        click.echo(f"The read log is sealed later: {type(error).__name__}", err=True)
    finally:
        connections.close_all()


def _start_workers(settings: Environment) -> subprocess.Popen[bytes]:
    granian = [
        sys.executable, "-m", "fellesjournal.config.serving", "fellesjournal.config.wsgi:worker",
        "--factory",
        "--interface", "wsgi", "--http", "1", "--no-ws",
        "--host", settings.host, "--port", str(settings.port),
        "--workers", str(settings.workers),
        "--blocking-threads", str(settings.threads),
        "--blocking-threads-idle-timeout", "600",
        "--backlog", "2048", "--backpressure", "1024",
        "--respawn-failed-workers", "--workers-kill-timeout", "15",
        "--log-level", "warning",
    ]  # fmt: skip
    return subprocess.Popen(
        granian,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "fellesjournal.config.settings",
        },
        # Ctrl-C in a terminal reaches us alone; we stop in order, the database last.
        start_new_session=True,
        preexec_fn=with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads yet
    )


def _start_command(name: str) -> subprocess.Popen[bytes]:
    """A process of its own beside the server: ``work``, which handles messages between packages,
    or the demo's ``laboratory``.
    """
    return subprocess.Popen(
        [sys.executable, "-c", "from fellesjournal.config.cli import main; main()", name],
        start_new_session=True,
        preexec_fn=with_parent(signal.SIGTERM),  # noqa: PLW1509 - no lock is held in the child
    )


def _stop(child: subprocess.Popen[bytes]) -> None:
    for number, patience in ((signal.SIGTERM, _DRAIN_SECONDS), (signal.SIGKILL, 5.0)):
        if child.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                # SIGKILL goes to its own children too: they would outlive it.
                if number == signal.SIGKILL:
                    os.killpg(child.pid, number)
                else:
                    child.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                child.wait(patience)


def _restart(database: EmbeddedPostgres) -> None:
    try:
        database.start()
    except ServerFailed as error:
        fail(str(error))


def _count_death(deaths: deque[float], what: str) -> None:
    now = time.monotonic()
    click.echo(f"{what} ended unexpectedly; starting it again.", err=True)
    if len(deaths) == deaths.maxlen and now - deaths[0] < 60:
        fail(f"{what} keeps ending. See the messages above, and postgres.log in the data folder.")
    deaths.append(now)


def _is_ready(
    settings: Environment, workers: subprocess.Popen[bytes], stopping: threading.Event
) -> bool:
    """Wait for the first answer of the health page."""
    deadline = time.monotonic() + _READY_PATIENCE_SECONDS
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - told, not listened to
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/health"
    while time.monotonic() < deadline and workers.poll() is None and not stopping.is_set():
        try:
            with urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            stopping.wait(0.05)
    return False


def _how_to_sign_in(settings: Environment) -> str:
    if settings.stand_in:
        return "as anybody of the demo, on the first page; no password (stand-in)"
    names = ("HelseID", settings.helseid_issuer), ("ID-porten", settings.idporten_issuer)
    return ", ".join(name for name, issuer in names if issuer) or "not set up: docs/operators.md"


def _announce(settings: Environment) -> None:
    where = "DATABASE_URL" if settings.database_url else str(settings.data / "postgres")
    click.echo(f"""
Fellesjournal runs at  {settings.base_url}/
FHIR API               {settings.base_url}/fhir/metadata   (fellesjournal token prints a token)
Database               {where}
Sign in                {_how_to_sign_in(settings)}
Stop                   Ctrl-C
""")
    sys.stdout.flush()
