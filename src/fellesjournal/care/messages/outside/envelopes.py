"""What every message out has: number, time, parties, patient, and the document as it was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.kinds import NATIONAL
from fellesjournal.care.messages.outside.addressing import party_of, person_of
from fellesjournal.care.messages.queries import Sent, letter_by, letter_file
from fellesjournal.care.messages.resources import ACTIONS, MESSAGE_SYSTEM, Delivery
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.national.enclosing import NEW
from fellesjournal.national.envelope import Conversation, Document, MessageInfo, Reference
from fellesjournal.national.values import Code, Content, Foreign, Timestamp

# 8114 type of document: attachments
_ATTACHMENT = Code("A", "Vedlegg")
NAMES = {
    "DIALOG_HELSEFAGLIG": "Helsefaglig dialog",
    "DIALOG_FORESPORSEL": "Forespørsel",
    "DIALOG_STATUS_HENVISNING": "Status på henvisning",
    "HENVISNING_NYTILSTAND": "Henvisning - Ny tilstand",
    "EPIKRISE": "Epikrise",
    "LOG_INNLAGT": "Melding om innlagt pasient",
    "LOG_UTSKRIVNINGSKLAR": "Melding om utskrivningsklar pasient",
    "LOG_AVMELDING": "Avmelding av utskrivningsklar pasient",
    "LOG_UTSKREVET": "Melding om utskrevet pasient",
    "LOG_DOD": "Orientering om dødsfall",
    "INNLEGGELSESRAPPORT": "Innleggelsesrapport",
    "UTSKRIVNINGSRAPPORT": "Utskrivningsrapport",
    "HELSEOPPL_SOKNAD": "Helseopplysninger",
    "ORIENTERING_TJENESTETILBUD": "Orientering om tjenestetilbud",
    "HELSEOPPLYSNINGER_LEGE": "Helseopplysninger til lege",
    "MEDISINSKE_OPPLYSNINGER": "Medisinske opplysninger",
}
"""What the national examples call each kind (DN of MsgInfo/Type)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery to another system: the document as it stands, and its file as it was signed.

    ``related`` are the resources that the document tells of, by type; ``action`` (7309) what it
    does to what was sent of them before: N, M or C.
    """

    delivery: Delivery
    letter: Sent
    file: bytes
    patient: Resource
    related: Mapping[str, str]
    action: str

    @property
    def sent(self) -> Timestamp:
        """When it was signed, to the second, in UTC."""
        at = (self.delivery.sent or clock.now()).astimezone(UTC)
        return Timestamp(f"{at:%Y-%m-%dT%H:%M:%SZ}")

    @property
    def day(self) -> Timestamp:
        """The day of it, in Norway."""
        at = (self.delivery.sent or clock.now()).astimezone(clock.NORWAY)
        return Timestamp(f"{at:%Y-%m-%d}")


def outgoing(session: Session, delivery: Delivery) -> Outgoing:
    """All that a message says that is not particular to its kind."""
    patient = delivery.patient.partition("/")[2]
    fhir_id = delivery.document.partition("/")[2]
    document, _ = acts.read(session, "DocumentReference", fhir_id)
    person, _ = acts.read(session, "Patient", patient)
    return Outgoing(
        delivery,
        letter_by(session, patient, fhir_id),
        letter_file(session, patient, fhir_id),
        person,
        related_of(document),
        _action(document),
    )


def read_related(session: Session, out: Outgoing, kind: str) -> Resource | None:
    """The resource of this type that the document tells of; None when it tells of none."""
    reference = out.related.get(kind, "")
    try:
        return acts.read(session, kind, reference.partition("/")[2])[0] if reference else None
    except FhirError:
        return None


def message_number_of(session: Session, reference: str) -> str:
    """The number (MsgId) of the message that a document came in; "" when it came in none."""
    kind, _, fhir_id = reference.partition("/")
    if kind != "DocumentReference":
        return ""
    try:
        document, _ = acts.read(session, kind, fhir_id)
    except FhirError:
        return ""
    known = document.get("identifier", ())
    return next((str(e["value"]) for e in known if e.get("system") == MESSAGE_SYSTEM), "")


def info(
    session: Session,
    out: Outgoing,
    kind: str = "",
    *,
    service: str = "",
    conversation: Conversation | None = None,
) -> MessageInfo:
    """The head of the message. Raises NoAddress."""
    code = kind or NATIONAL[out.delivery.kind][0]
    return MessageInfo(
        kind=Code(code, NAMES[code]),
        generated=out.sent,
        id=out.delivery.message,
        sender=party_of(session, out.delivery.owner),
        receiver=party_of(session, out.delivery.recipient.reference, service),
        patient=person_of(out.patient),
        conversation=conversation,
    )


def attachment(out: Outgoing) -> Reference:
    """The document as a file: the bytes that were shown before signing, and stored (INV-41)."""
    return Reference(
        type=_ATTACHMENT,
        mime_type="application/pdf",
        description=out.letter.title,
        content=Content((Foreign.base64(out.file),)),
    )


def attached(out: Outgoing) -> tuple[Document, ...]:
    """The file as a document of a MsgHead."""
    return (Document(reference=attachment(out)),)


def _action(document: Resource) -> str:
    codings = [c for each in document.get("category", ()) for c in reading.codings(each)]
    return next((code for system, code, _ in codings if system == ACTIONS), NEW)


def related_of(document: Resource) -> dict[str, str]:
    """The resources that a document tells of, by type."""
    return dict(_related(document))


def _related(document: Resource) -> Iterator[tuple[str, str]]:
    context = document.get("context") or {}
    for member in ("related", "encounter"):
        for each in reading.elements(context.get(member)):
            reference = reading.reference_target(each)
            yield reference.partition("/")[0], reference


__all__ = [
    "NAMES",
    "Outgoing",
    "attached",
    "attachment",
    "info",
    "message_number_of",
    "outgoing",
    "read_related",
    "related_of",
]
