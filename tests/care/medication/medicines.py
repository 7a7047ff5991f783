"""Medicines for tests: doses, orders and people around a patient."""

from __future__ import annotations

from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.formulary import ITEMS
from fellesjournal.care.medication.resources import Order
from fellesjournal.fhir.dosage import Dosage, parse, parse_short
from tests.staff import employ, put, register

PATIENT = "Patient/p"
AMLODIPINE, METHOTREXATE, PARACETAMOL = "fj-1", "fj-60", "fj-39"
PENICILLIN, APIXABAN, IBUPROFEN = "fj-31", "fj-22", "fj-41"


def dose(text: str, unit: str = "tablet") -> Dosage:
    """A dose from its words or its short form."""
    found = parse_short(text, unit) or parse(text, "nb")
    assert found is not None, text
    return found


def order(item: str = AMLODIPINE, text: str = "1+0+0", **more: str) -> Order:
    """An order of a medicine of the formulary."""
    chosen = ITEMS[item]
    return Order.of(chosen, dose(text, chosen.unit), **more)


def doctor(name: str = "gp", unit: str = "office") -> Session:
    """The patient's general practitioner, employed; the patient is on her list."""
    session = employ(name, "doctor", unit)
    register("p", f"Practitioner/{name}")
    return session


def at_contact(name: str, code: str, unit: str, key: str, **more: object) -> Session:
    """Somebody employed at a unit that has an encounter with the patient."""
    session = employ(name, code, unit)
    put(
        "Encounter", key, status="in-progress", subject={"reference": PATIENT},
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}},
        period={"start": "2026-01-01T08:00:00+01:00"},
        serviceProvider={"reference": f"Organization/{unit}"}, **more,
    )  # fmt: skip
    return session


def herself() -> Session:
    """The patient in her own record."""
    return citizen("p")


def allergy(key: str = "a", text: str = "Penicillin", atc: str = "J01CE02") -> None:
    """A severe allergy of the patient."""
    code = {"text": text, "coding": [{"system": "http://www.whocc.no/atc", "code": atc}]}
    active = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
    put(
        "AllergyIntolerance", key, patient={"reference": PATIENT}, code=code,
        clinicalStatus={"coding": [{"system": active, "code": "active"}]}, criticality="high",
        reaction=[{"manifestation": [{"text": "Anafylaksi"}], "severity": "severe"}],
    )  # fmt: skip


def old_prescription(key: str, name: str = "Ramipril 5 mg tablett", **more: object) -> None:
    """A prescription from before there was a list."""
    put(
        "MedicationRequest", key, subject={"reference": PATIENT}, intent="order",
        **{"status": "active", "medicationCodeableConcept": {"text": name},
           "authoredOn": "2025-01-01", "dosageInstruction": [{"text": "1 tablett morgen hver dag"}],
           **more},
    )  # fmt: skip
