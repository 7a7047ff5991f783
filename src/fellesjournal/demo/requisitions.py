"""Laboratory requisitions that await their answer: one ServiceRequest for each analysis.

The stand-in laboratory answers them when the platform runs, so that the inbox of the GP who
ordered holds results from the first minutes.
"""

from __future__ import annotations

from functools import partial

from fellesjournal.demo.catalogue.laboratory import ANALYSES, Panel
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.orders import LAB_ORDER, ORDER_TYPE
from fellesjournal.demo.record import Record
from fellesjournal.demo.terms import NLK, OWN, Element, coding, concept

_NUMBERS = OWN.replace("CodeSystem", "NamingSystem") + "requisition"
_ANSWERING_UNIT = OWN.replace("CodeSystem", "StructureDefinition") + "answering-unit"


def sent(record: Record, days_ago: int, panel: Panel, why: str) -> None:
    """The list GP sees the citizen and orders a panel, that many days before the demo's day."""
    record.at(record.until - days_ago, partial(_send, record, panel=panel, why=why))


def _send(record: Record, day: int, *, panel: Panel, why: str) -> None:
    at = gp_visit(record, day)
    number = f"RDEMO-{record.person.key.removeprefix('cast-')}"
    for key in panel.keys:
        analysis = ANALYSES[key]
        body: Element = {
            "extension": [{"url": _ANSWERING_UNIT, "valueReference": at.unit.ref}],
            "requisition": {"system": _NUMBERS, "value": number},
            "status": "active",
            "intent": "order",
            "category": [{"coding": [coding(ORDER_TYPE, LAB_ORDER[0])]}],
            "priority": "routine",
            "code": concept(NLK, analysis.nlk, analysis.name),
            "subject": record.subject,
            "encounter": at.ref,
            "authoredOn": iso_moment(at.day, at.minutes + 15),
            "requester": at.worker.ref,
            "performer": [record.ward("laboratory").ref],
            "reasonCode": [{"text": why}],
        }
        record.add("ServiceRequest", "req", body, of=at.unit)
