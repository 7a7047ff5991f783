"""Which delivery a receipt is evidence of, and whether whoever sent it may say so (INV-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fellesjournal.access import acts, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.outside.addressing import numbers_of
from fellesjournal.care.messages.queries import delivery_by
from fellesjournal.care.messages.resources import DELIVERY, MESSAGE_SYSTEM, TASK_SYSTEM, Delivery
from fellesjournal.care.messages.states import Route
from fellesjournal.fhir.issues import NotFound
from fellesjournal.national.receipts import Receipt
from fellesjournal.national.values import Code

NUMBER = re.compile(r"[A-Za-z0-9._:{}\-]{1,128}", re.ASCII)
"""Message numbers that are taken in: UUIDs (norway.md section 6), and whatever else may stand in
a query and in an identifier as it is."""


def delivery_answered(session: Session, receipt: Receipt) -> Delivery | None:
    """The delivery to another system that a receipt answers; None for what never went out, and
    when it is not from the unit that it was sent to. Who sends is as the receipt says: the
    message service checks that it is so.
    """
    number = receipt.original.id
    if not NUMBER.fullmatch(number):
        return None
    page = records.search(
        session,
        "Task",
        [("identifier", f"{MESSAGE_SYSTEM}|{number}"), ("code", f"{TASK_SYSTEM}|{DELIVERY}")],
    )
    for each in page.matches:
        found = delivery_by(session, f"Task/{each.id}")
        if found.recipient.route is Route.NATIONAL and _is_from(session, receipt, found):
            return found
    return None


def _is_from(session: Session, receipt: Receipt, sent: Delivery) -> bool:
    kind, _, fhir_id = sent.recipient.reference.partition("/")
    try:
        unit, _ = acts.read(session, kind, fhir_id)
    except NotFound:
        return False
    return not numbers_of(session, unit).isdisjoint(_her_ids(receipt))


def _her_ids(receipt: Receipt) -> Iterator[str]:
    institution = receipt.sender.provider.institution
    if institution is None:
        return
    yield from _her(institution.id, institution.id_type)
    for unit in institution.departments:
        yield from _her(unit.id, unit.id_type)
    for person in institution.staff:
        yield from _her(person.id, person.id_type)
    for other in institution.others:
        yield from _her(other.id, other.type)


def _her(number: str | None, kind: Code | None) -> Iterator[str]:
    if number and kind is not None and kind.code == "HER":
        yield number


__all__ = ["NUMBER", "delivery_answered"]
