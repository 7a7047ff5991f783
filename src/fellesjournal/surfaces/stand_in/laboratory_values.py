"""What the stand-in laboratory finds: an invented value for each analysis, with its reference."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fellesjournal.demo.catalogue.laboratory import ANALYSES, Analysis

# Resources as JSON.
Resource = dict[str, Any]

OWN = "https://fellesjournal.example/fhir/NamingSystem/stand-in-laboratory"
NLK = "urn:oid:2.16.578.1.12.4.1.1.7280"
DEVIATION = "urn:oid:2.16.578.1.12.4.1.1.8244"
HL7 = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"
NORMAL = {"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}
_BY_CODE: Mapping[str, Analysis] = {each.nlk: each for each in ANALYSES.values()}


def value_of(number: str, request: Resource, day: str, earlier: Mapping[str, Resource]) -> Resource:
    """The Observation that answers one request of the requisition ``number``, close to the
    ``earlier`` value of the same analysis (by NLK code) if there is one.
    """
    code = request["code"]
    nlk = code["coding"][0]["code"]
    analysis = _BY_CODE.get(nlk)
    value: Resource = {
        "resourceType": "Observation",
        "meta": {"security": [NORMAL]},
        "identifier": [{"system": OWN, "value": f"{number}-{nlk}"}],
        "basedOn": [{"reference": f"ServiceRequest/{request['id']}"}],
        "status": "final",
        "category": [{"coding": [{"system": f"{HL7}observation-category", "code": "laboratory"}]}],
        "code": code,
        "subject": request["subject"],
        "effectiveDateTime": now(),
        "performer": request["performer"],
    }
    if analysis is None:
        return {**value, "dataAbsentReason": {"text": "Analysen utføres ikke her"}}
    seed = f"{request['subject']['reference']}|{nlk}|{day}"
    unit = {"unit": analysis.unit, "system": UCUM, "code": analysis.ucum}
    limits = [
        {end: {"value": limit, **unit} for end, limit in _limits(analysis).items()}
    ]  # fmt: skip
    before = earlier.get(nlk)
    if before is None:
        number_found = _invented(analysis, seed)
    else:
        number_found = _near(before["valueQuantity"]["value"], analysis, seed)
        limits = before.get("referenceRange", limits)
    return {
        **value,
        "valueQuantity": {"value": number_found, **unit},
        "referenceRange": limits,
        **interpreted(number_found, limits),
    }


def _limits(analysis: Analysis) -> dict[str, float]:
    """The widest range for grown-ups: a requisition does not tell sex and age (stand-in)."""
    lows = [pair[0] for pair in (analysis.female, analysis.male)]
    highs = [pair[1] for pair in (analysis.female, analysis.male)]
    low = None if None in lows else min(each for each in lows if each is not None)
    high = None if None in highs else max(each for each in highs if each is not None)
    return {end: each for end, each in (("low", low), ("high", high)) if each is not None}


def _invented(analysis: Analysis, seed: str) -> float:
    """A value for this patient and day when there is none before: usually inside the range."""
    digest = hashlib.sha256(seed.encode()).digest()
    share = digest[0] / 255
    limits = _limits(analysis)
    low = limits.get("low", analysis.least or 0.0)
    high = limits.get("high", max(low * 2, analysis.mean_female * 2))
    width = high - low
    if digest[1] < 32:
        value = high + width * (0.1 + share / 2)
    elif digest[1] < 64 and "low" in limits:
        value = max(analysis.least, low - width * (0.1 + share / 4))
    else:
        value = low + width * (0.1 + share * 0.8)
    return round(value, analysis.decimals) if analysis.decimals else round(value)


def _near(value: float, analysis: Analysis, seed: str) -> float:
    """Close to what it was, within two of the analysis' own deviations."""
    share = hashlib.sha256(seed.encode()).digest()[0] / 255 * 2 - 1
    near = max(analysis.least, value * (1 + share * 2 * (analysis.noise or 0.05)))
    return round(near, analysis.decimals) if analysis.decimals else round(near)


def interpreted(value: float, ranges: Sequence[Mapping[str, Any]]) -> Resource:
    """How a value lies to its range: v3 and 8244."""
    limits = ranges[0] if ranges else {}
    code, deviation = "N", ""
    if "high" in limits and value > limits["high"]["value"]:
        code, deviation = "H", "1"
    elif "low" in limits and value < limits["low"]["value"]:
        code, deviation = "L", "2"
    codings = [{"system": f"{HL7}v3-ObservationInterpretation", "code": code}]
    if deviation:
        codings.append({"system": DEVIATION, "code": deviation})
    return {"interpretation": [{"coding": codings}]}


def other_than(value: float) -> float:
    """Another value, as a correction finds it."""
    return round(value * 1.5, 1)


def now() -> str:
    """The moment, as FHIR writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


__all__ = [
    "DEVIATION",
    "HL7",
    "NLK",
    "NORMAL",
    "OWN",
    "interpreted",
    "now",
    "other_than",
    "value_of",
]
