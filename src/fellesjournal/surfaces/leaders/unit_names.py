"""What units are called, on pages that know only their references."""

from __future__ import annotations

from collections.abc import Iterable

from fellesjournal.access import patients
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading


def names_of_units(session: Session, references: Iterable[str]) -> dict[str, str]:
    """Names by reference (``Organization/x``), in one question; those not known are missing."""
    wanted = sorted({each for each in references if each.startswith("Organization/")})
    pairs = [("Organization", each.partition("/")[2]) for each in wanted]
    return {
        stored.reference: reading.string(bodies.parse(stored.body or b"{}").data.get("name"))
        for stored in (patients.read_known(session, pairs) if pairs else [])
    }


__all__ = ["names_of_units"]
