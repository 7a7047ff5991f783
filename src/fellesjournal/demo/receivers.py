"""Services with addresses of their own: the clinics that take referrals in, specialists on other
systems, the doctors of each GP office; and what those on other systems can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fellesjournal.demo import identities
from fellesjournal.demo.terms import (
    OWN,
    PARTICIPATION,
    Resource,
    coding,
    concept,
    reference,
)
from fellesjournal.demo.units import Unit
from fellesjournal.registry.numbers import ENH_SYSTEM
from fellesjournal.registry.units import UnitKind

CLINICS = ("outpatient", "surgical-outpatient", "oncology")
"""Clinics that referrals are sent to; the referral office of the hospital takes them in."""
_HER_ID = "urn:oid:2.16.578.1.12.4.1.2"
_FIRST_HER_ID = 8_100_000
_FIRST_OF_CLINICS = 8_110_000
_FIRST_OF_OFFICES = 8_120_000
# Assumption (configurable): which kinds (8279) and versions those on other systems read.
_LETTERS = (("DIALOG_HELSEFAGLIG", "1.1"), ("DIALOG_FORESPORSEL", "1.1"), ("DIALOG_SVAR", "1.1"))
_GP_READS = (
    *_LETTERS, ("DIALOG_STATUS_HENVISNING", "1.1"), ("EPIKRISE", "1.2"),
    ("HELSEOPPLYSNINGER_LEGE", "1.6"),
)  # fmt: skip
_CARE_READS = (
    *_LETTERS, ("LOG_INNLAGT", "1.6"), ("LOG_UTSKRIVNINGSKLAR", "1.6"), ("LOG_AVMELDING", "1.6"),
    ("LOG_UTSKREVET", "1.6"), ("LOG_DOD", "1.6"), ("HELSEOPPL_SOKNAD", "1.6"),
    ("UTSKRIVNINGSRAPPORT", "1.6"), ("MEDISINSKE_OPPLYSNINGER", "1.6"),
)  # fmt: skip
# Assumption (configurable): specialists on other systems. Names and addresses are invented; the
# name of the second is like that of a hospital's clinic on purpose (INV-6).
_OUTSIDERS = (
    # key, name, whether its system reads referrals of version 2.0
    ("outside-skin", "Lyngåsen hudklinikk", True),
    ("outside-orthopaedics", "Ortopedisk poliklinikk, Sentrum spesialistsenter", False),
)


def office_key(hospital: str) -> str:
    """The id of the office that takes in what is referred to a hospital."""
    return f"office-{hospital}-referrals"


def services(units: Mapping[str, Unit]) -> Iterator[Resource]:
    """The services that take referrals in: clinics of the region, and specialists outside it; and
    those of GP offices, which stand alone and are addressed by their service.
    """
    clinics = [u for u in units.values() if u.kind is UnitKind.WARD and u.specialty in CLINICS]
    for turn, unit in enumerate(clinics):
        hospital = unit.key.removeprefix("ward-").removesuffix(f"-{unit.specialty}")
        yield _service(
            f"service-{unit.key}", unit.name, office_key(hospital),
            identifier=_her(_FIRST_OF_CLINICS + turn),
        )  # fmt: skip
    offices = [each for each in units.values() if each.kind is UnitKind.GP_OFFICE]
    for turn, unit in enumerate(offices):
        yield _service(
            f"service-{unit.key}", f"Fastlegene, {unit.name}", unit.key, kind=_GENERAL_PRACTICE,
            identifier=_her(_FIRST_OF_OFFICES + turn),
        )  # fmt: skip
    for unit in units.values():
        if unit.outsider and unit.kind in _READS:
            yield _endpoint(unit.key, _READS[unit.kind], unit.key)
    for turn, (key, name, reads) in enumerate(_OUTSIDERS):
        yield from _outside(key, name, _FIRST_HER_ID + 10 * turn, reads=reads)


_INTAKE = ("referral-intake", "Henvisningsmottak")
_GENERAL_PRACTICE = ("general-practice", "Fastlegetjeneste")
_READS = {UnitKind.GP_OFFICE: _GP_READS, UnitKind.HOME_CARE: _CARE_READS}


def _her(number: int) -> list[Resource]:
    return [{"system": _HER_ID, "value": str(number)}]


def _endpoint(key: str, kinds: Iterable[tuple[str, str]], owner: str) -> Resource:
    """What a unit on another system reads."""
    return {
        "resourceType": "Endpoint",
        "id": f"endpoint-{key}",
        "status": "active",
        "connectionType": coding(OWN + "connection-type", "ebxml"),
        "managingOrganization": reference("Organization", owner),
        "payloadType": [
            {"coding": [coding(OWN + "message-type", kind) | {"version": version}]}
            for kind, version in kinds
        ],
        "address": f"{_HER_ID}:{key}",
    }


def _service(
    key: str, name: str, provider: str, *, kind: tuple[str, str] = _INTAKE, **more: object
) -> Resource:
    return {
        "resourceType": "HealthcareService",
        "id": key,
        "active": True,
        "providedBy": reference("Organization", provider),
        "type": [concept(OWN + "service-kind", *kind)],
        "name": name,
        **more,
    }


def _outside(key: str, name: str, her_id: int, *, reads: bool) -> Iterator[Resource]:
    """A specialist on another system, with an address on two levels."""
    yield {
        "resourceType": "Organization",
        "id": key,
        "meta": {"tag": [coding(PARTICIPATION, "outsider", "Annet journalsystem")]},
        "identifier": [
            {
                "system": ENH_SYSTEM,
                "value": identities.organisation(her_id - _FIRST_HER_ID + 9_000),
            },
            {"system": _HER_ID, "value": str(her_id)},
        ],
        "active": True,
        "name": name,
    }
    version = "2.0" if reads else "1.1"
    yield _endpoint(key, [("HENVISNING_NYTILSTAND", version), *_LETTERS], key)
    yield _service(
        f"service-{key}",
        name,
        key,
        identifier=_her(her_id + 1),
        endpoint=[reference("Endpoint", f"endpoint-{key}")],
    )


__all__ = ["CLINICS", "office_key", "services"]
