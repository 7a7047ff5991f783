"""The Task that somebody answers by for a reading outside the limits, or for readings that did not
come. It holds no number: leaders who see it see no illness.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from fellesjournal.access.acts import Resource
from fellesjournal.access.answering import unit_tag
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.codes import coded, extension, number, reference
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock


class Kind(StrEnum):
    """What awaits somebody; the codes of the Tasks."""

    OUTSIDE = codes.READING_TASK
    MISSING = codes.MISSING_TASK


class Standing(StrEnum):
    """Why it awaits somebody."""

    NEW = "new"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What is done about it. ARRIVED is the platform's: what was missing has come."""

    CONTACTED = "contacted"
    CHANGED_PLAN = "changed-plan"
    NO_ACTION = "no-action"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Work:
    """One such Task, read. ``focus`` is the Observation, or the CarePlan; ``measure`` is the key
    of what was to be measured; owner, unit and plan are references.
    """

    id: str
    version: int
    kind: Kind
    patient: str
    focus: str
    plan: str
    measure: str
    since_day: date | None
    owner: str
    owner_name: str
    unit: str
    unit_name: str
    is_open: bool
    is_escalated: bool
    standing: Standing
    digest: str
    since: datetime | None
    deadline: datetime | None
    outcome: str
    words: str
    by: str
    at: datetime | None

    @property
    def last_day(self) -> date | None:
        """The last day for it, in Norway: a deadline at midnight is the end of a day."""
        if self.deadline is None:
            return None
        return (self.deadline - timedelta(microseconds=1)).astimezone(clock.NORWAY).date()

    @property
    def is_late(self) -> bool:
        """Whether it should have been looked at."""
        return self.deadline is not None and self.deadline <= clock.now()


@dataclass(frozen=True, slots=True)
class About:
    """What a Task is made about. ``key`` is unique: one Task for each reading or silent period."""

    kind: Kind
    key: str
    patient: str
    focus: str
    plan: str
    measure: str
    digest: str = ""
    since_day: date | None = None


def task_resource(about: About, *, owner: Element, unit: Element, deadline: datetime) -> Resource:
    """A new Task: ``owner`` answers until ``deadline``, and ``unit`` beside her."""
    now = clock.now().isoformat(timespec="seconds")
    inputs = [_part("measure", "valueCode", about.measure)]
    if about.since_day:
        inputs.append(_part("since", "valueDate", about.since_day.isoformat()))
    return {
        "resourceType": "Task",
        "meta": {"tag": [unit_tag(unit)]},
        "identifier": number(codes.TASK_NUMBER, about.key),
        "extension": [{"url": ANSWERING_UNIT, "valueReference": unit}],
        "basedOn": [reference(about.plan)],
        "intent": "order",
        "code": coded(TASK_SYSTEM, about.kind.value),
        "focus": reference(about.focus),
        "for": reference(about.patient),
        "authoredOn": now,
        "owner": owner,
        "input": inputs,
        **_asked(Standing.NEW, about.digest, now, deadline, inputs),
    }


def _asked(
    standing: Standing, digest: str, now: str, deadline: datetime, inputs: list[Resource]
) -> Resource:
    kept = [each for each in inputs if reading.first_code(each.get("type")) != "digest"]
    return {
        "status": "requested",
        "priority": "urgent",
        "businessStatus": coded(codes.TASK_PART, standing.value),
        "lastModified": now,
        "restriction": {
            "period": {"start": now, "end": deadline.isoformat(timespec="seconds")},
        },
        "input": [*kept, *([_part("digest", "valueString", digest)] if digest else [])],
    }


def asked_again(task: Resource, standing: Standing, digest: str, deadline: datetime) -> Resource:
    """The Task when the reading has changed: open (again), for what it says now (INV-30)."""
    kept = {name: value for name, value in task.items() if name != "output"}
    now = clock.now().isoformat(timespec="seconds")
    return {**kept, **_asked(standing, digest, now, deadline, list(task.get("input", ())))}


def escalated(task: Resource) -> Resource:
    """The Task when its deadline has passed: it is the leader's as well, until it is closed."""
    standing = work_of(task, 0).standing
    both = [{"system": codes.TASK_PART, "code": code} for code in (standing.value, "escalated")]
    return {
        **task,
        "businessStatus": {"coding": both},
        "lastModified": clock.now().isoformat(timespec="seconds"),
    }


def closed(task: Resource, outcome: Outcome, words: str, by: Element | None) -> Resource:
    """The Task when somebody has looked, and what she does about it."""
    now = clock.now().isoformat(timespec="seconds")
    output = [_part("outcome", "valueCode", outcome.value), _part("at", "valueDateTime", now)]
    if by is not None:
        output.append(_part("by", "valueReference", by))
    if words:
        output.append(_part("words", "valueString", words))
    return {**task, "status": "completed", "lastModified": now, "output": output}


def work_of(task: Element, version: int) -> Work:
    """A Task as this package writes it, read."""
    unit = extension(dict(task), ANSWERING_UNIT).get("valueReference")
    said = {
        code
        for system, code, _ in reading.codings(task.get("businessStatus"))
        if system == codes.TASK_PART
    }
    period = (task.get("restriction") or {}).get("period") or {}
    inputs, outputs = _parts(task.get("input")), _parts(task.get("output"))
    since_day = reading.moment(inputs.get("since", {}).get("valueDate"))
    plans = [reading.reference_target(each) for each in reading.elements(task.get("basedOn"))]
    return Work(
        id=str(task.get("id", "")),
        version=version,
        kind=Kind(next(code for system, code, _ in reading.codings(task.get("code")) if system == TASK_SYSTEM)),
        patient=reading.reference_target(task.get("for")),
        focus=reading.reference_target(task.get("focus")),
        plan=next(iter(plans), ""),
        measure=reading.string(inputs.get("measure", {}).get("valueCode")),
        since_day=None if since_day is None else since_day.at.astimezone(clock.NORWAY).date(),
        owner=reading.reference_target(task.get("owner")),
        owner_name=reading.reference_text(task.get("owner")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        is_open=task.get("status") == "requested",
        is_escalated="escalated" in said,
        standing=next((each for each in Standing if each.value in said), Standing.NEW),
        digest=reading.string(inputs.get("digest", {}).get("valueString")),
        since=_at(period.get("start")),
        deadline=_at(period.get("end")),
        outcome=reading.string(outputs.get("outcome", {}).get("valueCode")),
        words=reading.string(outputs.get("words", {}).get("valueString")),
        by=reading.reference_text(outputs.get("by", {}).get("valueReference")),
        at=_at(outputs.get("at", {}).get("valueDateTime")),
    )  # fmt: skip


def _parts(listed: object) -> dict[str, Element]:
    return {reading.first_code(each.get("type")): each for each in reading.elements(listed)}


def _part(code: str, name: str, value: object) -> Resource:
    return {"type": coded(codes.TASK_PART, code), name: value}


def _at(text: object) -> datetime | None:
    found = reading.moment(text)
    return None if found is None else found.at


__all__ = [
    "About",
    "Kind",
    "Outcome",
    "Standing",
    "Work",
    "asked_again",
    "closed",
    "escalated",
    "task_resource",
    "work_of",
]
