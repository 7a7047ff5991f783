"""Tasks of those who review all reading: found by their label, shown by the duty alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from fellesjournal.access.labels import Label
from fellesjournal.access.moments import end_of
from fellesjournal.access.readlog.leave import reviews_all
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.reviews import PLATFORM, log_tasks
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import BadRequest, NotAllowed, NotFound
from fellesjournal.foundation import clock

_MOST = 200
MOST_WORDS = 1000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OversightTask:
    """One Task of the review of reading, with its number, that of the patient, and her Patient."""

    id: str
    version: int
    rid: int
    patient: int
    data: Json
    person: Json

    @property
    def is_open(self) -> bool:
        """Whether it awaits its end."""
        return bool(self.data.get("status") != "completed")

    @property
    def deadline(self) -> datetime | None:
        """When it should have been ended."""
        period = (self.data.get("restriction") or {}).get("period") or {}
        return end_of(period["end"]) if period.get("end") else None

    @property
    def is_late(self) -> bool:
        """Whether it should have been ended by now."""
        return self.is_open and self.deadline is not None and self.deadline <= clock.now()

    @property
    def patient_name(self) -> str:
        """Whose record it is about."""
        return reading.name_text(self.person.get("name"))

    @property
    def birth_year(self) -> str:
        """To tell two of one name apart."""
        return reading.string(self.person.get("birthDate"))[:4]

    def input_reference(self, code: str) -> str:
        """The reference in the input of a code; "" for none."""
        return next(map(reading.reference_target, self._inputs(code, "valueReference")), "")

    def input_display(self, code: str) -> str:
        """What that reference is called."""
        return next(map(reading.reference_text, self._inputs(code, "valueReference")), "")

    def input_texts(self, code: str) -> list[str]:
        """The texts in the inputs of a code."""
        return list(map(reading.string, self._inputs(code, "valueString")))

    def _inputs(self, code: str, member: str) -> Iterable[object]:
        for given in reading.elements(self.data.get("input")):
            if reading.first_code(given.get("type")) == code and member in given:
                yield given[member]


def tasks_of(session: Session, code: str) -> list[OversightTask]:
    """Tasks of a code of ours, open ones first and the newest first. Raises NotAllowed.

    Being shown is for the caller to log (:func:`shown`), when it knows which are.
    """
    if not reviews_all(session):
        raise NotAllowed("this role reviews nothing", code="forbidden")
    session.connection()  # her role holds now
    wanted = orjson.dumps([{"system": TASK_SYSTEM, "code": code}]).decode()
    rows = PLATFORM.connection().execute(
        "select t.fhir_id, t.version, t.rid, t.patient, v.body, pv.body from store.resource t"
        " join store.version v on v.rid = t.rid and v.version = t.version"
        " join store.resource p on p.rid = t.patient"
        " join store.version pv on pv.rid = p.rid and pv.version = p.version"
        " cross join lateral (select convert_from(v.body, 'UTF8')::jsonb) j(data)"
        f" where (t.labels & {int(Label.REVIEW)}) <> 0 and t.type = %s and not t.deleted"
        " and j.data -> 'code' -> 'coding' @> %s::jsonb"
        " order by j.data ->> 'status' = 'completed', t.seq desc limit %s",
        [type_number("Task"), wanted, _MOST],
    ).fetchall()  # fmt: skip
    return [
        OversightTask(fhir_id, version, rid, patient, _data(body), _data(person))
        for fhir_id, version, rid, patient, body, person in rows
    ]


def shown(session: Session, tasks: Iterable[OversightTask]) -> None:
    """A line about each patient: that somebody looked at, decided or ended a task about her."""
    log_tasks(session, [(task.rid, task.patient) for task in tasks])


def only(tasks: Iterable[OversightTask], fhir_id: str) -> OversightTask:
    """The open one of an id. Raises NotFound, BadRequest when it is ended already."""
    for task in tasks:
        if task.id == fhir_id:
            if not task.is_open:
                raise BadRequest("this is decided already", code="business-rule")
            return task
    raise NotFound(f"Task/{fhir_id} is not known")


def words(text: str, *, needed: bool = True) -> str:
    """What was written. Raises BadRequest for nothing where words are needed, or too many."""
    said = text.strip()
    if needed and not said:
        raise BadRequest("say what was found, or done", code="required")
    if len(said) > MOST_WORDS:
        raise BadRequest(f"at most {MOST_WORDS} characters", code="too-long")
    return said


def _data(body: bytes | None) -> Json:
    return {} if body is None else bodies.parse(body).data


__all__ = ["MOST_WORDS", "OversightTask", "only", "shown", "tasks_of", "words"]
