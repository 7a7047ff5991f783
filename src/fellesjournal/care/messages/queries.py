"""Where deliveries stand, and which way to a recipient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fellesjournal.access import acts, citizens, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.inside import RECEIVED
from fellesjournal.care.messages.resources import (
    DELIVERY,
    FOLLOW_UP,
    TASK_SYSTEM,
    Delivery,
    Recipient,
    delivery,
)
from fellesjournal.care.messages.states import Route
from fellesjournal.fhir import reading

OUTSIDER = "outsider"
_MOST = 500


def recipient_of(session: Session, reference: str) -> Recipient:
    """Whom a reference names and on which way she or it is reached.

    A citizen who has accepted the terms reads HelsaMi; to others a letter goes on paper. Raises
    NotFound.
    """
    kind, _, fhir_id = reference.partition("/")
    stored = records.read(session, kind, fhir_id)
    data = acts.content(stored)
    if kind == "Patient":
        digital = citizens.reads_helsami(fhir_id)
        return Recipient(
            reference,
            reading.name_text(data.get("name")),
            Route.HELSAMI if digital else Route.PAPER,
        )
    return Recipient(reference, str(data.get("name", "")), _way_to_unit(data))


def delivery_by(session: Session, reference: str) -> Delivery:
    """One delivery. Raises NotFound."""
    stored = records.read(session, "Task", reference.partition("/")[2])
    return delivery(acts.content(stored), stored.version)


def deliveries_of(session: Session, document: str) -> list[Delivery]:
    """All deliveries of a document (``DocumentReference/1``), the first queued first."""
    return _deliveries(session, [("focus", document), ("_sort", "authored-on")])


def in_flight(session: Session, unit: str) -> list[Delivery]:
    """What a unit has sent and still waits for evidence of, the oldest first."""
    return _deliveries(
        session,
        [("owner", unit), ("status", "requested,in-progress"), ("_sort", "authored-on")],
    )


def to_print(session: Session, unit: str) -> list[Delivery]:
    """What a unit has to print and post."""
    return [each for each in in_flight(session, unit) if each.recipient.route is Route.PAPER]


def follow_ups(session: Session, unit: str) -> list[dict[str, Any]]:
    """The Tasks about deliveries of a unit that failed and are not taken up yet, oldest first."""
    return _tasks(session, FOLLOW_UP, [("owner", unit), ("status", "requested,accepted")])


def received(session: Session, unit: str) -> list[dict[str, Any]]:
    """The Tasks to read what has come to a unit, oldest first."""
    return _tasks(session, RECEIVED, [("owner", unit), ("status", "requested,accepted")])


def _way_to_unit(data: dict[str, Any]) -> Route:
    tags = data.get("meta", {}).get("tag", ())
    if any(tag.get("code") == OUTSIDER for tag in tags):
        return Route.NATIONAL
    return Route.INSIDE


def _deliveries(session: Session, query: Sequence[tuple[str, str]]) -> list[Delivery]:
    page = records.search(
        session,
        "Task",
        [("code", f"{TASK_SYSTEM}|{DELIVERY}"), ("_count", str(_MOST)), *query],
    )
    return [delivery(acts.content(each), each.version) for each in page.matches]


def _tasks(session: Session, code: str, query: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    page = records.search(
        session,
        "Task",
        [
            ("code", f"{TASK_SYSTEM}|{code}"),
            ("_sort", "authored-on"),
            ("_count", str(_MOST)),
            *query,
        ],
    )
    return [acts.content(each) for each in page.matches]


__all__ = [
    "deliveries_of",
    "delivery_by",
    "follow_ups",
    "in_flight",
    "received",
    "recipient_of",
    "to_print",
]
