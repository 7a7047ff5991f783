"""Work that keeps the record quick and changes nothing in it."""

from __future__ import annotations

from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.store.retire import retire


def keep_house() -> int:
    """Remove index rows that no open page can need; answers how many. Safe to run anywhere, any time."""
    removed, more = 0, True
    while more:
        with transaction():
            batch, more = retire(connection())
            removed += batch
    return removed
