"""Referral 2.0: HENVISNING_NYTILSTAND in and out; HENVISNING_VIDERE has the same payload.

Code lists: 7309 action (N new, M change, C cancellation), 8455 type of content, 8231 headings,
8233 clinical information, 7170 ICPC-2, 7110 ICD-10, 8480 patient pathways, 9147 dates, 8445 end
of waiting, 8485 outcome of assessment. Referral 1.1 is read in ``old_referral``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.care import (
    AssistanceInformation,
    ContactStaff,
    ContactUnit,
    ContentType,
    IndividualPlan,
    MedicationReview,
    NextOfKin,
    PatientContact,
    PatientDetails,
    Responsible,
    SentDocument,
)
from fellesjournal.national.clinical import Condition, HeadedText, Information, Precaution
from fellesjournal.national.enclosing import (
    CANCELLATION,
    CHANGE,
    NEW,
    Enclosed,
    against_action,
    read_enclosed,
    schema_of,
    write_enclosed,
)
from fellesjournal.national.refusals import NotValid, NotWritable, Problem
from fellesjournal.national.schemas import REFERRAL_2_0
from fellesjournal.national.values import Code, Coded, RichText, Timestamp, volven

NEW_CONDITION = "HENVISNING_NYTILSTAND"
FORWARDED = "HENVISNING_VIDERE"
KINDS = (NEW_CONDITION, FORWARDED)
ACTIONS = (NEW, CHANGE, CANCELLATION)
SCHEMAS = {REFERRAL_2_0.uri: REFERRAL_2_0}

DATES = volven(9147)
OUTCOMES = volven(8485)
PATHWAYS = volven(8480)
ENDS_OF_WAITING = volven(8445)


@dataclass(frozen=True, kw_only=True)
class WantedService(Part):
    """What is asked for, how urgently, and by when."""

    action: Code = element("ServType")
    wanted: Timestamp | None = optional("ReqDate", form=Form.DATE)
    priority: Code = element("Priority")
    comment: str | None = optional("Comment")


@dataclass(frozen=True, kw_only=True)
class Comment(Part):
    """A remark under a heading."""

    heading: Coded | None = optional("Heading")
    text: str | None = optional("TextResultValue")
    codes: tuple[Coded, ...] = many("CodedComment")


@dataclass(frozen=True, kw_only=True)
class AssessmentDate(Part):
    """A date of 9147: 1 seniority, 2 assessed, 3 deadline for care, 4 waiting ended."""

    type: Coded = element("TypeDato")
    day: Timestamp = element("Dato", form=Form.DATE)


@dataclass(frozen=True, kw_only=True)
class AssessmentDetails(Part):
    """Right to care, outcome (8485), end of waiting (8445) and the number of the course."""

    free_choice: bool | None = optional("FrittSykehusvalg", form=Form.BOOLEAN)
    waiting_ended: Coded | None = optional("VentetidSluttkode")
    course: str = element("ForlopsId")
    has_right: bool = element("RettTilHelsehjelp", form=Form.BOOLEAN)
    outcome: Coded = element("UtfallAvVurdering")


@dataclass(frozen=True, kw_only=True)
class Assessment(Part):
    """How the referral has been assessed already, when a hospital sends it on."""

    dates: tuple[AssessmentDate, ...] = many("DatoMottakOgVurdering", needed=True)
    details: AssessmentDetails | None = optional("Opplysninger")

    def day(self, type_of_date: str) -> Timestamp | None:
        """The date of that type (code of 9147), where it is given."""
        found = (one.day for one in self.dates if one.type.code == type_of_date)
        return next(found, None)


@dataclass(frozen=True, kw_only=True)
class Pathway(Part):
    """A patient pathway and where in it the patient is (8480)."""

    code: Coded = element("Pakkeforlopskode")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Consent(Part):
    """Who has consented to the referral."""

    status: Coded = element("ConsentStatus")
    on: Timestamp | None = optional("ConsentDate", form=Form.DATE)
    remark: str | None = optional("Merknad")
    by: str | None = optional("GivenBy")


@dataclass(frozen=True, kw_only=True)
class Referral(Part):
    """What a referral says. ``document`` is the number of the referral through its changes."""

    versioned: ClassVar[bool] = True

    action: Code = element("ServType")
    issued: Timestamp = element("IssueDate", form=Form.DATE_TIME)
    payment: Code | None = optional("PaymentCat")
    comment: str | None = optional("ReqComment")
    document: str = element("DocumentId", filled=True)
    basis: Code | None = optional("BasisForHealthServices")
    patient: PatientDetails | None = optional("TilleggsopplysningPasient", home="care")
    next_of_kin: tuple[NextOfKin, ...] = many("ParorendeForesatt", home="care")
    units: tuple[ContactUnit, ...] = many("TilknyttetEnhet", home="care")
    staff: tuple[ContactStaff, ...] = many("KontaktpersonHelsepersonell", home="care")
    responsible: tuple[Responsible, ...] = many("AnsvarForRapport", home="care")
    sent: tuple[SentDocument, ...] = many("SendtDokument", home="care")
    content: ContentType = element("TypeInnholdIMelding", home="care")
    assistance: tuple[AssistanceInformation, ...] = many("InfoAssistertKommunikasjon", home="care")
    plan: IndividualPlan | None = optional("OpplysningerOmIndividuellPlan", home="care")
    contacts: tuple[PatientContact, ...] = many("PasientrelatertKontaktperson", home="care")
    review: MedicationReview | None = optional("Legemiddelgjennomgang", home="care")
    precautions: tuple[Precaution, ...] = many("PatientPrecaution")
    information: tuple[Information, ...] = many("InfItem")
    reasons: tuple[HeadedText, ...] = many("ReasonAsText")
    diagnoses: tuple[Condition, ...] = many("Diagnosis")
    wanted: WantedService = element("ReqServ")
    comments: tuple[Comment, ...] = many("Comment")
    assessment: Assessment | None = optional("VurderingAvHenvisning")
    pathways: tuple[Pathway, ...] = many("Pakkeforlop")
    consents: tuple[Consent, ...] = many("Consent")
    version: str = "2.0"


ReferralMessage = Enclosed[Referral]


def read_referral(data: bytes) -> ReferralMessage:
    """A referral 2.0, new, changed or cancelled.

    Raises:
        NotXml, NotUnderstood, NotValid: also for an action other than N, M and C, and for a
            change or cancellation that names no message it changes (ConversationRef).
    """
    message = read_enclosed(data, Referral, "Henvisning", SCHEMAS, KINDS)
    for told in against_action(message.payload.action, message.info, ACTIONS):
        raise NotValid(Problem(told, path="/MsgHead/Document/RefDoc/Content/Henvisning"))
    return message


def write_referral(message: ReferralMessage) -> bytes:
    """The referral as 2.0. Raises ``NotWritable``, for the same reasons too."""
    if message.info.kind.code not in KINDS:
        raise NotWritable(Problem("a kind that is no referral", path="Referral"))
    for told in against_action(message.payload.action, message.info, ACTIONS):
        raise NotWritable(Problem(told, path="Referral"))
    return write_enclosed(message, "Henvisning", schema_of(message.payload.version, SCHEMAS))


def texts(referral: Referral, type_of_information: str) -> tuple[RichText, ...]:
    """The descriptions of one type of information (8233), as CAVE; in order."""
    return tuple(
        one.observation.description
        for one in referral.information
        if one.type.code == type_of_information and one.observation and one.observation.description
    )
