"""Ordering laboratory analyses, changing what is ordered, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import uuid4

import orjson

from fellesjournal.access import records
from fellesjournal.access.acts import DoneBefore, Tell, act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.orders import events
from fellesjournal.care.orders.catalogue import Analysis
from fellesjournal.care.orders.resources import (
    LABORATORY_REQUISITION,
    ORDER_TYPE,
    REQUISITION_SYSTEM,
    Person,
    Resource,
    Urgency,
    Wanted,
    materials_of,
    number_of_form,
    one_more,
    service_request,
    specimen_of,
    with_note,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound, PreconditionFailed


class OrderRefused(ValueError):
    """An order that can't be carried out; ``code`` says why, for the page's words.

    ``nothing-ordered``, ``no-reason``, ``no-information``, ``not-open``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def send_requisition(
    session: Session, *, wanted: Wanted, by: Person, unit: Person, form: str = ""
) -> str:
    """Order the analyses: the requests and samples of one requisition, in one act.

    Answers the requisition's number, the same for the same ``form`` sent twice, which orders
    once (INV-8). ``by`` is who orders and ``unit`` where she works: both answer for the result.
    Raises OrderRefused, NotAllowed.
    """
    if not wanted.analyses:
        raise OrderRefused("nothing-ordered")
    if not wanted.information.strip():
        raise OrderRefused("no-information")
    form = form or str(uuid4())
    number = number_of_form(form, by.reference)
    operations = []
    samples: dict[str, str] = {}
    if wanted.taken is not None:
        for material in materials_of(wanted.analyses):
            samples[material] = f"urn:uuid:{uuid4()}"
            sample = specimen_of(wanted, material, wanted.taken, by)
            operations.append(create(sample, known_as=samples[material]))
    operations += [
        create(
            service_request(
                wanted, each, number, by=by, unit=unit, specimen=samples.get(each.material, "")
            )
        )
        for each in wanted.analyses
    ]
    with suppress(DoneBefore):
        act(session, operations, _telling(events.SENT, wanted.patient, number), form=form)
    return number


def cancel_requisition(
    session: Session,
    *,
    patient: str,
    number: str,
    reason: str,
    by: Person,
    seen: Mapping[str, int],
) -> None:
    """Take back every analysis that is not answered. ``seen`` are the versions on the page, by
    id of the ServiceRequest.

    Raises OrderRefused without a reason or when nothing is open, PreconditionFailed when
    somebody changed it meanwhile.
    """
    if not reason.strip():
        raise OrderRefused("no-reason")
    standing = open_requests(session, patient, number, seen)
    operations = [
        change({**with_note(each, reason, by), "status": "revoked"}, seen=seen[each["id"]])
        for each in standing
    ]
    act(session, operations, _telling(events.CANCELLED, patient, number))


def change_requisition(
    session: Session,
    *,
    patient: str,
    number: str,
    analyses: Sequence[Analysis],
    urgency: Urgency,
    information: str,
    reason: str,
    by: Person,
    seen: Mapping[str, int],
) -> None:
    """Let a requisition ask for ``analyses`` from now on: those left out are taken back, new ones
    added, and what stays gets the urgency and information given. With a reason, kept on each.

    What is answered stands. Raises as :func:`cancel_requisition`.
    """
    if not reason.strip():
        raise OrderRefused("no-reason")
    if not information.strip():
        raise OrderRefused("no-information")
    if not analyses:
        raise OrderRefused("nothing-ordered")
    standing = open_requests(session, patient, number, seen)
    asked = {each.nlk: each for each in analyses}
    operations = []
    for each in standing:
        stays = reading.first_code(each.get("code")) in asked
        noted = with_note(each, reason, by)
        if stays:
            noted |= {"priority": urgency.value, "reasonCode": [{"text": information}]}
        else:
            noted |= {"status": "revoked"}
        operations.append(change(noted, seen=seen[each["id"]]))
    ordered = {reading.first_code(each.get("code")) for each in standing}
    for code, analysis in asked.items():
        if code not in ordered:
            added = one_more(standing[0], analysis, urgency, information)
            operations.append(create(with_note(added, reason, by)))
    act(session, operations, _telling(events.CHANGED, patient, number))


def open_requests(
    session: Session, patient: str, number: str, seen: Mapping[str, int]
) -> list[Resource]:
    """The requests of a requisition that nothing has come of yet, as they stand.

    Raises NotFound for a number that is not this patient's, OrderRefused when none is open,
    PreconditionFailed when one has another version than was seen.
    """
    page = records.search(
        session,
        "ServiceRequest",
        [
            ("subject", patient),
            ("requisition", f"{REQUISITION_SYSTEM}|{number}"),
            ("category", f"{ORDER_TYPE}|{LABORATORY_REQUISITION}"),
            ("_count", "200"),
        ],
    )
    if not page.matches:
        raise NotFound("this requisition is not known")
    found: list[Resource] = []
    for stored in page.matches:
        data: Resource = orjson.loads(stored.body or b"{}")
        if data.get("status") != "active":
            continue
        if seen.get(stored.id) != stored.version:
            raise PreconditionFailed("the requisition was changed meanwhile")
        found.append(data)
    if not found:
        raise OrderRefused("not-open")
    return found


def _telling(name: str, patient: str, number: str) -> Tell:
    event = events.requisition_event(name, patient, number)
    return lambda _stood: [event]


__all__ = [
    "OrderRefused",
    "cancel_requisition",
    "change_requisition",
    "open_requests",
    "send_requisition",
]
