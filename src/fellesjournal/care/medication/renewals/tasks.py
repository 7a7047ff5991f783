"""The Task by which somebody answers for a request until every line of it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fellesjournal.access.answering import Answerable, unit_tag
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.care.medication.renewals.resources import KEYS, Request
from fellesjournal.care.medication.resources import Resource
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock

RENEWAL = "renewal-request"
"""The code of the Task."""
CODE = f"{TASK_SYSTEM}|{RENEWAL}"
"""What it is searched by."""
OPEN = "requested"
PART_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/renewal-task"
"""Our codes of how such a Task stands."""
_ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class RenewalTask:
    """The Task of one request. ``owner`` is a Practitioner or the unit; ``is_escalated``: it was not
    answered in time, and all who prescribe at the unit answer for it.
    """

    id: str
    version: int
    patient: str
    request: str
    owner: str
    owner_name: str
    unit: str
    unit_name: str
    is_open: bool
    is_escalated: bool
    since: datetime | None
    deadline: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether it should have been answered."""
        return self.is_open and self.deadline is not None and self.deadline <= clock.now()

    @property
    def last_day(self) -> date | None:
        """The last day to answer on, in Norway: a deadline at midnight is its end."""
        if self.deadline is None:
            return None
        return (self.deadline - timedelta(microseconds=1)).astimezone(clock.NORWAY).date()

    @property
    def age(self) -> timedelta:
        """How long she has waited."""
        return clock.now() - self.since if self.since else timedelta()


def key_of(request: str) -> str:
    """The number that the one Task of a request (its id) is made by."""
    return f"renewal.{request}"


def new_task(request: Request, who: Answerable) -> Resource:
    """A Task that ``who`` owns."""
    return {
        "resourceType": "Task",
        "meta": {"tag": [unit_tag(who.unit_pointer)]},
        "extension": [{"url": ANSWERING_UNIT, "valueReference": who.unit_pointer}],
        "identifier": [{"system": KEYS, "value": key_of(request.id)}],
        "status": OPEN,
        "intent": "order",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": RENEWAL}]},
        "focus": {"reference": f"Communication/{request.id}"},
        "for": {"reference": request.patient},
        "authoredOn": _now(),
        "lastModified": _now(),
        "restriction": {
            "period": {
                "start": request.sent.isoformat(timespec="seconds"),
                "end": request.deadline.isoformat(timespec="seconds"),
            }
        },
        "owner": who.owner_pointer,
    }


def escalated(task: Resource) -> Resource:
    """The Task when its deadline has passed."""
    return {
        **task,
        "businessStatus": {"coding": [{"system": PART_SYSTEM, "code": _ESCALATED}]},
        "lastModified": _now(),
    }


def answered(task: Resource, by: Element, *, wholly: bool) -> Resource:
    """The Task when lines were answered; done when all were. Two who answer at once meet here."""
    if not wholly:
        return {**task, "lastModified": _now()}
    return {**task, "status": "completed", "owner": by, "lastModified": _now()}


def open_again(task: Resource) -> Resource:
    """The Task when an answer was taken back: whoever answered has it."""
    return {**task, "status": OPEN, "lastModified": _now()}


def task_of(task: Element, version: int) -> RenewalTask:
    """A Task as this package writes it, read."""
    unit = next(
        (
            each.get("valueReference")
            for each in reading.elements(task.get("extension"))
            if each.get("url") == ANSWERING_UNIT
        ),
        None,
    )
    restriction = task.get("restriction")
    period = restriction.get("period") if isinstance(restriction, dict) else None
    return RenewalTask(
        id=str(task.get("id", "")),
        version=version,
        patient=reading.reference_target(task.get("for")),
        request=reading.reference_target(task.get("focus")).removeprefix("Communication/"),
        owner=reading.reference_target(task.get("owner")),
        owner_name=reading.reference_text(task.get("owner")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        is_open=task.get("status") == OPEN,
        is_escalated=reading.first_code(task.get("businessStatus")) == _ESCALATED,
        since=_at(period, "start"),
        deadline=_at(period, "end"),
    )


def _at(period: object, end: str) -> datetime | None:
    found = reading.moment(period.get(end)) if isinstance(period, dict) else None
    return None if found is None else found.at


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")


__all__ = [
    "CODE", "OPEN", "RENEWAL", "RenewalTask", "answered", "escalated", "key_of", "new_task",
    "open_again", "task_of",
]  # fmt: skip
