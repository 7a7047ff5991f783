"""PostgreSQL and DuckDB over Parquet answer the same to the same statement, on any rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.indicators import parquet
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.parquet import NothingToRead
from fellesjournal.leadership.indicators.queries import seen_until
from fellesjournal.leadership.indicators.statements import (
    NotExact,
    Value,
    ask_duckdb,
    ask_postgresql,
)
from fellesjournal.leadership.indicators.tables import Table
from tests.leadership.indicators.views import FLATTENER, MEASURED
from tests.staff import put, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

GIVEN: dict[str, Any] = {
    "name": "given",
    "resource": "MedicationAdministration",
    "select": [
        {
            "column": [
                {"name": "patient", "path": "subject.getReferenceKey(Patient)"},
                {"name": "status", "path": "status"},
                {"name": "begun", "path": "effective.ofType(dateTime)"},
                {"name": "dose", "path": "dosage.dose.value"},
                {"name": "by_hand", "path": "performer.exists()"},
            ]
        }
    ],
}
STATEMENTS = (
    """
select count(*), count(dose), count(distinct patient), sum(dose), min(dose), max(dose) from given;
select status, count(*) from given group by status order by status;
select status, count(*) from given group by status order by status desc;
select patient, sum(dose) from given where by_hand group by patient order by patient desc;
select begun_day, count(*) filter (where status = 'completed') as done, count(*) from given group
by begun_day order by begun_day;
select extract(year from begun_day), extract(month from begun_day), sum(dose * 2) from given where
begun_day >= :start and begun_day < :end group by 1, 2 order by 1, 2;
select min(begun), max(begun), max(begun) - min(begun), max(begun_day) - min(begun_day) from given;
select a.patient, count(*) from given a join given b on b.patient = a.patient and b.begun >
a.begun and b.begun <= a.begun + 3600000000 group by a.patient order by a.patient;
select patient, begun, lag(begun) over (partition by patient order by begun, fj_resource) from
given order by patient, begun, fj_resource;
with late as (select patient from given where begun_day > date '2026-02-01') select count(*) from
given where patient in (select patient from late);
select sum(case when dose >= 1.5 then 1 else 0 end), coalesce(sum(dose), 0) from given;
select distinct status from given where status is not null and not by_hand order by status;
select status, min(status), max(status) from given group by status having count(*) > 1 order by 1;
select count(*) from given where fj_patient = fj_resource or dose between -1 and :most;
select begun_day + 30, abs(dose), nullif(status, 'a') from given order by fj_resource, begun,
dose, status, patient, by_hand;
""".strip()
    .rstrip(";")
    .split(";\n")
)
PARAMETERS: dict[str, Value] = {
    "start": date(2026, 1, 1),
    "end": date(2026, 3, 1),
    "most": Decimal("2.5"),
}

_DAYS = st.dates(date(2025, 12, 20), date(2026, 3, 10))
_ROWS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.integers(0, 3),
        st.none() | st.integers(1, 3),
        st.none() | st.sampled_from(["completed", "a", "Å", "é", "B", "b", "q\"'", ",", "\\N", ""]),
        st.none() | st.tuples(st.integers(0, 10**16), _DAYS),
        st.none() | st.decimals(-(10**6), 10**6, places=6),
        st.booleans(),
    ),
    max_size=25,
)


def _made(rows: list[Any]) -> Table:
    """A table with these rows, as if they had been flattened; of a name of its own each time."""
    table = Table("given", GIVEN, "begun")
    keep_up(FLATTENER, [table], seconds=60)
    ((generation,),) = connection().execute(
        "update figures.flattened set position = position + 4096 where view = 'given'"
        " returning generation"
    )
    connection().execute(f'delete from figures."given~{generation}"'.encode())
    for resource, patient, subject, status, at, dose, by_hand in rows:
        begun, day = at or (None, None)
        connection().execute(
            f'insert into figures."given~{generation}" values (%s, %s, %s, %s, %s, %s, %s, %s)'.encode(),
            [resource, patient, subject, status, begun, day, dose, by_hand],
        )
    return table


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_ROWS)
def test_both_answer_the_same_on_any_rows(tmp_path: Path, rows: list[Any]) -> None:
    table = _made(rows)
    parquet.write(FLATTENER, table, tmp_path)
    for statement in STATEMENTS:
        here = ask_postgresql(FLATTENER, statement, PARAMETERS)
        there = ask_duckdb(tmp_path, [table], statement, PARAMETERS)
        assert here == there, statement


def test_a_resource_is_the_same_row_in_both(tmp_path: Path) -> None:
    register("p1")
    put(
        "Observation",
        "o1",
        status="final",
        code={"text": "blood pressure"},
        subject={"reference": "Patient/p1"},
        effectiveDateTime="2026-01-31T23:30:00Z",
        component=[
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
                "valueQuantity": {"value": 120.5},
            }
        ],
    )
    keep_up(FLATTENER, [MEASURED], seconds=60)
    folder = parquet.write(FLATTENER, MEASURED, tmp_path)
    assert [each.name for each in folder.iterdir()] == ["fj_month=2026-02"]
    statement = "select measured_day, measured, code, amount, status from measured"
    expected = [(date(2026, 2, 1), 1769902200000000, "8480-6", Decimal("120.5"), "final")]
    assert ask_postgresql(FLATTENER, statement) == expected
    assert ask_duckdb(tmp_path, [MEASURED], statement) == expected
    assert parquet.written_until(tmp_path, MEASURED) == seen_until(FLATTENER, MEASURED)


def test_new_files_take_the_place_of_old_ones_which_stay_for_who_reads_them(tmp_path: Path) -> None:
    table = _made([])
    assert ask_duckdb_count(tmp_path, table) == 0
    folders = []
    for number in range(1, 4):
        _made([(1, 0, None, "a", None, None, True)] * number)
        folders.append(parquet.write(FLATTENER, table, tmp_path))
        assert folders[-1] == parquet.write(FLATTENER, table, tmp_path)
        assert ask_duckdb(tmp_path, [table], "select count(*) from given") == [(number,)]
    assert [folder.is_dir() for folder in folders] == [False, True, True]
    assert not [each for each in tmp_path.rglob("*") if each.name.startswith(".new")]
    assert oct(tmp_path.joinpath("given").stat().st_mode)[-3:] == "700"


def ask_duckdb_count(folder: Path, table: Table) -> Any:
    parquet.write(FLATTENER, table, folder)
    return ask_duckdb(folder, [table], "select count(*) from given")[0][0]


def test_where_nothing_stands_nothing_is_written_or_read(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead):
        parquet.write(FLATTENER, MEASURED, tmp_path)
    with pytest.raises(NothingToRead):
        ask_duckdb(tmp_path, [MEASURED], "select count(*) from measured")
    assert parquet.written_until(tmp_path, MEASURED) is None


def test_duckdb_reads_nothing_but_the_files(tmp_path: Path) -> None:
    table = _made([])
    folder = tmp_path / "figures"
    parquet.write(FLATTENER, table, folder)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with (
        parquet.opened(folder, [table]) as database,
        pytest.raises(Exception, match=r"disabled|ermission"),
    ):
        database.execute(f"select * from read_csv('{tmp_path}/secret.csv')")


def test_a_number_that_need_not_be_the_same_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    _made([])
    with pytest.raises(KeyError):
        ask_postgresql(FLATTENER, "select :missing from given")
    monkeypatch.setattr(
        "fellesjournal.leadership.indicators.dialect._FUNCTIONS", frozenset({"sqrt"})
    )
    with pytest.raises(NotExact):
        ask_postgresql(FLATTENER, "select sqrt(2)")
