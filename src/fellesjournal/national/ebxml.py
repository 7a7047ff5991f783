"""The transport's own header: ebXML Message Service 2.0, its acknowledgment and errors.

Source: msg-header-2_0.xsd (OASIS ebXML Message Service 2.0, version 2.0c). Only the SOAP part;
MIME packaging, signing and checking of signatures belong to the transport. A message number is
kept exactly as it came, since acknowledgments must repeat it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, flag, many, optional
from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.reading import read_part
from fellesjournal.national.refusals import NotUnderstood
from fellesjournal.national.schemas import EBXML, SOAP
from fellesjournal.national.values import Foreign, Timestamp
from fellesjournal.national.writing import Writer

VERSION = "2.0"
SERVICE = "urn:oasis:names:tc:ebxml-msg:service"
ACKNOWLEDGMENT = "Acknowledgment"
_MUST = "1"  # SOAP 1.1 spells truth as a digit


@dataclass(frozen=True, kw_only=True)
class PartyId(Part):
    """A party by number and kind of number, as HER or ENH."""

    type: str | None = optional("type", form=Form.ATTRIBUTE, filled=True)
    id: str = element("PartyId", form=Form.OWN_TEXT, filled=True)


@dataclass(frozen=True, kw_only=True)
class TransportParty(Part):
    """Sender or receiver."""

    ids: tuple[PartyId, ...] = many("PartyId", needed=True)
    role: str | None = optional("Role", filled=True)


@dataclass(frozen=True, kw_only=True)
class TransportService(Part):
    """The service that the message is for."""

    type: str | None = optional("type", form=Form.ATTRIBUTE, filled=True)
    name: str = element("Service", form=Form.OWN_TEXT, filled=True)


@dataclass(frozen=True, kw_only=True)
class Description(Part):
    """Words for people, in a language."""

    language: str = element("lang", form=Form.ATTRIBUTE, home="xml")
    text: str = element("Description", form=Form.OWN_TEXT, filled=True)


@dataclass(frozen=True, kw_only=True)
class MessageData(Part):
    """Number and time of the message, and what it answers."""

    id: str = element("MessageId", filled=True)
    at: Timestamp = element("Timestamp", form=Form.DATE_TIME)
    answers: str | None = optional("RefToMessageId", filled=True)
    valid_until: Timestamp | None = optional("TimeToLive", form=Form.DATE_TIME)


@dataclass(frozen=True, kw_only=True)
class MessageHeader(Part):
    """Who sends what to whom in which conversation."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    version: str = element("version", form=Form.ATTRIBUTE, filled=True, default=VERSION)
    must: str = element("mustUnderstand", form=Form.ATTRIBUTE, home="soap", default=_MUST)
    sender: TransportParty = element("From")
    receiver: TransportParty = element("To")
    agreement: str = element("CPAId", filled=True)
    conversation: str = element("ConversationId", filled=True)
    service: TransportService = element("Service")
    action: str = element("Action", filled=True)
    data: MessageData = element("MessageData")
    eliminates_duplicates: bool = flag("DuplicateElimination")
    descriptions: tuple[Description, ...] = many("Description")


@dataclass(frozen=True, kw_only=True)
class AckRequested(Part):
    """The sender wants an acknowledgment, perhaps a signed one."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    version: str = element("version", form=Form.ATTRIBUTE, filled=True, default=VERSION)
    must: str = element("mustUnderstand", form=Form.ATTRIBUTE, home="soap", default=_MUST)
    actor: str | None = optional("actor", form=Form.ATTRIBUTE, home="soap")
    is_signed: bool = element("signed", form=Form.ATTRIBUTE)


@dataclass(frozen=True, kw_only=True)
class Acknowledgment(Part):
    """The message named has come; ``references`` repeat its digests, where that was asked."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    version: str = element("version", form=Form.ATTRIBUTE, filled=True, default=VERSION)
    must: str = element("mustUnderstand", form=Form.ATTRIBUTE, home="soap", default=_MUST)
    actor: str | None = optional("actor", form=Form.ATTRIBUTE, home="soap")
    at: Timestamp = element("Timestamp", form=Form.DATE_TIME)
    message: str = element("RefToMessageId", filled=True)
    sender: TransportParty | None = optional("From")
    references: tuple[Foreign, ...] = many("Reference", home="signature")


@dataclass(frozen=True, kw_only=True)
class TransportError(Part):
    """One thing that went wrong on the way."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    context: str | None = optional("codeContext", form=Form.ATTRIBUTE)
    code: str = element("errorCode", form=Form.ATTRIBUTE, filled=True)
    severity: str = element("severity", form=Form.ATTRIBUTE, filled=True)
    location: str | None = optional("location", form=Form.ATTRIBUTE, filled=True)
    description: Description | None = optional("Description")


@dataclass(frozen=True, kw_only=True)
class ErrorList(Part):
    """What went wrong on the way."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    version: str = element("version", form=Form.ATTRIBUTE, filled=True, default=VERSION)
    must: str = element("mustUnderstand", form=Form.ATTRIBUTE, home="soap", default=_MUST)
    worst: str = element("highestSeverity", form=Form.ATTRIBUTE, filled=True)
    errors: tuple[TransportError, ...] = many("Error", needed=True)


@dataclass(frozen=True, kw_only=True)
class Header(Part):
    """The blocks of the SOAP header, in any order."""

    any_order: ClassVar[bool] = True

    message: MessageHeader = element("MessageHeader", home="ebxml")
    ack_requested: AckRequested | None = optional("AckRequested", home="ebxml")
    acknowledgment: Acknowledgment | None = optional("Acknowledgment", home="ebxml")
    errors: ErrorList | None = optional("ErrorList", home="ebxml")
    signature: Foreign | None = optional("Signature", home="signature")


@dataclass(frozen=True, kw_only=True)
class SchemaOfPayload(Part):
    """Where the schema of a payload is."""

    location: str = element("location", form=Form.ATTRIBUTE)
    version: str | None = optional("version", form=Form.ATTRIBUTE, filled=True)


@dataclass(frozen=True, kw_only=True)
class PayloadReference(Part):
    """A payload by the number of its MIME part, as ``cid:…``."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    type: str | None = optional("type", form=Form.ATTRIBUTE, home="xlink")
    href: str = element("href", form=Form.ATTRIBUTE, home="xlink")
    role: str | None = optional("role", form=Form.ATTRIBUTE, home="xlink")
    schemas: tuple[SchemaOfPayload, ...] = many("Schema")
    descriptions: tuple[Description, ...] = many("Description")


@dataclass(frozen=True, kw_only=True)
class Manifest(Part):
    """The payloads."""

    id: str | None = optional("id", form=Form.ATTRIBUTE)
    version: str = element("version", form=Form.ATTRIBUTE, filled=True, default=VERSION)
    references: tuple[PayloadReference, ...] = many("Reference", needed=True)


@dataclass(frozen=True, kw_only=True)
class Body(Part):
    """The body: what payloads follow."""

    manifest: Manifest | None = optional("Manifest", home="ebxml")


@dataclass(frozen=True, kw_only=True)
class Transport(Part):
    """The SOAP part of an ebXML message."""

    header: Header = element("Header")
    body: Body = element("Body")


def read_transport(data: bytes) -> Transport:
    """The SOAP part of an ebXML 2.0 message.

    Raises:
        NotXml, NotValid: as always.
        NotUnderstood: no SOAP envelope, one without an ebXML header, or another version.
    """
    xml = parse(data)
    root = xml.root
    if (namespace(root), local_name(root)) != (SOAP.uri, "Envelope"):
        raise NotUnderstood(xml.problem(root, "no SOAP envelope"))
    header = root.find(f"{{{SOAP.uri}}}Header/{{{EBXML.uri}}}MessageHeader")
    if header is None or header.get(f"{{{EBXML.uri}}}version") != VERSION:
        raise NotUnderstood(xml.problem(root, "no header of ebXML Message Service 2.0"))
    return read_part(xml, root, Transport, SOAP)


def write_transport(transport: Transport) -> bytes:
    """The SOAP part as XML. Raises ``NotWritable``."""
    writer = Writer(SOAP)
    return writer.bytes(writer.root("Envelope", transport, SOAP))


def acknowledge(transport: Transport, *, message_id: str, now: Timestamp) -> Transport:
    """The acknowledgment of ``transport``, from its receiver to its sender; unsigned.

    ``now`` is a ``dateTime``. Digests (``references``) are for those who sign.
    """
    asked = transport.header.message
    return Transport(
        header=Header(
            message=MessageHeader(
                sender=asked.receiver,
                receiver=asked.sender,
                agreement=asked.agreement,
                conversation=asked.conversation,
                service=TransportService(name=SERVICE),
                action=ACKNOWLEDGMENT,
                data=MessageData(id=message_id, at=now, answers=asked.data.id),
            ),
            acknowledgment=Acknowledgment(at=now, message=asked.data.id),
        ),
        body=Body(),
    )
