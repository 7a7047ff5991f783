"""Lines of the log, written in the statement or the transaction of the act itself.

The fragments here call ``access.log_line`` (sql/log.sql) and are joined to the statements of
the store, so that an act and its line are one round trip and stand or fall together
(INV-32, INV-51). A function in a part that nothing reads would not be called: whoever joins a
fragment as ``logged`` must ask for ``WRITTEN``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from fellesjournal.access.policy.areas import AREA_OF
from fellesjournal.access.readlog.acts import Act, Outcome, act_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number

CASTS = ("text", "text", "text", "text", "text", "text", "smallint", "smallint", "integer")
"""The SQL types of what :func:`who` answers."""

WRITTEN = "exists (select from logged)"
"""The condition that the line is written; PostgreSQL evaluates it before it looks for rows."""

_WHO = ", ".join(f"%s::{cast}" for cast in CASTS)
_LINE_ON = f"select access.log_line({_WHO}, %s::text::bigint[], %s::text::bigint[])"
_PATIENTS = "array_agg(distinct f.patient)"
_RESOURCES = "array_agg(f.rid)"


def beside() -> str:
    """A log line as a statement that reads ``done`` (columns rid and patient) beside it.

    Parameters: those of :func:`who`.
    """
    return _call(_WHO, _PATIENTS, _RESOURCES) + " from done f"


def line_of(rows: str, values: Sequence[str]) -> str:
    """A log line, as a part of a statement, on the rows of another part (columns rid, patient).

    ``values``: the placeholders of what :func:`who` answers. No rows: that nothing was found
    is logged.
    """
    return _call(", ".join(values), _PATIENTS, _RESOURCES) + f" from {rows} f"


def with_line(statement: str) -> str:
    """``statement``, which answers columns rid and patient, with its log line in one go.

    Parameters: those of :func:`who`, after those of the statement.
    """
    return _joined(statement, line_of("found", [_WHO]))


def with_line_or_refusal(statement: str) -> str:
    """As :func:`with_line` for one resource by its id; nothing found is logged as refused.

    What was asked for is then looked up past all rules, for the log only, and whether it
    exists or not makes no difference to the work (the number 0 stands for what is not there).
    Parameters: those of the statement, of :func:`who`, and type number and id once more.
    """
    line = (
        f"select access.log_line({_WHO}, coalesce(f.patients, array[coalesce(a.patient, 0)]),"
        " coalesce(f.resources, array[coalesce(a.rid, 0)]), 0,"
        f" case when f.resources is null then {Outcome.REFUSED:d} else {Outcome.DONE:d} end::smallint)"
        " from (select array_agg(distinct patient) as patients, array_agg(rid) as resources from found) f"
        " left join store.resource a on f.resources is null"
        " and a.type = %s::smallint and a.fhir_id = %s and a.version > 0"
    )
    return _joined(statement, line)


def who(session: Session, act: str, type_name: str | None) -> list[Any]:
    """The first parameters of ``access.log_line``: who, why, through which app, what kind of act
    on which type.

    No type: several, and what kind of information it was is told by the resources.
    """
    return [
        session.person,
        session.role,
        session.unit,
        "",  # staff act for what their unit belongs to: access.log_line knows from the entrance
        session.purpose,
        session.app,
        int(act_of(act)),
        0 if type_name is None else type_number(type_name),
        0 if type_name is None else int(AREA_OF[type_name]),
    ]


def line(
    connection: psycopg.Connection[Any],
    session: Session,
    act: str,
    type_name: str | None,
    touched: Iterable[tuple[int, int]],
) -> None:
    """Log one act on (rid, patient rid) pairs; an act that found nothing is an act too."""
    connection.execute(*line_on(session, act, type_name, touched))


def line_on(
    session: Session, act: str, type_name: str | None, touched: Iterable[tuple[int, int]]
) -> tuple[str, list[Any]]:
    """The statement of :func:`line` and its parameters, for whoever runs it beside another."""
    pairs = list(touched)
    return _LINE_ON, [
        *who(session, act, type_name),
        _array(sorted({patient for _, patient in pairs})),
        _array([rid for rid, _ in pairs]),
    ]


def _array(numbers: Iterable[int]) -> str:
    # as text: PostgreSQL reads it faster than Python can take a list apart
    return "{" + ",".join(map(str, numbers)) + "}"


def refused(
    connection: psycopg.Connection[Any],
    session: Session,
    act: str,
    type_name: str,
    fhir_id: str,
) -> None:
    """Log that one resource was asked for that may not be seen, or is not there.

    As in :func:`with_line_or_refusal`, the work is the same in both cases.
    """
    connection.execute(
        f"select access.log_line({_WHO}, array[coalesce(a.patient, 0)], array[coalesce(a.rid, 0)],"
        f" 0, {Outcome.REFUSED:d}::smallint) from (select) one left join store.resource a"
        " on a.type = %s::smallint and a.fhir_id = %s and a.version > 0",
        [*who(session, act, type_name), type_number(type_name), fhir_id],
    )


def _call(values: str, patients: str, resources: str) -> str:
    return f"select access.log_line({values}, {patients}, {resources})"


def _joined(statement: str, line: str) -> str:
    return (
        f"with found as materialized ({statement}), logged as materialized ({line})"
        f" select * from found where {WRITTEN}"
    )


__all__ = [
    "CASTS",
    "WRITTEN",
    "Act",
    "beside",
    "line",
    "line_of",
    "line_on",
    "refused",
    "who",
    "with_line",
    "with_line_or_refusal",
]
