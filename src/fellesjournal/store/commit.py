"""The one write.

Every change of the record, from whichever page, interface, job or import, becomes a list
of :class:`Change` and one call of :func:`commit`: versions, index rows and unique numbers
in one round trip and one database transaction. All or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import psycopg
from psycopg import errors

from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import Conflict, PreconditionFailed
from fellesjournal.store.arrays import (
    big_ints,
    byte_strings,
    floats,
    ints,
    repeated,
    small_ints,
    teach,
    texts,
)
from fellesjournal.store.claims import CLAIMED_TIME
from fellesjournal.store.indexing import Hasher, IndexRow, index_row

NEW = 0


class Method(IntEnum):
    """How a version came to be; the numbers are stored."""

    POST = 1
    PUT = 2
    PATCH = 3
    DELETE = 4


@dataclass(frozen=True, slots=True)
class Change:
    """One version to write.

    ``body`` is None for a delete. ``expected`` is None to write whatever stands, NEW to
    write only where nothing ever stood, or the version that must stand. ``labels`` are bits
    that a Visibility may ask for; a delete keeps those that stood.
    """

    type: str
    id: str
    method: Method
    body: bodies.Body | None = None
    expected: int | None = None
    labels: int = 0


class Committed(NamedTuple):
    """What stands after a change, and what stood before (``stood`` 0: nothing)."""

    rid: int
    type: str
    id: str
    patient: int
    version: int
    seq: int
    stood: int
    was_deleted: bool
    body: bytes | None

    @property
    def created(self) -> bool:
        """True when nothing, or a deleted resource, stood there."""
        return self.stood == 0 or self.was_deleted


_PARAMETERS = 36
_COMMIT = (
    "select n, rid, patient, version, seq, stood, was_deleted"
    f" from store.commit({', '.join(['%b'] * _PARAMETERS)})"
)


def commit(
    connection: psycopg.Connection[Any],
    changes: Sequence[Change],
    hasher: Hasher,
    *,
    beside: tuple[str, list[Any]],
    own_bases: tuple[str, ...] = (),
) -> list[Committed]:
    """Write all changes or none; results in the order of the changes.

    ``beside`` is a statement, with its parameters, that is carried out with the commit
    and may read its result as ``done`` (columns rid, patient ...): the line in the log.
    ``own_bases`` are base URLs whose absolute references are this server's own resources.

    No two changes may name the same resource. Raises PreconditionFailed when an expected
    version does not stand, Conflict when a unique number belongs to somebody else.
    """
    teach(connection)
    rows = Rows(hasher, own_bases)
    for change in changes:
        rows.add(change)
    statement = (
        f"with done as ({_COMMIT}), beside as ({beside[0]})"
        # a part that nothing reads would not be carried out
        " select * from done where (select count(*) from beside) >= 0 order by n"
    )
    try:
        found = connection.execute(statement, [*rows.arguments(), *beside[1]]).fetchall()
    except errors.UniqueViolation as error:
        raise _duplicate(error) from None
    except psycopg.DatabaseError as error:
        if error.sqlstate != "FJ409":
            raise
        raise _stale(error, changes) from None
    return [
        Committed(
            rid,
            change.type,
            change.id,
            patient,
            version,
            seq,
            stood,
            was_deleted,
            _wire(halves, version, seq),
        )
        for (_, rid, patient, version, seq, stood, was_deleted), change, halves in zip(
            found, changes, zip(rows.before, rows.after, strict=True), strict=True
        )
    ]


def _wire(halves: tuple[bytes | None, bytes | None], version: int, seq: int) -> bytes | None:
    before, after = halves
    if before is None or after is None:
        return None
    return before + bodies.stamp(version, seq) + after


def _stale(error: psycopg.DatabaseError, changes: Sequence[Change]) -> PreconditionFailed:
    number, version = (int(part) for part in (error.diag.message_detail or "1 0").split())
    change = changes[number - 1]
    return PreconditionFailed(
        f"{change.type}/{change.id}: version {version} stands, not {change.expected}"
    )


def _duplicate(error: errors.UniqueViolation) -> Conflict:
    if error.diag.constraint_name != "identifier_is_unique":
        raise error
    if CLAIMED_TIME in (error.diag.message_detail or ""):
        return Conflict("this time has just been taken", code="duplicate")
    # The number itself stays out of the message: it ends up in logs.
    return Conflict("another resource already has this identifier", code="duplicate")


Runs = list[tuple[int, int]]


class Rows:
    """The arguments of store.commit, gathered change by change as parallel arrays."""

    def __init__(self, hasher: Hasher, own_bases: tuple[str, ...] = ()) -> None:
        self.hasher = hasher
        self.own_bases = own_bases
        self.types: list[int] = []
        self.ids: list[str] = []
        self.heads: dict[tuple[str, str], int] = {}
        self.referred: tuple[Runs, list[tuple[int, str, str]]] = ([], [])
        self.patient_of: list[tuple[str, str] | None] = []
        self.methods: list[int] = []
        self.expected: list[int | None] = []
        self.labels: list[int | None] = []
        self.before: list[bytes | None] = []
        self.after: list[bytes | None] = []
        self.date_los: list[int | None] = []
        self.date_his: list[int | None] = []
        # of each kind first the runs of rows: (number of the change, how many)
        self.tokens: tuple[Runs, list[int]] = ([], [])
        self.pairs: tuple[Runs, list[int]] = ([], [])
        self.strings: tuple[Runs, list[int], list[str], list[str]] = ([], [], [], [])
        self.dates: tuple[Runs, list[int], list[int], list[int]] = ([], [], [], [])
        self.numbers: tuple[Runs, list[int], list[int], list[float], list[float]] = (
            [], [], [], [], [],
        )  # fmt: skip
        self.terms: dict[int, tuple[int, str]] = {}
        self.unique: tuple[Runs, list[str], list[str]] = ([], [], [])

    def add(self, change: Change) -> None:
        """Append one change with its index rows."""
        number = len(self.methods) + 1
        self.heads[change.type, change.id] = number
        self.types.append(type_number(change.type))
        self.ids.append(change.id)
        self.methods.append(change.method)
        self.expected.append(change.expected)
        self.labels.append(change.labels)
        if change.body is None:
            self.before.append(None)
            self.after.append(None)
            self._add_index(number, None)
            return
        before, after = bodies.split(change.body.raw, change.id)
        self.before.append(before)
        self.after.append(after)
        self._add_index(
            number, index_row(change.type, change.id, change.body.data, self.hasher, self.own_bases)
        )

    def _add_index(self, number: int, row: IndexRow | None) -> None:
        if row is None:
            self.patient_of.append(None)
            self.date_los.append(None)
            self.date_his.append(None)
            return
        self.patient_of.append(row.patient)
        self.date_los.append(row.date_lo)
        self.date_his.append(row.date_hi)
        for columns, tokens in ((self.tokens, row.tokens), (self.pairs, row.pairs)):
            if tokens:
                columns[0].append((number, len(tokens)))
                columns[1].extend(tokens)
        _extend(self.strings, number, row.strings)
        _extend(self.dates, number, row.dates)
        _extend(self.numbers, number, row.numbers)
        _extend(self.unique, number, row.unique)
        for token, slot, norm in row.terms:
            self.terms[token] = (slot, norm)
        if row.references:
            self.referred[0].append((number, len(row.references)))
            self.referred[1].extend(row.references)

    def _head(self, target: tuple[str, str]) -> int:
        number = self.heads.get(target)
        if number is None:
            self.types.append(type_number(target[0]))
            self.ids.append(target[1])
            number = self.heads[target] = len(self.types)
        return number

    def arguments(self) -> list[Any]:
        """The arguments in the order of the database function; call once, after the last add."""
        patient_heads = [0 if target is None else self._head(target) for target in self.patient_of]
        reference_heads = [self._head((name, fhir_id)) for _, name, fhir_id in self.referred[1]]
        return [
            small_ints(self.types), texts(self.ids),
            small_ints(self.methods), ints(self.expected), ints(patient_heads), ints(self.labels),
            byte_strings(self.before), byte_strings(self.after),
            big_ints(self.date_los), big_ints(self.date_his),
            repeated(self.tokens[0]), big_ints(self.tokens[1]),
            repeated(self.pairs[0]), big_ints(self.pairs[1]),
            repeated(self.referred[0]), small_ints([slot for slot, _, _ in self.referred[1]]),
            ints(reference_heads),
            repeated(self.strings[0]), small_ints(self.strings[1]), texts(self.strings[2]), texts(self.strings[3]),
            repeated(self.dates[0]), small_ints(self.dates[1]), big_ints(self.dates[2]), big_ints(self.dates[3]),
            repeated(self.numbers[0]), small_ints(self.numbers[1]), big_ints(self.numbers[2]),
            floats(self.numbers[3]), floats(self.numbers[4]),
            big_ints(list(self.terms)), small_ints([slot for slot, _ in self.terms.values()]),
            texts([norm for _, norm in self.terms.values()]),
            repeated(self.unique[0]), texts(self.unique[1]), texts(self.unique[2]),
        ]  # fmt: skip


def _extend(columns: tuple[list[Any], ...], number: int, values: Sequence[tuple[Any, ...]]) -> None:
    if not values:
        return
    columns[0].append((number, len(values)))
    for column, parts in zip(columns[1:], zip(*values, strict=True), strict=True):
        column.extend(parts)


__all__ = ["NEW", "Change", "Committed", "Method", "Rows", "commit"]
