"""Whether the facts of the policy are what the bodies say: derived again and compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import psycopg

from fellesjournal.access.relations.rows import (
    DERIVED_TYPES,
    TABLES,
    Rows,
    labels_to_store,
    numbered,
    rows_of,
)
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_name
from fellesjournal.foundation import clock
from fellesjournal.store.check import Finding

_BATCH = 500
_NEXT = (
    "select e.seq, r.rid, r.type, r.fhir_id, r.patient, r.version, e.labels, r.labels, v.labels, v.body"
    " from store.entry e join store.resource r on r.rid = e.rid"
    " join store.version v on v.rid = r.rid and v.version = r.version"
    " where e.died is null and e.seq > %s and v.body is not null order by e.seq limit %s"
)


def check_facts(session: Session) -> Iterator[Finding]:
    """Findings about labels, grounds, employments, blocks and releases; bounded memory.

    For a session that sees everything, on a quiet database.
    """
    last = 0
    while rows := session.connection().execute(_NEXT, [last, _BATCH]).fetchall():
        yield from _compare(session.connection(), rows)
        last = rows[-1][0]


def _compare(database: psycopg.Connection[Any], rows: list[Any]) -> Iterator[Finding]:
    now = clock.microseconds(clock.now())
    derived, names = Rows(), {}
    versions: dict[int, int] = {}
    for _, rid, number, fhir_id, patient, version, *labels, body in rows:
        data = orjson.loads(body)
        name = f"{type_name(number)}/{fhir_id}"
        wanted = labels_to_store(data)
        if labels != [wanted] * 3:
            yield Finding(name, "its labels are not those of its body")
        if type_name(number) in DERIVED_TYPES or wanted:
            names[rid] = name
            rows_of(data, rid, patient, version, now, into=derived)
            versions[rid] = version
    for table, wanted_rows in zip(TABLES, numbered(database, derived), strict=True):
        stored = database.execute(
            # how a ground was given stands beside it, and follows from no body
            "select (to_jsonb(t) - 'given_by' - 'given_until')::text"
            f" from access.{table} t where source = any(%s)"
            # who earlier versions are about is kept beside who the standing one is about
            + (
                " and version = (select r.version from store.resource r where r.rid = source)"
                if table == "also_about"
                else ""
            ),
            [list(names)],
        ).fetchall()
        yield from _differences(
            table, wanted_rows, [orjson.loads(row) for (row,) in stored], names, now
        )


def _differences(
    table: str, wanted: list[Any], stored: list[Any], names: dict[int, str], now: int
) -> Iterator[Finding]:
    # what ended since it was derived may be there or not
    lasting = [_key(row) for row in stored if row.get("ends", now + 1) > now]
    for source in sorted({source for source, _ in {*map(_key, wanted)} ^ {*lasting}}):
        yield Finding(names[source], f"access.{table} is not what it says")


def _key(row: dict[str, Any]) -> tuple[int, bytes]:
    return row["source"], orjson.dumps(row, option=orjson.OPT_SORT_KEYS)


__all__ = ["check_facts"]
