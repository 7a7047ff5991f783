"""What can be measured at home: one row for each kind, and nothing else knows them by name.

A new kind is a row here and, where the number is new to the platform, one in
``fhir/vital_signs.py``; forms, limits, courses and worklists follow from these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from fellesjournal.fhir.vital_signs import PANEL, VITALS, Vital


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measurement: its LOINC code, and the numbers it consists of (of VITALS)."""

    key: str
    loinc: str
    name: str
    parts: tuple[str, ...]

    @property
    def vitals(self) -> tuple[Vital, ...]:
        """Its numbers."""
        return tuple(VITALS[part] for part in self.parts)


def _single(key: str) -> Measure:
    return Measure(key, VITALS[key].loinc, VITALS[key].name, (key,))


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "blood-pressure": Measure("blood-pressure", *PANEL, ("systolic", "diastolic")),
        "pulse": _single("pulse"),
        "weight": _single("weight"),
        "saturation": _single("saturation"),
    }
)
BY_LOINC: Mapping[str, Measure] = MappingProxyType({each.loinc: each for each in MEASURES.values()})
PART_OF: Mapping[str, Measure] = MappingProxyType(
    {part: each for each in MEASURES.values() for part in each.parts}
)

# Assumption (configurable): outside these a number at home is more often a slip than a reading,
# so that it is written twice before it is believed. They judge nobody's health.
USUAL: Mapping[str, tuple[Decimal, Decimal]] = MappingProxyType(
    {
        "systolic": (Decimal(70), Decimal(220)),
        "diastolic": (Decimal(40), Decimal(130)),
        "pulse": (Decimal(35), Decimal(180)),
        "weight": (Decimal(25), Decimal(250)),
        "saturation": (Decimal(70), Decimal(100)),
    }
)


def is_believed(part: str, value: Decimal) -> bool:
    """Whether a number can be a measurement at all."""
    return VITALS[part].least <= value <= VITALS[part].most


def is_usual(part: str, value: Decimal) -> bool:
    """Whether a number is taken as written, without being asked for once more."""
    least, most = USUAL[part]
    return least <= value <= most


def meant(part: str, value: Decimal) -> Decimal | None:
    """What was probably meant by a number that can't be believed: a digit or comma slipped."""
    for factor in (Decimal(10), Decimal("0.1")):
        guess = value * factor
        if is_usual(part, guess) and (guess == guess.to_integral_value() or part == "weight"):
            return (
                guess.quantize(Decimal("0.1")) if part == "weight" else guess.quantize(Decimal(1))
            )
    return None


__all__ = [
    "BY_LOINC",
    "MEASURES",
    "PART_OF",
    "USUAL",
    "Measure",
    "is_believed",
    "is_usual",
    "meant",
]
