"""Allergies, also the answers `none known` and `not asked`, and vaccines."""

from __future__ import annotations

from fellesjournal.demo.catalogue.vaccines import Vaccine
from fellesjournal.demo.moments import iso_day, iso_moment, norwegian_date
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import ATC, Element, coding, concept, status
from fellesjournal.demo.units import Unit

# The international patient summary's codes for what is not there or not known.
_ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_NOT_ASKED = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

# Columns: category, ATC if any, name, reaction, severity, criticality.
ALLERGENS = (
    ("medication", "J01CE", "Penicillin", "Utslett", "mild", "low"),
    ("medication", "J01CE", "Penicillin", "Anafylaktisk reaksjon", "severe", "high"),
    ("medication", "M01A", "NSAID", "Pustebesvær", "moderate", "high"),
    ("medication", "J01EE01", "Trimetoprim og sulfametoksazol", "Utslett", "moderate", "low"),
    ("food", "", "Peanøtt", "Elveblest og hevelse", "severe", "high"),
    ("food", "", "Skalldyr", "Elveblest", "moderate", "low"),
    ("food", "", "Egg", "Utslett", "mild", "low"),
    ("environment", "", "Bjørkepollen", "Rennende nese og kløende øyne", "mild", "low"),
    ("environment", "", "Katt", "Tett nese og pustebesvær", "moderate", "low"),
    ("environment", "", "Veps", "Hevelse og svimmelhet", "severe", "high"),
)


def allergy(record: Record, at: Contact, entry: tuple[str, str, str, str, str, str]) -> None:
    """An allergy with its reaction.

    The national profile is not claimed: it requires a coded reaction (7497), and that list is not
    at hand; an invented national code would be worse than a text.
    """
    category, atc, name, reaction, severity, criticality = entry
    if atc:
        # Penicillins are named by one group here; all of J01C is avoided.
        record.avoid.append("J01C" if atc.startswith("J01C") else atc)
    code: Element = {"text": name}
    if atc:
        code = {"coding": [coding(ATC, atc, name)], "text": name}
    body: Element = {
        "clinicalStatus": status("allergyintolerance-clinical", "active"),
        "verificationStatus": status("allergyintolerance-verification", "confirmed"),
        "type": "allergy",
        "category": [category],
        "criticality": criticality,
        "code": code,
        "patient": record.subject,
        "encounter": at.ref,
        "recordedDate": iso_day(at.day),
        "recorder": at.worker.ref,
        "reaction": [{"manifestation": [{"text": reaction}], "severity": severity}],
    }
    record.add("AllergyIntolerance", "all", body, of=at.unit)


def no_known_allergy(record: Record, at: Contact) -> None:
    """The citizen was asked and knows of none: said outright, for silence means nothing."""
    body: Element = {
        "clinicalStatus": status("allergyintolerance-clinical", "active"),
        "verificationStatus": status("allergyintolerance-verification", "confirmed"),
        "code": concept(_ABSENT, "no-known-allergies", "Ingen kjente allergier"),
        "patient": record.subject,
        "encounter": at.ref,
        "recordedDate": iso_day(at.day),
        "recorder": at.worker.ref,
    }
    record.add("AllergyIntolerance", "all", body, of=at.unit)


def not_asked(record: Record, at: Contact) -> None:
    """Nobody has asked about allergies: the chart must not look like `none`."""
    body: Element = {
        "clinicalStatus": status("allergyintolerance-clinical", "active"),
        "verificationStatus": status("allergyintolerance-verification", "unconfirmed"),
        "code": {
            "coding": [
                coding(_ABSENT, "no-allergy-info", "Opplysninger om allergi mangler"),
                coding(_NOT_ASKED, "not-asked", "Not Asked"),
            ],
            "text": "Ikke spurt om allergi",
        },
        "patient": record.subject,
        "recordedDate": iso_day(at.day),
        "recorder": at.worker.ref,
    }
    record.add("AllergyIntolerance", "all", body, of=at.unit)


def vaccinate(
    record: Record, day: int, minutes: int, vaccine: Vaccine, dose: int, unit: Unit, worker: Worker,
    at: Contact | None = None,
) -> None:  # fmt: skip
    """A dose given."""
    body: Element = {
        "status": "completed",
        "vaccineCode": {
            "coding": [coding(ATC, vaccine.atc, vaccine.name)],
            "text": f"{vaccine.name} mot {vaccine.protects}",
        },
        "patient": record.subject,
    }
    if at is not None:
        body["encounter"] = at.ref
    body["occurrenceDateTime"] = iso_moment(day, minutes)
    body["recorded"] = iso_moment(day, minutes + 10)
    body["primarySource"] = True
    body["lotNumber"] = f"DEMO{100 + day % 900}"
    body["performer"] = [{"actor": worker.ref}]
    body["protocolApplied"] = [
        {"targetDisease": [{"text": vaccine.protects}], "doseNumberPositiveInt": dose}
    ]
    record.add("Immunization", "imm", body, of=unit)


def declined(record: Record, at: Contact, vaccine: Vaccine) -> None:
    """A vaccine the parents did not want."""
    body: Element = {
        "status": "not-done",
        "statusReason": {
            "coding": [coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "PATOBJ")],
            "text": "Ikke ønsket av foresatte",
        },
        "vaccineCode": {
            "coding": [coding(ATC, vaccine.atc, vaccine.name)],
            "text": vaccine.name,
        },
        "patient": record.subject,
        "encounter": at.ref,
        "occurrenceDateTime": iso_moment(at.day, at.minutes),
        "recorded": iso_moment(at.day, at.minutes + 10),
        "note": [{"text": f"Samtale om vaksinen {norwegian_date(at.day)}."}],
    }
    record.add("Immunization", "imm", body, of=at.unit)
