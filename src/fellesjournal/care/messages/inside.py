"""Documents for units that work on the platform: into the worklist of the unit, which owns it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource, act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import events
from fellesjournal.care.messages.resources import RECEIVED_SYSTEM, TASK_SYSTEM, Delivery
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict, NotFound
from fellesjournal.foundation import clock

RECEIVED = "document-received"
READ_WITHIN = timedelta(days=3)
"""Assumption (configurable): how soon a unit reads what has come to it."""


def hand_over_inside(session: Session, delivery: Delivery) -> str:
    """A Task of the receiving unit to read the document; answers its reference. Once for each."""
    (stood,) = act(
        session,
        [
            create(
                received_resource(
                    number=delivery.message,
                    document=delivery.document,
                    patient=delivery.patient,
                    unit=delivery.recipient.reference,
                    sender=delivery.owner,
                    urgent=delivery.urgent,
                    delivery=f"Task/{delivery.id}",
                ),
                unless=f"identifier={RECEIVED_SYSTEM}|{delivery.message}",
            )
        ],
    )
    return f"Task/{stood.id}"


def give_to_read(session: Session, payload: Mapping[str, str]) -> None:
    """A Task of ``unit`` to read ``document``, which came from outside. Once for each document."""
    number = f"read-{payload['document'].partition('/')[2]}"
    task = received_resource(
        number=number,
        document=payload["document"],
        patient=payload["patient"],
        unit=payload["unit"],
        sender="",
        urgent=False,
    )
    act(session, [create(task, unless=f"identifier={RECEIVED_SYSTEM}|{number}")])


def received_resource(
    *,
    number: str,
    document: str,
    patient: str,
    unit: str,
    sender: str,
    urgent: bool,
    delivery: str = "",
) -> Resource:
    """Work of a unit: to read what came. ``number`` is that of the message or delivery.

    ``delivery`` is the sender's, where the sender is on the platform and waits for evidence.
    """
    at = clock.now()
    task: Resource = {
        "resourceType": "Task",
        "identifier": [{"system": RECEIVED_SYSTEM, "value": number}],
        "status": "requested",
        "intent": "order",
        "priority": "urgent" if urgent else "routine",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": RECEIVED}]},
        "focus": {"reference": document},
        "for": {"reference": patient},
        "authoredOn": at.isoformat(),
        "owner": {"reference": unit},
        "restriction": {"period": {"end": (at + READ_WITHIN).isoformat()}},
    }
    if sender:
        task["requester"] = {"reference": sender}
    if delivery:
        task["partOf"] = [{"reference": delivery}]
    return task


def acknowledge(session: Session, task_id: str) -> None:
    """Somebody at the receiving unit has read it. Raises Conflict when it was read before,
    NotFound for other work and for what came to another unit.
    """
    task, version = acts.read(session, "Task", task_id)
    is_hers = task.get("owner", {}).get("reference") == session.unit
    if not is_hers or not reading.has_code(task.get("code"), [RECEIVED]):
        raise NotFound(f"Task/{task_id} is not known")
    if task.get("status") != "requested":
        raise Conflict("this has been read already")
    task["status"] = "completed"
    task["output"] = [
        {
            "type": {"text": "read by"},
            "valueReference": {"reference": session.person},
        }
    ]
    patient = str(task["for"]["reference"])
    delivered = [str(each["reference"]).partition("/")[2] for each in task.get("partOf", ())]
    act(
        session,
        [change(task, seen=version)],
        lambda _: [events.of_reading(each, patient, f"Task/{task_id}") for each in delivered],
    )


__all__ = [
    "READ_WITHIN",
    "RECEIVED",
    "acknowledge",
    "give_to_read",
    "hand_over_inside",
    "received_resource",
]
