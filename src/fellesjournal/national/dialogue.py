"""Dialogue messages 1.0 and 1.1: requests, answers, professional dialogue, deviations, status.

Kinds (8279): DIALOG_FORESPORSEL, DIALOG_SVAR, DIALOG_HELSEFAGLIG, DIALOG_AVVIK and
DIALOG_STATUS_HENVISNING. A request stands in ``requests``, all others in ``notes``. Code lists:
9152 type of request, 9069 and 7322 topic of a note, 8117 topic of a deviation, 9148 status of a
referral, 9034 role to patient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.enclosing import Enclosed, read_enclosed, schema_of, write_enclosed
from fellesjournal.national.people import Organisation, Person, Professional
from fellesjournal.national.refusals import NotValid, NotWritable, Problem
from fellesjournal.national.schemas import DIALOGUE_1_0, DIALOGUE_1_1
from fellesjournal.national.values import Code, Coded, RichText, Timestamp, volven

REQUEST = "DIALOG_FORESPORSEL"
ANSWER = "DIALOG_SVAR"
PROFESSIONAL = "DIALOG_HELSEFAGLIG"
DEVIATION = "DIALOG_AVVIK"
REFERRAL_STATUS = "DIALOG_STATUS_HENVISNING"
KINDS = (REQUEST, ANSWER, PROFESSIONAL, DEVIATION, REFERRAL_STATUS)

REFERRAL_STATUSES = volven(9148)
SCHEMAS = {schema.uri: schema for schema in (DIALOGUE_1_0, DIALOGUE_1_1)}
_OLD, _NEW = ("dialogue-1.0",), ("dialogue-1.1",)


@dataclass(frozen=True, kw_only=True)
class RelatedUnit(Part):
    """A unit with something to do with the note, and whom to reach there."""

    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (("professional", "person"),)

    unit: Organisation = element("Kontaktenhet", parts="common")
    remark: str | None = optional("Merknad")
    professional: Professional | None = optional("HealthcareProfessional")
    person: Person | None = optional("Person")


@dataclass(frozen=True, kw_only=True)
class Role(Part):
    """Who has which role in the note or request (9034), as in 24: contact at the receiver.

    Version 1.0 must have a professional or a person.
    """

    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (("professional", "person"),)
    exactly_one_in: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "dialogue-1.0": ("professional", "person")
    }

    in_note: Coded | None = optional("RolleNotat")
    to_patient: Coded | None = optional("RoleToPatient")
    unit: RelatedUnit | None = optional("TilknyttetEnhet", only=_NEW)
    professional: Professional | None = optional("HealthcareProfessional")
    person: Person | None = optional("Person")


@dataclass(frozen=True, kw_only=True)
class Request(Part):
    """A question; ``type`` from 9152."""

    type: Coded = element("TypeForesp")
    subject: str | None = optional("EmneSporsmal", only=_NEW)
    question: RichText | None = optional("Sporsmal", forms={"dialogue-1.0": Form.PLAIN})
    purpose: Coded | None = optional("Formål")
    reason: str | None = optional("Begrunnelse")
    urgency: Code | None = optional("Hastegrad")
    begins: Timestamp | None = optional("FraDato", form=Form.DATE)
    ends: Timestamp | None = optional("TilDato", form=Form.DATE)
    information: tuple[Coded, ...] = many("TypeJournalinfo", single_in=_OLD)
    coded: Coded | None = optional("KodetOpplysning", only=_NEW)
    document: str | None = optional("DokIdForesp")
    roles: tuple[Role, ...] = many("RollerRelatertNotat")


@dataclass(frozen=True, kw_only=True)
class Note(Part):
    """An answer, a note about a patient, a deviation or a status; ``topic`` says which list."""

    topic: Coded = element("TemaKodet")
    title: str | None = optional("Tema")
    text: RichText | None = optional("TekstNotatInnhold")
    remark: str | None = optional("Merknad")
    document: str | None = optional("DokIdNotat")
    written: Timestamp | None = optional("DatoNotat", form=Form.DATE)
    request: Request | None = optional("Foresporsel")
    roles: tuple[Role, ...] = many("RollerRelatertNotat")


@dataclass(frozen=True, kw_only=True)
class Dialogue(Part):
    """What a dialogue message says: requests or notes, never both."""

    versioned: ClassVar[bool] = True
    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (("requests", "notes"),)

    case: Coded | None = optional("SakstypeKodet")
    case_text: str | None = optional("Sakstype")
    requests: tuple[Request, ...] = many("Foresporsel")
    notes: tuple[Note, ...] = many("Notat")
    version: str = "1.1"


DialogueMessage = Enclosed[Dialogue]


def read_dialogue(data: bytes) -> DialogueMessage:
    """A dialogue message of one of ``KINDS``.

    Raises:
        NotXml, NotUnderstood, NotValid: also where a request holds no question or another kind
            no note, and where a status of a referral has no topic of 9148.
    """
    message = read_enclosed(data, Dialogue, "Dialogmelding", SCHEMAS, KINDS)
    for told in _against_kind(message):
        raise NotValid(Problem(told, path="/MsgHead/Document/RefDoc/Content/Dialogmelding"))
    return message


def write_dialogue(message: DialogueMessage) -> bytes:
    """The message in its version. Raises ``NotWritable``, for the same reasons too."""
    for told in _against_kind(message):
        raise NotWritable(Problem(told, path="Dialogue"))
    return write_enclosed(message, "Dialogmelding", schema_of(message.payload.version, SCHEMAS))


def referral_status(message: DialogueMessage) -> Coded | None:
    """The status (9148) in a DIALOG_STATUS_HENVISNING; None in other kinds."""
    if message.info.kind.code != REFERRAL_STATUS:
        return None
    return message.payload.notes[0].topic


def _against_kind(message: DialogueMessage) -> list[str]:
    kind, says = message.info.kind.code, message.payload
    if kind not in KINDS:
        return ["a kind that is no dialogue"]
    if kind == REQUEST:
        return [] if says.requests else ["a request without a question (Foresporsel)"]
    if not says.notes:
        return ["a message of this kind without a note (Notat)"]
    if kind == REFERRAL_STATUS and any(n.topic.system != REFERRAL_STATUSES for n in says.notes):
        return ["a status of a referral whose topic is not of 9148"]
    return []
