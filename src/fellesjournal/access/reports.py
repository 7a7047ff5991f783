"""A citizen's report of a reading that looks wrong (norway.md section 9, L4): owned work for the
data protection officer, who finds the lines of the log in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson

from fellesjournal.access.officers import NobodyToTell, officer
from fellesjournal.access.readlog.audit_event import event_id
from fellesjournal.access.readlog.leave import log_patient
from fellesjournal.access.readlog.queries import line
from fellesjournal.access.relations.derive import LOG_REPORT, TASK_SYSTEM
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

ANSWER_WITHIN = timedelta(days=30)
"""GDPR article 12 (3): an answer without undue delay, and within one month."""

_MOST_WORDS = 4000
# Tasks are the work of others: the platform writes it on behalf of the citizen.
_DESK = system_session("system:citizen-reports", purpose="PATRQT")


def report_reading(session: Session, keys: Sequence[str], words: str) -> str:
    """A citizen says that readings (keys of lines) look wrong; answers the id of the Task.

    The Task is owned by the data protection officer and names the log lines as AuditEvents.
    Raises NotFound when the lines are not in a log the session may see, NobodyToTell.
    """
    patient = log_patient(session, session.subject)
    database = session.connection()
    found = [line(database, key) for key in keys]
    lines = [each for each in found if each is not None and patient in each.patients]
    if not lines or len(lines) != len(keys):
        raise NotFound("these lines are not in this log")
    now = clock.now()
    who = lines[-1].who
    taker = officer(_DESK, unit=who.unit, but=who.person)
    task: dict[str, Any] = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": LOG_REPORT}]},
        "description": words.strip()[:_MOST_WORDS] or "-",
        "for": {"reference": session.subject},
        "authoredOn": now.isoformat(timespec="seconds"),
        "requester": {"reference": session.person},
        "owner": {"reference": taker.reference, "display": taker.title},
        "restriction": {"period": {"end": (now + ANSWER_WITHIN).isoformat(timespec="seconds")}},
        "input": [
            {
                "type": {"coding": [{"system": TASK_SYSTEM, "code": "log-line"}]},
                "valueString": f"AuditEvent/{event_id(each, patient)}",
            }
            for each in lines
        ],
    }
    body = bodies.parse(orjson.dumps(task))
    written = write_single(_DESK, Operation("create", "Task", body=body))
    assert written.stored is not None  # a create stores
    return written.stored.id


__all__ = ["ANSWER_WITHIN", "NobodyToTell", "report_reading"]
