"""Arrays as PostgreSQL reads them, packed in one go.

A commit passes forty arrays. Handing them to the driver as lists costs more than the
rest of the commit: it looks at each element's type. Ours are known.
Format: https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
and array_recv in PostgreSQL's source: dimensions, has-null flag, element type, length and
lower bound, then each element with its length, -1 for null.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_INT2, _INT4, _INT8, _FLOAT8, _TEXT, _BYTEA = 21, 23, 20, 701, 25, 17
_header = struct.Struct("!iiIii").pack
_empty = struct.Struct("!iiI").pack
_length = struct.Struct("!i").pack
_INT_ELEMENT = struct.Struct("!ii")
_NULL = _length(-1)


class Array(bytes):
    """A packed array; its subclasses say of what."""

    __slots__ = ()


class SmallInts(Array):
    """A packed smallint[]."""


class Ints(Array):
    """A packed integer[]."""


class BigInts(Array):
    """A packed bigint[]."""


class Floats(Array):
    """A packed double precision[]."""


class Texts(Array):
    """A packed text[]."""


class Bytes(Array):
    """A packed bytea[]."""


def small_ints(values: Sequence[int | None]) -> SmallInts:
    """Pack a smallint[]."""
    return SmallInts(_numbers(values, _INT2, 2, "h"))


def ints(values: Sequence[int | None]) -> Ints:
    """Pack an integer[]."""
    return Ints(_numbers(values, _INT4, 4, "i"))


def big_ints(values: Sequence[int | None]) -> BigInts:
    """Pack a bigint[]."""
    return BigInts(_numbers(values, _INT8, 8, "q"))


def floats(values: Sequence[float | None]) -> Floats:
    """Pack a double precision[]."""
    return Floats(_numbers(values, _FLOAT8, 8, "d"))


def texts(values: Sequence[str]) -> Texts:
    """Pack a text[]."""
    return Texts(_pieces([value.encode() for value in values], _TEXT))


def byte_strings(values: Sequence[bytes | None]) -> Bytes:
    """Pack a bytea[]."""
    return Bytes(_pieces(values, _BYTEA))


def repeated(runs: Iterable[tuple[int, int]]) -> Ints:
    """Pack an integer[] of runs (number, how often it stands in a row)."""
    elements = b"".join([_INT_ELEMENT.pack(4, number) * times for number, times in runs])
    count = len(elements) // _INT_ELEMENT.size
    return Ints(_header(1, 0, _INT4, count, 1) + elements if count else _empty(0, 0, _INT4))


def _numbers(values: Sequence[Any], element: int, size: int, code: str) -> bytes:
    count = len(values)
    if not count:
        return _empty(0, 0, element)
    try:
        numbers = array(code, values)
    except TypeError:  # there are nulls among them
        pack = struct.Struct("!" + code).pack
        return _pieces([None if value is None else pack(value) for value in values], element)
    if sys.byteorder == "little":
        numbers.byteswap()
    return _header(1, 0, element, count, 1) + _interleaved(numbers.tobytes(), count, size)


def _interleaved(elements: bytes, count: int, size: int) -> bytes:
    """Each element of ``size`` bytes with its length before it, a byte of all at a time."""
    stride = 4 + size
    packed = bytearray(stride * count)
    packed[3::stride] = bytes([size]) * count
    for place in range(size):
        packed[4 + place :: stride] = elements[place::size]
    return bytes(packed)


def _pieces(values: Sequence[bytes | None], element: int) -> bytes:
    if not values:
        return _empty(0, 0, element)
    parts = [_header(1, int(None in values), element, len(values), 1)]
    for value in values:
        if value is None:
            parts.append(_NULL)
        else:
            parts += (_length(len(value)), value)
    return b"".join(parts)


class _Packed(Dumper):
    """Hands a packed array over as it is."""

    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer | None:
        return obj


_DUMPERS = [
    (kind, type(f"{kind.__name__}Dumper", (_Packed,), {"oid": oid}))
    for kind, oid in {
        SmallInts: 1005, Ints: 1007, BigInts: 1016, Floats: 1022, Texts: 1009, Bytes: 1001,
    }.items()
]  # fmt: skip
_taught: WeakSet[psycopg.Connection[Any]] = WeakSet()


def teach(connection: psycopg.Connection[Any]) -> None:
    """Let a connection take packed arrays as parameters. Cheap when it already does."""
    if connection not in _taught:
        for kind, dumper in _DUMPERS:
            connection.adapters.register_dumper(kind, dumper)
        _taught.add(connection)
