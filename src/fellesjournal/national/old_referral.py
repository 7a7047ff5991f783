"""Referral 1.1 (kind HENVISNING): read where others still send it.

It can be written too, for tests and for the stand-in of a sender; we send 2.0. Code lists: as
referral 2.0, but left to the element; 8231 headings, 8233 clinical information, 8455 content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.care import Assistance, NextOfKin
from fellesjournal.national.clinical import Condition, HeadedText, Information, Precaution
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
from fellesjournal.national.people import Person
from fellesjournal.national.providers import Address, AnotherId
from fellesjournal.national.refusals import NotValid, NotWritable, Problem
from fellesjournal.national.schemas import REFERRAL_1_1
from fellesjournal.national.values import Code, Coded, Timestamp

REFERRAL = "HENVISNING"
ACTIONS = (NEW, CHANGE, CANCELLATION)
SCHEMAS = {REFERRAL_1_1.uri: REFERRAL_1_1}


@dataclass(frozen=True, kw_only=True)
class OldContact(Part):
    """Somebody outside health care who knows the patient."""

    occupation: str | None = optional("OccupationRole")
    workplace: str | None = optional("WorkingPlace")
    person: Person = element("Referanseperson", parts="common")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class RelatedInstitution(Part):
    """An institution outside health care."""

    name: str | None = optional("NameInst")
    role: str | None = optional("RoleInst")
    contact: str | None = optional("ContactPerson")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class OldConsent(Part):
    """Who has consented to the referral."""

    status: Coded | None = optional("ConsentStatus")
    on: Timestamp | None = optional("ConsentDate", form=Form.DATE)
    remark: str | None = optional("Merknad")
    by: str | None = optional("GivenBy")


@dataclass(frozen=True, kw_only=True)
class OldPatient(Part):
    """The patient; the name is one text, often "Family, Given"."""

    basis: Code | None = optional("BasisForHealthServices")
    sex: Code | None = optional("Sex")
    born: Timestamp | None = optional("DateOfBirth", form=Form.TS)
    died: Timestamp | None = optional("DateOfDeath", form=Form.TS)
    name: str | None = optional("Name")
    number_at_requester: str | None = optional("IdByRequester")
    id: str | None = optional("OffId")
    id_type: Code | None = optional("TypeOffId")
    precautions: tuple[Precaution, ...] = many("PatientPrecaution")
    information: tuple[Information, ...] = many("InfItem")
    providers: tuple[PatientProvider, ...] = many("PatRelHCP")
    assistance: tuple[Assistance, ...] = many("AssistertKommunikasjon", home="care")
    next_of_kin: tuple[NextOfKin, ...] = many("ParorendeForesatt", home="care")
    contacts: tuple[OldContact, ...] = many("ContactPerson")
    institutions: tuple[RelatedInstitution, ...] = many("PatRelInst")
    consent: OldConsent | None = optional("Consent")
    others: tuple[AnotherId, ...] = many("AdditionalId")
    address: Address | None = optional("Address")


@dataclass(frozen=True, kw_only=True)
class OldWantedService(Part):
    """What is asked for, how urgently, and by when."""

    action: Code = element("ServType")
    purpose: Code | None = optional("Purpose")
    wanted: Timestamp | None = optional("ReqDate", form=Form.TS)
    priority: Code = element("Priority")
    comment: str | None = optional("Comment")
    service: Service | None = optional("Service")


@dataclass(frozen=True, kw_only=True)
class OldComment(Part):
    """A remark under a heading."""

    heading: Code = element("Heading")
    text: str = element("TextResultValue")
    codes: tuple[Coded, ...] = many("CodedComment", needed=True)


@dataclass(frozen=True, kw_only=True)
class OldRequest(Part):
    """What the referral says; ``document`` is its number through changes."""

    action: Code = element("ServType")
    issued: Timestamp = element("IssueDate", form=Form.TS)
    payment: Code | None = optional("PaymentCat")
    comment: str | None = optional("ReqComment")
    acknowledge: Code | None = optional("Ack")
    content: Code = element("MsgDescr")
    document: str = element("Id", filled=True)
    patient: OldPatient = element("Patient")
    provider: Counterpart = element("ServProvider")
    requester: Counterpart = element("Requester")
    copies: tuple[CopyTo, ...] = many("CopyDest")
    references: tuple[Reference, ...] = many("RefDoc")
    reasons: tuple[HeadedText, ...] = many("ReasonAsText")
    diagnoses: tuple[Condition, ...] = many("Diagnosis")
    wanted: OldWantedService = element("ReqServ")
    comments: tuple[OldComment, ...] = many("Comment")


@dataclass(frozen=True, kw_only=True)
class OldReferralMessage(Part):
    """A referral 1.1 with its own head."""

    versioned: ClassVar[bool] = True

    kind: Code | None = optional("Type")
    message_version: str | None = optional("MsgVersion")
    mig_version: str = element("MIGversion")
    generated: Timestamp = element("GenDate", form=Form.TS)
    id: str = element("MsgId", filled=True)
    status: Code | None = optional("Status")
    request: OldRequest = element("ServReq")
    version: str = "1.1"


def read_old_referral(data: bytes) -> OldReferralMessage:
    """A referral 1.1. Raises ``NotXml``, ``NotUnderstood``, ``NotValid``."""
    message = read_older(data, OldReferralMessage, SCHEMAS, REFERRAL)
    for told in without_number(message.request.action, message.request.document, ACTIONS):
        raise NotValid(Problem(told, path="/Message/ServReq"))
    return message


def write_old_referral(message: OldReferralMessage) -> bytes:
    """The referral as 1.1. Raises ``NotWritable``."""
    for told in without_number(message.request.action, message.request.document, ACTIONS):
        raise NotWritable(Problem(told, path="OldReferralMessage"))
    return write_older(message, schema_of(message.version, SCHEMAS))
