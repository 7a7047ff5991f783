"""Vital signs: what can be measured, within which limits a number is believed, and as FHIR.

Codes and units are those of http://hl7.org/fhir/R4/observation-vitalsigns.html. The limits catch
slips of the keyboard (an assumption of the project), not illness: what lies outside is asked
about, and can't be stored by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_VISIBILITY = "urn:oid:2.16.578.1.12.4.1.1.9603"
PANEL = ("85354-9", "Blodtrykk")
"""Both blood pressures are one Observation with this code."""


@dataclass(frozen=True, slots=True)
class Vital:
    """One measurement: LOINC code, Norwegian name, unit as shown and in UCUM, believed limits."""

    loinc: str
    name: str
    unit: str
    ucum: str
    least: Decimal
    most: Decimal


def _vital(loinc: str, name: str, unit: str, ucum: str, least: int, most: int) -> Vital:
    return Vital(loinc, name, unit, ucum, Decimal(least), Decimal(most))


VITALS: Mapping[str, Vital] = MappingProxyType(
    {
        "systolic": _vital("8480-6", "Systolisk blodtrykk", "mmHg", "mm[Hg]", 40, 300),
        "diastolic": _vital("8462-4", "Diastolisk blodtrykk", "mmHg", "mm[Hg]", 20, 200),
        "pulse": _vital("8867-4", "Puls", "/min", "/min", 20, 300),
        "respiration": _vital("9279-1", "Respirasjonsfrekvens", "/min", "/min", 3, 90),
        "saturation": _vital("2708-6", "Oksygenmetning", "%", "%", 40, 100),
        "temperature": _vital("8310-5", "Temperatur", "°C", "Cel", 25, 44),
        "weight": _vital("29463-7", "Vekt", "kg", "kg", 0, 400),
        "height": _vital("8302-2", "Høyde", "cm", "cm", 20, 250),
    }
)
"""By the name of their field."""

_IN_PANEL = ("systolic", "diastolic")
MEASURABLE = (
    PANEL[0], *(vital.loinc for name, vital in VITALS.items() if name not in _IN_PANEL)
)  # fmt: skip
"""The codes (LOINC) of what can be measured at once: a blood pressure is one of them."""


def observations(
    measured: Mapping[str, Decimal], *, patient: str, at: datetime, performer: str
) -> list[dict[str, Any]]:
    """An Observation for each measurement; both blood pressures in one. Numbers keep their digits."""
    found = []
    pressures = {name: measured[name] for name in _IN_PANEL if name in measured}
    if pressures:
        panel = _observation(PANEL, patient=patient, at=at, performer=performer)
        panel["component"] = [
            {"code": _code(VITALS[name].loinc, VITALS[name].name), **_value(name, value)}
            for name, value in pressures.items()
        ]
        found.append(panel)
    for name, value in measured.items():
        if name not in _IN_PANEL:
            vital = VITALS[name]
            one = _observation(
                (vital.loinc, vital.name), patient=patient, at=at, performer=performer
            )
            found.append({**one, **_value(name, value)})
    return found


def _observation(
    code: tuple[str, str], *, patient: str, at: datetime, performer: str
) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "meta": {"security": [{"system": _VISIBILITY, "code": "N"}]},
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": "vital-signs"}]}],
        "code": _code(*code),
        "subject": {"reference": patient},
        "effectiveDateTime": at.isoformat(timespec="seconds"),
        "performer": [{"reference": performer}],
    }


def _value(name: str, value: Decimal) -> dict[str, Any]:
    vital = VITALS[name]
    return {
        "valueQuantity": {
            "value": value,
            "unit": vital.unit,
            "system": UCUM,
            "code": vital.ucum,
        }
    }


def _code(loinc: str, name: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": loinc, "display": name}], "text": name}


__all__ = ["LOINC", "PANEL", "UCUM", "VITALS", "Vital", "observations"]
