"""Persons, staff and organisations as all messages with a head name them.

Sources: MsgHead 1.2, felleskomponent1, dialogue 1.x: the same elements in slightly other orders.
Code lists: 9051 identifiers of organisations, 8116 of persons, 9034 role to patient, 3101 sex.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.values import Code, Coded, Timestamp, volven

HER = "HER"
IDS_OF_ORGANISATIONS = volven(9051)
IDS_OF_PERSONS = volven(8116)
_GIVEN_NAME_FIRST = (
    *("given", "middle", "family", "born", "sex", "nationality"),
    *("idents", "address", "telecoms"),
)


@dataclass(frozen=True, kw_only=True)
class Ident(Part):
    """An identifier and its kind: code of 9051 (organisations) or 8116 (persons)."""

    id: str = element("Id")
    type: Coded = element("TypeId")


@dataclass(frozen=True, kw_only=True)
class Address(Part):
    """A postal address; ``type`` from 3401."""

    type: Code | None = optional("Type")
    street: str | None = optional("StreetAdr")
    postal_code: str | None = optional("PostalCode")
    city: str | None = optional("City")
    postbox: str | None = optional("Postbox")
    county: Code | None = optional("County")
    country: Code | None = optional("Country")


@dataclass(frozen=True, kw_only=True)
class Telecom(Part):
    """A telephone or other address, as in ``tel:73555555``."""

    type: Code | None = optional("TypeTelecom")
    address: str = element("TeleAddress", form=Form.URL)


@dataclass(frozen=True, kw_only=True)
class Person(Part):
    """A person: the patient, next of kin, a contact."""

    orders: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "dialogue-1.0": _GIVEN_NAME_FIRST,
        "dialogue-1.1": _GIVEN_NAME_FIRST,
    }

    family: str | None = optional("FamilyName")
    middle: str | None = optional("MiddleName")
    given: str | None = optional("GivenName")
    born: Timestamp | None = optional("DateOfBirth", form=Form.DATE)
    sex: Code | None = optional("Sex")
    nationality: Code | None = optional("Nationality")
    idents: tuple[Ident, ...] = many("Ident", parts="common")
    address: Address | None = optional("Address", parts="common")
    telecoms: tuple[Telecom, ...] = many("TeleCom", parts="common")


@dataclass(frozen=True, kw_only=True)
class Professional(Part):
    """A member of staff in a role; ``role`` from 9034, identifiers HPR or HER (8116)."""

    profession: Code | None = optional("TypeHealthcareProfessional")
    role: Coded | None = optional("RoleToPatient")
    family: str | None = optional("FamilyName")
    middle: str | None = optional("MiddleName")
    given: str | None = optional("GivenName")
    born: Timestamp | None = optional("DateOfBirth", form=Form.DATE)
    sex: Code | None = optional("Sex")
    nationality: Code | None = optional("Nationality")
    idents: tuple[Ident, ...] = many("Ident", parts="common", needed=("head", "common"))
    address: Address | None = optional("Address", parts="common")
    telecoms: tuple[Telecom, ...] = many("TeleCom", parts="common")

    @property
    def her_id(self) -> str | None:
        """The HER-id, where one is given."""
        return her_id(self.idents)


@dataclass(frozen=True, kw_only=True)
class Organisation(Part):
    """A legal entity, a unit inside one, or both: the outer is the higher level."""

    orders: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "common": ("type", "name", "idents", "address", "telecoms", "unit"),
    }

    name: str = element("OrganisationName")
    type: Coded | None = optional("TypeOrganisation")
    idents: tuple[Ident, ...] = many("Ident", needed=True)
    address: Address | None = optional("Address")
    telecoms: tuple[Telecom, ...] = many("TeleCom")
    unit: Organisation | None = optional("Organisation")
    professional: Professional | None = optional("HealthcareProfessional", only=("head",))

    @property
    def her_id(self) -> str | None:
        """The HER-id of this level, where one is given."""
        return her_id(self.idents)


def her_id(idents: tuple[Ident, ...]) -> str | None:
    """The HER-id among ``idents``; examples give it under 9051 as well as under 8116."""
    return next((one.id for one in idents if one.type.code == HER), None)


def her(number: str, *, person: bool = False) -> Ident:
    """A HER-id as an identifier: of an organisation or unit (9051), or of a person (8116)."""
    system = IDS_OF_PERSONS if person else IDS_OF_ORGANISATIONS
    return Ident(id=number, type=Coded(HER, system, "HER-id"))
