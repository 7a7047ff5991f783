"""From a message that came in to the receipt that goes back, also when it was not understood.

``heading_of`` makes out as much of a message as an answer needs, without judging it;
``receipt_for`` turns that round. National messages answer every message exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from lxml import etree

from fellesjournal.national.binding import Part, Schema
from fellesjournal.national.documents import Document as Xml
from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.envelope import Conversation, Party
from fellesjournal.national.people import Ident, Organisation, Professional
from fellesjournal.national.providers import (
    AnotherId,
    Department,
    Institution,
    Provider,
    StaffMember,
)
from fellesjournal.national.reading import read_part
from fellesjournal.national.receipts import (
    ERRORS,
    MIG_VERSIONS,
    RECEIPT,
    End,
    Original,
    Outcome,
    Receipt,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotXml, Refused
from fellesjournal.national.schemas import HEAD
from fellesjournal.national.values import Code, Coded, Timestamp

P = TypeVar("P", bound=Part)

# The one code of 8221 seen in national examples. Which codes say "not XML" or "version not
# supported" is not in the material held: those who know pass ``codes``.
OTHER_ERROR = Coded("X99", ERRORS, "Annen feil")
CODES: Mapping[type[Refused], Coded] = MappingProxyType(
    {NotXml: OTHER_ERROR, NotUnderstood: OTHER_ERROR, NotValid: OTHER_ERROR}
)
# What the example says of each status (8258; 3: assumption).
STATUS_NAMES = {
    Outcome.ACCEPTED: "OK",
    Outcome.REJECTED: "Avvist",
    Outcome.PARTLY: "OK, feil i delmelding",
}
_KITH = "http://www.kith.no/xmlstds/"


class NoAnswer(Exception):
    """Too little of the message could be made out to answer it: a person must look at it."""


@dataclass(frozen=True)
class Heading:
    """What a message says of itself; None for what could not be made out.

    ``root`` is namespace and name of its root, ``payload`` of what a MsgHead carries first.
    """

    root: tuple[str, str]
    payload: tuple[str, str] | None = None
    kind: Code | None = None
    id: str | None = None
    generated: Timestamp | None = None
    sender: End | None = None
    receiver: End | None = None
    conversation: Conversation | None = None


def heading_of(data: bytes) -> Heading:
    """The heading of any national message, valid or not.

    Raises:
        NotXml: then nobody knows whom to answer.
    """
    xml = parse(data)
    root = (namespace(xml.root), local_name(xml.root))
    if root == (HEAD.uri, "MsgHead"):
        return _of_head(xml)
    if root[0].startswith(_KITH) and root[1] == "Message":
        return _of_message(xml)
    return Heading(root)


def receipt_for(
    heading: Heading,
    *,
    receipt_id: str,
    now: Timestamp,
    outcome: Outcome = Outcome.ACCEPTED,
    errors: tuple[Coded, ...] = (),
    version: str = "1.0",
) -> Receipt:
    """The receipt that goes back: the message's receiver answers its sender.

    ``now`` is a ``dateTime``; ``version`` 1.0 or 1.1.

    Raises:
        NoAnswer: kind, number, time, sender or receiver of the message is unknown.
    """
    if heading.kind is None or heading.id is None or heading.generated is None:
        raise NoAnswer("kind, number or time of the message is unknown")
    if heading.sender is None or heading.receiver is None:
        raise NoAnswer("sender or receiver of the message is unknown")
    return Receipt(
        type=Code(RECEIPT),
        mig_version=MIG_VERSIONS[version],
        generated=now,
        id=receipt_id,
        sender=heading.receiver,
        receiver=heading.sender,
        status=Code(outcome.value, STATUS_NAMES[outcome]),
        errors=errors,
        original=Original(type=heading.kind, issued=_as_clock(heading.generated), id=heading.id),
        version=version,
    )


def rejection_for(
    heading: Heading,
    refused: Refused,
    *,
    receipt_id: str,
    now: Timestamp,
    version: str = "1.0",
    codes: Mapping[type[Refused], Coded] = CODES,
) -> Receipt:
    """The receipt that rejects, with one coded error per problem; ``OT`` says where and what.

    Raises:
        NoAnswer: as ``receipt_for``.
    """
    coded = codes.get(type(refused), OTHER_ERROR)
    errors = tuple(
        Coded(coded.code, coded.system, coded.display, str(problem)) for problem in refused.problems
    )
    return receipt_for(
        heading,
        receipt_id=receipt_id,
        now=now,
        outcome=Outcome.REJECTED,
        errors=errors,
        version=version,
    )


def _of_head(xml: Xml) -> Heading:
    info = xml.root.find(f"{{{HEAD.uri}}}MsgInfo")
    content = next(xml.root.iter(f"{{{HEAD.uri}}}Content"), None)
    first = content[0] if content is not None and len(content) else None
    payload = None if first is None else (namespace(first), local_name(first))
    root = (HEAD.uri, "MsgHead")
    if info is None:
        return Heading(root, payload)

    def party(name: str) -> End | None:
        one = _tried(xml, info.find(f"{{{HEAD.uri}}}{name}"), Party, HEAD)
        return None if one is None else end_of(one.organisation)

    return Heading(
        root,
        payload,
        kind=_code(info.find(f"{{{HEAD.uri}}}Type")),
        id=_text(info.find(f"{{{HEAD.uri}}}MsgId")),
        generated=_moment(_text(info.find(f"{{{HEAD.uri}}}GenDate"))),
        sender=party("Sender"),
        receiver=party("Receiver"),
        conversation=_tried(xml, info.find(f"{{{HEAD.uri}}}ConversationRef"), Conversation, HEAD),
    )


def _of_message(xml: Xml) -> Heading:
    uri = f"{{{namespace(xml.root)}}}"
    generated = xml.root.find(f"{uri}GenDate")
    inner = next((one for one in xml.root if one.find(f"{uri}Requester") is not None), None)
    # requests go from requester to provider, reports (ServRprt, ServReport) back
    request = inner is not None and local_name(inner) == "ServReq"
    names = ("Requester", "ServProvider") if request else ("ServProvider", "Requester")

    def end(name: str) -> End | None:
        node = None if inner is None else inner.find(f"{uri}{name}/{uri}HCP/{uri}Inst")
        return None if node is None else _end_of_institution(node, uri)

    return Heading(
        (namespace(xml.root), local_name(xml.root)),
        kind=_code(xml.root.find(f"{uri}Type")),
        id=_text(xml.root.find(f"{uri}MsgId")),
        generated=_moment(None if generated is None else generated.get("V")),
        sender=end(names[0]),
        receiver=end(names[1]),
    )


def end_of(organisation: Organisation) -> End:
    """A party of a MsgHead as a receipt names it: unit as ``Dept``, staff as ``HCPerson``."""
    unit, staff = organisation.unit, organisation.professional
    departments = () if unit is None else (_department(unit),)
    people = [one for one in (staff, unit.professional if unit else None) if one is not None]
    id_, id_type, others = _ids(organisation.idents)
    return End(
        provider=Provider(
            institution=Institution(
                name=organisation.name,
                id=id_,
                id_type=id_type,
                departments=departments,
                others=others,
                staff=tuple(_staff_member(one) for one in people),
            )
        )
    )


def _department(unit: Organisation) -> Department:
    id_, id_type, others = _ids(unit.idents)
    return Department(name=unit.name, id=id_, id_type=id_type, others=others)


def _staff_member(staff: Professional) -> StaffMember:
    id_, id_type, others = _ids(staff.idents)
    name = " ".join(one for one in (staff.given, staff.middle, staff.family) if one)
    return StaffMember(
        name=name or None,
        id=id_,
        id_type=id_type,
        others=others,
    )


def _ids(
    idents: tuple[Ident, ...],
) -> tuple[str | None, Code | None, tuple[AnotherId, ...]]:
    named = [(one.id, Code(one.type.code, one.type.display)) for one in idents]
    id_, id_type = named[0] if named else (None, None)
    return id_, id_type, tuple(AnotherId(id=i, type=t) for i, t in named[1:])


def _end_of_institution(node: etree._Element, uri: str) -> End:
    def identified(one: etree._Element) -> tuple[str | None, str | None, Code | None]:
        return (
            _text(one.find(f"{uri}Name")),
            _text(one.find(f"{uri}Id")),
            _code(one.find(f"{uri}TypeId")),
        )

    name, id_, id_type = identified(node)
    departments = [identified(one) for one in node.iterfind(f"{uri}Dept")]
    people = [identified(one) for one in node.iterfind(f"{uri}HCPerson")]
    institution = Institution(
        name=name,
        id=id_,
        id_type=id_type,
        departments=tuple(Department(name=n, id=i, id_type=t) for n, i, t in departments),
        staff=tuple(StaffMember(name=n, id=i, id_type=t) for n, i, t in people),
    )
    return End(provider=Provider(institution=institution))


def _tried(xml: Xml, node: etree._Element | None, part: type[P], schema: Schema) -> P | None:
    if node is None:
        return None
    try:
        return read_part(xml, node, part, schema)
    except NotValid:
        return None


def _code(node: etree._Element | None) -> Code | None:
    return Code(node.get("V"), node.get("DN")) if node is not None and node.get("V") else None


def _text(node: etree._Element | None) -> str | None:
    return None if node is None or not (node.text or "").strip() else node.text


def _moment(text: str | None) -> Timestamp | None:
    try:
        moment = None if text is None else Timestamp(text.strip())
    except ValueError:
        return None
    return moment if moment and moment.shape in {"dateTime", "date"} else None


def _as_clock(moment: Timestamp) -> Timestamp:
    # GenDate of the older messages may be a day, OriginalMsgId.IssueDate may not: its first second
    return moment if moment.shape == "dateTime" else Timestamp(f"{moment.day}T00:00:00")
