"""A year of doses in the flat tables, as if it had been flattened."""

from __future__ import annotations

from psycopg import sql

from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.tables import Table
from tests.leadership.indicators.views import FLATTENER

_AT = "1735732800000000 + day::bigint * 86400000000"
_ROWS = {
    "planned_dose": (
        "dose, unit, visit, state, planned, planned_day, window_end, window_end_day",
        f"n, n %% 5 + 1, n, case when n %% 9 = 0 then 'not-done' else 'done' end, {_AT}, d, {_AT}, d",
    ),
    "dose_given": (
        "administration, visit, status, planned, planned_day, given, given_day, recorded, recorded_day",
        (
            f"n, n, 'completed', case when n %% 7 > 0 then {_AT} end, case when n %% 7 > 0 then d end,"
            f" {_AT} + (n %% 200 - 90) * 60000000::bigint, d, {_AT} + n %% 13 * 60000000::bigint, d"
        ),
    ),
    "home_visit": (
        "visit, patient, unit, status, began, began_day, ended, ended_day",
        f"n, n %% 90, n %% 5 + 1, 'finished', {_AT}, d, {_AT}, d",
    ),
}


def name_of(table: Table) -> sql.Identifier:
    """The table in which the rows of a view stand."""
    ((generation,),) = connection().execute(
        "select generation from figures.flattened where view = %s and stands", [table.name]
    ).fetchall()  # fmt: skip
    return sql.Identifier("figures", f"{table.name}~{generation}")


def year_of_doses() -> None:
    """A year of doses, a hundred a day."""
    keep_up(FLATTENER, LE1.tables, seconds=60)
    for table in LE1.tables:
        columns, chosen = _ROWS[table.name]
        connection().execute(
            sql.SQL(
                "insert into {} (fj_resource, fj_patient, " + columns + ") select n, n %% 90, "
                + chosen + " from (select day * 100 + n as n, day, date '2025-01-01' + day as d"
                " from generate_series(0, %s) day, generate_series(1, 100) n) x"
            ).format(name_of(table)),
            [364],
        )  # fmt: skip


__all__ = ["name_of", "year_of_doses"]
