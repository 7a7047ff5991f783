"""A payload of a known kind inside a MsgHead: both read from the same bytes, written as one.

The document that carries the payload is found by its content, wherever it stands; it is written
first. All others are attachments, kept as they came.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from lxml import etree

from fellesjournal.national.binding import Part, Schema
from fellesjournal.national.documents import Document as Xml
from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.envelope import (
    Document,
    Envelope,
    MessageInfo,
    Reference,
    envelope_in,
)
from fellesjournal.national.reading import read_part
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable, Problem
from fellesjournal.national.schemas import HEAD
from fellesjournal.national.values import Code, Content, Foreign
from fellesjournal.national.writing import Writer

P = TypeVar("P", bound=Part)

# 8114 type of document, as in every national example
XML_INSTANCE = Code("XML", "XML-instans")
_CARRIER = Document(reference=Reference(type=XML_INSTANCE))


# 7309, what a message does to the object it is about; A addition and H history are of others
NEW, CHANGE, CANCELLATION = "N", "M", "C"


@dataclass(frozen=True)
class Enclosed(Generic[P]):
    """A message: its head, what it says, and its attachments.

    ``carrier`` is the document around the payload, less its content.
    """

    info: MessageInfo
    payload: P
    carrier: Document = _CARRIER
    attachments: tuple[Document, ...] = ()
    signature: Foreign | None = None


def read_enclosed(
    data: bytes,
    part: type[P],
    name: str,
    schemas: Mapping[str, Schema],
    kinds: Collection[str],
) -> Enclosed[P]:
    """A message of one of ``kinds`` (8279) whose payload is the element ``name``.

    ``schemas`` are the versions read, by namespace.

    Raises:
        NotXml: broken or hostile bytes.
        NotUnderstood: another kind, or a version that is not read here.
        NotValid: against the standard.
    """
    xml = parse(data)
    envelope = envelope_in(xml)
    if envelope.info.kind.code not in kinds:
        raise NotUnderstood(xml.problem(xml.root, f"a message of kind {shown(envelope.info.kind)}"))
    place, node = _payload(xml, name, schemas)
    carrier = envelope.documents[place]
    return Enclosed(
        info=envelope.info,
        payload=read_part(xml, node, part, schemas[namespace(node)]),
        carrier=replace(carrier, reference=replace(carrier.reference, content=None)),
        attachments=envelope.documents[:place] + envelope.documents[place + 1 :],
        signature=envelope.signature,
    )


def kind_in(data: bytes) -> str:
    """The kind (8279) that a message with a head says it is. Raises ``NotXml``, ``NotValid``."""
    return envelope_in(parse(data)).info.kind.code or ""


def write_enclosed(message: Enclosed[P], name: str, schema: Schema) -> bytes:
    """The message with its payload as element ``name`` of ``schema``. Raises ``NotWritable``."""
    reference = replace(message.carrier.reference, content=Content())
    envelope = Envelope(
        info=message.info,
        documents=(replace(message.carrier, reference=reference), *message.attachments),
        signature=message.signature,
    )
    writer = Writer(HEAD, schema)
    root = writer.root("MsgHead", envelope, HEAD)
    content = next(root.iter(f"{{{HEAD.uri}}}Content"))
    writer.child(content, name, message.payload, schema)
    return writer.bytes(root)


def against_action(action: Code, info: MessageInfo, allowed: Collection[str]) -> list[str]:
    """What is wrong with an action (7309) or its reference, in words.

    A change or cancellation names the message it changes; receivers apply it to that object.
    """
    if action.code not in allowed:
        return ["an action (ServType, Forsendelsesstatus) that this message does not have"]
    if action.code in {CHANGE, CANCELLATION} and info.conversation is None:
        return ["a change or cancellation that refers to no message (ConversationRef)"]
    return []


def schema_of(version: str, schemas: Mapping[str, Schema]) -> Schema:
    """The schema among ``schemas`` that has this version. Raises ``NotWritable``."""
    for schema in schemas.values():
        if schema.version == version:
            return schema
    raise NotWritable(Problem("a version that is not written here"))


def shown(kind: Code) -> str:
    """A kind for people, as far as it can be one: others may have put anything there."""
    code = kind.code or ""
    return code if re.fullmatch(r"[A-Za-z0-9_.]{1,40}", code, re.ASCII) else "unknown"


def _payload(xml: Xml, name: str, schemas: Mapping[str, Schema]) -> tuple[int, etree._Element]:
    inside = f"{{{HEAD.uri}}}RefDoc/{{{HEAD.uri}}}Content/*"
    documents = list(xml.root.iterchildren(f"{{{HEAD.uri}}}Document"))
    named = [
        (place, node)
        for place, document in enumerate(documents)
        for node in document.iterfind(inside)
        if local_name(node) == name
    ]
    known = [(place, node) for place, node in named if namespace(node) in schemas]
    if not known:
        where = named[0][1] if named else xml.root
        what = f"a version of {name} that is not read here" if named else f"no {name} inside"
        raise NotUnderstood(xml.problem(where, what))
    place, node = known[0]
    above = node.getparent()
    if len(known) > 1 or (above is not None and len(above) > 1):
        raise NotValid(xml.problem(node, f"{name} must stand alone in its Content, and once"))
    return place, node
