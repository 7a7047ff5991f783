"""What units and people are called, on pages that know only their references."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fellesjournal.access import patients
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading


def names_of_units(session: Session, references: Iterable[str]) -> dict[str, str]:
    """Names by reference (``Organization/x``), in one question; those not known are missing."""
    return names_by_reference(
        session, (each for each in references if each.startswith("Organization/"))
    )


def names_by_reference(session: Session, references: Iterable[str]) -> dict[str, str]:
    """Names of units and people by reference, in one question; those not known are missing."""
    pairs = [
        (kind, key)
        for kind, _, key in (each.partition("/") for each in sorted({*references}))
        if key
    ]
    return {
        stored.reference: _name(bodies.parse(stored.body or b"{}").data.get("name"))
        for stored in (patients.read_known(session, pairs) if pairs else [])
    }


def _name(value: Any) -> str:
    """A unit has one name, a person a list of them."""
    return reading.string(value) or reading.name_text(value)


__all__ = ["names_by_reference", "names_of_units"]
