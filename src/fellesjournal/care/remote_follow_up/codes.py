"""Codes of our own that remote follow-up uses, and how FHIR elements of it are made."""

from __future__ import annotations

from fellesjournal.access.acts import Resource

_OWN = "https://fellesjournal.example/fhir/CodeSystem/"
_NAMING = "https://fellesjournal.example/fhir/NamingSystem/"
_EXTENSION = "https://fellesjournal.example/fhir/StructureDefinition/"

PLAN_TYPE = _OWN + "plan-type"
REMOTE = "remote"
LIMIT_TYPE = _OWN + "limit-type"
AGREED_LIMIT = "agreed-limit"
"""The type of an Observation.referenceRange that is the limit agreed with this patient."""
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
LOINC = "http://loinc.org"

LIMITS = _EXTENSION + "agreed-limits"
"""On CarePlan.activity.detail, once for each number: ``of`` (LOINC) and ``range``."""
ANSWERING_PERSON = _EXTENSION + "answering-person"
"""On CarePlan: who answers for what falls outside; the unit is the performer of its activities."""
LOOKED_AT_WITHIN = _EXTENSION + "looked-at-within"
"""On CarePlan: so many working days after it is sent a reading outside has been looked at."""

READING_TASK = "own-reading-outside"
MISSING_TASK = "own-reading-missing"
TASK_PART = _OWN + "own-reading-task"

PLAN_NUMBER = _NAMING + "remote-follow-up"
READING_NUMBER = _NAMING + "own-reading"
"""What was sent in one form: sent again, it is the same reading."""
TASK_NUMBER = _NAMING + "own-reading-task"
"""One Task for each reading, and one for each period without: unique in the store."""


def coded(system: str, code: str, text: str = "") -> Resource:
    """A CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": code}]} | ({"text": text} if text else {})


def reference(target: str, name: str = "") -> Resource:
    """A Reference, with a name when it is known."""
    return {"reference": target} | ({"display": name} if name else {})


def number(system: str, value: str) -> list[Resource]:
    """An identifier of our own."""
    return [{"system": system, "value": value}]


def extension(element: Resource, url: str) -> Resource:
    """The first extension with this address; {} without one."""
    found = (each for each in element.get("extension", ()) if each.get("url") == url)
    return next(found, {})


__all__ = [
    "AGREED_LIMIT",
    "ANSWERING_PERSON",
    "INTERPRETATION",
    "LIMITS",
    "LIMIT_TYPE",
    "LOINC",
    "LOOKED_AT_WITHIN",
    "MISSING_TASK",
    "PLAN_NUMBER",
    "PLAN_TYPE",
    "READING_NUMBER",
    "READING_TASK",
    "REMOTE",
    "TASK_NUMBER",
    "TASK_PART",
    "coded",
    "extension",
    "number",
    "reference",
]
