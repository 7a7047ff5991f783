"""One after the other, in all processes: for what looks at the record before it acts on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fellesjournal.foundation.database.connection import connection


@contextmanager
def in_turn(name: str) -> Iterator[None]:
    """Wait until nobody else is in a block of this name, then have it alone.

    The turn belongs to the connection: that of a process that is killed is over at once.
    """
    database = connection()
    database.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield
    finally:
        if not database.closed:
            database.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])


__all__ = ["in_turn"]
