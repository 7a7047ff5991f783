"""Who in the record an identity belongs to: a Practitioner by HPR or person number, a Patient
by person number. The look-ups go through the one door, as the platform's own, and are logged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.courses.rules import Lack, lacks
from fellesjournal.access.identity.claims import Identity
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import DNR_SYSTEM, FHN_SYSTEM, FNR_SYSTEM, HPR_SYSTEM

_PERSON_SYSTEMS = (
    FNR_SYSTEM,
    DNR_SYSTEM,
    FHN_SYSTEM,
    "http://hl7.no/fhir/NamingSystem/FNR",
    "http://hl7.no/fhir/NamingSystem/DNR",
)
_HPR_SYSTEMS = (HPR_SYSTEM, "http://hl7.no/fhir/NamingSystem/HPR")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of the record: ``reference`` is Practitioner/x or Patient/x; ``hpr`` may be ""."""

    reference: str
    name: str
    hpr: str = ""


@dataclass(frozen=True, slots=True)
class RoleAtUnit:
    """One piece of employment that counts today: a PractitionerRole.

    ``unit`` is a reference (Organization/x). ``allowed`` is False when the role asks for an
    HPR number that she did not sign in with, for a role that no policy knows (INV-39), and while
    a course that it needs stops her; ``lack`` are the courses that are missing.
    """

    id: str
    code: str
    title: str
    unit: str
    unit_name: str
    allowed: bool = True
    lack: Lack | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether nothing but a course keeps her from it: she may go in where care can't wait."""
        return self.lack is not None and self.lack.stops and not self.allowed


def practitioner_of(identity: Identity) -> KnownPerson:
    """The member of staff an identity belongs to. Raises SignInRefused.

    By HPR number where there is one, else by person number. ``unknown-person``: not in the
    register; ``ambiguous-person``: in it twice, or the two numbers name different people.
    """
    by_hpr = _search("Practitioner", _HPR_SYSTEMS, identity.hpr) if identity.hpr else []
    by_pid = _search("Practitioner", _PERSON_SYSTEMS, identity.pid)
    found = {str(resource.get("id")): resource for resource in [*by_hpr, *by_pid]}
    practitioner = _the_one(found)
    registered = _number(practitioner, _HPR_SYSTEMS)
    if registered and registered != identity.hpr:
        raise SignInRefused("hpr", "the HPR number is not the one in the register")
    return KnownPerson(
        reference=f"Practitioner/{practitioner['id']}",
        name=reading.name_text(practitioner.get("name")),
        hpr=identity.hpr,
    )


def patient_of(identity: Identity) -> KnownPerson:
    """The citizen an identity belongs to. Raises SignInRefused as :func:`practitioner_of`."""
    found = _search("Patient", _PERSON_SYSTEMS, identity.pid)
    patient = _the_one({str(resource.get("id")): resource for resource in found})
    if patient.get("deceasedDateTime") or patient.get("deceasedBoolean") is True:
        raise SignInRefused("unknown-person", "nobody alive has this number")
    return KnownPerson(f"Patient/{patient['id']}", reading.name_text(patient.get("name")))


def roles_of(person: KnownPerson) -> list[RoleAtUnit]:
    """Where a member of staff works today, by unit; those that need an HPR number are marked.

    None while the Practitioner is not active, as access.enter_staff has it.
    """
    if not _is_active(person):
        return []
    query = [("practitioner", person.reference), ("_count", "200")]
    page = records.search(_session(), "PractitionerRole", query)
    resources = [_resource(stored.body) for stored in page.matches]
    today = clock.today()
    current = [resource for resource in resources if _is_current(resource, today)]
    names = _unit_names([reading.reference_target(r.get("organization")) for r in current])
    roles = _held_to_courses(
        person, [_role(resource, names, hpr=bool(person.hpr)) for resource in current]
    )
    return sorted(roles, key=lambda role: (role.unit_name.casefold(), role.title, role.id))


def _held_to_courses(person: KnownPerson, roles: list[RoleAtUnit]) -> list[RoleAtUnit]:
    """The roles with what is missing for them; one that is not open anyhow is not asked about."""
    opened = [(each.id, each.code, each.unit) for each in roles if each.allowed]
    missing = lacks(_session(), person.reference, opened)
    return [
        each
        if (lack := missing.get(each.id)) is None
        else replace(each, lack=lack, allowed=not lack.stops)
        for each in roles
    ]


def _is_active(person: KnownPerson) -> bool:
    kind, _, fhir_id = person.reference.partition("/")
    found = patients.read_known(_session(), [(kind, fhir_id)])
    return any(_resource(stored.body).get("active") is not False for stored in found)


def _role(resource: dict[str, Any], names: dict[str, str], *, hpr: bool) -> RoleAtUnit:
    concepts = list(reading.elements(resource.get("code")))
    code = next((code for concept in concepts if (code := reading.first_code(concept))), "")
    title = next((text for concept in concepts if (text := reading.concept_text(concept))), code)
    unit = reading.reference_target(resource.get("organization"))
    policy = role_of(code)
    return RoleAtUnit(
        id=str(resource["id"]),
        code=code,
        title=title,
        unit=unit,
        unit_name=reading.reference_text(resource.get("organization")) or names.get(unit, unit),
        allowed=policy is not None and (hpr or not policy.needs_hpr),
    )


def _is_current(resource: dict[str, Any], today: date) -> bool:
    """Active, with a unit, and within its period (whole days, both ends included)."""
    period = resource.get("period") or {}
    start, end = str(period.get("start", ""))[:10], str(period.get("end", ""))[:10]
    day = today.isoformat()
    return (
        resource.get("active") is not False
        and reading.reference_target(resource.get("organization")).startswith("Organization/")
        # A date may be a mere year or month: compared at its own precision.
        and day[: len(start)] >= start
        and (not end or day[: len(end)] <= end)
    )


def _unit_names(references: list[str]) -> dict[str, str]:
    pairs = [("Organization", reference.split("/")[1]) for reference in references]
    return {
        f"Organization/{stored.id}": reading.string(_resource(stored.body).get("name"))
        for stored in patients.read_known(_session(), pairs)
    }


def _search(type_name: str, systems: tuple[str, ...], value: str) -> list[dict[str, Any]]:
    wanted = ",".join(f"{system}|{value}" for system in systems)
    page = records.search(_session(), type_name, [("identifier", wanted), ("_count", "3")])
    resources = [_resource(stored.body) for stored in page.matches]
    return [
        resource
        for resource in resources
        if resource.get("active") is not False and _number(resource, systems) == value
    ]


def _number(resource: dict[str, Any], systems: tuple[str, ...]) -> str:
    """The number in force; one marked as old names nobody any more."""
    return next(
        (
            reading.string(identifier.get("value"))
            for identifier in reading.elements(resource.get("identifier"))
            if identifier.get("system") in systems and identifier.get("use") != "old"
        ),
        "",
    )


def _the_one(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if not found:
        raise SignInRefused("unknown-person", "nobody in the register has this number")
    if len(found) > 1:
        raise SignInRefused("ambiguous-person", "the numbers do not name one person")
    return next(iter(found.values()))


def _resource(body: bytes | None) -> dict[str, Any]:
    content = orjson.loads(body or b"{}")
    assert isinstance(content, dict)
    return content


def _session() -> Session:
    return system_session("system:sign-in", purpose="HSYSADMIN")
