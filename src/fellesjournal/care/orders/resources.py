"""Laboratory requisitions as FHIR: one ServiceRequest for each analysis, under one number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.care.orders.catalogue import MATERIAL, MATERIALS, NLK, Analysis
from fellesjournal.foundation import clock

REQUISITION_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/requisition"
"""Numbers of requisitions: what the analyses of one request have in common."""
ORDER_TYPE = "https://fellesjournal.example/fhir/CodeSystem/order-type"
LABORATORY_REQUISITION = "laboratory-requisition"
NORMAL_VISIBILITY = {"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}

# A resource as JSON.
Resource = dict[str, Any]


class Urgency(StrEnum):
    """How soon an answer is needed: FHIR's request-priority.

    Assumption: 8273 ``S`` (Snarest) is ``asap``; without a code of 8273 it is ``routine``. The
    other codes of 8273 say when the sample is to be taken, and are not offered yet.
    """

    ROUTINE = "routine"
    ASAP = "asap"


@dataclass(frozen=True, slots=True)
class Person:
    """Who or what is referred to: ``Practitioner/1`` with a name."""

    reference: str
    name: str

    @property
    def pointer(self) -> Resource:
        """As a FHIR Reference."""
        return {"reference": self.reference, "display": self.name}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: of whom, what, how soon and why.

    ``taken`` is when the sample was taken; None when the laboratory is to take it.
    """

    patient: str
    analyses: tuple[Analysis, ...]
    urgency: Urgency
    information: str
    laboratory: Person
    taken: datetime | None = None


def number_of_form(form: str, by: str) -> str:
    """The number of the requisition that somebody's form asks for, the same however often it is
    sent: short enough to be read aloud, too many to be met twice.
    """
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    digest = hashlib.sha256(f"{by} {form}".encode()).digest()
    return "R" + "".join(alphabet[byte % len(alphabet)] for byte in digest[:11])


def service_request(
    wanted: Wanted, analysis: Analysis, number: str, *, by: Person, unit: Person, specimen: str
) -> Resource:
    """The request of one analysis. ``specimen`` refers to its sample, "" when none is taken."""
    resource: Resource = {
        "resourceType": "ServiceRequest",
        "meta": {"security": [NORMAL_VISIBILITY]},
        "extension": [{"url": ANSWERING_UNIT, "valueReference": unit.pointer}],
        "requisition": {"system": REQUISITION_SYSTEM, "value": number},
        "status": "active",
        "intent": "order",
        "category": [{"coding": [{"system": ORDER_TYPE, "code": LABORATORY_REQUISITION}]}],
        "priority": wanted.urgency.value,
        "code": _code(analysis),
        "subject": {"reference": wanted.patient},
        "authoredOn": clock.now().isoformat(timespec="seconds"),
        "requester": by.pointer,
        "performer": [wanted.laboratory.pointer],
        "reasonCode": [{"text": wanted.information}],
    }
    if specimen:
        resource["specimen"] = [{"reference": specimen}]
    return resource


def _code(analysis: Analysis) -> Resource:
    coding = {"system": NLK, "code": analysis.nlk, "display": analysis.name}
    return {"coding": [coding], "text": analysis.name}


_SHARED = (
    "resourceType", "extension", "requisition", "status", "intent", "category", "subject",
    "authoredOn", "requester", "performer",
)  # fmt: skip


def one_more(first: Resource, analysis: Analysis, urgency: Urgency, information: str) -> Resource:
    """A request of one more analysis under the number of one that stands.

    Its sample is for the laboratory to find: whether the one taken will do is not known here.
    """
    return {
        **{name: first[name] for name in _SHARED if name in first},
        "meta": {"security": [NORMAL_VISIBILITY]},
        "code": _code(analysis),
        "priority": urgency.value,
        "reasonCode": [{"text": information}],
    }


def specimen_of(wanted: Wanted, material: str, taken: datetime, by: Person) -> Resource:
    """The sample of one material (8351)."""
    return {
        "resourceType": "Specimen",
        "meta": {"security": [NORMAL_VISIBILITY]},
        "status": "available",
        "type": {
            "coding": [
                {"system": MATERIAL, "code": material, "display": MATERIALS.get(material, material)}
            ],
            "text": MATERIALS.get(material, material),
        },
        "subject": {"reference": wanted.patient},
        "collection": {
            "collector": by.pointer,
            "collectedDateTime": taken.isoformat(timespec="seconds"),
        },
    }


def materials_of(analyses: Sequence[Analysis]) -> list[str]:
    """The sample materials that some analyses are made of, each once."""
    return list(dict.fromkeys(each.material for each in analyses))


def with_note(resource: Resource, text: str, by: Person) -> Resource:
    """A request with a reason added: who, when and why it was changed."""
    note = {
        "authorReference": by.pointer,
        "time": clock.now().isoformat(timespec="seconds"),
        "text": text,
    }
    return {**resource, "note": [*resource.get("note", ()), note]}


__all__ = [
    "LABORATORY_REQUISITION",
    "NORMAL_VISIBILITY",
    "ORDER_TYPE",
    "REQUISITION_SYSTEM",
    "Person",
    "Resource",
    "Urgency",
    "Wanted",
    "materials_of",
    "number_of_form",
    "one_more",
    "service_request",
    "specimen_of",
    "with_note",
]
