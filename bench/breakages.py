"""Forty-eight ways to break an Observation, for comparing validators."""

from __future__ import annotations

from typing import Any

Json = Any

OBSERVATION: dict[str, Json] = {
    "resourceType": "Observation",
    "id": "example",
    "meta": {"profile": ["http://example.org/StructureDefinition/x"]},
    "status": "final",
    "category": [
        {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                    "code": "vital-signs",
                    "display": "Vital signs",
                }
            ]
        }
    ],
    "code": {
        "coding": [{"system": "http://loinc.org", "code": "85354-9", "display": "Blood pressure"}],
        "text": "Blood pressure",
    },
    "subject": {"reference": "Patient/1"},
    "encounter": {"reference": "Encounter/1"},
    "effectiveDateTime": "2024-05-01T10:00:00+02:00",
    "issued": "2024-05-01T10:00:00.123+02:00",
    "component": [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {
                "value": value,
                "unit": "mmHg",
                "system": "http://unitsofmeasure.org",
                "code": "mm[Hg]",
            },
        }
        for code, value in (("8480-6", 121.5), ("8462-4", 80))
    ],
}

_DIV = '<div xmlns="http://www.w3.org/1999/xhtml">%s</div>'
_PATIENT = {"resourceType": "Patient", "id": "p"}

CHANGES: list[dict[str, Json]] = [
    {"status": "done"},
    {"status": None},
    {"status": ["final"]},
    {"status": ...},
    {"code": ...},
    {"code": []},
    {"code": {}},
    {"code": "text"},
    {"code": {"coding": {}}},
    {"code": {"coding": []}},
    {"code": {"coding": [None]}},
    {"code": {"coding": [{"code": " x"}]}},
    {"code": {"coding": [{"system": "a b"}]}},
    {"code": {"text": ""}},
    {"code": {"id": "only"}},
    {"Status": "final"},
    {"value": 1},
    {"valueQuantity": {"value": "1"}},
    {"valueQuantity": {"value": 1, "comparator": "="}},
    {"valueQuantity": {"value": 1, "code": "kg"}},
    {"valueQuantity": {"value": 1}, "valueString": "1"},
    {"valueInteger": 1.5},
    {"valueInteger": 2147483648},
    {"valueBoolean": "true"},
    {"valueString": "a\x00b"},
    {"valueString": "a", "dataAbsentReason": {"text": "b"}},
    {"valueTime": "24:00:00"},
    {"valuePeriod": {"start": "2024-02-02", "end": "2024-02-01"}},
    {"effectiveDateTime": "2023-02-30"},
    {"effectiveDateTime": "2024-05-01T10:00:00"},
    {"effectiveDateTime": "01.05.2024"},
    {"issued": "2024-05-01"},
    {"id": "a/b"},
    {"id": "x" * 65},
    {"subject": {"reference": "Organization/1"}},
    {"subject": {"reference": "Patient"}},
    {"subject": {"reference": "#p"}},
    {"subject": {"reference": "Patient/1", "type": "Group"}},
    {"subject": [{"reference": "Patient/1"}]},
    {"contained": [_PATIENT]},
    {"contained": [{"resourceType": "Pasient", "id": "p"}], "subject": {"reference": "#p"}},
    {"extension": [{"valueString": "x"}]},
    {"extension": [{"url": "http://example.org"}]},
    {"referenceRange": [{"type": {"text": "x"}}]},
    {"text": {"status": "generated", "div": "<div>x</div>"}},
    {"text": {"status": "generated", "div": _DIV % "<script>x</script>"}},
    {"text": {"status": "generated", "div": _DIV % "<p onclick='x'>x</p>"}},
    {"text": {"status": "generated", "div": _DIV % "<p>x"}},
]


def broken_observations() -> list[dict[str, Json]]:
    """The observation with each change; ``...`` removes a property."""
    found = []
    for change in CHANGES:
        data = OBSERVATION | change
        found.append({name: value for name, value in data.items() if value is not ...})
    return found
