"""Bringing the database to the schema of this version, once, however many processes start."""

from __future__ import annotations

from django.core.management import call_command

from fellesjournal.foundation.database.connection import connection

# Any constant of our own; the same in all versions.
_MIGRATION_LOCK = 0x46454C4C4553


def migrate() -> None:
    """Apply what is missing. Processes that start together wait for the first one."""
    opened = connection()
    opened.execute("select pg_advisory_lock(%s)", [_MIGRATION_LOCK])
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        opened.execute("select pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
