"""People at work, for tests: a unit, somebody employed there, and why she may see a patient."""

from __future__ import annotations

from typing import Any

import orjson

from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM
from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies

SYSTEM = system_session("system:test", purpose="HSYSADMIN")


def put(resource_type: str, fhir_id: str, **elements: Any) -> None:
    """Write a resource as the platform itself."""
    data = {"resourceType": resource_type, "id": fhir_id, **elements}
    body = bodies.parse(orjson.dumps(data))
    write(SYSTEM, [Operation("update", resource_type, id=fhir_id, body=body)])


def employ(name: str, code: str = "doctor", unit: str = "u", **elements: Any) -> Session:
    """A unit, and a member of staff in a role there: ``Practitioner/name``, ``name-role``."""
    put("Organization", unit, name=f"Unit {unit}")
    put("Practitioner", name, name=[{"family": name}])
    put(
        "PractitionerRole",
        f"{name}-role",
        practitioner={"reference": f"Practitioner/{name}"},
        organization={"reference": f"Organization/{unit}"},
        code=[{"coding": [{"system": STAFF_ROLE_SYSTEM, "code": code}]}],
        **elements,
    )
    return staff(name, code, unit)


def staff(name: str, code: str = "doctor", unit: str = "u") -> Session:
    """A session of somebody employed."""
    return staff_session(
        practitioner=f"Practitioner/{name}",
        role_id=f"{name}-role",
        role=code,
        unit=f"Organization/{unit}",
    )


def register(patient: str, *gps: str, **elements: Any) -> None:
    """A patient on the list of these: references such as ``Practitioner/d``."""
    listed = [{"reference": gp} for gp in gps]
    put("Patient", patient, **({"generalPractitioner": listed} if listed else {}), **elements)
