"""For which organisation somebody reports: the municipality or the health trust of her unit, under the
id by which the rollout knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fellesjournal.access import patients
from fellesjournal.access.directory.systems import municipality_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading
from fellesjournal.leadership.rollout.fixtures import wave_data
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind

_HIGHEST = 8


@dataclass(frozen=True, slots=True)
class Organisation:
    """``key``: the id of an actor of the rollout, or of the Organization when the rollout knows none."""

    key: str
    name: str
    unit_name: str = ""


def organisation_of(session: Session) -> Organisation:
    """The organisation of her unit; without a name for somebody who works nowhere."""
    unit, first, found = session.unit, "", {}
    for _ in range(_HIGHEST):
        above = _read(session, unit)
        if not above:
            break
        found, first = above, first or reading.string(above.get("name"))
        if _kinds(found) & {UnitKind.MUNICIPALITY, UnitKind.HEALTH_TRUST}:
            break
        unit = reading.reference_target(found.get("partOf"))
    return Organisation(_key(found), reading.string(found.get("name")), first) if found else (
        Organisation("", "")
    )  # fmt: skip


def _key(organisation: dict[str, Any]) -> str:
    kinds, name = _kinds(organisation), reading.string(organisation.get("name")).casefold()
    if UnitKind.MUNICIPALITY in kinds and (number := municipality_of(organisation)):
        return number
    if UnitKind.HEALTH_TRUST in kinds:
        for trust in wave_data().trusts:  # the register says HF after the name
            if name.startswith(trust.name.casefold()):
                return trust.id
    return str(organisation["id"])


def _kinds(organisation: dict[str, Any]) -> set[str]:
    return {
        code
        for each in reading.elements(organisation.get("type"))
        for system, code, _ in reading.codings(each)
        if system == UNIT_KIND_SYSTEM
    }


def _read(session: Session, reference: str) -> dict[str, Any]:
    kind, _, fhir_id = reference.partition("/")
    found = patients.read_known(session, [(kind, fhir_id)]) if kind == "Organization" else []
    return bodies.parse(found[0].body).data if found and found[0].body else {}


__all__ = ["Organisation", "organisation_of"]
