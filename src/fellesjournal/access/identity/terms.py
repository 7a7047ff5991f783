"""Which terms a citizen has accepted: the first sign-in requires it."""

from __future__ import annotations

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection


def accept(person: str, version: str) -> None:
    """Note that a person accepted a version of the terms; once is enough."""
    connection().execute(
        "insert into access.terms_accepted (person, version, at) values (%s, %s, %s)"
        " on conflict do nothing",
        [person, version, clock.now()],
    )


def has_accepted(person: str, version: str) -> bool:
    """Whether a person has accepted this version."""
    row = (
        connection()
        .execute(
            "select 1 from access.terms_accepted where person = %s and version = %s",
            [person, version],
        )
        .fetchone()
    )
    return row is not None
