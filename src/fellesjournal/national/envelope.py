"""The envelope of most national messages: MsgHead 1.2.

Says who sends what to whom about which patient, and carries documents: the message proper and
its attachments. Sender and receiver are named on two HER-id levels (legal entity; service or
person); ``address_of`` reads them, ``addressing_problems`` tells which are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, Schema, element, many, optional
from fellesjournal.national.documents import Document as Xml
from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.people import Organisation, Person, Professional, her
from fellesjournal.national.reading import read_part
from fellesjournal.national.refusals import NotUnderstood
from fellesjournal.national.schemas import HEAD
from fellesjournal.national.values import Code, Coded, Content, Foreign, Timestamp
from fellesjournal.national.writing import Writer

MIG_VERSION = "v1.2 2006-05-24"


@dataclass(frozen=True, kw_only=True)
class Conversation(Part):
    """What the message belongs to: the message it answers, and the first of the thread.

    A message that begins a conversation has none (documentation of ConversationRef).
    """

    parent: str = element("RefToParent", filled=True)
    first: str = element("RefToConversation", filled=True)


@dataclass(frozen=True, kw_only=True)
class Party(Part):
    """The sender or the receiver."""

    method: Code | None = optional("ComMethod")
    organisation: Organisation = element("Organisation")


@dataclass(frozen=True, kw_only=True)
class CopyReceiver(Part):
    """A further receiver: an organisation, the patient, a person or a member of staff."""

    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("organisation", "patient", "person", "professional"),
    )

    method: Code | None = optional("ComMethod")
    role: Code = element("RoleReceiver")
    organisation: Organisation | None = optional("Organisation")
    patient: Person | None = optional("Patient")
    person: Person | None = optional("Person", parts="fk1")
    professional: Professional | None = optional("HealthcareProfessional")


@dataclass(frozen=True, kw_only=True)
class MessageInfo(Part):
    """Kind, number, time and parties of a message; ``kind`` from 8279."""

    kind: Code = element("Type")
    mig_version: str = element("MIGversion", default=MIG_VERSION)
    generated: Timestamp = element("GenDate", form=Form.DATE_TIME)
    id: str = element("MsgId", filled=True)
    processing: Code | None = optional("ProcessingStatus")
    priority: Code | None = optional("RequestedPriority")
    acknowledge: Code | None = optional("Ack")
    conversation: Conversation | None = optional("ConversationRef")
    sender: Party = element("Sender")
    receiver: Party = element("Receiver")
    copies: tuple[CopyReceiver, ...] = many("OtherReceiver")
    patient: Person | None = optional("Patient")


@dataclass(frozen=True, kw_only=True)
class Reference(Part):
    """Where a document is: inside (``content``), in a file named by address, or elsewhere."""

    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (("file", "content"),)

    issued: Timestamp | None = optional("IssueDate", form=Form.TS)
    type: Code = element("MsgType")
    id: str | None = optional("Id")
    mime_type: str | None = optional("MimeType")
    description: str | None = optional("Description")
    compression: Code | None = optional("Compression")
    file: str | None = optional("FileReference", form=Form.ADDRESS)
    content: Content | None = optional("Content")


@dataclass(frozen=True, kw_only=True)
class Document(Part):
    """A document in the envelope: the message proper, or an attachment."""

    connection: Code | None = optional("DocumentConnection")
    content_type: Coded | None = optional("ContentType")
    description: str | None = optional("ContentDescription")
    category: Coded | None = optional("ContentCategory")
    consent: Coded | None = optional("Consent")
    annotation: str | None = optional("Annotation")
    begins: Timestamp | None = optional("FromDate", form=Form.TS)
    ends: Timestamp | None = optional("ToDate", form=Form.TS)
    oid: str | None = optional("OidRef", form=Form.OID)
    enquiry: str | None = optional("EnquiryRefId")
    reference: Reference = element("RefDoc")


@dataclass(frozen=True, kw_only=True)
class Envelope(Part):
    """A whole MsgHead. The signature is carried, not judged: that takes the bytes received."""

    info: MessageInfo = element("MsgInfo")
    documents: tuple[Document, ...] = many("Document", needed=True)
    signature: Foreign | None = optional("Signature", home="signature")


@dataclass(frozen=True)
class Address:
    """Where a message goes or comes from: HER-ids of legal entity, and of service or person."""

    entity: str
    party: str


def two_levels(name: str, unit: str, address: Address) -> Party:
    """A party by the names and HER-ids (9051) of its legal entity and its unit or service."""
    inner = Organisation(name=unit, idents=(her(address.party),))
    outer = Organisation(name=name, idents=(her(address.entity),), unit=inner)
    return Party(organisation=outer)


def address_of(organisation: Organisation) -> Address | None:
    """The two HER-ids, or None where either is missing.

    The second level is the unit's, or, where none is named, the member of staff's.
    """
    unit, staff = organisation.unit, organisation.professional
    lower = unit.her_id if unit else None
    lower = lower or (staff.her_id if staff else None)
    if not (organisation.her_id and lower):
        return None
    return Address(organisation.her_id, lower)


def addressing_problems(info: MessageInfo) -> tuple[str, ...]:
    """Which parties lack a HER-id on two levels, as in ``("Receiver", "OtherReceiver[1]")``.

    Copies to persons have no HER-id and are passed over. Empty when all is well.
    """
    return tuple(_unaddressed(info))


def _unaddressed(info: MessageInfo) -> Iterator[str]:
    if address_of(info.sender.organisation) is None:
        yield "Sender"
    if address_of(info.receiver.organisation) is None:
        yield "Receiver"
    for number, copy in enumerate(info.copies, 1):
        if copy.organisation and address_of(copy.organisation) is None:
            yield f"OtherReceiver[{number}]"


def read_envelope(data: bytes) -> Envelope:
    """A MsgHead 1.2 with any content.

    Raises:
        NotXml: broken or hostile bytes.
        NotUnderstood: no MsgHead 1.2, or one that reports patients to a register.
        NotValid: against the standard.
    """
    return envelope_in(parse(data))


def envelope_in(xml: Xml) -> Envelope:
    """As ``read_envelope``, of parsed XML."""
    root = xml.root
    if (namespace(root), local_name(root)) != (HEAD.uri, "MsgHead"):
        raise NotUnderstood(xml.problem(root, "no MsgHead 1.2"))
    for report in root.iterchildren(f"{{{HEAD.uri}}}PatientReport"):
        raise NotUnderstood(xml.problem(report, "reports to registers are not read here"))
    envelope = read_part(xml, root, Envelope, HEAD)
    if envelope.info.mig_version != MIG_VERSION:
        raise NotUnderstood(xml.problem(root, "a MIGversion other than that of MsgHead 1.2"))
    return envelope


def write_envelope(envelope: Envelope, *others: Schema) -> bytes:
    """The envelope as XML; ``others`` are schemas whose prefixes should stand at the root.

    Raises:
        NotWritable: what would not follow the standard.
    """
    writer = Writer(HEAD, *others)
    return writer.bytes(writer.root("MsgHead", envelope, HEAD))
