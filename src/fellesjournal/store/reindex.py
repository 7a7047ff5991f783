"""Index rows made again from the bodies, batch by batch: the second and last writer of them.

A row that already says what its body says stays untouched. Position and rows are one
transaction, so a rebuild that is killed goes on where it was; memory holds one batch, cut by
count and by bytes (INV-60).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg

from fellesjournal.fhir.definitions import type_name, type_number
from fellesjournal.store.index_state import Rebuild, note_made_with, note_rebuild
from fellesjournal.store.indexing import Hasher, IndexRow, index_row

BATCH = 500
BATCH_BYTES = 16_000_000

Head = tuple[str, str]  # type, id


class UnseenBody(RuntimeError):
    """A rebuild has to see every body, and this connection does not."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch did: how many entries it ``passed``, how many of them it ``changed``.
    ``rebuild`` is how it goes on, None when all is done.
    """

    rebuild: Rebuild | None
    passed: int
    changed: int


@dataclass(slots=True)
class _Entry:
    """One standing entry: what its body says, and the numbers of its patient and tokens."""

    seq: int
    rid: int
    fresh: IndexRow
    stored: tuple[int, int | None, int | None, frozenset[int]]
    patient: int = 0
    tokens: frozenset[int] = frozenset()


def count(connection: psycopg.Connection[Any], position: int) -> int:
    """How many entries stand after a position."""
    row = connection.execute(
        "select count(*) from store.entry where died is null and seq > %s", [position]
    ).fetchone()
    assert row is not None  # an aggregate always answers
    return int(row[0])


def reindex_batch(connection: psycopg.Connection[Any], hasher: Hasher, rebuild: Rebuild) -> Step:
    """Carry a rebuild one batch further. Call it in a transaction, again when it lost a race."""
    seqs, passed = _next(connection, rebuild)
    if not passed:
        note_made_with(connection, rebuild.target)
        return Step(None, 0, 0)
    entries = _read(connection, seqs, hasher, rebuild.target.bases)
    _derive(connection, entries)
    differing = _differing(connection, entries)
    if differing:
        _write(connection, differing)
    further = replace(rebuild, position=passed[-1])
    note_rebuild(connection, further)
    return Step(further, len(passed), len(differing))


def _next(connection: psycopg.Connection[Any], rebuild: Rebuild) -> tuple[list[int], list[int]]:
    """Of the next batch the entries that may have changed, and all of them."""
    rows = connection.execute(
        "select e.seq, octet_length(v.body), "
        + _mentions(rebuild)
        + " from (select seq, rid, version from store.entry where died is null and seq > %(position)s"
        f" order by seq limit {BATCH}) e"
        " left join store.version v on v.rid = e.rid and v.version = e.version order by e.seq",
        {"position": rebuild.position, "hosts": _hosts(rebuild)},
    ).fetchall()
    meant: list[int] = []
    passed: list[int] = []
    size = 0
    for seq, length, is_meant in rows:
        if length is None:
            # also where row security hides it; passing it over would call the rest complete
            raise UnseenBody(f"the body of entry {seq} can't be read: the index can't be rebuilt")
        if is_meant:
            size += length
            if size > BATCH_BYTES and meant:
                break
            meant.append(seq)
        passed.append(seq)
    return meant, passed


def _mentions(rebuild: Rebuild) -> str:
    """SQL: whether a body can be meant. New addresses of ours touch only what names them."""
    before = rebuild.made_with
    if (
        before is None
        or before.definitions != rebuild.target.definitions
        or before == rebuild.target
    ):
        return "true"
    return "exists (select from unnest(%(hosts)s::bytea[]) h where position(h in v.body) > 0)"


def _hosts(rebuild: Rebuild) -> list[bytes]:
    before = rebuild.made_with.bases if rebuild.made_with else ()
    return [urlsplit(base).netloc.encode() for base in {*before} ^ {*rebuild.target.bases}]


def _read(
    connection: psycopg.Connection[Any],
    seqs: Sequence[int],
    hasher: Hasher,
    own_bases: tuple[str, ...],
) -> list[_Entry]:
    """The entries with a fresh extraction, their resources locked as a commit locks them."""
    connection.execute("select store.reindex_lock(%s)", [list(seqs)])
    rows = connection.execute(
        "select e.seq, e.rid, r.type, r.fhir_id, v.body, e.patient, e.date_lo, e.date_hi, e.tokens"
        " from store.entry e join store.resource r on r.rid = e.rid"
        " join store.version v on v.rid = e.rid and v.version = e.version"
        " where e.seq = any(%s) and e.died is null",
        [seqs],
    )
    return [
        _Entry(
            seq,
            rid,
            index_row(type_name(kind), fhir_id, orjson.loads(body), hasher, own_bases),
            (patient, date_lo, date_hi, frozenset(tokens)),
        )
        for seq, rid, kind, fhir_id, body, patient, date_lo, date_hi, tokens in rows
    ]


def _derive(connection: psycopg.Connection[Any], entries: Sequence[_Entry]) -> None:
    """Patients and tokens as numbers; heads that are only referred to are made."""
    wanted: dict[Head, None] = {}
    for entry in entries:
        wanted.update(dict.fromkeys([entry.fresh.patient] if entry.fresh.patient else []))
        wanted.update(dict.fromkeys((kind, name) for _, kind, name in entry.fresh.references))
    numbers = _heads(connection, list(wanted))
    for entry in entries:
        entry.patient = numbers[entry.fresh.patient] if entry.fresh.patient else 0
    paired = _paired(connection, entries)
    for entry in entries:
        references = {
            # as store.reference_token: the sign bit set, so negative in two's complement
            ((slot << 47) | numbers[kind, name]) - (1 << 63)
            for slot, kind, name in entry.fresh.references
        }
        entry.tokens = frozenset(entry.fresh.tokens) | references | paired[entry.seq]


def _heads(connection: psycopg.Connection[Any], wanted: Sequence[Head]) -> dict[Head, int]:
    row = connection.execute(
        "select store.heads(%s::smallint[], %s::text[])",
        [[type_number(kind) for kind, _ in wanted], [name for _, name in wanted]],
    ).fetchone()
    assert row is not None  # a function always answers
    return dict(zip(wanted, row[0], strict=True))


def _paired(connection: psycopg.Connection[Any], entries: Sequence[_Entry]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    pairs = [(e.seq, e.patient, pair) for e in entries if e.patient for pair in e.fresh.pairs]
    if pairs:
        seqs, patients, tokens = zip(*pairs, strict=True)
        for seq, token in connection.execute(
            "select u.seq, store.pair_token(u.patient, u.token)"
            " from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) u(seq, patient, token)",
            [list(seqs), list(patients), list(tokens)],
        ):
            found[seq].add(token)
    return found


def _differing(connection: psycopg.Connection[Any], entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries of which any row is not what the body says."""
    seqs = [entry.seq for entry in entries]
    strings = _stored(
        connection, "select seq, slot, norm, coalesce(raw, norm) from store.entry_string", seqs
    )
    dates = _stored(connection, "select seq, slot, lo, hi from store.entry_date", seqs)
    numbers = _stored(connection, "select seq, slot, unit, lo, hi from store.entry_number", seqs)
    unique = _by_key(
        connection.execute(
            "select rid, system, value from store.unique_identifier where rid = any(%s)",
            [[entry.rid for entry in entries]],
        )
    )
    return [
        entry
        for entry in entries
        if entry.stored != (entry.patient, entry.fresh.date_lo, entry.fresh.date_hi, entry.tokens)
        or strings[entry.seq] != sorted(entry.fresh.strings)
        or dates[entry.seq] != sorted(entry.fresh.dates)
        or numbers[entry.seq] != sorted(entry.fresh.numbers)
        or unique[entry.rid] != sorted(entry.fresh.unique)
    ]


def _stored(
    connection: psycopg.Connection[Any], select: str, seqs: Sequence[int]
) -> dict[int, list[tuple[Any, ...]]]:
    return _by_key(connection.execute(f"{select} where seq = any(%s)", [seqs]))


def _by_key(rows: psycopg.Cursor[Any]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *values in rows:
        found[key].append(tuple(values))
    for values in found.values():
        values.sort()
    return found


def _write(connection: psycopg.Connection[Any], entries: Sequence[_Entry]) -> None:
    seqs = [entry.seq for entry in entries]
    rids = [entry.rid for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(
            "update store.entry set patient = %s, date_lo = %s, date_hi = %s, tokens = %s where seq = %s",
            [(e.patient, e.fresh.date_lo, e.fresh.date_hi, list(e.tokens), e.seq) for e in entries],
        )
        for table in ("entry_string", "entry_date", "entry_number"):
            cursor.execute(f"delete from store.{table} where seq = any(%s)", [seqs])
        cursor.executemany(
            "insert into store.entry_string (seq, slot, norm, raw) values (%s, %s, %s, nullif(%s, %s))",
            [
                (e.seq, slot, norm, raw, norm)
                for e in entries
                for slot, norm, raw in e.fresh.strings
            ],
        )
        cursor.executemany(
            "insert into store.entry_date (seq, slot, lo, hi) values (%s, %s, %s, %s)",
            [(e.seq, *date) for e in entries for date in e.fresh.dates],
        )
        cursor.executemany(
            "insert into store.entry_number (seq, slot, unit, lo, hi) values (%s, %s, %s, %s, %s)",
            [(e.seq, *number) for e in entries for number in e.fresh.numbers],
        )
        cursor.executemany(
            "insert into store.term (token, slot, norm) values (%s, %s, %s) on conflict do nothing",
            sorted({term for e in entries for term in e.fresh.terms}),
        )
        _write_owners(cursor, entries, rids)


def _write_owners(
    cursor: psycopg.Cursor[Any], entries: Sequence[_Entry], rids: Sequence[int]
) -> None:
    """Whose each resource is, and the numbers nobody else may have."""
    cursor.execute("select store.reindex_patients(%s)", [list(rids)])
    cursor.execute("delete from store.unique_identifier where rid = any(%s)", [rids])
    cursor.executemany(
        # two that have one number since before it had to be unique: the first keeps it
        "insert into store.unique_identifier (rid, type, system, value)"
        " select rid, type, %s, %s from store.resource where rid = %s on conflict do nothing",
        [(*number, e.rid) for e in entries for number in e.fresh.unique],
    )
