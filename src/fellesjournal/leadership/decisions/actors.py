"""The organisations that decide together, and for which of them somebody speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fellesjournal.access import patients, records
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind

_MOST = "500"
_HIGHEST = 8
KINDS = (UnitKind.MUNICIPALITY, UnitKind.HEALTH_TRUST)


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation with a voice of its own, by reference."""

    reference: str
    name: str


def actors(session: Session) -> list[Actor]:
    """Municipalities and health trusts, by name."""
    kinds = ",".join(f"{UNIT_KIND_SYSTEM}|{kind.value}" for kind in KINDS)
    page = records.search(
        session, "Organization", [("type", kinds), ("active", "true"), ("_count", _MOST)]
    )
    found = [
        Actor(
            f"Organization/{each.id}", reading.string(bodies.parse(each.body or b"{}").data["name"])
        )
        for each in page.matches
    ]
    return sorted(found, key=lambda each: each.name.casefold())


def speaks_for(session: Session, known: Mapping[str, str]) -> str:
    """The organisation that her unit belongs to: the unit itself, or the nearest above it that has
    a voice of its own (a key of ``known``); "" for none.
    """
    unit = session.unit
    for _ in range(_HIGHEST):
        if unit in known or not unit.startswith("Organization/"):
            break
        found = patients.read_known(session, [("Organization", unit.partition("/")[2])])
        data = bodies.parse(found[0].body or b"{}").data if found else {}
        unit = reading.reference_target(data.get("partOf"))
    return unit if unit in known else ""


__all__ = ["KINDS", "Actor", "actors", "speaks_for"]
