"""PostgreSQL and DuckDB over Parquet answer the same to the same statement, on any rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import sql

from fellesjournal.access.writing import Operation, write
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators import parquet
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.dialect import check
from fellesjournal.leadership.indicators.flattening import keep_up, rebuild
from fellesjournal.leadership.indicators.measuring import Group, Measured, measured
from fellesjournal.leadership.indicators.parquet import NothingToRead
from fellesjournal.leadership.indicators.queries import seen_until
from fellesjournal.leadership.indicators.tables import Table
from fellesjournal.leadership.indicators.values import MOMENT, Kind, local_day
from tests.leadership.indicators.views import FLATTENER, MEASURED
from tests.staff import SYSTEM, put, register
from tests.tries import tries

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
select count(*), count(dose), count(distinct patient), sum(dose), min(dose), max(dose) from figures.given;
select status, count(*) from figures.given group by status order by status;
select status, count(*) from figures.given group by status order by status desc;
select patient, sum(dose) from figures.given where by_hand group by patient order by patient desc;
select begun_day, count(*) filter (where status = 'completed') as done, count(*) from figures.given group
by begun_day order by begun_day;
select extract(year from begun_day), extract(month from begun_day), sum(dose * 2) from figures.given where
begun_day >= %(start)s and begun_day < %(end)s group by 1, 2 order by 1, 2;
select min(begun), max(begun), max(begun) - min(begun), max(begun_day) - min(begun_day) from figures.given;
select a.patient, count(*) from figures.given a join figures.given b on b.patient = a.patient and b.begun >
a.begun and b.begun <= a.begun + 3600000000 group by a.patient order by a.patient;
select patient, begun, lag(begun) over (partition by patient order by begun, fj_resource) from
figures.given order by patient, begun, fj_resource;
with late as (select patient from figures.given where begun_day > date '2026-02-01') select count(*) from
figures.given where patient in (select patient from late);
select sum(case when dose >= 1.5 then 1 else 0 end), coalesce(sum(dose), 0) from figures.given;
select distinct status from figures.given where status is not null and not by_hand order by status;
select status, min(status), max(status) from figures.given group by status having count(*) > 1 order by 1;
select count(*) from figures.given where fj_patient = fj_resource or dose between -1 and %(most)s;
select begun_day + 30, abs(dose), nullif(status, 'a') from figures.given order by fj_resource, begun,
dose, status, patient, by_hand;
""".strip()
    .rstrip(";")
    .split(";\n")
)
PARAMETERS = {
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
    """The table with these rows, as if they had been flattened, at another position each time."""
    table = Table("given", GIVEN, "begun")
    keep_up(FLATTENER, [table], seconds=60)
    _fill(table, [(*row[:4], *(row[4] or (None, None)), *row[5:]) for row in rows])
    return table


def _fill(table: Table, rows: list[tuple[Any, ...]]) -> None:
    database = connection()
    ((generation, position),) = database.execute(
        "update figures.flattened set position = position + 4096 where view = %s"
        " returning generation, position",
        [table.name],
    )
    name = sql.Identifier("figures", f"{table.name}~{generation}")
    touched = sql.SQL(
        "insert into figures.touched select distinct {generation}::int, coalesce(to_char({day}, 'YYYY-MM'), 'none'),"
        " {position}::bigint from {name}"
        " on conflict (generation, month) do update set position = excluded.position"
    ).format(
        generation=sql.Literal(generation), day=sql.Identifier(table.day),
        position=sql.Literal(position), name=name,
    )  # fmt: skip
    database.execute(touched)
    database.execute(sql.SQL("delete from {}").format(name))
    with database.cursor().copy(sql.SQL("copy {} from stdin").format(name)) as copy:
        for row in rows:
            copy.write_row(row)
    database.execute(touched)


def _here(statement: str) -> list[Any]:
    return _exact(connection().execute(statement.encode(), PARAMETERS).fetchall())


def _there(folder: Path, table: Table, statement: str) -> list[Any]:
    with parquet.opened(folder, [table]) as files:
        return _exact(files.execute(statement, PARAMETERS).rows)


def _exact(rows: list[Any]) -> list[Any]:
    """One way to write a number: a sum of whole numbers is an int here and a Decimal there."""
    assert not [value for row in rows for value in row if isinstance(value, float)]
    return [
        tuple(Fraction(each) if isinstance(each, int | Decimal) else each for each in row)
        for row in rows
    ]


@settings(
    max_examples=tries(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_ROWS)
def test_both_answer_the_same_on_any_rows(tmp_path: Path, rows: list[Any]) -> None:
    table = _made(rows)
    parquet.write(FLATTENER, table, tmp_path)
    for statement in STATEMENTS:
        assert _here(statement) == _there(tmp_path, table, statement), statement


_CODES = ["completed", "entered-in-error", "open", "done", "not-done", "paused", "finished"]
_BEGIN = 1651363200_000000  # 1 May 2022
_MOMENTS = st.integers(0, 45 * 24 * 12).map(lambda fives: _BEGIN + fives * 300_000_000)


def _column(name: str, kind: Kind | None) -> st.SearchStrategy[tuple[Any, ...]]:
    """The values of a column of a view, with the day beside a moment."""
    if kind is MOMENT:
        known = _MOMENTS.map(lambda at: (at, local_day(at)))
        return known if name == "began" else st.just((None, None)) | known
    values: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(_CODES),
        "boolean": st.booleans(),
        "date": _DAYS,
        "numeric(18,6)": st.decimals(-100, 100, places=6),
        "bigint": st.integers(1, 6),
    }
    found = values["bigint" if kind is None else kind.sql]
    return (found if kind is None else st.none() | found).map(lambda value: (value,))


def _of(table: Table) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Rows of a table. The first column is the key of the resource itself."""
    names = [column.name for column in table.view.columns]
    others = [_column(*each) for each in zip(names[1:], table.kinds[1:], strict=True)]
    row = st.tuples(st.integers(1, 12), *others).map(
        lambda made: (made[0], 1, made[0], *(value for values in made[1:] for value in values))
    )
    several = "forEach" in table.definition["select"][-1]
    return st.lists(
        row, max_size=14, unique_by=lambda made: (made[0], made[-1] if several else None)
    )


@pytest.mark.parametrize("indicator", CATALOGUE.values(), ids=lambda each: str(each.id))
@settings(
    max_examples=6,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_each_indicator_is_the_same_figure_by_both(
    tmp_path: Path, indicator: Indicator, data: st.DataObject
) -> None:
    keep_up(FLATTENER, indicator.tables, seconds=60)
    for table in indicator.tables:
        _fill(table, data.draw(_of(table)))
        parquet.write(FLATTENER, table, tmp_path)
    groups = [Group(1, "a", (1, 2)), Group(2, "b", (2,), "a"), Group(3, "c", (3,))]
    rule = Rule(denominator=0, count=0)
    cut = datetime(2022, 6, 10, tzinfo=UTC)
    here = measured(connection(), indicator, month(2022, 5), groups, cut=cut, rule=rule)
    with parquet.opened(tmp_path, indicator.tables) as files:
        there = measured(files, indicator, month(2022, 5), groups, cut=cut, rule=rule)
    for unit, one in here.items():
        other = there[unit]
        assert _counts(one) == _counts(other)
        for value, of_files in zip(_values(one), _values(other), strict=True):
            # a quotient has some digits more in one of them
            assert value == of_files or value == pytest.approx(of_files, rel=1e-9, abs=1e-12)


def _counts(found: Measured) -> tuple[Any, ...]:
    figure = found.figure
    return (
        figure.status, figure.reason, figure.numerator, figure.denominator, figure.excluded,
        [(each.key, each.numerator, each.denominator, each.is_hidden) for each in found.companions],
    )  # fmt: skip


def _values(found: Measured) -> list[float | None]:
    values = [found.figure.value, *(each.value for each in found.companions)]
    return [None if each is None else float(each) for each in values]


@pytest.mark.parametrize("indicator", CATALOGUE.values(), ids=lambda each: str(each.id))
def test_each_indicator_is_written_in_the_dialect(indicator: Indicator) -> None:
    check(indicator.query, after_with=True)


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
    statement = "select measured_day, measured, code, amount, status from figures.measured"
    expected = [(date(2026, 2, 1), 1769902200000000, "8480-6", Decimal("120.5"), "final")]
    assert connection().execute(statement).fetchall() == expected
    with parquet.opened(tmp_path, [MEASURED]) as files:
        assert list(files.execute(statement, {})) == expected
    assert parquet.written_until(tmp_path, MEASURED) == seen_until(FLATTENER, MEASURED)


def test_new_files_take_the_place_of_old_ones_which_stay_for_who_reads_them(tmp_path: Path) -> None:
    table = _made([])
    parquet.write(FLATTENER, table, tmp_path)
    count = "select count(*) from figures.given"
    assert _there(tmp_path, table, count) == [(0,)]
    folders = []
    for number in range(1, 4):
        _made([(1, 0, None, "a", None, None, True)] * number)
        folders.append(parquet.write(FLATTENER, table, tmp_path))
        assert folders[-1] == parquet.write(FLATTENER, table, tmp_path)
        assert _there(tmp_path, table, count) == [(number,)]
    assert [folder.is_dir() for folder in folders] == [False, True, True]
    assert not [each for each in tmp_path.rglob("*") if each.name.startswith(".new")]
    assert oct(tmp_path.joinpath("given").stat().st_mode)[-3:] == "700"


def _measure(number: str, day: str) -> None:
    put(
        "Observation", number, status="final", code={"text": "blood pressure"},
        subject={"reference": "Patient/p1"}, effectiveDateTime=f"{day}T10:00:00Z",
    )  # fmt: skip


def _months_of(folder: Path) -> dict[str, int]:
    """The file of each month, by its number in the file system."""
    return {each.parent.name[-7:]: each.stat().st_ino for each in folder.glob("*/*.parquet")}


def test_only_months_that_have_changed_are_written_anew(tmp_path: Path) -> None:
    register("p1")
    for number, day in (("jan", "2026-01-10"), ("feb", "2026-02-10"), ("mar", "2026-03-10")):
        _measure(number, day)
    keep_up(FLATTENER, [MEASURED], seconds=60)
    first = _months_of(parquet.write(FLATTENER, MEASURED, tmp_path))
    assert set(first) == {"2026-01", "2026-02", "2026-03"}
    _measure("feb", "2026-04-10")  # moved: out of one month and into another
    keep_up(FLATTENER, [MEASURED], seconds=60)
    second = _months_of(parquet.write(FLATTENER, MEASURED, tmp_path))
    assert set(second) == {"2026-01", "2026-03", "2026-04"}
    assert {month for month in second if second[month] == first.get(month)} == {
        "2026-01", "2026-03",
    }  # fmt: skip
    write(SYSTEM, [Operation("delete", "Observation", id="mar")])
    keep_up(FLATTENER, [MEASURED], seconds=60)
    third = _months_of(parquet.write(FLATTENER, MEASURED, tmp_path))
    assert third == {month: second[month] for month in ("2026-01", "2026-04")}
    counted = "select measured_day, count(*) from figures.measured group by 1 order by 1"
    here = connection().execute(counted).fetchall()
    with parquet.opened(tmp_path, [MEASURED]) as files:
        assert list(files.execute(counted, {})) == here


def test_files_of_a_table_made_anew_are_written_whole(tmp_path: Path) -> None:
    register("p1")
    _measure("jan", "2026-01-10")
    keep_up(FLATTENER, [MEASURED], seconds=60)
    first = _months_of(parquet.write(FLATTENER, MEASURED, tmp_path))
    rebuild(FLATTENER, MEASURED)
    again = _months_of(parquet.write(FLATTENER, MEASURED, tmp_path))
    assert set(again) == set(first)
    assert set(again.values()).isdisjoint(first.values())


def test_where_nothing_stands_nothing_is_written_or_read(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead):
        parquet.write(FLATTENER, MEASURED, tmp_path)
    with pytest.raises(NothingToRead), parquet.opened(tmp_path, [MEASURED]):
        pass
    assert parquet.written_until(tmp_path, MEASURED) is None


def test_duckdb_reads_nothing_but_the_files(tmp_path: Path) -> None:
    table = _made([])
    folder = tmp_path / "figures"
    parquet.write(FLATTENER, table, folder)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with (
        parquet.opened(folder, [table]) as files,
        pytest.raises(Exception, match=r"disabled|ermission"),
    ):
        files.database.execute(f"select * from read_csv('{tmp_path}/secret.csv')")
