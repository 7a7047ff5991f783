"""Dates, numbers and quantities: what the prefixes mean for ranges.

http://hl7.org/fhir/R4/search.html#prefix. Both the value searched for and the value stored
are ranges; a prefix says how the two must lie. Dates are half-open [lo, hi) microseconds;
numbers are stored as closed [lo, hi], while a searched number is a point for all prefixes
but eq, ne and ap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fellesjournal.fhir.quantities import UCUM, rounded, ucum_unit
from fellesjournal.fhir.temporal import FOREVER, NEVER
from fellesjournal.store.indexing import RANGE_BIT
from fellesjournal.store.search.scope import Scope, any_of
from fellesjournal.store.search.values import (
    BadValue,
    Number,
    approximately,
    date_value,
    number_value,
    prefixed,
    split,
    unescape,
)

_EPOCH_2020 = 1_577_836_800_000_000
_MILLISECOND = 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    """A prefix with the range it is about, ready to be compared with two columns."""

    prefix: str
    low: float | int
    high: float | int
    kind: str  # float8 or bigint

    def sql(self, lo: str, hi: str, scope: Scope) -> str:
        """The condition on a stored range between the columns ``lo`` and ``hi``."""
        return (
            _dates(self, lo, hi, scope) if self.kind == "bigint" else _numbers(self, lo, hi, scope)
        )


def _dates(bounds: Bounds, lo: str, hi: str, scope: Scope) -> str:
    low = scope.bind(bounds.low, "bigint")
    high = scope.bind(bounds.high, "bigint")
    within = f"({lo} >= {low} and {hi} <= {high})"
    return {
        "eq": within,
        "ne": f"not {within}",
        "gt": f"{hi} > {high}",
        "lt": f"{lo} < {low}",
        # the range above intersects, or the searched range contains the stored one
        "ge": f"({hi} > {high} or {within})",
        "le": f"({lo} < {low} or {within})",
        "sa": f"{lo} >= {high}",
        "eb": f"{hi} <= {low}",
        "ap": f"({lo} < {high} and {hi} > {low})",
    }[bounds.prefix]


def number_rows(slots: Sequence[int], unit: str, bounds: Bounds, scope: Scope) -> str:
    """A sub-query for the seqs of entries with a number in one of the slots and the unit.

    Points and true ranges lie apart (store/indexing.py), each in reach of the index.
    """
    chosen = any_of([f"n.slot = {slot}::smallint" for slot in slots])
    return (
        f"select n.seq from store.entry_number n where {chosen}"
        f" and n.unit = {unit} and {_points(bounds, scope)}"
        f" union all select n.seq from store.entry_number n where {chosen}"
        f" and n.unit = ({unit} # {RANGE_BIT}) and {_numbers(bounds, 'n.lo', 'n.hi', scope)}"
    )


def _points(bounds: Bounds, scope: Scope) -> str:
    """The condition on a value that is one number, in the column lo."""
    low, high = scope.bind(bounds.low, "float8"), scope.bind(bounds.high, "float8")
    return {
        "eq": f"n.lo >= {low} and n.lo < {high}",
        "ne": f"(n.lo < {low} or n.lo >= {high})",
        "ap": f"n.lo >= {low} and n.lo <= {high}",
        "gt": f"n.lo > {low}",
        "sa": f"n.lo > {low}",
        "ge": f"n.lo >= {low}",
        "lt": f"n.lo < {low}",
        "eb": f"n.lo < {low}",
        "le": f"n.lo <= {low}",
    }[bounds.prefix]


def _numbers(bounds: Bounds, lo: str, hi: str, scope: Scope) -> str:
    low, high = scope.bind(bounds.low, "float8"), scope.bind(bounds.high, "float8")
    within = f"({lo} >= {low} and {hi} < {high})"
    return {
        "eq": within,
        "ne": f"not {within}",
        "ap": f"({lo} <= {high} and {hi} >= {low})",
        "gt": f"{hi} > {low}",
        "sa": f"{lo} > {low}",
        "ge": f"{hi} >= {low}",
        "lt": f"{lo} < {low}",
        "eb": f"{hi} < {low}",
        "le": f"{lo} <= {low}",
    }[bounds.prefix]


def date_bounds(text: str, now: int) -> Bounds:
    """A date with its prefix. ``ap`` widens by a tenth of the distance to now."""
    prefix, rest = prefixed(text)
    low, high = date_value(rest)
    if prefix == "ap":
        tenth = abs(now - low) // 10
        low, high = max(low - tenth, NEVER), min(high + tenth, FOREVER)
    return Bounds(prefix, low, high, "bigint")


def number_bounds(text: str) -> Bounds:
    """A number with its prefix."""
    prefix, rest = prefixed(text)
    number = number_value(rest)
    return _bounds(prefix, number, lambda value: value)


def _bounds(prefix: str, number: Number, convert: Callable[[float], float]) -> Bounds:
    """What a number covers, converted and rounded as stored values are."""
    low, high = (rounded(convert(float(limit))) for limit in _range(prefix, number))
    value = rounded(convert(float(number.value)))
    if high <= value and prefix in ("eq", "ne"):
        # written with more digits than are compared: the value itself is still in the range
        high = math.nextafter(value, math.inf)
    return Bounds(prefix, min(low, value), high, "float8")


def _range(prefix: str, number: Number) -> tuple[Decimal, Decimal]:
    if prefix in ("eq", "ne"):
        return number.low, number.high
    if prefix == "ap":
        low, high = approximately(number.value)
        return min(low, number.low), max(high, number.high)
    return number.value, number.value


@dataclass(frozen=True, slots=True)
class QuantityValue:
    """``number|system|code`` with its prefix. ``units``: for each way the unit may be
    indexed its name (see store/indexing.py; () is none) and the bounds in that unit.
    ``label``: a unit text or code that must be there whatever the system (``||mg``).
    """

    units: tuple[tuple[tuple[str, ...], Bounds], ...]
    label: str | None = None


def quantity_value(text: str) -> QuantityValue:
    """Reads ``5.4``, ``5.4|system|code`` and ``5.4||unit``.

    A UCUM unit is compared in base units, so 5400 mg finds 5.4 g. ``5.4||mg`` finds what
    is labelled mg, by unit or code, in any system.
    """
    parts = [unescape(part) for part in split(text, "|")]
    if len(parts) not in (1, 3):
        raise BadValue(f"{text!r}: a quantity is number, number|system|code or number||code")
    prefix, rest = prefixed(parts[0])
    number = number_value(rest)
    plain = _bounds(prefix, number, lambda value: value)
    if len(parts) == 1 or not (parts[1] or parts[2]):
        return QuantityValue((((), plain),))
    system, code = parts[1], parts[2]
    if not code:
        raise BadValue(f"{text!r}: the unit's code is missing")
    if not system:
        return QuantityValue((((), plain),), label=code)
    unit = ucum_unit(code) if system == UCUM else None
    if unit is None:
        return QuantityValue(((("code", system, code), plain),))
    return QuantityValue(((("ucum", unit.dimension), _bounds(prefix, number, unit.to_base)),))


def last_updated(alias: str, text: str, scope: Scope) -> str:
    """The condition on _lastUpdated, which is the seq of the version.

    meta.lastUpdated is written with milliseconds, so a version covers one millisecond.
    """
    bounds = date_bounds(text, scope.now)
    low = _seq(bounds.low, up=True)
    high = _seq(bounds.high, up=bounds.prefix == "ap")
    column = f"{alias}.seq"
    first, after = scope.bind(low, "bigint"), scope.bind(high, "bigint")
    return {
        "eq": f"({column} >= {first} and {column} < {after})",
        "ap": f"({column} >= {first} and {column} < {after})",
        "ne": f"({column} < {first} or {column} >= {after})",
        "gt": f"{column} >= {after}",
        "sa": f"{column} >= {after}",
        "ge": f"{column} >= {first}",
        "lt": f"{column} < {first}",
        "eb": f"{column} < {first}",
        "le": f"{column} < {after}",
    }[bounds.prefix]


def _seq(moment: float, *, up: bool) -> int:
    whole = -(-int(moment) // _MILLISECOND) if up else int(moment) // _MILLISECOND
    seq = (whole * _MILLISECOND - _EPOCH_2020) << 12
    return max(min(seq, 2**63 - 1), -(2**63))
