"""Asking the tables: the same statement of PostgreSQL for figures that are seconds old, or of DuckDB
over files of Parquet where there is much. Same rows by test, whichever answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from fellesjournal.access.sessions import Session
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.indicators import parquet
from fellesjournal.leadership.indicators.dialect import Statement, read_statement
from fellesjournal.leadership.indicators.tables import Table

Value = int | str | bool | Decimal | date | None
Row = tuple[Value, ...]


class NotExact(ValueError):
    """An answer holds a number that the two databases need not agree on."""


def ask_postgresql(
    session: Session, text: str, parameters: Mapping[str, Value] | None = None
) -> list[Row]:
    """The rows of a statement of the dialect, in its order, over the tables as they stand now.

    Whole numbers are ints, others Decimals without zeros at the end. Raises NotInTheDialect,
    KeyError for a parameter that is not given, psycopg's errors for a table that is not there.
    """
    statement = read_statement(text)
    with transaction():
        database = session.connection()
        database.execute("set local search_path = figures")
        database.execute("set local transaction_read_only = on")
        found = database.execute(
            statement.written(lambda name: f"%({name})s").encode(),
            _given(statement, parameters),
        )
        rows = found.fetchall()
    return [tuple(_exact(value) for value in row) for row in rows]


def ask_duckdb(
    folder: Path,
    tables: Sequence[Table],
    text: str,
    parameters: Mapping[str, Value] | None = None,
) -> list[Row]:
    """As :func:`ask_postgresql`, of the files that ``parquet.write`` has written of the tables."""
    statement = read_statement(text)
    with parquet.opened(folder, tables) as database:
        found = database.execute(
            statement.written(lambda name: f"${name}"), _given(statement, parameters)
        )
        rows = found.fetchall()
    return [tuple(_exact(value) for value in row) for row in rows]


def _given(statement: Statement, parameters: Mapping[str, Value] | None) -> dict[str, Value]:
    return {name: (parameters or {})[name] for name in statement.parameters}


def _exact(value: object) -> Value:
    """One way to write a number: sums come as int here and as Decimal there."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    if value is None or isinstance(value, int | str | date):
        return value
    raise NotExact(f"a {type(value).__name__} is no figure")


__all__ = ["NotExact", "Row", "Value", "ask_duckdb", "ask_postgresql"]
