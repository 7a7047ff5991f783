"""Whom to call about a citizen: her list GP, and the office he works at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fellesjournal.access import patients
from fellesjournal.access.acts import content
from fellesjournal.access.list_gp import gp_offices
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading


@dataclass(frozen=True, slots=True)
class Office:
    """An office of her list GP, and its telephone; "" when none is registered."""

    name: str
    telephone: str


@dataclass(frozen=True, slots=True)
class ListGp:
    """The doctors on whose list she is, by name, and the offices where they work; none without one."""

    names: tuple[str, ...]
    offices: tuple[Office, ...]


def list_gp(session: Session, patient: str, registered: Iterable[str]) -> ListGp:
    """The list GP of a patient (``Patient/1``); ``registered`` is what stands in her generalPractitioner."""
    offices = gp_offices(session, patient)
    wanted = [*offices, *(each for each in registered if each.startswith("Practitioner/"))]
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in wanted)]
    found = {each.reference: content(each) for each in patients.read_known(session, pairs)}
    names = (
        reading.name_text(body.get("name"))
        for key, body in found.items()
        if key.startswith("Practitioner/")
    )
    return ListGp(
        tuple(filter(None, names)), tuple(_office(found[each]) for each in offices if each in found)
    )


def _office(body: reading.Element) -> Office:
    telephones = (
        reading.string(each.get("value"))
        for each in reading.elements(body.get("telecom"))
        if each.get("system") == "phone" and each.get("use") != "old"
    )
    return Office(reading.string(body.get("name")), next(telephones, ""))


__all__ = ["ListGp", "Office", "list_gp"]
