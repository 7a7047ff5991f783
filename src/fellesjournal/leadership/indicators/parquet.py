"""Files of the tables, for volume: Parquet by month, put in place in one moment.

``<folder>/<view>/<definition>/<position>-<generation>/fj_month=2026-01/…``: what the table said when it had seen the
record up to that commit number. Months that have not changed since the files before are those same files
(hard links). Who reads takes the latest; the one before stays for who is reading it. The files hold what
the tables hold, patient by patient: the folder is closed to other users of the machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
from psycopg import sql

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.bodies import seq_time
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.indicators.dialect import for_duckdb
from fellesjournal.leadership.indicators.tables import Table

_TYPES: Final = {
    "bigint": "BIGINT", "boolean": "BOOLEAN", "date": "DATE", "numeric(18,6)": "DECIMAL(18,6)",
    "text": "VARCHAR",
}  # fmt: skip
_OWN: Final = (("fj_resource", "bigint"), ("fj_patient", "bigint"))
_SETTINGS: Final[dict[str, Any]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # as PostgreSQL
    "default_null_order": "nulls_last_on_asc_first_on_desc",
}
_NULL: Final = r"\N"
_KEPT: Final = 2
_MONTH: Final = "fj_month="
_NONE: Final = "none"
"""The month of what has no day."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a column of an answer is called."""

    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a statement, as a cursor of psycopg gives them."""

    description: list[Name]
    rows: list[tuple[Any, ...]]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)


@dataclass(frozen=True, slots=True)
class Files:
    """DuckDB over files, asked as a connection to PostgreSQL is."""

    database: duckdb.DuckDBPyConnection

    def execute(self, query: str, parameters: Mapping[str, Any]) -> Answer:
        """The rows of a statement of the dialect."""
        text = for_duckdb(query)
        asked = {name: value for name, value in parameters.items() if f"${name}" in text}
        found = self.database.execute(text, asked)
        return Answer([Name(each[0]) for each in found.description or ()], found.fetchall())


class NothingToRead(LookupError):
    """A table that does not stand yet, or of which there are no files."""


def write(session: Session, table: Table, folder: Path) -> Path:
    """Write the table of a view as it stands; answers the folder of its files.

    Nothing is written when these files are there already. Raises NothingToRead when no table
    stands. Call it outside of transactions: it reads all in one snapshot.
    """
    database = session.connection()
    with transaction(durable=True):
        database.execute("set transaction isolation level repeatable read read only")
        row = database.execute(
            "select generation, position from figures.flattened"
            " where view = %s and digest = %s and stands",
            [table.name, table.digest],
        ).fetchone()
        if row is None:
            raise NothingToRead(f"no table of {table.name} stands")
        generation, position = row
        target = _place(folder, table) / f"{position:020d}-{generation}"
        if target.is_dir():
            return target
        before = _latest(folder, table)
        touched = _touched(database, generation, before)
        with tempfile.TemporaryDirectory(dir=_place(folder, table), prefix=".new-") as made:
            rows = Path(made) / "rows.csv"
            _take_out(database, table, generation, touched, rows)
            _cut(table, rows, Path(made) / "files")
            for each in [] if before is None else _kept(before, touched):
                shutil.copytree(each, Path(made) / "files" / each.name, copy_function=os.link)
            (Path(made) / "files").rename(target)
    _forget(folder, table)
    return target


def written_until(folder: Path, table: Table) -> datetime | None:
    """The moment up to which the files of a view have seen the record; None without files."""
    latest = _latest(folder, table)
    return None if latest is None else seq_time(_age(latest)[0])


@contextmanager
def opened(folder: Path, tables: Sequence[Table]) -> Iterator[Files]:
    """DuckDB with each table under the name it has in PostgreSQL; it reads the files, nothing else.

    Raises NothingToRead for a table without files.
    """
    with _confined(folder) as database:
        database.execute("create schema figures")
        for table in tables:
            latest = _latest(folder, table)
            if latest is None:
                raise NothingToRead(f"there are no files of {table.name}")
            database.execute(_view(table, latest))
        database.execute("set lock_configuration = true")
        yield Files(database)


@contextmanager
def _confined(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory, which reaches files below the folder, no others and no network."""
    with duckdb.connect(config=_SETTINGS) as database:
        database.execute(f"set allowed_directories = ['{_quoted(folder)}']")
        database.execute("set enable_external_access = false")
        yield database


def _place(folder: Path, table: Table) -> Path:
    place = folder / table.name / table.digest[:16]
    for each in (folder, place.parent, place):
        each.mkdir(mode=0o700, exist_ok=True)
    return place


def _latest(folder: Path, table: Table) -> Path | None:
    place = folder / table.name / table.digest[:16]
    return max(_written(place), key=_age, default=None)


def _written(place: Path) -> list[Path]:
    return [each for each in place.glob("[0-9]*-[0-9]*") if each.is_dir()]


def _age(files: Path) -> tuple[int, int]:
    """(position, generation): a table made anew comes after the one it replaced."""
    position, _, generation = files.name.partition("-")
    return int(position), int(generation)


def _touched(database: Any, generation: int, before: Path | None) -> frozenset[str] | None:
    """The months that are not as in the files before; None: any may be, as of another generation."""
    if before is None or _age(before)[1] != generation:
        return None
    rows = database.execute(
        "select month from figures.touched where generation = %s and position > %s",
        [generation, _age(before)[0]],
    )
    return frozenset(month for (month,) in rows)


def _kept(before: Path, touched: frozenset[str] | None) -> list[Path]:
    if touched is None:
        return []
    anew = {_MONTH + month for month in touched}
    return [each for each in sorted(before.iterdir()) if each.name not in anew]


def _columns(table: Table) -> list[tuple[str, str]]:
    return [(name, _TYPES[kind]) for name, kind in (*_OWN, *table.columns)]


def _take_out(
    database: Any, table: Table, generation: int, months: frozenset[str] | None, rows: Path
) -> None:
    """The rows of these months as CSV; None: of all."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in _columns(table))
    statement = sql.SQL(
        "copy (select {names} from {table} where {wanted}) to stdout (format csv, null {null})"
    ).format(
        names=names,
        table=sql.Identifier("figures", f"{table.name}~{generation}"),
        wanted=_within(sql.Identifier(table.day), months),
        null=sql.Literal(_NULL),
    )
    with rows.open("wb") as file, database.cursor().copy(statement) as copy:
        for block in copy:
            file.write(block)


def _within(day: sql.Identifier, months: frozenset[str] | None) -> sql.Composable:
    """Days of these months, as bounds: to write the month of each of millions of rows takes longer."""
    if months is None:
        return sql.SQL("true")
    wanted: list[sql.Composable] = [sql.SQL("false")]
    for month in sorted(months - {_NONE}):
        first = date.fromisoformat(f"{month}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        bounds = sql.SQL("{} between {} and {}")
        wanted.append(bounds.format(day, sql.Literal(first), sql.Literal(last)))
    if _NONE in months:
        wanted.append(sql.SQL("{} is null").format(day))
    return sql.SQL(" or ").join(wanted)


def _cut(table: Table, rows: Path, files: Path) -> None:
    """One folder for each month. Sorted by patient, which packs them well."""
    files.mkdir()
    if rows.stat().st_size == 0:
        return
    month = (
        f"case when \"{table.day}\" is null then '{_NONE}'"
        f' else printf(\'%04d-%02d\', year("{table.day}"), month("{table.day}")) end as fj_month'
    )
    with _confined(rows.parent) as database:
        database.execute(
            f"copy (select *, {month} from read_csv($rows, columns = $columns, auto_detect = false, header = false,"
            " delim = ',', quote = '\"', escape = '\"', nullstr = $null, allow_quoted_nulls = false)"
            f" order by fj_month, fj_patient, fj_resource) to '{_quoted(files)}'"
            " (format parquet, compression zstd, partition_by (fj_month), overwrite_or_ignore)",
            {"rows": str(rows), "columns": dict(_columns(table)), "null": _NULL},
        )


def _view(table: Table, latest: Path) -> str:
    columns = _columns(table)
    if any(latest.glob("*/*.parquet")):
        names = ", ".join(f'"{name}"' for name, _ in columns)
        files = f"{_quoted(latest)}/*/*.parquet"
        return (
            f'create view figures."{table.name}" as select {names}'
            f" from read_parquet('{files}', hive_partitioning = false)"
        )
    nothing = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns)
    return f'create view figures."{table.name}" as select {nothing} where false'


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _forget(folder: Path, table: Table) -> None:
    """Remove files that newer ones have followed, and those of definitions that are gone."""
    place = folder / table.name / table.digest[:16]
    for old in sorted(_written(place), key=_age)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    for other in (folder / table.name).iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


__all__ = ["Answer", "Files", "NothingToRead", "opened", "write", "written_until"]
