"""Bringing the database to the schema of this version, once, however many processes start."""

from __future__ import annotations

from typing import Any

import psycopg
from django.core.management import call_command
from django.db import OperationalError, connections

from fellesjournal.foundation.database.connection import OWNER

# Any constant of our own; the same in all versions.
_MIGRATION_LOCK = 0x46454C4C4553


_OLDEST_SERVER = 150000  # PostgreSQL 15


class DatabaseNotUsable(RuntimeError):
    """The database can't be reached, or is too old."""


def migrate() -> None:
    """Apply what is missing. Processes that start together wait for the first one.

    Raises :class:`DatabaseNotUsable`.
    """
    try:
        opened = _owner()
    except OperationalError as error:
        raise DatabaseNotUsable(f"the database can't be reached: {error}".strip()) from error
    version = opened.info.server_version
    if version < _OLDEST_SERVER:
        raise DatabaseNotUsable(f"PostgreSQL {version // 10000} is too old: 15 or newer is needed")
    opened.execute("select pg_advisory_lock(%s)", [_MIGRATION_LOCK])
    try:
        call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    finally:
        opened.execute("select pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
        connections[OWNER].close()


def _owner() -> psycopg.Connection[tuple[Any, ...]]:
    """The one connection of a process that owns the schema; closed before anything is served."""
    connections[OWNER].ensure_connection()
    opened: psycopg.Connection[tuple[Any, ...]] = connections[OWNER].connection
    return opened
