"""The words resources are built of: code systems, profiles and the smallest elements.

The returned dicts are fresh, except codings from `coding()`, which are shared between resources:
whoever receives generated resources must not change them in place.
"""

from __future__ import annotations

from functools import cache
from typing import Any

# A FHIR resource or element as JSON; its values are of every JSON type.
Resource = dict[str, Any]
Element = dict[str, Any]

VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
OWN = "https://fellesjournal.example/fhir/CodeSystem/"

ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
ICD10 = VOLVEN + "7110"
ATC = "http://www.whocc.no/atc"
NLK = VOLVEN + "7280"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
DOCUMENT_TYPE = VOLVEN + "9602"
VISIBILITY = VOLVEN + "9603"
SERVICE_TYPE = VOLVEN + "9151"
FUNCTION_VARIABLE = VOLVEN + "9111"
CARE_LEVEL = VOLVEN + "8406"
CONTACT_TYPE = VOLVEN + "8432"
CITIZEN_APPOINTMENT = VOLVEN + "7617"
CANCELLATION = VOLVEN + "7621"
PROFESSION = VOLVEN + "9060"
ROLE_TO_PATIENT = VOLVEN + "9034"
SHORT_DOSE = VOLVEN + "7478"
URGENCY = VOLVEN + "8273"
REPRESENTATION = VOLVEN + "7611"
ENCOUNTER_TYPE = OWN + "encounter-type"
STAFF_ROLE = OWN + "staff-role"
PARTICIPATION = OWN + "participation"
INFORMATION_AREA = OWN + "information-area"
MUNICIPALITY_CODE = (
    "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
)
HL7 = "http://terminology.hl7.org/CodeSystem/"

NO_BASIS = "http://hl7.no/fhir/ig/StructureDefinition/no-basis-"
NO_BASIS_EXTENSION = "http://hl7.no/fhir/StructureDefinition/no-basis-"
VITAL_SIGNS = (
    "http://hl7.no/fhir/no-domain/vitalsigns/StructureDefinition/no-domain-VitalSigns-Observation-"
)

# norway.md section 11: visible to the citizen as usual.
LABEL_NORMAL: Element = {"system": VISIBILITY, "code": "N", "display": "Normal"}


@cache
def coding(system: str, code: str, display: str = "") -> Element:
    """One Coding; the same dict for the same arguments."""
    return (
        {"system": system, "code": code, "display": display}
        if display
        else {"system": system, "code": code}
    )


def concept(system: str, code: str, display: str) -> Element:
    """A CodeableConcept with one coding; `display` also becomes the text."""
    return {"coding": [coding(system, code, display)], "text": display}


def status(system: str, code: str) -> Element:
    """A CodeableConcept from one of HL7's own status code systems."""
    return {"coding": [coding(HL7 + system, code)]}


def reference(kind: str, key: str, display: str = "") -> Element:
    """A relative Reference, with a display when there is one."""
    if display:
        return {"reference": f"{kind}/{key}", "display": display}
    return {"reference": f"{kind}/{key}"}


def quantity(value: float, unit: str, code: str | None = None) -> Element:
    """A UCUM Quantity; `code` is the UCUM code where it differs from the printed unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": code or unit}
