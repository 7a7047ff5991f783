"""Readings that were not justified, as the data protection officer follows them up.

Ended with words about what came of it, or not at all. Nobody follows up her own reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import oversight
from fellesjournal.access.oversight import OversightTask
from fellesjournal.access.relations.derive import ACCESS_FOLLOW_UP, TASK_SYSTEM
from fellesjournal.access.review_decisions import rewrite, with_note
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.foundation.database.connection import transaction


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One of them. ``source`` is the organisation to take it up with, ``by`` whose reading it
    was, ``outcome`` what came of it ("" while it is open).
    """

    task: str
    version: int
    patient: str
    birth_year: str
    by: str
    unit: str
    source: str
    since: datetime | None
    deadline: datetime | None
    is_open: bool
    is_late: bool
    outcome: str


def follow_ups(session: Session) -> list[FollowUp]:
    """All of them, open ones first. Raises NotAllowed for a role without the duty.

    Being shown is logged about each patient.
    """
    found = _found(session)
    if found:
        oversight.shown(session, found)
    return [_of(task) for task in found]


def close(session: Session, task: str, version: int, text: str) -> None:
    """End one with what came of it. ``version`` is the one that was shown.

    Raises NotAllowed without the duty, NotFound for none of hers, BadRequest without words or
    when it is ended already, Conflict when it was changed meanwhile.
    """
    said = oversight.words(text)
    with transaction():
        one = oversight.only(_found(session), task)
        data = with_note(one.data, session.person, said)
        data["status"] = "completed"
        data["output"] = [
            {
                "type": {"coding": [{"system": TASK_SYSTEM, "code": "outcome"}]},
                "valueString": said,
            }
        ]
        rewrite(task, version, data)
        oversight.shown(session, [one])


def _found(session: Session) -> list[OversightTask]:
    tasks = oversight.tasks_of(session, ACCESS_FOLLOW_UP)
    return [task for task in tasks if task.input_reference("read-by") != session.person]


def _of(task: OversightTask) -> FollowUp:
    since = reading.moment(task.data.get("authoredOn"))
    return FollowUp(
        task=task.id,
        version=task.version,
        patient=task.patient_name,
        birth_year=task.birth_year,
        by=task.input_display("read-by"),
        unit=task.input_display("unit"),
        source=task.input_display("source-entity"),
        since=None if since is None else since.at,
        deadline=task.deadline,
        is_open=task.is_open,
        is_late=task.is_late,
        outcome=next(
            (reading.string(each.get("valueString")) for each in reading.elements(task.data.get("output"))),
            "",
        ),
    )  # fmt: skip


__all__ = ["FollowUp", "close", "follow_ups"]
