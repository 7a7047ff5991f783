"""What a document on its way is, and which national message carries it to another system."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from fellesjournal.national import dialogue, discharge, logistics, nursing, referral


class Kind(StrEnum):
    """What is delivered; the values are codes of KIND_SYSTEM, and outlive this program."""

    LETTER = "letter"
    DISCHARGE_SUMMARY = "discharge-summary"
    REFERRAL = "referral"
    REFERRAL_STATUS = "referral-status"
    """What a referral has come to, to the patient and to who referred her."""
    QUESTION = "question"
    """What is asked of who referred her."""
    DECISION = "decision"
    ADMITTED = "admitted"
    READY = "ready-for-discharge"
    READY_WITHDRAWN = "ready-withdrawn"
    DISCHARGED = "discharged"
    DEAD = "dead"
    ADMISSION_REPORT = "admission-report"
    DISCHARGE_REPORT = "discharge-report"
    HEALTH_INFORMATION = "health-information"
    SERVICES_OFFERED = "services-offered"
    TO_DOCTOR = "report-to-doctor"
    MEDICAL_INFORMATION = "medical-information"


KIND_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/delivered-kind"

NATIONAL: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.LETTER: (dialogue.PROFESSIONAL, "1.1"),
        Kind.DISCHARGE_SUMMARY: (discharge.DISCHARGE_SUMMARY, "1.2"),
        Kind.REFERRAL: (referral.NEW_CONDITION, "2.0"),
        Kind.REFERRAL_STATUS: (dialogue.REFERRAL_STATUS, "1.1"),
        Kind.QUESTION: (dialogue.REQUEST, "1.1"),
        Kind.DECISION: (dialogue.PROFESSIONAL, "1.1"),
        Kind.ADMITTED: (logistics.ADMITTED, "1.6"),
        Kind.READY: (logistics.READY, "1.6"),
        Kind.READY_WITHDRAWN: (logistics.WITHDRAWN, "1.6"),
        Kind.DISCHARGED: (logistics.DISCHARGED, "1.6"),
        Kind.DEAD: (logistics.DEAD, "1.6"),
        Kind.ADMISSION_REPORT: (nursing.ADMISSION_REPORT, "1.6"),
        Kind.DISCHARGE_REPORT: (nursing.DISCHARGE_REPORT, "1.6"),
        Kind.HEALTH_INFORMATION: (nursing.HEALTH_INFORMATION, "1.6"),
        Kind.SERVICES_OFFERED: (nursing.SERVICES_OFFERED, "1.6"),
        Kind.TO_DOCTOR: (nursing.TO_DOCTOR, "1.6"),
        Kind.MEDICAL_INFORMATION: (nursing.MEDICAL_INFORMATION, "1.6"),
    }
)
"""The message of 8279 and the version in which each goes to another system."""

REPORTS = (
    Kind.ADMISSION_REPORT,
    Kind.DISCHARGE_REPORT,
    Kind.HEALTH_INFORMATION,
    Kind.SERVICES_OFFERED,
    Kind.TO_DOCTOR,
    Kind.MEDICAL_INFORMATION,
)
"""Nursing and care reports: what is signed is kept with the document as it goes (PLO)."""

AS_WORDS = frozenset({Kind.DISCHARGE_SUMMARY, Kind.REFERRAL_STATUS, Kind.QUESTION, *REPORTS})
"""What may go as professional dialogue, with the document attached, to a system that can't read
its own kind: all of it is words for people. A referral or a notice that arrived as a letter would
stand in no worklist there.
"""

INSTEAD = NATIONAL[Kind.LETTER]

__all__ = ["AS_WORDS", "INSTEAD", "KIND_SYSTEM", "NATIONAL", "REPORTS", "Kind"]
