"""Whether the log is what was written: every line, every seal, and the anchor outside.

Hashes are computed here, not in the database, so that a function changed there can't answer
for a changed row. Memory is bounded by the number of chains and of people, not of lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

import psycopg

from fellesjournal.access.readlog.times import moment_of, month_of, start_of_month
from fellesjournal.foundation.database.connection import connection, transaction

_BATCH = 5000
_HASH_BYTES = 32
_GRACE = 3600 * 1_000_000 << 12
"""One hour, as a difference of line numbers: no act holds its line back from a seal for longer."""

_LINES = (
    "select l.chain, l.n, l.id, l.hash, pg_catalog.record_send(row(l.id, l.n, l.who, l.decision,"
    " l.chain, l.areas, l.act, l.type, l.outcome, l.patients, l.kinds, l.sources, l.resources)),"
    " exists (select from access.log_who w where w.number = l.who)"
    " from access.log l where l.id >= %s and l.id < %s order by l.chain, l.n, l.id"
)
_SEALS = (
    "select s.n, s.id, s.hash, s.chains, s.ns, s.ids, s.heads,"
    " pg_catalog.record_send(row(s.n, s.id, s.chains, s.ns, s.ids, s.heads))"
    " from access.log_seal s order by s.n"
)
_MOST = 2**63 - 1


class Kind(StrEnum):
    """What can be wrong."""

    CHANGED = "changed row"
    MISSING = "missing row"
    MISSING_MONTH = "missing month"
    CUT = "cut tail"
    FOREIGN = "foreign row"
    SEAL = "altered seal"
    ANCHOR = "anchor disagrees"
    WHO = "altered person"
    UNSEALED = "row no seal follows"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``month`` as ``2026-11``; chain and number where one line is meant."""

    kind: Kind
    detail: str
    month: str = ""
    chain: int = 0
    number: int = 0

    def __str__(self) -> str:
        where = [f"month {self.month}"] if self.month else []
        if self.number:
            where.append(f"chain {self.chain}" if self.chain else "seals")
            where.append(f"number {self.number}")
        return f"{self.kind}: {', '.join(where)}{': ' if where else ''}{self.detail}"


@dataclass(slots=True)
class Progress:
    """How far the check has come, and at its end what was looked at."""

    lines: int = 0
    seals: int = 0
    month: str = ""


class _Anchored(NamedTuple):
    n: int
    hash: bytes


class _Head(NamedTuple):
    """Where a chain stands: number, time and hash of a line."""

    n: int = 0
    id: int = 0
    hash: bytes = b""


@dataclass(slots=True)
class _Sealed:
    """What the seals say: the newest head of each chain, the months that had lines."""

    heads: dict[int, _Head] = field(default_factory=dict)
    months: set[str] = field(default_factory=set)
    last: _Head = field(default_factory=_Head)


def verify(anchor: Iterable[str] | None = None) -> Iterator[Finding | Progress]:
    """Look at the whole log, in one snapshot; findings as they are met, progress in between.

    ``anchor``: the lines of an anchor file, oldest first. The last thing yielded is the final
    :class:`Progress`. What was written after the newest seal is checked as far as its chain
    goes; that its end was cut off can't be seen.
    """
    progress = Progress()
    with transaction():
        database = connection()
        database.execute("set transaction isolation level repeatable read")
        sealed = _Sealed()
        yield from _check_seals(database, _anchored(anchor or ()), sealed, progress)
        yield from _check_people(database)
        yield from _check_lines(database, sealed, progress)
    yield progress


# --- seals ----------------------------------------------------------------------------------


def _anchored(lines: Iterable[str]) -> Iterator[_Anchored | str]:
    """The seals of an anchor file; a line that is none as it is."""
    for line in lines:
        parts = line.split()
        try:
            yield _Anchored(int(parts[0]), bytes.fromhex(parts[2]))
        except (ValueError, IndexError):
            if parts:
                yield line.strip()


def _check_seals(
    database: psycopg.Connection[Any],
    anchored: Iterator[_Anchored | str],
    sealed: _Sealed,
    progress: Progress,
) -> Iterator[Finding]:
    before = _Head()
    expected = next(anchored, None)
    for n, at, stored, chains, ns, ids, heads, content in _stream(database, _SEALS, []):
        month = month_of(at)
        if n != before.n + 1:
            yield Finding(
                Kind.SEAL, f"seals {before.n + 1} to {n - 1} are gone", month, number=before.n + 1
            )
        elif hashlib.sha256(before.hash + content).digest() != stored:
            yield Finding(Kind.SEAL, "its hash is not that of what it says", month, number=n)
        while expected is not None and (isinstance(expected, str) or expected.n <= n):
            yield from _against_anchor(expected, n, stored, month)
            expected = next(anchored, None)
        for number, chain in enumerate(chains):
            start = number * _HASH_BYTES
            head = _Head(ns[number], ids[number], heads[start : start + _HASH_BYTES])
            sealed.heads[chain] = head
            sealed.months.add(month_of(head.id))
        before = _Head(n, at, stored)
        progress.seals += 1
    while expected is not None:
        yield from _against_anchor(expected, before.n, None, "")
        expected = next(anchored, None)
    sealed.last = before


def _against_anchor(
    expected: _Anchored | str, n: int, stored: bytes | None, month: str
) -> Iterator[Finding]:
    if isinstance(expected, str):
        yield Finding(Kind.ANCHOR, f"a line of the anchor can't be read: {expected[:60]!r}")
    elif stored is None or expected.n != n:
        yield Finding(Kind.ANCHOR, "the anchor has a seal that is gone", month, number=expected.n)
    elif expected.hash != stored:
        yield Finding(Kind.ANCHOR, "the seal is not the one anchored", month, number=n)


# --- people ---------------------------------------------------------------------------------


def who_number(*texts: str) -> str:
    """The number of a combination of texts in access.log_who, as 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:32]


def _check_people(database: psycopg.Connection[Any]) -> Iterator[Finding]:
    statement = (
        "select number::text, person, role, unit, organisation, purpose, app from access.log_who"
    )
    for number, *texts in _stream(database, statement, []):
        if number.replace("-", "") != who_number(*texts):
            yield Finding(Kind.WHO, f"{number} says {', '.join(filter(None, texts))}")


# --- lines ----------------------------------------------------------------------------------


def _check_lines(
    database: psycopg.Connection[Any], sealed: _Sealed, progress: Progress
) -> Iterator[Finding | Progress]:
    stands: dict[int, _Head] = {}
    months: set[str] = set()
    for lo, hi in _windows(database):
        for row in _stream(database, _LINES, [lo, hi]):
            chain, n, at = row[0], row[1], row[2]
            month = month_of(at)
            months.add(month)
            before = stands.get(chain, _Head())
            yield from _check_line(row, before, sealed.heads.get(chain, _Head()), sealed.last)
            if n > before.n:
                stands[chain] = _Head(n, at, row[3])
            progress.lines += 1
            if progress.lines % _BATCH == 0:
                progress.month = month
                yield progress
    for month in sorted(sealed.months - months):
        yield Finding(Kind.MISSING_MONTH, "seals tell of its lines, none is there", month)
    for chain, head in sorted(sealed.heads.items()):
        last = stands.get(chain, _Head())
        if last.n < head.n:
            yield Finding(
                Kind.CUT,
                f"the chain ends with {last.n}, a seal holds it to {head.n}",
                month_of(head.id), chain, last.n + 1,
            )  # fmt: skip


def _check_line(
    row: tuple[Any, ...], before: _Head, held: _Head, last_seal: _Head
) -> Iterator[Finding]:
    chain, n, at, stored, content, is_known = row
    month = month_of(at)
    if n <= before.n:
        yield Finding(Kind.FOREIGN, "its number is taken, or none of the chain", month, chain, n)
        return
    if n > before.n + 1:
        until = moment_of(at).isoformat(timespec="seconds")
        since = moment_of(before.id).isoformat(timespec="seconds") if before.n else "the beginning"
        yield Finding(
            Kind.MISSING,
            f"{n - before.n - 1} lines are gone, written between {since} and {until}",
            month_of(before.id) if before.n else month, chain, before.n + 1,
        )  # fmt: skip
    elif hashlib.sha256(before.hash + content).digest() != stored:
        yield Finding(Kind.CHANGED, "its hash is not that of what it says", month, chain, n)
    if n == held.n and stored != held.hash:
        yield Finding(Kind.CHANGED, "it is not the line a seal holds", month, chain, n)
    if n == held.n + 1 and at < last_seal.id - _GRACE:
        yield Finding(Kind.UNSEALED, "it came into the log after its time", month, chain, n)
    if not is_known:
        yield Finding(Kind.WHO, "it names somebody who is not in access.log_who", month, chain, n)


def _windows(database: psycopg.Connection[Any]) -> Iterator[tuple[int, int]]:
    """All times, in pieces of a month that has a table or lines in the net below, oldest first."""
    names = database.execute(
        "select translate(substr(c.relname, 5, 7), '_', '-') from pg_catalog.pg_class c"
        " where c.relnamespace = 'access'::regnamespace and c.relname ~ '^log_[0-9]{4}_[0-9]{2}$'"
        " union select to_char(store.seq_time(r.id) at time zone 'UTC', 'YYYY-MM')"
        " from access.log_rest r"
    )
    starts = sorted(start_of_month(name) for (name,) in names)
    yield from pairwise([0, *starts[1:], _MOST] if starts else [0, _MOST])


def _stream(
    database: psycopg.Connection[Any], statement: str, values: list[Any]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, fetched in pieces."""
    with database.cursor("audit_verify", binary=True) as cursor:
        cursor.itersize = _BATCH
        cursor.execute(statement, values)
        yield from cursor
