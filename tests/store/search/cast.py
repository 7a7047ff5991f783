"""A small cast for search tests, written with known ids."""

from __future__ import annotations

from typing import Any

from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.search import SearchPage, search
from fellesjournal.store.visibility import EVERYTHING, Visibility
from tests.store.writing import put, written

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


def find(
    query: str,
    *,
    visibility: Visibility = EVERYTHING,
    cursor: str | None = None,
    lenient: bool = False,
    compartment: tuple[str, str] | None = None,
) -> SearchPage:
    """Search by ``Type?name=value&...``, written unescaped."""
    type_name, _, text = query.partition("?")
    pairs = [tuple(part.split("=", 1)) for part in text.split("&") if part]
    return search(
        connection(),
        [(name, value) for name, value in pairs],
        type_name or None,
        visibility,
        cursor=cursor,
        lenient=lenient,
        compartment=compartment,
    )


def ids(query: str, **options: Any) -> list[str]:
    """The ids found, in order."""
    return [stored.id for stored in find(query, **options).matches]


def all_ids(query: str, **options: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    cursor = None
    while True:
        page = find(query, cursor=cursor, **options)
        found += [stored.id for stored in page.matches]
        if page.next is None:
            return found
        cursor = page.next


def patient(fhir_id: str, family: str, given: str, **members: Any) -> None:
    """Write a patient."""
    written(put("Patient", fhir_id, name=[{"family": family, "given": [given]}], **members))


def code(value: str, system: str | None = LOINC, **more: Any) -> dict[str, Any]:
    """A CodeableConcept with one coding."""
    coding = (
        {"code": value, **more} if system is None else {"system": system, "code": value, **more}
    )
    return {"coding": [coding]}


def quantity(value: float, unit: str, **more: Any) -> dict[str, Any]:
    """A UCUM quantity."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}


def observation(fhir_id: str, about: str, what: str, **members: Any) -> None:
    """Write an Observation about a patient."""
    written(
        put(
            "Observation", fhir_id, status="final", code=code(what),
            subject={"reference": f"Patient/{about}"}, **members,
        )
    )  # fmt: skip


def clinic() -> None:
    """Two patients of one practitioner at one organisation, with a few results."""
    written(
        put("Organization", "legesenter", name="Legesenteret på Øya"),
        put("Practitioner", "lege", name=[{"family": "Ås"}]),
    )
    patient("kari", "Nordmann", "Kari", gender="female", birthDate="1980-05-17",
            generalPractitioner=[{"reference": "Practitioner/lege"}],
            managingOrganization={"reference": "Organization/legesenter"})  # fmt: skip
    patient("ola", "Sørensen", "Ola", gender="male", birthDate="1950",
            managingOrganization={"reference": "Organization/legesenter"})  # fmt: skip
    observation("glu1", "kari", "15074-8", effectiveDateTime="2024-01-01", valueQuantity=quantity(6.3, "mmol/L"),
                performer=[{"reference": "Practitioner/lege"}])  # fmt: skip
    observation(
        "glu2",
        "kari",
        "15074-8",
        effectiveDateTime="2024-03-01",
        valueQuantity=quantity(9.1, "mmol/L"),
    )
    observation(
        "hb", "ola", "718-7", effectiveDateTime="2024-02-01", valueQuantity=quantity(140, "g/L")
    )
    observation("undated", "ola", "718-7", derivedFrom=[{"reference": "Observation/hb"}])
    observation(
        "bp", "kari", "85354-9", effectiveDateTime="2023-12-24",
        component=[
            {"code": code("8480-6"), "valueQuantity": quantity(150, "mm[Hg]")},
            {"code": code("8462-4"), "valueQuantity": quantity(90, "mm[Hg]")},
        ],
    )  # fmt: skip
