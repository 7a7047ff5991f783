"""Keeping the tables of views up with the record, by its position in the feed of commits.

A batch of changes is one transaction: the rows of each resource that changed are put in the place of
those it had, and the new position stands with them. Killed anywhere, the next start goes on where the
last batch ended; a batch that comes twice changes nothing. A view that is new, or reads otherwise than
before, gets a new table, made from the first commit on, while the old one is still read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
import psycopg
from psycopg import sql

from fellesjournal.access import flattening
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.views import ViewError
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.indicators.tables import Table
from fellesjournal.leadership.indicators.values import MOMENT, NotWritable, local_day

BATCH = 500
_LOCK = "flatten-views"
"""Held for the moment in which a table is made or given up."""
_IDLE = 30 * 1_000_000 << 12
"""How far a position without changes may fall behind before it is written down: 30 seconds."""

# Any: values of a row
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """A table as it is: of which view, and whether it is the one that is read."""

    table: Table
    generation: int
    stands: bool

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier("figures", f"{self.table.name}~{self.generation}")


def keep_up(session: Session, tables: Sequence[Table], *, seconds: float = 1.0) -> bool:
    """Bring the tables up to what has been committed; whether all of it is seen.

    Stops after so many seconds with whole batches done: the next call goes on. Tables that stand
    come first, then those in the making. May run in several processes: what one is at, others
    leave alone.
    """
    if not tables:
        return True
    deadline = time.monotonic() + seconds
    database = session.connection()
    for table in tables:
        _prepare(database, table)
    for group in _groups(database, tables):
        while not _batch(session, group):
            if time.monotonic() > deadline:
                return False
    return True


def rebuild(session: Session, table: Table) -> None:
    """Make the table of a view anew from the first commit; the old one is read until it is done."""
    with transaction():
        database = session.connection()
        database.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        _give_up(database, table.name)
        _make(database, table)
    while not keep_up(session, [table], seconds=60):
        pass


def _prepare(database: psycopg.Connection[Any], table: Table) -> None:
    """See that the view has a table with its definition, standing or in the making."""
    if _is_prepared(database, table):
        return
    with transaction():
        database.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        if not _is_prepared(database, table):  # nobody has done it meanwhile
            _give_up(database, table.name)
            if (table.digest, True) not in _known(database, table):
                _make(database, table)


def _is_prepared(database: psycopg.Connection[Any], table: Table) -> bool:
    known = _known(database, table)
    has_stale = any(digest != table.digest and not stands for digest, stands in known)
    return not has_stale and any(digest == table.digest for digest, _ in known)


def _known(database: psycopg.Connection[Any], table: Table) -> set[tuple[str, bool]]:
    """(digest, whether it stands) of the tables of a view."""
    return set(
        database.execute(
            "select digest, stands from figures.flattened where view = %s", [table.name]
        ).fetchall()
    )


def _make(database: psycopg.Connection[Any], table: Table) -> None:
    ((generation,),) = database.execute(
        "select figures.make(%s, %s, %s::text[], %s::text[])",
        [
            table.name,
            table.digest,
            [name for name, _ in table.columns],
            [kind for _, kind in table.columns],
        ],
    ).fetchall()
    for index in table.indexes:
        database.execute(
            "select figures.find_by(%s, %s::text[], %s::text[])",
            [generation, list(index.keys), list(index.beside)],
        )


def _give_up(database: psycopg.Connection[Any], view: str) -> None:
    """Drop what is in the making, when whoever is at it has done its batch."""
    making = database.execute(
        "select generation from figures.flattened where view = %s and not stands for update", [view]
    ).fetchall()
    for (generation,) in making:
        database.execute("select figures.give_up(%s)", [generation])


def _groups(database: psycopg.Connection[Any], tables: Sequence[Table]) -> list[list[_Made]]:
    """Tables that take the same changes: of one type of resource, standing ones first."""
    known = {(table.name, table.digest): table for table in tables}
    rows = database.execute(
        "select view, digest, generation, stands from figures.flattened where view = any(%s)",
        [[table.name for table in tables]],
    )
    made = [
        _Made(known[view, digest], generation, stands)
        for view, digest, generation, stands in rows
        if (view, digest) in known
    ]

    def key(each: _Made) -> tuple[bool, str]:
        return not each.stands, each.table.view.resource

    return [list(group) for _, group in groupby(sorted(made, key=key), key)]


def _batch(session: Session, group: list[_Made]) -> bool:
    """Take the next changes into the tables that have not seen them; whether none are left."""
    with transaction():
        database = session.connection()
        positions = _claimed(database, group)
        if not positions:
            return True  # somebody else is at these
        position = min(positions.values())
        found = flattening.changed_after(
            session, group[0].table.view.resource, position, limit=BATCH
        )
        changed = [each.rid for each in found.versions]
        read = [
            (each.rid, each.patient, orjson.loads(each.body))
            for each in found.versions
            if each.body is not None
        ]
        for made in group:
            # one that has seen these changes already sees them again, and is as it was
            if changed and positions.get(made.generation, found.position) < found.position:
                months = _replace(session, made, changed, read)
                _touch(database, made, months, found.position)
        if changed or not found.at_end or found.position - position > _IDLE:
            _advance(database, positions, found.position)
        if found.at_end:
            _put_in_place(database, group, positions)
    return found.at_end


def _claimed(database: psycopg.Connection[Any], group: list[_Made]) -> dict[int, int]:
    """Generation -> position, of those nobody else is at. The claim falls with the transaction."""
    rows = database.execute(
        "select generation, position from figures.flattened where generation = any(%s)"
        " order by generation for update skip locked",
        [[each.generation for each in group]],
    )
    return dict(rows.fetchall())


def _advance(database: psycopg.Connection[Any], positions: dict[int, int], to: int) -> None:
    database.execute(
        "update figures.flattened set position = greatest(position, %s) where generation = any(%s)",
        [to, list(positions)],
    )


def _put_in_place(
    database: psycopg.Connection[Any], group: list[_Made], positions: dict[int, int]
) -> None:
    for made in group:
        if not made.stands and made.generation in positions:
            database.execute("select figures.put_in_place(%s)", [made.generation])


def _touch(
    database: psycopg.Connection[Any], made: _Made, months: Iterable[str], position: int
) -> None:
    """Tell who writes files of the table which months are no longer what they were."""
    database.execute(
        "insert into figures.touched (generation, month, position)"
        " select %s, unnest(%s::text[]), %s"
        " on conflict (generation, month) do update set position = excluded.position",
        [made.generation, sorted(months), position],
    )


def _replace(
    session: Session, made: _Made, changed: list[int], read: list[tuple[int, int, Any]]
) -> set[str]:
    """The rows of these resources, in the place of those that stood; the months either counts in."""
    database = session.connection()
    rows, refused = _rows(made.table, read)
    numbers = flattening.numbers_of(session, _keys(made.table, rows))
    of = sql.SQL(
        "with gone as (delete from {} where fj_resource = any(%s) returning {} as day)"
        " select distinct coalesce(to_char(day, 'YYYY-MM'), 'none') from gone"
    ).format(made.name, sql.Identifier(made.table.day))
    months = {month for (month,) in database.execute(of, [changed])}
    database.execute(
        "delete from figures.refused where generation = %s and resource = any(%s)",
        [made.generation, changed],
    )
    if refused:
        database.execute(
            "insert into figures.refused select %s, unnest(%s::bigint[])",
            [made.generation, refused],
        )
    names = [name for name, _ in made.table.columns]
    copied = sql.SQL("copy {} (fj_resource, fj_patient, {}) from stdin").format(
        made.name, sql.SQL(", ").join(map(sql.Identifier, names))
    )
    if rows:
        with database.cursor() as cursor, cursor.copy(copied) as copy:
            for row in rows:
                copy.write_row(_numbered(made.table, row, numbers))
    return months | _months(made.table, rows)


def _months(table: Table, rows: Iterable[Row]) -> set[str]:
    """The months that rows of :func:`_rows` count in, as in figures.touched."""
    place = 2 + [name for name, _ in table.columns].index(table.day)
    days = {row[place] for row in rows}
    return {"none" if day is None else f"{day.year:04d}-{day.month:02d}" for day in days}


def _rows(table: Table, read: Iterable[tuple[int, int, Any]]) -> tuple[list[Row], list[int]]:
    """(resource, patient, written values of the view) of each row; the resources that do not fit."""
    rows: list[Row] = []
    refused: list[int] = []
    for rid, patient, resource in read:
        try:
            found = [_written(table, row) for row in table.view.rows(resource)]
        except (ViewError, NotWritable):
            refused.append(rid)
            continue
        rows.extend((rid, patient, *row) for row in found)
    return rows, refused


def _written(table: Table, row: Row) -> list[Any]:
    """The values as the table holds them, keys still as references; days beside moments."""
    out: list[Any] = []
    for value, kind in zip(row, table.kinds, strict=True):
        written = value if value is None or kind is None else kind.write(value)
        out.append(written)
        if kind is MOMENT:
            out.append(None if written is None else local_day(written))
    return out


def _key_places(table: Table) -> list[int]:
    """Where keys stand in a row of :func:`_rows`."""
    places, at = [], 2
    for kind in table.kinds:
        if kind is None:
            places.append(at)
        at += 2 if kind is MOMENT else 1
    return places


def _keys(table: Table, rows: list[Row]) -> set[str]:
    places = _key_places(table)
    return {row[place] for row in rows for place in places if row[place] is not None}


def _numbered(table: Table, row: Row, numbers: dict[str, int]) -> Row:
    values = list(row)
    for place in _key_places(table):
        values[place] = None if values[place] is None else numbers.get(values[place])
    return tuple(values)


__all__ = ["BATCH", "keep_up", "rebuild"]
