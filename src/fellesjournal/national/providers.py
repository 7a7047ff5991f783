"""Health services as the older messages and receipts name them: institution, unit, person.

Used by AppRec, referral 1.1 and discharge summary; elements and their order differ a little.
Code lists: 9051 and 8116 identifiers, 3401 address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.values import Code, Coded

_DISCHARGE = ("discharge-1.1", "discharge-1.2")
_DISCHARGE_1_1 = ("discharge-1.1",)


@dataclass(frozen=True, kw_only=True)
class AnotherId(Part):
    """A further identifier."""

    id: str = element("Id")
    type: Code = element("Type")


@dataclass(frozen=True, kw_only=True)
class Department(Part):
    """A unit inside an institution."""

    type: Code | None = optional("Type")
    name: str | None = optional("Name")
    id: str | None = optional("Id")
    id_type: Code | None = optional("TypeId")
    others: tuple[AnotherId, ...] = many("AdditionalId")


@dataclass(frozen=True, kw_only=True)
class StaffMember(Part):
    """A person inside an institution."""

    name: str | None = optional("Name")
    id: str | None = optional("Id")
    id_type: Code | None = optional("TypeId")
    others: tuple[AnotherId, ...] = many("AdditionalId")


@dataclass(frozen=True, kw_only=True)
class Institution(Part):
    """An institution with its units and staff."""

    orders: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "referral-1.1": ("name", "id", "id_type", "others", "staff", "departments"),
        "discharge-1.1": ("name", "type", "id", "id_type", "departments", "staff", "others"),
        "discharge-1.2": ("name", "id", "id_type", "departments", "staff", "others"),
    }

    name: str | None = optional("Name")
    type: Code | None = optional("Type", only=_DISCHARGE_1_1)
    id: str | None = optional("Id")
    id_type: Code | None = optional("TypeId")
    departments: tuple[Department, ...] = many("Dept")
    others: tuple[AnotherId, ...] = many("AdditionalId")
    staff: tuple[StaffMember, ...] = many("HCPerson")


@dataclass(frozen=True, kw_only=True)
class Practitioner(Part):
    """A person who is a health service of her own."""

    type: Code | None = optional("Type")
    position: Coded | None = optional("Position", only=_DISCHARGE)
    name: str | None = optional("Name")
    qualifications: tuple[Coded, ...] = many("Qual", only=_DISCHARGE)
    id: str | None = optional("Id")
    id_type: Code | None = optional("TypeId")
    others: tuple[AnotherId, ...] = many("AdditionalId")


@dataclass(frozen=True, kw_only=True)
class Address(Part):
    """A postal address with telephones."""

    type: Code = element("Type")
    street: str | None = optional("StreetAdr")
    postal_code: str | None = optional("PostalCode")
    city: str | None = optional("City")
    county: Code | None = optional("County")
    country: Code | None = optional("Country")
    district: Code | None = optional("CityDistr")
    telecoms: tuple[str, ...] = many("TeleAddress", form=Form.URL)


@dataclass(frozen=True, kw_only=True)
class Provider(Part):
    """A health service: an institution or a person."""

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = (("institution", "practitioner"),)

    institution: Institution | None = optional("Inst")
    practitioner: Practitioner | None = optional("HCProf")
    specialty: Coded | None = optional(
        "MedSpeciality",
        names={"discharge-1.1": "MedSpecialty", "discharge-1.2": "MedSpecialty"},
    )
    number_at_requester: str | None = optional("PartyIdByRequester", only=_DISCHARGE_1_1)
    number_at_provider: str | None = optional("PartyIdByServProv", only=_DISCHARGE_1_1)
    address: Address | None = optional("Address")
