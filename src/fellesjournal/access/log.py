"""The log of every act, written before its bytes leave.

The fragments here are joined to the statements of the store, so that the act and its
line are one round trip and one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number

_COLUMNS = "insert into access.log (person, role, unit, purpose, act, type, patients, resources)"


def beside() -> str:
    """A log line as a statement that reads ``done`` (columns rid and patient) beside it.

    Parameters: those of :func:`who`.
    """
    return (
        f"{_COLUMNS} select %s, %s, %s, %s, %s, %s, array_agg(distinct d.patient), array_agg(d.rid)"
        " from done d"
    )


def line_of(rows: str, values: Sequence[str]) -> str:
    """A log line, as a part of a statement, on the rows of another part (columns rid, patient).

    ``values``: the placeholders of what :func:`who` answers. No rows, no line.
    """
    return (
        f"{_COLUMNS} select {', '.join(values)}, array_agg(distinct f.patient), array_agg(f.rid)"
        f" from {rows} f having count(*) > 0"
    )


def with_line(statement: str) -> str:
    """``statement``, which answers columns rid and patient, with its log line in one go.

    Parameters: those of :func:`who`, after those of the statement.
    """
    return (
        f"with found as ({statement}), logged as ({line_of('found', ['%s'] * 6)})"
        " select * from found"
    )


def who(session: Session, act: str, type_name: str | None) -> list[Any]:
    """The parameters of :func:`with_line`."""
    number = None if type_name is None else type_number(type_name)
    return [session.person, session.role, session.unit, session.purpose, act, number]


def line(
    connection: psycopg.Connection[Any],
    session: Session,
    act: str,
    type_name: str | None,
    touched: Iterable[tuple[int, int]],
) -> None:
    """Log one act on (rid, patient rid) pairs; nothing touched, nothing to log."""
    pairs = list(touched)
    if not pairs:
        return
    connection.execute(
        _COLUMNS + " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *who(session, act, type_name),
            sorted({patient for _, patient in pairs}),
            [rid for rid, _ in pairs],
        ],
    )
