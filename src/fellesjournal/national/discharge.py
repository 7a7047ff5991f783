"""Discharge summary (kind EPIKRISE): 1.2 out, 1.1 and 1.2 in.

Code lists: 7309 action, 7306 status of a report (F final), 8233 clinical information (H main
diagnosis, B other diagnosis, CAVE, FUNN, ANAM, MEDB), 8311 headings (AI, FO, HJ, VU, OP, SY, IP),
7110 ICD-10, 7180 ATC, 8240 kind of stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.clinical import (
    Condition,
    HeadedText,
    Information,
    Precaution,
    RelatedProvider,
)
from fellesjournal.national.enclosing import CANCELLATION, CHANGE, NEW, schema_of
from fellesjournal.national.envelope import Reference
from fellesjournal.national.older import (
    CopyTo,
    Counterpart,
    PatientProvider,
    Service,
    read_older,
    without_number,
    write_older,
)
from fellesjournal.national.providers import Address, AnotherId, Institution
from fellesjournal.national.refusals import NotValid, NotWritable, Problem
from fellesjournal.national.schemas import DISCHARGE_1_1, DISCHARGE_1_2
from fellesjournal.national.values import Code, Coded, Quantity, Timestamp

DISCHARGE_SUMMARY = "EPIKRISE"
# 7309; A addition and H history are read as well
ACTIONS = (NEW, CHANGE, CANCELLATION, "A", "H")
SCHEMAS = {schema.uri: schema for schema in (DISCHARGE_1_2, DISCHARGE_1_1)}
MIG_VERSION = "v1.2 2012-02-15"
_OLD, _NEW = ("discharge-1.1",), ("discharge-1.2",)


@dataclass(frozen=True, kw_only=True)
class ReferredBy(Part):
    """The referral that the summary answers."""

    action: Code = element("ServType")
    issued: Timestamp = element("IssueDate", form=Form.TS)
    received: Timestamp | None = optional("ReceiptDate", form=Form.TS)
    comment: str | None = optional("ReqComment")
    content_text: str | None = optional("MsgDescr", only=_OLD, needed=_OLD)
    content: Code | None = optional("MsgDescr", only=_NEW, needed=_NEW)
    document: str = element("Id")
    reasons: tuple[HeadedText, ...] = many("ReasonAsText")
    diagnoses: tuple[Condition, ...] = many("Diagnosis", needed=True)


@dataclass(frozen=True, kw_only=True)
class Transport(Part):
    """How the patient is to be brought."""

    responsibility: Code | None = optional("Responsibility")
    status: Code | None = optional("Status")
    requirement: Coded | None = optional("TransportRequirement")
    escort: Code | None = optional("EscortRequired")
    comment: str | None = optional("Comment")


@dataclass(frozen=True, kw_only=True)
class PlannedEvent(Part):
    """What is wished, proposed or planned; "not used for now" (schema 1.2)."""

    stage: Code | None = optional("PlanningStage")
    status: Code | None = optional("StatusOfPlan")
    comment: str | None = optional("PlanComment")
    planned: Timestamp | None = optional("PlanningDate", form=Form.TS)
    scheduled: Timestamp | None = optional("ScheduledDate", form=Form.TS)
    advice_sent_to: Code | None = optional("AdviceSentTo")
    delay: Quantity | None = optional("ExpectedDelay")
    duration: str | None = optional("CommentExpDuration")
    preparation: str | None = optional("Preparation")
    advice: str | None = optional("Advice")
    transport: Transport | None = optional("TransportArr")


@dataclass(frozen=True, kw_only=True)
class PastEvent(Part):
    """When the stay or consultation was."""

    begins: Timestamp = element("StartDateTime", form=Form.TS)
    ends: Timestamp | None = optional("EndDateTime", form=Form.TS)


@dataclass(frozen=True, kw_only=True)
class RelatedReferral(Part):
    """A referral that matters for the event."""

    issued: Timestamp | None = optional("IssueDate", form=Form.TS)
    type: Code = element("MsgType")
    id: str | None = optional("Id")


@dataclass(frozen=True, kw_only=True)
class SubPlace(Part):
    """A place inside a place."""

    type: Code = element("Type")
    name: str = element("Place")


@dataclass(frozen=True, kw_only=True)
class EventPlace(Part):
    """A place."""

    type: Code | None = optional("Type")
    description: str | None = optional("Description")
    institution: Institution | None = optional("Inst")
    address: Address | None = optional("Address")
    inside: tuple[SubPlace, ...] = many("SubLocation")


@dataclass(frozen=True, kw_only=True)
class EventAt(Part):
    """Where the event was, and when."""

    role: Code | None = optional("Role")
    begins: Timestamp | None = optional("StartDateTime", form=Form.TS)
    ends: Timestamp | None = optional("EndDateTime", form=Form.TS)
    place: EventPlace = element("Location")


@dataclass(frozen=True, kw_only=True)
class Event(Part):
    """A stay or consultation with all that is told of it."""

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = (("planned", "past"),)

    planned: PlannedEvent | None = optional("PlannedEvent")
    past: PastEvent | None = optional("ReportedEvent")
    action: Code = element("ServType")
    recipient: Code | None = optional("Recipient")
    priority: Code | None = optional("Priority")
    outcome: Code | None = optional("AdmOutcome")
    duration: Quantity | None = optional("ExpDuration")
    number: int | None = optional("Id", form=Form.INTEGER, only=_OLD, needed=_OLD)
    parts: tuple[Event, ...] = many("Event")
    service: Service = element("Service")
    providers: tuple[RelatedProvider, ...] = many("RelServProvider")
    referrals: tuple[RelatedReferral, ...] = many("AssRequest")
    places: tuple[EventAt, ...] = many("EventLocation")
    information: tuple[Information, ...] = many("InfItem")
    texts: tuple[HeadedText, ...] = many("Comment")
    codes: tuple[Condition, ...] = many("CodedComment")


@dataclass(frozen=True, kw_only=True)
class RelatedParty(Part):
    """Somebody outside health care, as next of kin."""

    relation: Code = element("Relation")
    name: str | None = optional("Name")
    id: str | None = optional("RelPartyOffId")
    address: Address | None = optional("Address")


@dataclass(frozen=True, kw_only=True)
class DischargedPatient(Part):
    """The patient; the name is one text, often "Family, Given"."""

    sex: Code | None = optional("Sex")
    born: Timestamp | None = optional("DateOfBirth", form=Form.TS)
    died: Timestamp | None = optional("DateOfDeath", form=Form.TS)
    name: str | None = optional("Name")
    number_at_provider: str | None = optional("IdByServProvider")
    number_at_requester: str | None = optional("IdByRequester")
    id: str | None = optional("OffId")
    id_type: Code | None = optional("TypeOffId")
    precautions: tuple[Precaution, ...] = many("PatientPrecaution")
    parties: tuple[RelatedParty, ...] = many("PatientRelParty")
    providers: tuple[PatientProvider, ...] = many("PatRelHCP")
    others: tuple[AnotherId, ...] = many("AdditionalId")
    address: Address | None = optional("Address")


@dataclass(frozen=True, kw_only=True)
class DischargeSummary(Part):
    """What the summary says; ``document`` is its number through changes."""

    action: Code = element("ServType")
    issued: Timestamp = element("IssueDate", form=Form.TS)
    approved: Timestamp | None = optional("ApprDate", form=Form.TS)
    status: Code = element("Status")
    priority: Code | None = optional("Priority")
    acknowledge: Code | None = optional("Ack")
    description: str = element("MsgDescr")
    document: str | None = optional("ServProvId")
    referrals: tuple[ReferredBy, ...] = many("ServReq")
    events: tuple[Event, ...] = many("Event")
    patient: DischargedPatient = element("Patient")
    provider: Counterpart = element("ServProvider")
    copies: tuple[CopyTo, ...] = many("CopyDest")
    requester: Counterpart = element("Requester")
    providers: tuple[RelatedProvider, ...] = many("RelServProvider")
    references: tuple[Reference, ...] = many("RefDoc")

    def information(self, type_of_information: str) -> tuple[Information, ...]:
        """All clinical information of one type (8233), over all events, in order."""
        return tuple(
            one
            for event in self.events
            for one in event.information
            if one.type.code == type_of_information
        )

    def text(self, heading: str) -> str:
        """The words under a heading (8311), over all events; empty where there are none."""
        return "\n".join(
            one.text.text
            for event in self.events
            for one in event.texts
            if one.heading and one.heading.code == heading and one.text
        )


@dataclass(frozen=True, kw_only=True)
class DischargeMessage(Part):
    """A discharge summary with its own head."""

    versioned: ClassVar[bool] = True

    kind: Code | None = optional("Type")
    message_version: str | None = optional("MsgVersion")
    mig_version: str = element("MIGversion", default=MIG_VERSION)
    generated: Timestamp = element("GenDate", form=Form.TS)
    id: str = element("MsgId", filled=True)
    status: Code | None = optional("Status", only=_NEW)
    summary: DischargeSummary = element("ServRprt")
    version: str = "1.2"


def read_discharge(data: bytes) -> DischargeMessage:
    """A discharge summary 1.1 or 1.2.

    Raises:
        NotXml, NotUnderstood, NotValid: also for an action outside 7309, and for a change or
            cancellation without the number of the summary (ServProvId).
    """
    message = read_older(data, DischargeMessage, SCHEMAS, DISCHARGE_SUMMARY)
    for told in without_number(message.summary.action, message.summary.document, ACTIONS):
        raise NotValid(Problem(told, path="/Message/ServRprt"))
    return message


def write_discharge(message: DischargeMessage) -> bytes:
    """The summary in its version (send 1.2). Raises ``NotWritable``, for the same reasons too."""
    if message.kind and message.kind.code != DISCHARGE_SUMMARY:
        raise NotWritable(Problem("a kind that is no discharge summary", path="DischargeMessage"))
    for told in without_number(message.summary.action, message.summary.document, ACTIONS):
        raise NotWritable(Problem(told, path="DischargeMessage"))
    return write_older(message, schema_of(message.version, SCHEMAS))
