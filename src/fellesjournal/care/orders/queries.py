"""The laboratory requisitions of a patient, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson

from fellesjournal.access import records
from fellesjournal.access.sessions import Session
from fellesjournal.care.orders.catalogue import analyses
from fellesjournal.care.orders.resources import (
    LABORATORY_REQUISITION,
    ORDER_TYPE,
    REQUISITION_SYSTEM,
    Person,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.reading import Element, Moment

_MOST = "500"
_LABORATORY_CODE = "urn:oid:2.16.578.1.12.4.1.1.8624|14"
"""8624, kind of organisation: laboratory."""


class Status(StrEnum):
    """How far a requisition, or one analysis of it, has come."""

    SENT = "sent"
    RECEIVED = "received"
    PARTIAL = "partial"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ordered:
    """One analysis of a requisition; ``id`` and ``version`` are of its ServiceRequest."""

    id: str
    version: int
    code: str
    name: str
    status: Status

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed or taken back."""
        return self.status not in {Status.ANSWERED, Status.CANCELLED}


@dataclass(frozen=True, slots=True)
class Requisition:
    """One requisition. ``reports`` are ids of DiagnosticReports that answer it; ``reasons`` why
    it was changed, newest last.
    """

    number: str
    sent: Moment | None
    requester: str
    laboratory: str
    urgency: str
    information: str
    analyses: tuple[Ordered, ...]
    reports: tuple[str, ...]
    reasons: tuple[str, ...]
    has_sample: bool

    @property
    def status(self) -> Status:
        """Of all its analyses; those taken back don't count unless all are."""
        counted = [each.status for each in self.analyses if each.status is not Status.CANCELLED]
        if not counted:
            return Status.CANCELLED
        if all(each is Status.ANSWERED for each in counted):
            return Status.ANSWERED
        if any(each in {Status.PARTIAL, Status.ANSWERED} for each in counted):
            return Status.PARTIAL
        return Status.RECEIVED if Status.RECEIVED in counted else Status.SENT

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.status not in {Status.ANSWERED, Status.CANCELLED}

    @property
    def seen(self) -> Mapping[str, int]:
        """The versions shown, by id: what a form sends back."""
        return {each.id: each.version for each in self.analyses}


def requisitions_of(session: Session, patient_id: str) -> tuple[Requisition, ...]:
    """The laboratory requisitions of a patient, newest first; two searches."""
    found = records.search(
        session,
        "ServiceRequest",
        [
            ("subject", f"Patient/{patient_id}"),
            ("category", f"{ORDER_TYPE}|{LABORATORY_REQUISITION}"),
            ("_revinclude", "DiagnosticReport:based-on"),
            ("_sort", "-authored"),
            ("_count", _MOST),
        ],
    )
    requests = [(orjson.loads(each.body or b"{}"), each.version) for each in found.matches]
    reports = [orjson.loads(each.body or b"{}") for each in found.included]
    grouped: dict[str, list[tuple[Element, int]]] = {}
    for request, version in requests:
        number = requisition_number(request)
        if number:  # what was sent by other ways has none, and is no requisition of ours
            grouped.setdefault(number, []).append((request, version))
    return tuple(_requisition(number, each, reports) for number, each in grouped.items())


def requisition_of(session: Session, patient_id: str, number: str) -> Requisition:
    """One requisition of a patient. Raises NotFound."""
    for each in requisitions_of(session, patient_id):
        if each.number == number:
            return each
    raise NotFound("this requisition is not known")


def laboratories(session: Session) -> list[Person]:
    """The laboratories that can be asked, by name."""
    page = records.search(
        session, "Organization", [("type", _LABORATORY_CODE), ("active", "true"), ("_count", _MOST)]
    )
    found = [
        Person(f"Organization/{each.id}", reading.string(data.get("name")))
        for each in page.matches
        if (data := orjson.loads(each.body or b"{}"))
    ]
    return sorted(found, key=lambda each: each.name.casefold())


def usual_laboratory(session: Session, patient_id: str) -> str:
    """Who answered last for this patient, as ``Organization/x``; "" when nobody has."""
    page = records.search(
        session,
        "DiagnosticReport",
        [("subject", f"Patient/{patient_id}"), ("_sort", "-date"), ("_count", "1")],
    )
    for each in page.matches:
        for performer in reading.elements(orjson.loads(each.body or b"{}").get("performer")):
            return reading.reference_target(performer)
    return ""


def requisition_number(request: Element) -> str:
    """The number of the requisition that a ServiceRequest belongs to; "" for none of ours."""
    identifier = request.get("requisition")
    if not isinstance(identifier, Mapping) or identifier.get("system") != REQUISITION_SYSTEM:
        return ""
    return reading.string(identifier.get("value"))


def _requisition(
    number: str, requests: Sequence[tuple[Element, int]], reports: Iterable[Element]
) -> Requisition:
    first = requests[0][0]
    own = {f"ServiceRequest/{request.get('id')}" for request, _ in requests}
    answers = [report for report in reports if _answers(report) & own]
    performers = list(reading.elements(first.get("performer")))
    reasons = [
        reading.string(note.get("text"))
        for request, _ in requests
        for note in reading.elements(request.get("note"))
    ]
    return Requisition(
        number=number,
        sent=reading.first_moment(first, "authoredOn"),
        requester=reading.reference_text(first.get("requester")),
        laboratory=reading.reference_text(performers[0]) if performers else "",
        urgency=reading.string(first.get("priority")),
        information=next(
            (reading.concept_text(each) for each in reading.elements(first.get("reasonCode"))), ""
        ),
        analyses=tuple(
            sorted(
                (_ordered(request, version, answers) for request, version in requests), key=_order
            )
        ),
        reports=tuple(str(report.get("id")) for report in answers),
        reasons=tuple(dict.fromkeys(reasons)),
        has_sample=any("specimen" in request for request, _ in requests),
    )


def _order(each: Ordered) -> tuple[int, str]:
    """As they stand on the form."""
    codes = list(analyses())
    return codes.index(each.code) if each.code in codes else len(codes), each.name


def _answers(report: Element) -> set[str]:
    return {reading.reference_target(each) for each in reading.elements(report.get("basedOn"))}


def _ordered(request: Element, version: int, reports: Iterable[Element]) -> Ordered:
    return Ordered(
        id=str(request.get("id")),
        version=version,
        code=reading.first_code(request.get("code")),
        name=reading.concept_text(request.get("code")),
        status=_status(request, reports),
    )


# Assumption: a report that is withdrawn (cancelled, entered-in-error) answers nothing.
_OF_REPORT = {
    "registered": Status.RECEIVED,
    "partial": Status.PARTIAL,
    "preliminary": Status.PARTIAL,
    "final": Status.ANSWERED,
    "amended": Status.ANSWERED,
    "corrected": Status.ANSWERED,
    "appended": Status.ANSWERED,
}
_FURTHEST = [Status.SENT, Status.RECEIVED, Status.PARTIAL, Status.ANSWERED]


def _status(request: Element, reports: Iterable[Element]) -> Status:
    if request.get("status") in {"revoked", "entered-in-error"}:
        return Status.CANCELLED
    own = f"ServiceRequest/{request.get('id')}"
    found = [
        _OF_REPORT.get(reading.string(report.get("status")), Status.SENT)
        for report in reports
        if own in _answers(report)
    ]
    return max(found, key=_FURTHEST.index, default=Status.SENT)


__all__ = [
    "Ordered",
    "Requisition",
    "Status",
    "laboratories",
    "requisition_number",
    "requisition_of",
    "requisitions_of",
    "usual_laboratory",
]
