"""How a command gets its database: the one by URL, the running embedded one, or its own.

A command such as ``load`` may run beside the platform, in the same data folder: it then
uses the platform's server. Run alone, it starts the server and stops it afterwards, once
no other command uses it any more.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import click
import django
import psycopg

from fellesjournal.config.cli.exit_codes import IN_USE, WRONG_USE, fail
from fellesjournal.config.environment import BadSetting, Environment, read_environment
from fellesjournal.foundation.database.embedded import (
    AlreadyRunning,
    EmbeddedPostgres,
    ServerFailed,
)

_PATIENCE_SECONDS = 60.0


def environment() -> Environment:
    """The settings; ends the command when one can't be used."""
    try:
        return read_environment()
    except BadSetting as error:
        fail(str(error), WRONG_USE)


def set_up_django() -> None:
    """Load the settings and the apps, and the translations they show."""
    from fellesjournal.foundation.languages.catalogues import compile_catalogues

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fellesjournal.config.settings")
    compile_catalogues()
    django.setup()


@contextmanager
def open_database(settings: Environment | None = None) -> Iterator[Environment]:
    """A database with the current schema for the block; Django is set up in it."""
    settings = settings or environment()
    set_up_django()
    if settings.database_url:
        bring_up_to_date()
        yield settings
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "users.lock").open("w", encoding="utf-8") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = EmbeddedPostgres(settings.data)
        try:
            server.start()
        except AlreadyRunning:
            _wait_for_running(server)
            bring_up_to_date()
            yield settings
            return
        except ServerFailed as error:
            fail(str(error))
        try:
            bring_up_to_date()
            yield settings
        finally:
            _close_own_connection()
            _wait_for_other_users(users)
            server.stop()


def bring_up_to_date() -> None:
    """Migrate the database of the settings; ends the command when that can't be done."""
    from fellesjournal.foundation.database.migrating import DatabaseNotUsable, migrate

    try:
        migrate()
    except DatabaseNotUsable as error:
        fail(str(error))


def start_server(settings: Environment) -> EmbeddedPostgres | None:
    """The embedded server for a platform that is about to run, or None with DATABASE_URL."""
    if settings.database_url:
        return None
    server = EmbeddedPostgres(settings.data)
    try:
        server.start()
    except AlreadyRunning as error:
        fail(f"{error}\nSet FELLESJOURNAL_DATA to another folder, or stop that process.", IN_USE)
    except ServerFailed as error:
        fail(str(error))
    return server


def _wait_for_running(server: EmbeddedPostgres) -> None:
    """The holder of the lock may still be starting its server."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(server.conninfo, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                fail(f"the database in {server.data_dir} does not answer: {error}", IN_USE)
            time.sleep(0.1)
        else:
            return


def _wait_for_other_users(users: IO[str]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        click.echo("Waiting for other commands that use this database.", err=True)
        fcntl.flock(users, fcntl.LOCK_EX)


def _close_own_connection() -> None:
    from django.db import connections

    connections.close_all()
