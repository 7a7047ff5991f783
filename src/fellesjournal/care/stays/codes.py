"""The code systems of stays: national ones by number, our own where none fits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.fhir.reading import Element

_VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
_OWN = "https://fellesjournal.example/fhir/CodeSystem/"
_HL7 = "http://terminology.hl7.org/CodeSystem/"

PLO_EVENT = _VOLVEN + "9121"
ADMITTED, DISCHARGED, READY, NOT_READY, DEAD = "1", "2", "3", "4", "13"
PLO_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        ADMITTED: "Pasient innlagt",
        DISCHARGED: "Pasient utskrevet",
        READY: "Pasient utskrivningsklar",
        NOT_READY: "Avmelding av utskrivningsklar pasient",
        DEAD: "Pasienten er død",
    }
)
"""9121, as the national examples name them."""
PLO_KIND = _OWN + "plo-kind"
"""Kinds of notices of the hospital-municipality chain; the codes are the national message types."""
PLO_KINDS: Mapping[str, str] = MappingProxyType(
    {
        ADMITTED: "LOG_INNLAGT",
        READY: "LOG_UTSKRIVNINGSKLAR",
        NOT_READY: "LOG_AVMELDING",
        DISCHARGED: "LOG_UTSKREVET",
        DEAD: "LOG_DOD",
    }
)
HEADING = _VOLVEN + "9142"
DISCHARGED_TO = _VOLVEN + "8408"
STATE_AT_DISCHARGE = _VOLVEN + "8431"
DISPOSITION = _HL7 + "discharge-disposition"
ADMIT_SOURCE = _HL7 + "admit-source"
ACT_CODE = _HL7 + "v3-ActCode"
PARTICIPATION = _HL7 + "v3-ParticipationType"
ATTENDER = "ATND"
PERFORMER = "PPRF"
ROLE_TO_PATIENT = _VOLVEN + "9034"
PRIMARY_CONTACT = "9"
ENCOUNTER_TYPE = _OWN + "encounter-type"
STAY_NUMBER = "https://fellesjournal.example/fhir/NamingSystem/stay-form"
"""Identifies what was made by the form it was written in: sent twice, it is made once."""
TASK_CODE = _OWN + "task-code"
VISIBILITY = _VOLVEN + "9603"

# http://terminology.hl7.org/CodeSystem/discharge-disposition, and 8408 as far as it is among the
# sources: of 8408 the national examples show 1 alone.
DESTINATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "home": ("Home", "1"),
        "snf": ("Skilled nursing facility", ""),
        "other-hcf": ("Other healthcare facility", ""),
        "exp": ("Expired", ""),
    }
)
DIED = "exp"


def concept(system: str, code: str, display: str = "") -> Element:
    """A CodeableConcept with one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [coding | ({"display": display} if display else {})]}


def has(concept_: object, system: str, code: str) -> bool:
    """Whether a CodeableConcept has this coding."""
    listed = concept_.get("coding", ()) if isinstance(concept_, Mapping) else ()
    return any(each.get("system") == system and each.get("code") == code for each in listed)
