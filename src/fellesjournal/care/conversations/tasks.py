"""The Task by which a unit answers for a conversation, written and read.

One for each conversation: open while something the citizen wrote awaits an answer, done with what
came of it, and opened again when she writes more. It is what the unit's queue lists, it has an
owner and a deadline from the first moment, and it lets the unit see her record as long as it is
open, so that nothing she wrote becomes nobody's when another ground ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fellesjournal.access.answering import unit_tag
from fellesjournal.access.conversing import ANSWER_MESSAGE
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.care.conversations.resources import KEYS, Outcome
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock

# A resource as JSON.
Resource = dict[str, Any]

CODE = f"{TASK_SYSTEM}|{ANSWER_MESSAGE}"
"""What it is searched by."""
PART_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/message-task"
"""Our codes of what such a Task tells: its inputs, its output and whether it has risen."""
OPEN = ("requested", "accepted")


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """The Task of one conversation. ``owner`` is a Practitioner, or the unit while nobody has taken
    it; ``messages`` are ids of all that were asked about; ``has_risen``: it was not answered in
    time, and the leader owns it.
    """

    id: str
    version: int
    patient: str
    conversation: str
    owner: str
    owner_name: str
    unit: str
    unit_name: str
    is_open: bool
    has_risen: bool
    messages: tuple[str, ...]
    since: datetime | None
    deadline: datetime | None
    outcome: str
    words: str

    @property
    def is_taken(self) -> bool:
        """Whether somebody owns it by name."""
        return self.owner != self.unit

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


def key_of(conversation: str) -> str:
    """The number that the one Task of a conversation is made by."""
    return f"answer.{conversation}"


def new_task(
    *,
    conversation: str,
    patient: str,
    unit: Element,
    message: str,
    since: datetime,
    deadline: datetime,
) -> Resource:
    """A Task that the unit owns."""
    return {
        "resourceType": "Task",
        "meta": {"tag": [unit_tag(unit)]},
        "extension": [{"url": ANSWERING_UNIT, "valueReference": unit}],
        "identifier": [{"system": KEYS, "value": key_of(conversation)}],
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": ANSWER_MESSAGE}]},
        "focus": {"reference": f"Communication/{conversation}"},
        "for": {"reference": patient},
        "authoredOn": _now(),
        **_asked(since, deadline),
        "owner": unit,
        "input": [_message(message)],
    }


def asked_again(task: Resource, message: str, since: datetime, deadline: datetime) -> Resource:
    """The Task when she has written more. One that was open keeps who has it, how long she has
    waited and its deadline: writing twice is not waiting from the start.
    """
    read = task_of(task, 0)
    inputs = [*task.get("input", ()), _message(message)]
    if read.is_open:
        return {**task, "input": inputs, "lastModified": _now()}
    kept = {
        name: value
        for name, value in task.items()
        if name not in {"output", "businessStatus", "statusReason", "executionPeriod"}
    }
    status = "accepted" if read.is_taken else "requested"
    return {**kept, "status": status, "input": inputs, **_asked(since, deadline)}


def _asked(since: datetime, deadline: datetime) -> Resource:
    return {
        "lastModified": _now(),
        "restriction": {
            "period": {
                "start": since.isoformat(timespec="seconds"),
                "end": deadline.isoformat(timespec="seconds"),
            }
        },
    }


def owned(task: Resource, owner: Element, unit: Element) -> Resource:
    """The Task with another owner: somebody at the unit, or the unit itself."""
    kept = [each for each in task.get("extension", ()) if each.get("url") != ANSWERING_UNIT]
    is_taken = reading.reference_target(owner) != reading.reference_target(unit)
    status = ("accepted" if is_taken else "requested") if _is_open(task) else task["status"]
    return {
        **task,
        "meta": {"tag": [unit_tag(unit)]},
        "status": status,
        "owner": owner,
        "extension": [*kept, {"url": ANSWERING_UNIT, "valueReference": unit}],
        "lastModified": _now(),
    }


def risen(task: Resource, leader: Element | None) -> Resource:
    """The Task when its deadline has passed: it is the leader's, where there is one."""
    marked = {**task, "businessStatus": {"coding": [_part("risen")]}, "lastModified": _now()}
    return marked if leader is None else {**marked, "status": "accepted", "owner": leader}


def done(task: Resource, outcome: Outcome, words: str, by: Element) -> Resource:
    """The Task when somebody has answered, or ended it without a written answer."""
    return {
        **task,
        "status": "completed",
        "owner": by,
        "lastModified": _now(),
        "executionPeriod": {"end": _now()},
        **({"statusReason": {"text": words}} if words else {}),
        "output": [
            {"type": {"coding": [_part("outcome")]}, "valueCode": outcome.value},
            {"type": {"coding": [_part("by")]}, "valueReference": by},
        ],
    }


def touched(task: Resource) -> Resource:
    """The same, as a new version: two who write at once meet here."""
    return {**task, "lastModified": _now()}


def task_of(task: Element, version: int) -> AnswerTask:
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
    outputs = {
        reading.first_code(each.get("type")): each for each in reading.elements(task.get("output"))
    }
    reason = task.get("statusReason")
    return AnswerTask(
        id=str(task.get("id", "")),
        version=version,
        patient=reading.reference_target(task.get("for")),
        conversation=reading.reference_target(task.get("focus")).removeprefix("Communication/"),
        owner=reading.reference_target(task.get("owner")),
        owner_name=reading.reference_text(task.get("owner")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        is_open=_is_open(task),
        has_risen=reading.first_code(task.get("businessStatus")) == "risen",
        messages=tuple(_messages(task)),
        since=_at(period, "start"),
        deadline=_at(period, "end"),
        outcome=reading.string(outputs.get("outcome", {}).get("valueCode")),
        words=reading.string(reason.get("text")) if isinstance(reason, dict) else "",
    )


def _messages(task: Element) -> Sequence[str]:
    return [
        reading.reference_target(each.get("valueReference")).removeprefix("Communication/")
        for each in reading.elements(task.get("input"))
    ]


def _message(message: str) -> Resource:
    return {
        "type": {"coding": [_part("message")]},
        "valueReference": {"reference": f"Communication/{message}"},
    }


def _is_open(task: Element) -> bool:
    return task.get("status") in OPEN


def _part(code: str) -> Resource:
    return {"system": PART_SYSTEM, "code": code}


def _at(period: object, end: str) -> datetime | None:
    found = reading.moment(period.get(end)) if isinstance(period, dict) else None
    return None if found is None else found.at


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")


__all__ = [
    "ANSWER_MESSAGE", "CODE", "AnswerTask", "asked_again", "done", "key_of", "new_task",
    "owned", "risen", "task_of", "touched",
]  # fmt: skip
