"""Documents for units that work on the platform: into the worklist of the unit, which owns it."""

from __future__ import annotations

from datetime import timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import events
from fellesjournal.care.messages.resources import (
    DELIVERY_SYSTEM,
    TASK_SYSTEM,
    Delivery,
)
from fellesjournal.fhir.issues import Conflict
from fellesjournal.foundation import clock

RECEIVED = "document-received"
READ_WITHIN = timedelta(days=3)
"""Assumption (configurable): how soon a unit reads what has come to it."""


def hand_over_inside(session: Session, delivery: Delivery) -> str:
    """A Task of the receiving unit to read the document; answers its reference. Once for each."""
    at = clock.now()
    (stood,) = act(
        session,
        [
            create(
                {
                    "resourceType": "Task",
                    "identifier": [{"system": DELIVERY_SYSTEM, "value": f"{delivery.id}#received"}],
                    "partOf": [{"reference": f"Task/{delivery.id}"}],
                    "status": "requested",
                    "intent": "order",
                    "priority": "urgent" if delivery.urgent else "routine",
                    "code": {"coding": [{"system": TASK_SYSTEM, "code": RECEIVED}]},
                    "focus": {"reference": delivery.document},
                    "for": {"reference": delivery.patient},
                    "authoredOn": at.isoformat(),
                    "requester": {"reference": delivery.owner},
                    "owner": {"reference": delivery.recipient.reference},
                    "restriction": {"period": {"end": (at + READ_WITHIN).isoformat()}},
                },
                unless=f"identifier={DELIVERY_SYSTEM}|{delivery.id}%23received",
            )
        ],
    )
    return f"Task/{stood.id}"


def acknowledge(session: Session, task_id: str) -> None:
    """Somebody at the receiving unit has read it. Raises Conflict when it was read before."""
    task, version = acts.read(session, "Task", task_id)
    if task.get("status") != "requested":
        raise Conflict("this has been read already")
    task["status"] = "completed"
    task["output"] = [
        {
            "type": {"text": "read by"},
            "valueReference": {"reference": session.person},
        }
    ]
    sender = str(task["partOf"][0]["reference"]).partition("/")[2]
    patient = str(task["for"]["reference"])
    act(
        session,
        [change(task, seen=version)],
        lambda _: [
            events.of_reading(sender, patient, f"Task/{task_id}"),
        ],
    )


__all__ = ["READ_WITHIN", "RECEIVED", "acknowledge", "hand_over_inside"]
