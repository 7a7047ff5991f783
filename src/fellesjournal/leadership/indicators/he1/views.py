"""Who lives where: the flat table that users are counted among."""

from __future__ import annotations

from typing import Any

from fellesjournal.leadership.indicators.tables import register

_MUNICIPALITY_CODE = "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode"
_DEFINITION: dict[str, Any] = {
    "resourceType": "ViewDefinition",
    "name": "resident",
    "status": "active",
    "resource": "Patient",
    "select": [
        {
            "column": [
                {"name": "person", "path": "getResourceKey()"},
                {
                    "name": "municipality",
                    "path": "address.where(use = 'home').first().district"
                    f".extension('{_MUNICIPALITY_CODE}').value.ofType(Coding).code.first()",
                },
                {"name": "born", "path": "birthDate"},
                {"name": "died", "path": "deceased.ofType(dateTime)"},
                {"name": "is_dead", "path": "deceased.ofType(boolean)"},
                {"name": "is_active", "path": "active"},
            ]
        }
    ],
}

RESIDENT = register(_DEFINITION, month="born")
"""Everybody in the record: the municipality of her home, her birth, and whether she lives."""

__all__ = ["RESIDENT"]
