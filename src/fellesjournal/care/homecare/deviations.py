"""What went wrong at a visit: told by who was there, a task of the leader of the unit.

What happened is told by kind, and whether she came to harm: a fall that may have hurt her is
looked at the same day. The task is no call for help: the page that takes it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from fellesjournal.access.acts import Resource, Stored, act, content, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.codes import coded, number, reference
from fellesjournal.care.homecare.visits import moment, read_visit_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY

MOST_WORDS = 2000
_LEADER_ROLE = "https://fellesjournal.example/fhir/CodeSystem/staff-role"
# Assumption (configurable): a leader looks at a deviation within so many days.
LOOKED_AT_WITHIN = timedelta(days=3)
_KIND, _HARM, _TOLD = "deviation-kind", "deviation-harm", "deviation-told"
_HAPPENED = "deviation-happened"


class Kind(StrEnum):
    """What kind of thing happened."""

    FALL = "fall"
    MEDICINE = "medicine"
    OTHER = "other"


class Harm(StrEnum):
    """Whether she came to harm, as who was there could see."""

    NONE = "none"
    HURT = "hurt"
    HEAD = "head"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Told:
    """What who was there tells. ``told``: who else knows of it, in words, "" when not said; ``happened``: when
    it was, if that is another time than it is told.
    """

    words: str
    kind: Kind
    harm: Harm
    told: str = ""
    happened: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation told of at a visit (an id). ``came_of_it``: what her leader closed it with.

    ``kind`` and ``harm`` are None for one that was told before these were asked.
    """

    id: str
    visit: str
    patient: str
    words: str
    made: datetime
    deadline: datetime
    is_open: bool
    came_of_it: str
    kind: Kind | None
    harm: Harm | None
    told: str
    happened: datetime | None = None


class NotYet(BadRequest):
    """It can't have happened at a time that has not come."""


def note_deviation(session: Session, *, patient: str, visit_id: str, told: Told, key: str) -> str:
    """A deviation: a task for the leader of the unit, who is told. Answers its id.

    ``key`` identifies the form: sent twice, it is one. Raises BadRequest without words, NotYet.
    """
    text = told.words.strip()[:MOST_WORDS]
    if not text:
        raise BadRequest("a deviation is told in words", code="required")
    if told.happened is not None and told.happened > clock.now():
        raise NotYet("it can't have happened yet")
    read_visit_of(session, patient, visit_id)
    now = clock.now()
    task: Resource = {
        "resourceType": "Task",
        "identifier": number(codes.WORK_NUMBER, f"deviation.{key}"),
        "status": "requested",
        "intent": "order",
        "code": coded(codes.TASK_CODE, codes.DEVIATION, "Avvik i hjemmetjenesten"),
        "description": text,
        "focus": reference(f"Encounter/{visit_id}"),
        "for": reference(patient),
        "encounter": reference(f"Encounter/{visit_id}"),
        "authoredOn": now.isoformat(timespec="seconds"),
        "requester": reference(session.person),
        "performerType": [coded(_LEADER_ROLE, "unit-leader", "Enhetsleder")],
        "owner": reference(session.unit),
        "restriction": {"period": {"end": deadline(told, now).isoformat()}},
        "input": _inputs(told),
    }
    criteria = f"identifier={codes.WORK_NUMBER}|deviation.{key}"
    (stood,) = act(
        session,
        [create(task, unless=criteria)],
        lambda stored: [events.deviation_noted(patient, stored[0].id)],
    )
    return stood.id


def deadline(told: Told, now: datetime) -> datetime:
    """When the leader should have looked at it.

    Assumption (configurable): a fall is looked at the same day unless it is known that she came
    to no harm; all else within LOOKED_AT_WITHIN.
    """
    if told.kind is Kind.FALL and told.harm is not Harm.NONE:
        today = now.astimezone(NORWAY).date()
        return datetime.combine(today, time(23, 59), NORWAY)
    return now + LOOKED_AT_WITHIN


def deviations_in(tasks: Iterable[Stored]) -> list[Deviation]:
    """The deviations among the Tasks of visits, oldest first."""
    bodies = [content(each) for each in tasks]
    found = [
        deviation_of(body)
        for body in bodies
        if reading.has_code(body.get("code"), [codes.DEVIATION])
    ]
    return sorted(found, key=lambda each: (each.made, each.id))


def deviation_of(task: Resource) -> Deviation:
    """A deviation from the body of its Task."""
    said = {reading.first_code(each.get("type")): each for each in task.get("input", ())}
    kind = said.get(_KIND, {}).get("valueCode")
    harm = said.get(_HARM, {}).get("valueCode")
    return Deviation(
        id=str(task["id"]),
        visit=reading.reference_target(task.get("encounter")).rpartition("/")[2],
        patient=reading.reference_target(task.get("for")),
        words=str(task.get("description", "")),
        made=moment(task["authoredOn"]),
        deadline=moment(task["restriction"]["period"]["end"]),
        is_open=task.get("status") in {"requested", "in-progress"},
        came_of_it=reading.concept_text(task.get("statusReason")),
        kind=next((each for each in Kind if each == kind), None),
        harm=next((each for each in Harm if each == harm), None),
        told=str(said.get(_TOLD, {}).get("valueString", "")),
        happened=moment(at) if (at := said.get(_HAPPENED, {}).get("valueDateTime")) else None,
    )


def _inputs(told: Told) -> list[Resource]:
    inputs: list[Resource] = [
        {"type": coded(codes.OUTCOME, _KIND), "valueCode": told.kind.value},
        {"type": coded(codes.OUTCOME, _HARM), "valueCode": told.harm.value},
    ]
    if who := told.told.strip()[:500]:
        inputs.append({"type": coded(codes.OUTCOME, _TOLD), "valueString": who})
    if told.happened is not None:
        at = told.happened.isoformat(timespec="seconds")
        inputs.append({"type": coded(codes.OUTCOME, _HAPPENED), "valueDateTime": at})
    return inputs


__all__ = [
    "Deviation", "Harm", "Kind", "NotYet", "Told", "deadline", "deviation_of", "deviations_in",
    "note_deviation",
]  # fmt: skip
