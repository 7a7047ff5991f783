"""The Task that somebody answers for a report by, written and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from fellesjournal.access.answering import unit_tag
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.care.results.news import News, Standing
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock

RESULT_TASK = "result-acknowledgement"
"""The code of the Task that a result is acknowledged by."""
PART_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/result-task"
"""Our codes of what such a Task tells: its inputs, outputs and where it stands."""

# A resource as JSON.
Resource = dict[str, Any]


class Outcome(StrEnum):
    """What she who acknowledges does about it (INV-29)."""

    NO_ACTION = "no-action"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class ResultTask:
    """The Task of one report, read. ``owner`` and ``unit`` are references; ``digest`` is what
    is to be acknowledged, ``status`` the report's when it was told.
    """

    id: str
    version: int
    patient: str
    report: str
    owner: str
    owner_name: str
    unit: str
    unit_name: str
    is_open: bool
    is_abnormal: bool
    is_escalated: bool
    standing: Standing
    digest: str
    report_status: str
    since: datetime | None
    deadline: datetime | None
    outcome: str
    words: str
    by: str
    at: datetime | None

    @property
    def last_day(self) -> date | None:
        """The last day it may be acknowledged on, in Norway: a deadline at midnight is its end."""
        if self.deadline is None:
            return None
        return (self.deadline - timedelta(microseconds=1)).astimezone(clock.NORWAY).date()


def task_resource(
    *,
    report: Element,
    news: News,
    standing: Standing,
    owner: Element,
    unit: Element,
    deadline: datetime,
) -> Resource:
    """A new Task: ``owner`` answers for the report until ``deadline``, and ``unit`` beside her."""
    now = clock.now().isoformat(timespec="seconds")
    based_on = list(reading.elements(report.get("basedOn")))
    return {
        "resourceType": "Task",
        "meta": {"tag": [unit_tag(unit)]},
        "extension": [{"url": ANSWERING_UNIT, "valueReference": unit}],
        **({"basedOn": based_on} if based_on else {}),
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": RESULT_TASK}]},
        "focus": {"reference": f"DiagnosticReport/{report['id']}"},
        "for": report["subject"],
        "authoredOn": now,
        **_asked(news, standing, now, deadline),
        "owner": owner,
    }


def _asked(news: News, standing: Standing, now: str, deadline: datetime) -> Resource:
    return {
        "priority": "urgent" if news.is_abnormal else "routine",
        "businessStatus": {"coding": [_part(standing.value)]},
        "lastModified": now,
        "restriction": {
            "period": {"start": now, "end": deadline.isoformat(timespec="seconds")},
        },
        "input": [
            {"type": {"coding": [_part("digest")]}, "valueString": news.digest},
            {"type": {"coding": [_part("report-status")]}, "valueCode": news.status},
        ],
    }


def asked_again(task: Resource, news: News, standing: Standing, deadline: datetime) -> Resource:
    """The Task when the report has changed: open (again), for what it says now."""
    kept = {name: value for name, value in task.items() if name not in {"output", "meta"}}
    now = clock.now().isoformat(timespec="seconds")
    return {**kept, "status": "requested", **_asked(news, standing, now, deadline)}


def escalated(task: Resource) -> Resource:
    """The Task when its deadline has passed: all of the unit answer for it from now on."""
    standing = task_of(task, 0).standing
    codes = [_part(standing.value), _part("escalated")]
    return {
        **task,
        "businessStatus": {"coding": codes},
        "lastModified": clock.now().isoformat(timespec="seconds"),
    }


def acknowledged(task: Resource, outcome: Outcome, words: str, by: Element) -> Resource:
    """The Task when somebody has taken note of the result, and what she does about it."""
    now = clock.now().isoformat(timespec="seconds")
    output = [
        {"type": {"coding": [_part("outcome")]}, "valueCode": outcome.value},
        {"type": {"coding": [_part("acknowledged-by")]}, "valueReference": by},
        {"type": {"coding": [_part("acknowledged-at")]}, "valueDateTime": now},
    ]
    if words:
        output.append({"type": {"coding": [_part("action")]}, "valueString": words})
    return {**task, "status": "completed", "lastModified": now, "output": output}


def task_of(task: Element, version: int) -> ResultTask:
    """A Task as this package writes it, read."""
    unit = next(
        (
            each.get("valueReference")
            for each in reading.elements(task.get("extension"))
            if each.get("url") == ANSWERING_UNIT
        ),
        None,
    )
    concept = task.get("businessStatus")
    codes = {code for system, code, _ in reading.codings(concept) if system == PART_SYSTEM}
    restriction = task.get("restriction")
    period = restriction.get("period") if isinstance(restriction, dict) else None
    inputs, outputs = _parts(task.get("input")), _parts(task.get("output"))
    by = outputs.get("acknowledged-by", {}).get("valueReference")
    return ResultTask(
        id=str(task.get("id", "")),
        version=version,
        patient=reading.reference_target(task.get("for")),
        report=reading.reference_target(task.get("focus")).removeprefix("DiagnosticReport/"),
        owner=reading.reference_target(task.get("owner")),
        owner_name=reading.reference_text(task.get("owner")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        is_open=task.get("status") == "requested",
        is_abnormal=task.get("priority") == "urgent",
        is_escalated="escalated" in codes,
        standing=next((each for each in Standing if each.value in codes), Standing.NEW),
        digest=reading.string(inputs.get("digest", {}).get("valueString")),
        report_status=reading.string(inputs.get("report-status", {}).get("valueCode")),
        since=_at(period, "start"),
        deadline=_at(period, "end"),
        outcome=reading.string(outputs.get("outcome", {}).get("valueCode")),
        words=reading.string(outputs.get("action", {}).get("valueString")),
        by=reading.reference_text(by),
        at=_moment(outputs.get("acknowledged-at", {}).get("valueDateTime")),
    )


def _parts(listed: object) -> dict[str, Element]:
    return {reading.first_code(each.get("type")): each for each in reading.elements(listed)}


def _part(code: str) -> Resource:
    return {"system": PART_SYSTEM, "code": code}


def _at(period: object, end: str) -> datetime | None:
    return _moment(period.get(end)) if isinstance(period, dict) else None


def _moment(text: object) -> datetime | None:
    found = reading.moment(text)
    return None if found is None else found.at


__all__ = [
    "PART_SYSTEM",
    "RESULT_TASK",
    "Outcome",
    "Resource",
    "ResultTask",
    "acknowledged",
    "asked_again",
    "escalated",
    "task_of",
    "task_resource",
]
