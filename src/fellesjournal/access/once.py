"""Writing at most once: a redelivered part, file or message changes nothing (INV-8, INV-63)."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.foundation.database.connection import connection, transaction


def write_once(session: Session, key: str, operations: Sequence[Operation]) -> list[Written] | None:
    """As ``write``, together with the fact that ``key`` is done; None when it was done before.

    Two deliveries of the same key at once wait for each other. Nobody reacts to what is loaded.
    """
    with transaction():
        marked = connection().execute(
            "insert into access.once (key, size) values (%s, %s) on conflict do nothing",
            [key, len(operations)],
        )
        if marked.rowcount == 0:
            return None
        return write(session, operations, tells=False)


def first_time(session: Session, key: str) -> bool:
    """Whether this person has not sent a form with this key before; from now on she has.

    To be asked inside the transaction of what the form does: the key is kept if that is. Two
    copies at once wait for each other. A key is a person's own, so that nobody uses up another's.
    """
    marked = connection().execute(
        "insert into access.once (key, size) values (%s, 1) on conflict do nothing",
        [f"form {session.person} {key}"],
    )
    return marked.rowcount == 1


def was_written(key: str) -> bool:
    """Whether a key is done; a cheap look before work is prepared."""
    return connection().execute("select from access.once where key = %s", [key]).rowcount == 1
