"""Quantities made comparable: UCUM units reduced to base units.

5.4 g and 5400 mg are one amount. A shipped table holds the factors of the common UCUM
units; others are worked out by ucumvert when first met. Arbitrary units ([IU] and its
kin) measure an effect and are comparable only with themselves, so their name becomes part
of the dimension.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fellesjournal.fhir.definitions.tables import load_table

UCUM = "http://unitsofmeasure.org"
# Conversions are floating point; more digits than any instrument has, fewer than the noise.
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """``base = value * factor + offset``, in base units of ``dimension``."""

    dimension: str
    factor: float
    offset: float

    def to_base(self, value: float) -> float:
        """The value in base units; infinities stay."""
        return rounded(value * self.factor + self.offset)


def rounded(value: float) -> float:
    """Twelve significant digits: what two ways of computing one amount agree on."""
    if value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{_DIGITS}g}")


@lru_cache(maxsize=4096)
def ucum_unit(code: str) -> Unit | None:
    """The unit a UCUM code means; None when it is none or has no linear scale (pH, dB)."""
    row = load_table("units")["units"].get(code)
    if row is not None:
        return Unit(*row)
    if len(code) > 64:
        return None
    worked_out = work_out(code)
    return Unit(*worked_out) if worked_out else None


def work_out(code: str) -> tuple[str, float, float] | None:
    """Dimension, factor and offset of a UCUM code by ucumvert; None when there are none."""
    # loaded when needed: the unit library takes most of a second
    from fellesjournal.fhir.ucum import base_form  # noqa: PLC0415 - slow to load

    return base_form(code)


@dataclass(frozen=True, slots=True)
class Amount:
    """A Quantity or Range as an inclusive interval in its own unit.

    ``code`` is the coded unit in ``system``; ``unit`` the one people read.
    """

    lo: float
    hi: float
    system: str | None
    code: str | None
    unit: str | None

    def canonical(self) -> tuple[str, float, float] | None:
        """Dimension and interval in base units, when the unit is UCUM."""
        if self.system != UCUM or self.code is None:
            return None
        unit = ucum_unit(self.code)
        if unit is None:
            return None
        lo = unit.to_base(self.lo)
        return unit.dimension, lo, lo if self.hi == self.lo else unit.to_base(self.hi)


def amount(value: dict[str, Any]) -> Amount | None:
    """A Quantity (Age, Count, Distance, Duration too) or Money; None without a number.

    A comparator opens the interval: `< 5` is everything below five.
    """
    number = value.get("value")
    if number is None:
        return None
    if "currency" in value:
        return Amount(number, number, "urn:iso:std:iso:4217", value["currency"], value["currency"])
    lo, hi = _widened(float(number), value.get("comparator"))
    return Amount(lo, hi, value.get("system"), value.get("code"), value.get("unit"))


def amount_of_range(value: dict[str, Any]) -> Amount | None:
    """A Range as an interval; a missing limit is open."""
    low, high = amount(value.get("low", {})), amount(value.get("high", {}))
    named = low or high
    if named is None:
        return None
    return Amount(
        low.lo if low else -math.inf,
        high.hi if high else math.inf,
        named.system,
        named.code,
        named.unit,
    )


def _widened(number: float, comparator: str | None) -> tuple[float, float]:
    if comparator == "<":
        return -math.inf, math.nextafter(number, -math.inf)
    if comparator == "<=":
        return -math.inf, number
    if comparator == ">":
        return math.nextafter(number, math.inf), math.inf
    if comparator == ">=":
        return number, math.inf
    return number, number
