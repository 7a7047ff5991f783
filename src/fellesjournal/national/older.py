"""What the messages with a ``Message`` root of their own share: referral 1.1, discharge summary.

They came before the common envelope: each names sender, receiver and patient itself. Code lists:
8279 kind, 8323 status of a message (TEST: for testing), 7309 action, 8235 way of sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from fellesjournal.national.binding import Form, Part, Schema, element, many, optional
from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.enclosing import CANCELLATION, CHANGE, shown
from fellesjournal.national.envelope import Address
from fellesjournal.national.people import HER
from fellesjournal.national.providers import Department, Institution, Provider, StaffMember
from fellesjournal.national.reading import read_part
from fellesjournal.national.refusals import NotUnderstood
from fellesjournal.national.values import Code, Coded, Timestamp
from fellesjournal.national.writing import Writer

P = TypeVar("P", bound=Part)

_DISCHARGE_1_1 = ("discharge-1.1",)


@dataclass(frozen=True, kw_only=True)
class Counterpart(Part):
    """Who asks, or who provides the service."""

    role: Code | None = optional("Role")
    method: Code | None = optional("ComMethod")
    provider: Provider = element("HCP")


@dataclass(frozen=True, kw_only=True)
class CopyRole(Part):
    """Which message goes to a receiver of copies, and how."""

    type: Code = element("MsgType")
    wanted_method: Code | None = optional("ReqComMethod")
    used_method: Code | None = optional("ActComMethod")


@dataclass(frozen=True, kw_only=True)
class CopyTo(Part):
    """A receiver of a copy."""

    role: Code | None = optional("Role")
    roles: tuple[CopyRole, ...] = many("CopyDestRole")
    provider: Provider = element("HCP")


@dataclass(frozen=True, kw_only=True)
class PatientProvider(Part):
    """A health service of the patient's, as FLE (GP) or HHE (referring)."""

    relation: Code = element("Relation")
    begins: Timestamp | None = optional("StartDateTime", form=Form.TS)
    ends: Timestamp | None = optional("EndDateTime", form=Form.TS)
    role: Code | None = optional("Role", only=_DISCHARGE_1_1)
    provider: Provider = element("HCP")


@dataclass(frozen=True, kw_only=True)
class Service(Part):
    """A service that is wanted, planned or was given."""

    id: Coded | None = optional("ServId")
    specialty: Coded | None = optional("MedSpecialty", names={"referral-1.1": "MedSpeciality"})
    category: Code | None = optional("AdmCat")


def counterpart(name: str, unit: str, address: Address) -> Counterpart:
    """A party by the names and HER-ids (9051) of its institution and its unit or service."""
    her = Code(HER, "HER-id")
    inner = Department(name=unit, id=address.party, id_type=her)
    outer = Institution(name=name, id=address.entity, id_type=her, departments=(inner,))
    return Counterpart(provider=Provider(institution=outer))


def address_of_provider(provider: Provider) -> Address | None:
    """The HER-ids of institution and of its unit or staff; None where either is missing."""
    institution = provider.institution
    if institution is None:
        return None
    upper = _her_id(institution)
    inside: tuple[Department | StaffMember, ...] = (*institution.departments, *institution.staff)
    lower = next((number for one in inside if (number := _her_id(one))), None)
    return Address(upper, lower) if upper and lower else None


def _her_id(one: Institution | Department | StaffMember) -> str | None:
    named = [(one.id_type, one.id), *((other.type, other.id) for other in one.others)]
    return next((number for kind, number in named if kind and kind.code == HER), None)


def read_older(data: bytes, part: type[P], schemas: Mapping[str, Schema], kind: str) -> P:
    """A message with a ``Message`` root in one of ``schemas`` (by namespace).

    Raises:
        NotXml, NotValid: as always.
        NotUnderstood: another root, version or kind (``Type``, where it is given).
    """
    xml = parse(data)
    root = xml.root
    if local_name(root) != "Message" or namespace(root) not in schemas:
        raise NotUnderstood(xml.problem(root, f"no {kind} in a version that is read here"))
    schema = schemas[namespace(root)]
    given = root.find(f"{{{schema.uri}}}Type")
    if given is not None and given.get("V") != kind:
        raise NotUnderstood(xml.problem(given, f"a message of kind {shown(Code(given.get('V')))}"))
    return read_part(xml, root, part, schema)


def write_older(message: Part, schema: Schema) -> bytes:
    """The message as XML. Raises ``NotWritable``."""
    writer = Writer(schema)
    return writer.bytes(writer.root("Message", message, schema))


def without_number(action: Code, number: str | None, allowed: tuple[str, ...]) -> list[str]:
    """What is wrong with an action (7309) of these messages, in words.

    They have no reference to an earlier message: a change or cancellation carries the number of
    the document it is about.
    """
    if action.code not in allowed:
        return ["an action (ServType) that this message does not have"]
    if action.code in {CHANGE, CANCELLATION} and not (number or "").strip():
        return ["a change or cancellation without the number of what it is about"]
    return []
