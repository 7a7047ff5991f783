"""Finding who is to answer for a result: who asked for it, else who follows the patient, and
always at a unit where somebody is at work who may (INV-28).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fellesjournal.access.answering import Answerable, read_references, settled, working
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element


class Ownerless(Exception):
    """Nobody can be found for a result: no requester, no list GP, and nobody who made it.

    The reaction fails with it and is tried again: what waits is seen by operators, and the
    result is not lost.
    """


def answerable_for(session: Session, report: Element, at: datetime) -> Answerable:
    """Who is to answer for a report that has just come. Raises Ownerless."""
    patient = reading.reference_target(report.get("subject"))
    for owner, unit in _candidates(session, report, patient):
        return settled(session, owner, unit, patient, at)
    raise Ownerless


def _candidates(session: Session, report: Element, patient: str) -> Iterator[tuple[str, str]]:
    """(owner, unit), the best first: who asked; the list GP; the laboratory itself (assumption:
    who makes a result that nobody asked for answers for finding somebody).
    """
    for request in _read(session, report.get("basedOn"), "ServiceRequest"):
        yield from working(session, request.get("requester"), _unit_said(request))
    for person in read_references(session, [patient]):
        pointers = list(reading.elements(person.get("generalPractitioner")))
        for pointer in sorted(pointers, key=lambda each: "Organization" in str(each)):
            yield from working(session, pointer, "")
    for pointer in reading.elements(report.get("performer")):
        yield from working(session, pointer, "")


def _unit_said(request: Element) -> str:
    for each in reading.elements(request.get("extension")):
        if each.get("url") == ANSWERING_UNIT:
            return reading.reference_target(each.get("valueReference"))
    return ""


def _read(session: Session, pointers: object, kind: str) -> list[Element]:
    targets = [reading.reference_target(each) for each in reading.elements(pointers)]
    return read_references(session, [each for each in targets if each.startswith(f"{kind}/")])


__all__ = ["Ownerless", "answerable_for"]
