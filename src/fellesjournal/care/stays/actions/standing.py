"""What stands about a stay, read to be changed, and who may change it."""

from __future__ import annotations

from fellesjournal.access import acts, patients
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import Person, Resource, Stay, stay_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound


def load(session: Session, patient: str, stay_id: str) -> tuple[Resource, Stay]:
    """A stay of this patient (an id) at the unit of who asks.

    Raises NotFound, also for another patient's; StayRefused (NOT_YOURS).
    """
    encounter, version = acts.read(session, "Encounter", stay_id)
    stay = stay_of(encounter, version)
    if stay.patient != f"Patient/{patient}":
        raise NotFound(f"Encounter/{stay_id} is not known")
    if session.kind != "system" and stay.unit.reference != session.unit:
        raise StayRefused(Why.NOT_YOURS)
    return encounter, stay


def load_lasting(session: Session, patient: str, stay_id: str) -> tuple[Resource, Stay]:
    """A stay that is not over. Raises as :func:`load`, and StayRefused (OVER)."""
    encounter, stay = load(session, patient, stay_id)
    if not stay.is_going_on:
        raise StayRefused(Why.OVER)
    return encounter, stay


def named(session: Session, *references: str) -> list[Person]:
    """Persons and units of the directory with their names, in this order."""
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in references) if key]
    names = {}
    for stored in patients.read_known(session, pairs):
        name = acts.content(stored).get("name")
        names[stored.reference] = name if isinstance(name, str) else reading.name_text(name)
    return [Person(each, names.get(each, "")) for each in references]


__all__ = ["load", "load_lasting", "named"]
