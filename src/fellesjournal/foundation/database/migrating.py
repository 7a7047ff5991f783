"""Bringing the database to the schema of this version, once, however many processes start."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import Error, OperationalError, connections, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory

from fellesjournal.foundation.database.connection import OWNER

# Any constant of our own; the same in all versions.
_MIGRATION_LOCK = 0x46454C4C4553


_OLDEST_SERVER = 150000  # PostgreSQL 15


class DatabaseNotUsable(RuntimeError):
    """The database can't be reached, is too old, or can't be brought to this version."""


def migrate() -> None:
    """Apply all that is missing, or nothing. Processes that start together wait for the first one.

    Raises :class:`DatabaseNotUsable`; the database is then as it was.
    """
    try:
        opened = _owner()
    except OperationalError as error:
        raise DatabaseNotUsable(f"the database can't be reached: {error}".strip()) from error
    version = opened.info.server_version
    if version < _OLDEST_SERVER:
        raise DatabaseNotUsable(f"PostgreSQL {version // 10000} is too old: 15 or newer is needed")
    try:
        _apply(opened)
    except (Error, psycopg.Error, InconsistentMigrationHistory) as error:
        raise DatabaseNotUsable(_not_of_this_version(error)) from error
    finally:
        connections[OWNER].close()


def _apply(opened: psycopg.Connection[tuple[Any, ...]]) -> None:
    """All migrations in one transaction: the version that made the database can still use it."""
    opened.execute("select pg_advisory_lock(%s)", [_MIGRATION_LOCK])
    try:
        with transaction.atomic(using=OWNER):
            call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    finally:
        opened.execute("select pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


def _not_of_this_version(error: Exception) -> str:
    """What stands in the way and what to do. Names no address: it may hold a password.

    Before the first release the SQL of migrations was edited in place, so a database of an
    earlier day may lack what this version takes for granted.
    """
    why = (str(error).splitlines() or [type(error).__name__])[0]
    start = f"can't be brought to this version ({why}). Nothing was changed."
    if settings.ENVIRONMENT.database_url:
        return (
            f"the database at DATABASE_URL {start} If an earlier development version made it,"
            " name an empty database, or run the version that made it."
        )
    return (
        f"the database in {settings.ENVIRONMENT.data} {start} If an earlier development version"
        " made it, move that folder away, set FELLESJOURNAL_DATA to another one, or run the"
        " version that made it."
    )


def _owner() -> psycopg.Connection[tuple[Any, ...]]:
    """The one connection of a process that owns the schema; closed before anything is served."""
    connections[OWNER].ensure_connection()
    opened: psycopg.Connection[tuple[Any, ...]] = connections[OWNER].connection
    return opened
