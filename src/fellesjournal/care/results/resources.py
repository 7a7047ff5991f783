"""Reports of examinations as they are read, and the Task that somebody answers for each by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson

from fellesjournal.access.labels import VISIBILITY
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock

RESULT_TASK = "result-acknowledgement"
"""The code of the Task that a result is acknowledged by."""
PART_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/result-task"
"""Our codes of what such a Task tells: its inputs, outputs and where it stands."""

UNIT_TAG = "https://fellesjournal.example/fhir/NamingSystem/answering-unit"
"""The tag that such a Task is found by for its unit; its value is the id of the Organization."""

DEVIATION = "urn:oid:2.16.578.1.12.4.1.1.8244"
_WITHDRAWN = frozenset({"cancelled", "entered-in-error"})
_CORRECTED = frozenset({"amended", "corrected"})
_ABNORMAL = frozenset(
    {"H", "HU", "HH", "HX", "L", "LU", "LL", "LX", "A", "AA", "POS", "DET", "R", "<", ">"}
)

# A resource as JSON.
Resource = dict[str, Any]


class Standing(StrEnum):
    """Why a result awaits acknowledgement."""

    NEW = "new"
    ADDED = "added"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What she who acknowledges does about it (INV-29)."""

    NO_ACTION = "no-action"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class News:
    """What a report says now. ``digest`` is another one whenever anything of report or
    observations is, but for their versions and times of storage.
    """

    status: str
    has_answers: bool
    is_abnormal: bool
    digest: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether the laboratory has taken it back."""
        return self.status in _WITHDRAWN


def news_of(report: Element, observations: Sequence[Element]) -> News:
    """What a DiagnosticReport and the Observations it holds say."""
    standing = [each for each in observations if each.get("status") not in _WITHDRAWN]
    return News(
        status=reading.string(report.get("status")),
        has_answers=bool(standing or report.get("conclusion") or report.get("presentedForm")),
        is_abnormal=any(is_abnormal(each) for each in standing)
        or bool(report.get("conclusionCode")),
        digest=_digest([report, *sorted(observations, key=lambda each: str(each.get("id")))]),
    )


def _digest(resources: Iterable[Element]) -> str:
    made = hashlib.sha256()
    for each in resources:
        said = {name: value for name, value in each.items() if name not in {"meta", "text"}}
        made.update(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
    return made.hexdigest()


def is_abnormal(observation: Element) -> bool:
    """Whether the laboratory marked it (v3 or 8244), or, without its word, the number lies
    outside the reference range that came with it.
    """
    said = [
        (system, code)
        for concept in reading.elements(observation.get("interpretation"))
        for system, code, _ in reading.codings(concept)
    ]
    if said:
        return any(system == DEVIATION or code in _ABNORMAL for system, code in said)
    quantity = observation.get("valueQuantity")
    value = reading.number(quantity.get("value")) if isinstance(quantity, dict) else None
    return value is not None and any(
        _outside(value, each) for each in reading.elements(observation.get("referenceRange"))
    )


def _outside(value: Decimal, limits: Element) -> bool:
    low, high = (
        reading.number(limit.get("value")) if isinstance(limit := limits.get(end), dict) else None
        for end in ("low", "high")
    )
    return (low is not None and value < low) or (high is not None and value > high)


def is_result(report: Element) -> bool:
    """Whether a report is news to somebody: anything but the mere promise of one (registered)."""
    return report.get("status") != "registered"


def is_changed_value(observation: Element) -> bool:
    """Whether a laboratory value was changed after it was given. New ones come in reports."""
    return observation.get("status") in _CORRECTED | _WITHDRAWN and reading.has_code(
        observation.get("category"), ["laboratory"]
    )


def delayed_as(report: Element, observation: Element) -> Resource | None:
    """The observation with the report's delay (NORU of 9603); None when there is none to carry
    over, or it says already who may see it.
    """
    delays = [each for each in _visibility(report) if each.get("code") == "NORU"]
    said = [each for each in _visibility(observation) if each.get("code") != "N"]
    if not delays or said:
        return None
    meta = observation.get("meta", {})
    others = [each for each in meta.get("security", ()) if each.get("system") != VISIBILITY]
    return {**observation, "meta": {**meta, "security": [*others, *delays]}}


def _visibility(resource: Element) -> list[Resource]:
    meta = resource.get("meta")
    listed = meta.get("security", ()) if isinstance(meta, dict) else ()
    return [each for each in listed if each.get("system") == VISIBILITY]


def standing_of(news: News, before: Standing | None = None) -> Standing:
    """Why it awaits acknowledgement. ``before`` is why it did (or does) already; None for what
    is new to whom it awaits.
    """
    if news.is_withdrawn:
        return Standing.WITHDRAWN
    if news.status in _CORRECTED:
        return Standing.CORRECTED
    is_new = before is None and news.status != "appended"
    return Standing.NEW if is_new else Standing.ADDED


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
        "meta": {"tag": [_tag(unit)]},
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


def handed_on(task: Resource, owner: Element, unit: Element) -> Resource:
    """The Task with another owner and another unit."""
    extensions = [
        each for each in task.get("extension", ()) if each.get("url") != ANSWERING_UNIT
    ]  # fmt: skip
    return {
        **task,
        "meta": {"tag": [_tag(unit)]},
        "owner": owner,
        "extension": [*extensions, {"url": ANSWERING_UNIT, "valueReference": unit}],
        "lastModified": clock.now().isoformat(timespec="seconds"),
    }


def _tag(unit: Element) -> Resource:
    return {"system": UNIT_TAG, "code": str(unit["reference"]).partition("/")[2]}


def of_unit(unit: str) -> tuple[str, str]:
    """What such Tasks of a unit (``Organization/1``) are searched by."""
    return "_tag", f"{UNIT_TAG}|{unit.partition('/')[2]}"


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
    "DEVIATION",
    "PART_SYSTEM",
    "RESULT_TASK",
    "News",
    "Outcome",
    "Resource",
    "ResultTask",
    "Standing",
    "acknowledged",
    "asked_again",
    "delayed_as",
    "escalated",
    "handed_on",
    "is_abnormal",
    "is_changed_value",
    "is_result",
    "news_of",
    "of_unit",
    "standing_of",
    "task_of",
    "task_resource",
]
