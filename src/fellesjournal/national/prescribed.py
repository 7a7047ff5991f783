"""Medicines inside nursing and care messages (EPJ 3): what is prescribed, and what was given.

Forms are of 7448. The codes of multidose, state and use name no list in the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.people import Professional
from fellesjournal.national.record_notes import (
    DOCUMENT,
    category,
    component_id,
    fixed,
    important_addition,
)
from fellesjournal.national.values import Code, Quantity, Timestamp


@dataclass(frozen=True, kw_only=True)
class Prescribed(Part):
    """A medicine and how it is taken; ``dose`` in words."""

    reason: str | None = optional("BruksomradeTekst")
    dose: str | None = optional("DosVeiledEnkel")
    number: str | None = optional("Nr")
    name: str = element("Navn")
    generic_name: str | None = optional("GeneriskNavn")
    atc: Code | None = optional("Atc")
    form: Code | None = optional("Legemiddelform")
    strength: Quantity | None = optional("Styrke")
    use: Code | None = optional("Bruk")
    begins: Timestamp | None = optional("DoseringStarttidspunkt", form=Form.TS)
    ends: Timestamp | None = optional("DoseringSluttidspunkt", form=Form.TS)
    apart_from_others: bool | None = optional(
        "SkalIkkeTasSammenMedAnnetLegemiddel", form=Form.BOOLEAN
    )


@dataclass(frozen=True, kw_only=True)
class Prescription(Part):
    """A prescription in short."""

    status: Code | None = optional("StatusTilForskrivningen")
    in_multidose: Code | None = optional("InngaarIMultidose")
    prescription: str | None = optional("ReseptId")
    remark: str | None = optional("Merknad")
    prescriber: Professional | None = optional("Forskriver", parts="common")
    what: Prescribed = element("Forskrivningsinfo")


@dataclass(frozen=True, kw_only=True)
class Medicine(Part):
    """A medicine of the list."""

    base: str = fixed("basiskomponenttype", DOCUMENT)
    kind: str = fixed("komponenttype", "2.16.578.1.12.4.1.6.13.10301.0")
    category: str | None = category()
    id: str = component_id()
    addition: str | None = important_addition()
    prescription: Prescription = element("ForenkletForskrivning")


@dataclass(frozen=True, kw_only=True)
class Administered(Part):
    """How much was given."""

    amount: str | None = optional("Kvantum")


@dataclass(frozen=True, kw_only=True)
class HandedOut(Part):
    """How many doses somebody was handed to take herself."""

    doses: int = element("AntEnkeltdoser", form=Form.INTEGER)


@dataclass(frozen=True, kw_only=True)
class GivenByStaff(Part):
    """A dose that staff gave."""

    amount: Quantity | None = optional("AdmEnkeltdose")
    begins: Timestamp = element("AdmStart", form=Form.TS)
    ends: Timestamp | None = optional("AdmSlutt", form=Form.TS)
    by: Professional | None = optional("AdministrertAv", parts="common")
    status: Code | None = optional("AdmStatus")
    given: Administered | None = optional("AdministrertLegemiddel")
    what: Prescribed | None = optional("Forskrivningsinfo")


@dataclass(frozen=True, kw_only=True)
class TakenBySelf(Part):
    """Doses that the patient took herself."""

    amount: Quantity | None = optional("AdmEnkeltdose")
    begins: Timestamp = element("AdmStart", form=Form.TS)
    ends: Timestamp | None = optional("AdmSlutt", form=Form.TS)
    by: Professional | None = optional("AdministrertAv", parts="common")
    handed_out: tuple[HandedOut, ...] = many("UtlevertLegemiddel", needed=True)
    what: Prescribed | None = optional("Forskrivningsinfo")


@dataclass(frozen=True, kw_only=True)
class GivenAtTransfer(Part):
    """What was given on the day the patient moved on."""

    any_order: ClassVar[bool] = True
    at_least_one: ClassVar[tuple[tuple[str, ...], ...]] = (("by_staff", "by_self"),)

    base: str = fixed("basiskomponenttype", DOCUMENT)
    kind: str = fixed("komponenttype", "2.16.578.1.12.4.1.6.13.10302.0")
    category: str | None = category()
    id: str = component_id()
    addition: str | None = important_addition()
    by_staff: tuple[GivenByStaff, ...] = many("AdmAvHelsepersonell")
    by_self: tuple[TakenBySelf, ...] = many("Egenadministrering")
