"""The application receipt (AppRec 1.0 and 1.1): what became of a message at its receiver.

Reads it bare, inside a MsgHead, or inside the wrapper NAV uses. Code lists: status 8258
(1 OK, 2 rejected, 3 OK with error in part of the message; 3: assumption), errors 8221,
identifiers 9051 and 8116, kinds of message 8279.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.documents import Document as Xml
from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.enclosing import Enclosed, read_enclosed, schema_of, write_enclosed
from fellesjournal.national.providers import Provider
from fellesjournal.national.reading import read_part
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable, Problem
from fellesjournal.national.schemas import HEAD, RECEIPT_1_0, RECEIPT_1_1
from fellesjournal.national.values import Code, Coded, Timestamp, volven
from fellesjournal.national.writing import Writer

RECEIPT = "APPREC"
ERRORS = volven(8221)
MIG_VERSIONS = {"1.0": "1.0 2004-11-21", "1.1": "v1.1 2012-02-15"}
_SCHEMAS = {schema.uri: schema for schema in (RECEIPT_1_0, RECEIPT_1_1)}
_NAV_WRAPPER = ("http://www.nav.no/xml/eiff/2/", "EI_fellesformat")


class Outcome(Enum):
    """What became of a message (8258). ``PARTLY``: assumption, seen in one national example."""

    ACCEPTED = "1"
    REJECTED = "2"
    PARTLY = "3"


@dataclass(frozen=True, kw_only=True)
class End(Part):
    """Sender or receiver of the receipt."""

    role: Code | None = optional("Role")
    provider: Provider = element("HCP")


@dataclass(frozen=True, kw_only=True)
class Original(Part):
    """The message that the receipt is about."""

    type: Code = element("MsgType")
    issued: Timestamp = element("IssueDate", form=Form.DATE_TIME)
    id: str = element("Id", filled=True)


@dataclass(frozen=True, kw_only=True)
class Receipt(Part):
    """An application receipt. ``version`` is that of its schema: "1.0" or "1.1"."""

    versioned: ClassVar[bool] = True

    type: Code = element("MsgType")
    mig_version: str = element("MIGversion")
    software: str | None = optional("SoftwareName")
    software_version: str | None = optional("SoftwareVersion")
    generated: Timestamp = element("GenDate", form=Form.DATE_TIME)
    id: str = element("Id", filled=True)
    sender: End = element("Sender")
    receiver: End = element("Receiver")
    status: Code = element("Status")
    errors: tuple[Coded, ...] = many("Error")
    original: Original = element("OriginalMsgId")
    version: str = "1.0"

    @property
    def outcome(self) -> Outcome:
        """What the status says; reading has made sure that it is one of the three."""
        return Outcome(self.status.code)


EnclosedReceipt = Enclosed[Receipt]


def read_receipt(data: bytes) -> Receipt:
    """A receipt; of a wrapper only what is inside.

    Raises:
        NotXml, NotValid: as always; a status other than 1, 2 or 3 is not valid.
        NotUnderstood: no AppRec 1.0 or 1.1.
    """
    xml = parse(data)
    root = xml.root
    if (namespace(root), local_name(root)) == (HEAD.uri, "MsgHead"):
        return read_enclosed_receipt(data).payload
    if (namespace(root), local_name(root)) == _NAV_WRAPPER:
        inside = [one for one in root if local_name(one) == "AppRec"]
        if len(inside) != 1:
            raise NotUnderstood(xml.problem(root, "a wrapper without one AppRec"))
        root = inside[0]
    if local_name(root) != "AppRec" or namespace(root) not in _SCHEMAS:
        raise NotUnderstood(xml.problem(root, "no AppRec 1.0 or 1.1"))
    schema = _SCHEMAS[namespace(root)]
    return _checked(xml, read_part(xml, root, Receipt, schema))


def read_enclosed_receipt(data: bytes) -> EnclosedReceipt:
    """A receipt inside a MsgHead of type APPREC, with its envelope."""
    enclosed = read_enclosed(data, Receipt, "AppRec", _SCHEMAS, {RECEIPT})
    _checked(parse(data), enclosed.payload)
    return enclosed


def write_receipt(receipt: Receipt) -> bytes:
    """The receipt on its own, in its version. Raises ``NotWritable``."""
    _writable(receipt)
    schema = schema_of(receipt.version, _SCHEMAS)
    writer = Writer(schema)
    return writer.bytes(writer.root("AppRec", receipt, schema))


def write_enclosed_receipt(message: EnclosedReceipt) -> bytes:
    """The receipt inside a MsgHead. Raises ``NotWritable``."""
    _writable(message.payload)
    return write_enclosed(message, "AppRec", schema_of(message.payload.version, _SCHEMAS))


_STATUS = "a Status other than 1, 2 or 3"
_STATUSES = {one.value for one in Outcome}


def _checked(xml: Xml, receipt: Receipt) -> Receipt:
    if receipt.status.code not in _STATUSES:
        raise NotValid(xml.problem(xml.root, _STATUS))
    return receipt


def _writable(receipt: Receipt) -> None:
    if receipt.status.code not in _STATUSES:
        raise NotWritable(Problem(_STATUS, path="Receipt"))
