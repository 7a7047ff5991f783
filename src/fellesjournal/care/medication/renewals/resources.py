"""Requests for renewal and their answers as Communications, written and read.

What was said is never changed: how a request stands is worked out from the answers to it. On an
answer the platform notes who has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fellesjournal.access.conversing import CATEGORY_SYSTEM
from fellesjournal.access.labels import VISIBILITY
from fellesjournal.access.opened import readers
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.access.renewing import ANSWER, REQUEST, TAKEN_BACK
from fellesjournal.care.medication.resources import Resource
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.working_days import add_working_days, end_of_day

KEYS = "https://fellesjournal.example/fhir/NamingSystem/renewal"
"""Numbers that the Task of a request is made at most once by."""
OUTCOME = "https://fellesjournal.example/fhir/CodeSystem/renewal-outcome"
"""Our codes of what came of a request."""
WORKING_DAYS = 5
"""By when an office answers. Assumption (configurable): as it answers messages; no source says it."""
MOST_WORDS = 1000
_EVER = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


class Outcome(StrEnum):
    """What came of a line that was asked for."""

    RENEWED = "renewed"
    PRESCRIBED = "already-prescribed"
    """It was changed, and so prescribed, after it was asked for."""
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of some lines (references) of a request, and when; ``read_by`` are those
    of the citizen's side (``Patient/1``) who have seen it.
    """

    outcome: Outcome
    lines: tuple[str, ...]
    words: str
    at: datetime
    by_name: str
    id: str = ""
    read_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. ``lines`` are references (MedicationRequest/1); ``sender`` a Patient.

    ``labels`` are the codings that what belongs to it carries too.
    """

    id: str
    patient: str
    lines: tuple[str, ...]
    sent: datetime
    sender: str
    sender_name: str
    unit: str
    unit_name: str
    labels: tuple[Element, ...] = ()
    answers: tuple[Answer, ...] = field(default=())

    @property
    def open_lines(self) -> tuple[str, ...]:
        """The lines that nobody has answered."""
        answered = {line for each in self.answers for line in each.lines}
        return tuple(line for line in self.lines if line not in answered)

    @property
    def deadline(self) -> datetime:
        """The end of the last day to answer."""
        return deadline_of(self.sent)

    @property
    def last_day(self) -> date:
        """The last day to answer on, in Norway."""
        return add_working_days(self.sent.astimezone(NORWAY).date(), WORKING_DAYS)

    def unread(self, person: str) -> tuple[Answer, ...]:
        """The answers that this person of the citizen's side has not seen."""
        return tuple(each for each in self.answers if person not in each.read_by)

    def answer_to(self, line: str) -> Answer | None:
        """What was said of a line."""
        return next((each for each in self.answers if line in each.lines), None)


def deadline_of(sent: datetime) -> datetime:
    """By when a request that was sent at a moment is to be answered."""
    return end_of_day(add_working_days(sent.astimezone(NORWAY).date(), WORKING_DAYS))


def request_resource(
    *,
    patient: str,
    sender: Element,
    unit: Element,
    lines: Iterable[str],
    shown_to_parents: bool,
) -> Resource:
    """What a citizen asks for. ``shown_to_parents``: a parent of a child from 12 to 15 sees what she
    asked for herself (9603 N).
    """
    labels = {"meta": {"security": [{"system": VISIBILITY, "code": "N"}]}}
    return {
        "resourceType": "Communication",
        **(labels if shown_to_parents else {}),
        "status": "completed",
        "category": [_category(REQUEST)],
        "subject": {"reference": patient},
        "about": [{"reference": each} for each in lines],
        "sent": clock.now().isoformat(timespec="milliseconds"),
        "recipient": [unit],
        "sender": sender,
    }


def answer_resource(
    request: Request, outcome: Outcome, lines: Iterable[str], words: str, by: Element, unit: str
) -> Resource:
    """What somebody who prescribes says of lines of a request; ``unit`` is where she works."""
    return {
        "resourceType": "Communication",
        **({"meta": {"security": list(request.labels)}} if request.labels else {}),
        "extension": [{"url": ANSWERING_UNIT, "valueReference": {"reference": unit}}],
        "partOf": [{"reference": f"Communication/{request.id}"}],
        "inResponseTo": [{"reference": f"Communication/{request.id}"}],
        "status": "completed",
        "category": [_category(ANSWER)],
        "subject": {"reference": request.patient},
        "about": [{"reference": each} for each in lines],
        "sent": clock.now().isoformat(timespec="milliseconds"),
        "recipient": [{"reference": request.patient}],
        "sender": by,
        "reasonCode": [{"coding": [{"system": OUTCOME, "code": outcome.value}]}],
        **({"payload": [{"contentString": words}]} if words else {}),
    }


def requests_in(bodies: Sequence[Element]) -> list[Request]:
    """The requests among some Communications with the answers among them, newest first. An answer
    that was taken back is none.
    """
    answers: dict[str, list[Answer]] = {}
    for each in bodies:
        if each.get("status") != TAKEN_BACK and reading.has_code(each.get("category"), [ANSWER]):
            for parent in reading.elements(each.get("partOf")):
                answers.setdefault(reading.reference_target(parent), []).append(_answer(each))
    found = [
        _request(each, tuple(answers.get(f"Communication/{each['id']}", ())))
        for each in bodies
        if reading.has_code(each.get("category"), [REQUEST])
    ]
    return sorted(found, key=lambda each: (each.sent, each.id), reverse=True)


def _request(data: Element, answers: tuple[Answer, ...]) -> Request:
    meta = data.get("meta")
    unit = next(reading.elements(data.get("recipient")), {})
    return Request(
        id=str(data["id"]),
        patient=reading.reference_target(data.get("subject")),
        lines=_about(data),
        sent=_sent(data),
        sender=reading.reference_target(data.get("sender")),
        sender_name=reading.reference_text(data.get("sender")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        labels=tuple(reading.elements(meta.get("security") if isinstance(meta, dict) else None)),
        answers=answers,
    )


def _answer(data: Element) -> Answer:
    code = next(map(reading.first_code, reading.elements(data.get("reasonCode"))), "")
    payload = (
        reading.string(e.get("contentString")) for e in reading.elements(data.get("payload"))
    )
    return Answer(
        # what can't be read as renewed was not: she is told no more than is known
        outcome=next((each for each in Outcome if each == code), Outcome.DECLINED),
        lines=_about(data),
        words="\n\n".join(filter(None, payload)),
        at=_sent(data),
        by_name=reading.reference_text(data.get("sender")),
        id=str(data.get("id", "")),
        read_by=tuple(who for who, _at in readers(data)),
    )


def _about(data: Element) -> tuple[str, ...]:
    listed = (reading.reference_target(each) for each in reading.elements(data.get("about")))
    return tuple(dict.fromkeys(filter(None, listed)))


def _sent(data: Element) -> datetime:
    found = reading.first_moment(data, "sent")
    return found.at if found else _EVER


def _category(code: str) -> Resource:
    return {"coding": [{"system": CATEGORY_SYSTEM, "code": code}]}


__all__ = [
    "KEYS", "MOST_WORDS", "WORKING_DAYS", "Answer", "Outcome", "Request", "answer_resource",
    "deadline_of", "request_resource", "requests_in",
]  # fmt: skip
