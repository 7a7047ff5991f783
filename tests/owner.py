"""The connection as the owner of the schema, for what nothing does at run time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from fellesjournal.foundation.database.connection import APP_ROLE, connection


@contextmanager
def as_owner() -> Iterator[psycopg.Connection[Any]]:
    """This thread's connection, which acts as the owner in the block."""
    database = connection()
    database.execute("reset role")
    try:
        yield database
    finally:
        if database.info.transaction_status.name != "INERROR":
            database.execute(f"set role {APP_ROLE}")
