"""Who takes referrals in: the clinics of the hospitals, and specialists on other systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
    """The services that take referrals in: clinics of the region, and specialists outside it."""
    for unit in units.values():
        if unit.kind is UnitKind.WARD and unit.specialty in CLINICS:
            hospital = unit.key.removeprefix("ward-").removesuffix(f"-{unit.specialty}")
            yield _service(f"service-{unit.key}", unit.name, office_key(hospital))
    for turn, (key, name, reads) in enumerate(_OUTSIDERS):
        yield from _outside(key, name, _FIRST_HER_ID + 10 * turn, reads=reads)


def _service(key: str, name: str, provider: str, **more: object) -> Resource:
    return {
        "resourceType": "HealthcareService",
        "id": key,
        "active": True,
        "providedBy": reference("Organization", provider),
        "type": [concept(OWN + "service-kind", "referral-intake", "Henvisningsmottak")],
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
    message = coding(OWN + "message-type", "HENVISNING_NYTILSTAND")
    yield {
        "resourceType": "Endpoint",
        "id": f"endpoint-{key}",
        "status": "active",
        "connectionType": coding(OWN + "connection-type", "ebxml"),
        "payloadType": [{"coding": [message | {"version": "2.0" if reads else "1.1"}]}],
        "address": f"{_HER_ID}:{her_id + 1}",
    }
    yield _service(
        f"service-{key}",
        name,
        key,
        identifier=[{"system": _HER_ID, "value": str(her_id + 1)}],
        endpoint=[reference("Endpoint", f"endpoint-{key}")],
    )


__all__ = ["CLINICS", "office_key", "services"]
