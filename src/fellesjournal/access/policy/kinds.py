"""The kinds of grounds on which a record may be opened, and what each is called and for.

A ground is a fact with a start and an end (access/relations says from what it follows).
The numbers are stored in tables and log lines: they are never reused or changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class GroundKind(IntEnum):
    """Why somebody may open a record. The value is the number in tables."""

    LIST_GP = 1
    ENCOUNTER = 2
    APPOINTMENT = 3
    REFERRAL = 4
    REQUISITION = 5
    HOME_CARE = 6
    CARE_TEAM = 7
    TASK = 8
    # Reserved: a substitute inherits whom she stands in for, with the grounds of that person.
    SUBSTITUTE = 9
    BREAK_GLASS = 10
    COHORT = 11
    SELF = 12
    REPRESENTATION = 13
    SYSTEM = 14

    @property
    def title(self) -> str:
        """The English name, for pages and log lines."""
        return MEANINGS[self].titles["en"]

    @property
    def purpose(self) -> str:
        """The purpose of use a reader under this ground has unless she names another.

        A code of http://terminology.hl7.org/CodeSystem/v3-ActReason; the trust framework
        uses TREAT, ETREAT, COC and BTG of these.
        """
        return MEANINGS[self].purpose


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a ground is called (en, nb, nn), its purpose of use, and what it says in a sentence."""

    titles: Mapping[str, str]
    purpose: str
    sentence: str


def _meaning(en: str, nb: str, nn: str, purpose: str, sentence: str) -> Meaning:
    return Meaning({"en": en, "nb": nb, "nn": nn}, purpose, sentence)


MEANINGS: Mapping[GroundKind, Meaning] = {
    GroundKind.LIST_GP: _meaning(
        "List GP", "Fastlege", "Fastlege", "TREAT",
        "The citizen is on the list of this GP or office.",
    ),
    GroundKind.ENCOUNTER: _meaning(
        "Encounter", "Kontakt", "Kontakt", "TREAT",
        "The citizen has, or recently had, a contact with this person or unit.",
    ),
    GroundKind.APPOINTMENT: _meaning(
        "Appointment", "Time", "Time", "TREAT",
        "The citizen has an appointment about this time.",
    ),
    GroundKind.REFERRAL: _meaning(
        "Referral", "Henvisning", "Tilvising", "TREAT",
        "An open referral or application is addressed to this unit, or was sent by this person.",
    ),
    GroundKind.REQUISITION: _meaning(
        "Requisition", "Rekvisisjon", "Rekvisisjon", "TREAT",
        "An open requisition of laboratory work or imaging is addressed to this unit,"
        " or was sent by this person.",
    ),
    GroundKind.HOME_CARE: _meaning(
        "Municipal service", "Kommunal tjeneste", "Kommunal teneste", "TREAT",
        "The citizen is granted a service that this unit gives over time.",
    ),
    GroundKind.CARE_TEAM: _meaning(
        "Care team", "Behandlingsteam", "Behandlingsteam", "TREAT",
        "This person or unit is in the team around the citizen, or carries out its plan.",
    ),
    GroundKind.TASK: _meaning(
        "Assigned task", "Tildelt oppgave", "Tildelt oppgåve", "COC",
        "A task about the citizen is assigned to this person or unit.",
    ),
    GroundKind.SUBSTITUTE: _meaning(
        "Substitute", "Stedfortreder", "Stadfortredar", "TREAT",
        "Reserved: a substitute has the grounds of the person she stands in for.",
    ),
    GroundKind.BREAK_GLASS: _meaning(
        "Break-the-glass", "Nødtilgang", "Nødtilgang", "BTG",
        "Opened without another ground for a weighty reason, for a short time."
        " The citizen is told and the unit leader reviews it.",
    ),
    GroundKind.COHORT: _meaning(
        "Approved cohort", "Godkjent forskningsutvalg", "Godkjent forskingsutval", "HRESCH",
        "The citizen takes part in an approved study.",
    ),
    GroundKind.SELF: _meaning(
        "Own record", "Egen journal", "Eigen journal", "PATRQT",
        "The record is her own.",
    ),
    GroundKind.REPRESENTATION: _meaning(
        "Representation", "Representasjon", "Representasjon", "FAMRQT",
        "A parent, guardian or other representative acts for the citizen (7611).",
    ),
    GroundKind.SYSTEM: _meaning(
        "System job", "Systemjobb", "Systemjobb", "HOPERAT",
        "A job of the platform itself, with a purpose named for each job.",
    ),
}  # fmt: skip

STAFF_KINDS = (
    GroundKind.LIST_GP,
    GroundKind.ENCOUNTER,
    GroundKind.APPOINTMENT,
    GroundKind.REFERRAL,
    GroundKind.REQUISITION,
    GroundKind.HOME_CARE,
    GroundKind.CARE_TEAM,
    GroundKind.TASK,
    GroundKind.BREAK_GLASS,
    GroundKind.COHORT,
)
"""The kinds a staff role may be opened by; the others belong to citizens and system jobs."""
