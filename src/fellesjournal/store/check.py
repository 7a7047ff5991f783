"""Is the record whole? Compares what is derived with what it was derived from.

Index rows must equal a fresh extraction from the bodies, histories must have no gap, heads
must agree with their last version, and each reference must lead to a head.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from fellesjournal.fhir.definitions import type_name as name_of
from fellesjournal.fhir.definitions import type_number
from fellesjournal.store import index_state
from fellesjournal.store.indexing import Hasher, IndexRow, index_row
from fellesjournal.store.visibility import Visibility

BATCH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be: which resource, and what is wrong with it."""

    resource: str
    problem: str


def check(
    connection: psycopg.Connection[Any],
    hasher: Hasher,
    visibility: Visibility,
    own_bases: tuple[str, ...] = (),
) -> Iterator[Finding | int]:
    """Findings, and now and then the number of resources looked at so far.

    Reads in batches, with bounded memory; meant for a quiet database, since a resource
    that changes between two statements may be reported though nothing is wrong.
    """
    unfit = index_state.problem(connection)
    if unfit is not None:
        yield Finding("search index", unfit + ": run fellesjournal reindex")
    for statement, problem in _RULES:
        for type_number_, fhir_id in connection.execute(f"{statement} and {visibility.sql('r')}"):
            yield Finding(f"{name_of(type_number_)}/{fhir_id}", problem)
    done, last = 0, 0
    batch = f"{_BATCH} and {visibility.sql('r')} order by e.seq limit %s"
    while True:
        rows = connection.execute(batch, [last, BATCH]).fetchall()
        if not rows:
            return
        yield from _compare(connection, rows, hasher, own_bases)
        last, done = rows[-1][0], done + len(rows)
        yield done


_RULES = (
    (
        (
            "select r.type, r.fhir_id from store.resource r where r.version > 0 and r.version <>"
            " (select count(*) from store.version v where v.rid = r.rid)"
        ),
        "its history has a gap",
    ),
    (
        (
            "select r.type, r.fhir_id from store.resource r where r.version > 0 and not exists"
            " (select from store.version v where v.rid = r.rid and v.version = r.version"
            "  and v.seq = r.seq and (v.body is null) = r.deleted)"
        ),
        "the head does not agree with the last version",
    ),
    (
        (
            "select r.type, r.fhir_id from store.version v join store.version w"
            " on w.rid = v.rid and w.version = v.version + 1 and w.seq <= v.seq"
            " join store.resource r on r.rid = v.rid"
        ),
        "a version is not later than the one before it",
    ),
    (
        (
            "select r.type, r.fhir_id from store.resource r where r.version > 0 and not r.deleted and"
            " (select count(*) from store.entry e where e.rid = r.rid and e.died is null) <> 1"
        ),
        "it is not in the search index exactly once",
    ),
    (
        (
            "select r.type, r.fhir_id from store.resource r join store.entry e on e.rid = r.rid"
            " where e.died is null and (r.deleted or e.seq <> r.seq or e.type <> r.type)"
        ),
        "the search index holds another version than the one that stands",
    ),
    (
        (
            "select e.type, r.fhir_id from store.entry e join store.resource r on r.rid = e.rid"
            " cross join unnest(e.tokens) t where t < 0 and e.died is null and not exists"
            " (select from store.resource h where h.rid = t & ((1::bigint << 47) - 1))"
        ),
        "a reference leads to no head",
    ),
)

_BATCH = """
    select e.seq, r.rid, r.type, r.fhir_id, v.body, e.patient, e.date_lo, e.date_hi, e.tokens,
           (select array_agg((slot, norm, coalesce(raw, norm))::text order by slot, norm, raw)
              from store.entry_string s where s.seq = e.seq),
           (select array_agg(array[slot, lo, hi] order by slot, lo, hi)
              from store.entry_date d where d.seq = e.seq),
           (select array_agg(array[slot::float8, unit::float8, lo, hi] order by slot, unit, lo, hi)
              from store.entry_number n where n.seq = e.seq)
      from store.entry e
      join store.resource r on r.rid = e.rid
      join store.version v on v.rid = e.rid and v.version = e.version
     where e.died is null and e.seq > %s
"""


def _compare(
    connection: psycopg.Connection[Any],
    rows: list[tuple[Any, ...]],
    hasher: Hasher,
    own_bases: tuple[str, ...],
) -> Iterator[Finding]:
    for row in rows:
        type_name, fhir_id, body = name_of(row[2]), row[3], row[4]
        fresh = index_row(type_name, fhir_id, orjson.loads(body), hasher, own_bases)
        for kind in _differences(connection, row, fresh):
            yield Finding(
                f"{type_name}/{fhir_id}", f"its {kind} in the search index differ from its body"
            )


def _differences(
    connection: psycopg.Connection[Any], row: tuple[Any, ...], fresh: IndexRow
) -> Iterator[str]:
    _, _, _, _, _, patient, date_lo, date_hi, tokens, strings, dates, numbers = row
    expected_patient, expected_tokens = _derived(connection, fresh)
    if patient != expected_patient:
        yield "patient"
    if (date_lo, date_hi) != (fresh.date_lo, fresh.date_hi):
        yield "main date"
    if set(tokens) != expected_tokens or len(tokens) != len(expected_tokens):
        yield "tokens"
    if len(strings or []) != len(fresh.strings):
        yield "strings"
    if sorted(map(tuple, dates or [])) != sorted(fresh.dates):
        yield "dates"
    if sorted((slot, lo, hi) for slot, _, lo, hi in numbers or []) != sorted(
        (float(slot), lo, hi) for slot, _, lo, hi in fresh.numbers
    ):
        yield "numbers"


def _derived(connection: psycopg.Connection[Any], fresh: IndexRow) -> tuple[int, set[int]]:
    """The patient's number and all tokens, those that the database computes included."""
    wanted = list(dict.fromkeys(
        ([fresh.patient] if fresh.patient else []) + [(kind, name) for _, kind, name in fresh.references]
    ))  # fmt: skip
    found = connection.execute(
        "select w.type, w.id, r.rid from unnest(%s::smallint[], %s::text[]) w(type, id)"
        " join store.resource r on r.type = w.type and r.fhir_id = w.id",
        [[type_number(kind) for kind, _ in wanted], [name for _, name in wanted]],
    ).fetchall()
    numbers = {(name_of(kind), name): rid for kind, name, rid in found}
    patient = numbers.get(fresh.patient, 0) if fresh.patient else 0
    tokens = set(fresh.tokens)
    tokens.update(
        _reference_token(slot, numbers.get((kind, name), 0))
        for slot, kind, name in fresh.references
    )
    if patient and fresh.pairs:
        row = connection.execute(
            "select array_agg(store.pair_token(%s, t)) from unnest(%s::bigint[]) t",
            [patient, fresh.pairs],
        ).fetchone()
        assert row is not None  # an aggregate always answers
        tokens.update(row[0])
    return patient, tokens


def _reference_token(slot: int, rid: int) -> int:
    """As store.reference_token: the sign bit set, so negative in two's complement."""
    return ((slot << 47) | rid) - (1 << 63)
