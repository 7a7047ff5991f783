"""The code systems of the out-of-hours clinic: HL7's where they fit, our own where none does."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from fellesjournal.fhir.reading import Element

_OWN = "https://fellesjournal.example/fhir/"
_HL7 = "http://terminology.hl7.org/CodeSystem/"

ACT_CODE = _HL7 + "v3-ActCode"
PARTICIPATION = _HL7 + "v3-ParticipationType"
ANSWERS, SEES = "PPRF", "ATND"
"""Who answers for somebody who waits; who has taken her."""
ENCOUNTER_TYPE = _OWN + "CodeSystem/encounter-type"
CONTACT = "out-of-hours"
WAY = _OWN + "CodeSystem/out-of-hours-way"
"""Our own code system: how a contact goes on (the codes of :class:`Way`)."""
URGENCY = _OWN + "CodeSystem/triage-urgency"
"""Our own code system of Encounter.priority and of what each triage found: the codes of
:class:`Urgency`. HL7's v3-ActPriority knows no colours and no scale of five.
"""
TRIAGE = _OWN + "CodeSystem/observation-code"
TRIAGED = "triage-urgency"
"""The code of the Observation that each triage leaves: the level, when and by whom."""
CONTACT_NUMBER = _OWN + "NamingSystem/contact-form"
"""Identifies what was made by the form it was written in: sent twice, it is made once."""
VISIBILITY = "urn:oid:2.16.578.1.12.4.1.1.9603"
DISPOSITION = _HL7 + "discharge-disposition"
RAISED = _OWN + "StructureDefinition/wait-raised"
"""Our extension on an Encounter, one for each time a limit was passed: urgency, minutes, at."""
SCALE = _OWN + "StructureDefinition/triage-scale"
"""Our extension on an Organization: which scale a clinic uses, and limits of its own."""


class Urgency(StrEnum):
    """The levels of all scales, the most urgent first; UNSET until somebody has looked."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    UNSET = ""


class Way(StrEnum):
    """How somebody is to be seen: she is here, comes in, or is called on at home."""

    HERE = "here"
    COMES_IN = "comes-in"
    HOME_VISIT = "home-visit"


# http://terminology.hl7.org/CodeSystem/discharge-disposition, as near as it comes; how it really
# ended is said by the outcome (access/waiting.py).
DISPOSITIONS: Mapping[str, tuple[str, str]] = {
    "advice": ("home", "Home"),
    "home": ("home", "Home"),
    "admitted": ("other-hcf", "Other healthcare facility"),
    "ambulance": ("oth", "Other"),
    "left": ("oth", "Other"),
}


def concept(system: str, code: str, display: str = "") -> Element:
    """A CodeableConcept with one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [coding | ({"display": display} if display else {})]}
