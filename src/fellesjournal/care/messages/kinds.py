"""What a document on its way is, and which national message carries it to another system."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from fellesjournal.national import dialogue, discharge, logistics, referral


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
    }
)
"""The message of 8279 and the version in which each goes to another system."""

AS_WORDS = frozenset({Kind.DISCHARGE_SUMMARY, Kind.REFERRAL_STATUS, Kind.QUESTION})
"""What may go as professional dialogue, with the document attached, to a system that can't read
its own kind: all of it is words for people. A referral or a notice that arrived as a letter would
stand in no worklist there.
"""

INSTEAD = NATIONAL[Kind.LETTER]

__all__ = ["AS_WORDS", "INSTEAD", "KIND_SYSTEM", "NATIONAL", "Kind"]
