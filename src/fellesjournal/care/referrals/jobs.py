"""What the clock and other packages start: breaches of the deadline, units that close,
appointments that do not hold. Nothing here takes a patient off a list (INV-12).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from fellesjournal.access import acts, patients
from fellesjournal.access.acts import act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes, events
from fellesjournal.care.referrals.actions.case import Case, load, names, search_all, seen_now
from fellesjournal.care.referrals.actions.receiving import (
    receive_answer,
    receive_referral,
    receive_status,
)
from fellesjournal.care.referrals.actions.referring import office_task, put_received
from fellesjournal.care.referrals.actions.waiting import appointment_of, back_to_the_list
from fellesjournal.care.referrals.incoming import NoReferral, message_of
from fellesjournal.care.referrals.limits import LIMITS
from fellesjournal.care.referrals.notices import Notice, both_told
from fellesjournal.care.referrals.resources import (
    OPEN_TASK,
    Resource,
    named,
    new_task,
    put_modified,
    put_state,
    put_task_state,
    read_unit,
    read_work,
    state_of,
)
from fellesjournal.care.referrals.states import State
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event
from fellesjournal.national.refusals import Refused
from fellesjournal.registry.working_days import add_working_days

_OPEN = ",".join(sorted(OPEN_TASK))
_UP = 12  # more levels than any organisation has


def find_breaches(session: Session) -> None:
    """INV-14: each referral whose day to assess is over gets an owned Helfo step, and both the
    patient and the referrer are told. The referral stays where it was, to be assessed.
    """
    query = [("code", f"{codes.TASK_CODE}|{codes.REFERRAL_TASK}"), ("status", "requested,on-hold")]
    for data, version in search_all(session, "Task", query):
        work = read_work(data, version)
        if work.state in {State.TO_ASSESS, State.ASKED} and work.is_late and not work.by_message:
            _begin_helfo_step(session, work.referral)


def _begin_helfo_step(session: Session, referral_id: str) -> None:
    case = load(session, referral_id)
    referral, work = case.referral, case.work
    if not work.is_late or any(read_work(t, v).code == codes.HELFO_TASK for t, v in case.others):
        return
    step = new_task(
        codes.HELFO_TASK,
        focus=referral.reference,
        patient=referral.patient,
        owner=named(work.owner, work.owner_name),
        requester=named(work.owner, work.owner_name),
        deadline=add_working_days(clock.today(), LIMITS.helfo_within),
    )
    step["priority"] = "asap"
    told = both_told(Notice.OVERDUE, referral, work.owner, day=work.deadline)
    # one step for one broken deadline, closed or not
    once = f"focus={referral.reference}&code={codes.TASK_CODE}|{codes.HELFO_TASK}"

    def tell(stood: Sequence[Any]) -> Iterable[Event]:
        yield events.event(events.OVERDUE, referral, work.id, helfo=stood[0].reference)

    if not _has_step(session, referral.reference):
        act(session, [create(step, unless=once), *told], tell)


def _has_step(session: Session, reference: str) -> bool:
    query = [("focus", reference), ("code", f"{codes.TASK_CODE}|{codes.HELFO_TASK}")]
    return bool(search_all(session, "Task", query))


def keep_owned(session: Session) -> None:
    """INV-13: what a closed unit owns passes to the nearest open unit above it."""
    all_codes = (codes.REFERRAL_TASK, codes.QUESTION_TASK, codes.HELFO_TASK)
    wanted = ",".join(f"{codes.TASK_CODE}|{code}" for code in all_codes)
    found = search_all(session, "Task", [("code", wanted), ("status", _OPEN)])
    owners = {read_work(data, version).owner for data, version in found}
    heirs = _heirs(session, owners)
    for data, version in found:
        work = read_work(data, version)
        if work.owner in heirs:
            _hand_over(session, data, version, heirs[work.owner])


def adopt_unowned(session: Session) -> None:
    """INV-13: an open referral that came without a Task (by the API, by an import) gets one, owned
    by the unit that is asked, with the days to assess counted from when it was written.
    """
    query = [("category", f"{codes.ORDER_TYPE}|{codes.REFERRAL}"), ("status", "active,on-hold")]
    owned = {
        read_work(data, version).referral
        for data, version in search_all(
            session, "Task", [("code", f"{codes.TASK_CODE}|{codes.REFERRAL_TASK}")]
        )
    }
    for request, version in search_all(session, "ServiceRequest", query):
        if str(request["id"]) not in owned:
            _adopt(session, request, version)


def _adopt(session: Session, request: Resource, version: int) -> None:
    asked = next(reading.elements(request.get("performer")), {})
    owner = _unit_of(session, reading.reference_target(asked))
    if not owner:
        return  # nobody is asked: there is no unit that could answer for it
    written = reading.first_moment(request, "authoredOn")
    received = clock.today() if written is None else written.at.date()
    request.setdefault("priority", "routine")
    put_state(request, state_of(request))
    put_received(request, received)
    focus = f"ServiceRequest/{request['id']}"
    unit = reading.reference_target(read_unit(request))
    task = office_task(
        request,
        focus=focus,
        owner=named(owner, names(session, owner)[owner]),
        requester=read_unit(request) if unit else None,
        received=received,
    )
    once = f"focus={focus}&code={codes.TASK_CODE}|{codes.REFERRAL_TASK}"
    act(session, [change(request, seen=version), create(task, unless=once)])


def _unit_of(session: Session, asked: str) -> str:
    """The Organization behind who is asked; "" when there is none."""
    kind, _, key = asked.partition("/")
    member = {"HealthcareService": "providedBy", "PractitionerRole": "organization"}.get(kind)
    if kind == "Organization" or member is None:
        return asked if kind == "Organization" else ""
    for stored in patients.read_known(session, [(kind, key)]):
        return reading.reference_target(orjson.loads(stored.body or b"{}").get(member))
    return ""


def _hand_over(session: Session, task: Any, version: int, heir: reading.Element) -> None:
    work = read_work(task, version)
    task["owner"] = dict(heir)
    put_modified(task)
    writes = [change(task, seen=version)]
    if work.code == codes.REFERRAL_TASK:
        # who owns the work is asked as well, for that is what opens the record to her unit
        request, seen = acts.read(session, "ServiceRequest", work.referral)
        asked = list(reading.elements(request.get("performer")))
        request["performer"] = [*asked, dict(heir)]
        writes.append(change(request, seen=seen))
    act(session, writes)


def _heirs(session: Session, owners: Iterable[str]) -> dict[str, reading.Element]:
    """For each closed unit the nearest open one above it; none for those that are open."""
    known: dict[str, reading.Element] = {}
    wanted = {owner for owner in owners if owner.startswith("Organization/")}
    for _ in range(_UP):
        pairs = [("Organization", each.partition("/")[2]) for each in wanted - set(known)]
        if not pairs:
            break
        for stored in patients.read_known(session, pairs):
            known[stored.reference] = orjson.loads(stored.body or b"{}")
        wanted = {reading.reference_target(each.get("partOf")) for each in known.values()} - {""}
    heirs = {}
    for owner in owners:
        if known.get(owner, {}).get("active") is False:
            heir = _nearest_open(owner, known)
            if heir:
                heirs[owner] = named(heir, reading.string(known[heir].get("name")))
    return heirs


def _nearest_open(unit: str, known: Mapping[str, reading.Element]) -> str:
    for _ in range(_UP):
        unit = reading.reference_target(known.get(unit, {}).get("partOf"))
        if unit not in known or known[unit].get("active") is not False:
            break
    return unit if unit in known else ""


def on_appointment_lost(session: Session, payload: Mapping[str, str]) -> None:
    """An appointment was cancelled or missed: who was called in to it waits again."""
    for case in _called_in_to(session, payload.get("appointment", "")):
        back_to_the_list(case)
        case.more += both_told(Notice.POSTPONED, case.referral, case.work.owner)
        case.write(session, seen_now(case), events.POSTPONED)


def on_appointment_moved(session: Session, payload: Mapping[str, str]) -> None:
    """The appointment has another day: that is the next deadline now."""
    data = _appointment(session, payload.get("appointment", ""))
    start = reading.moment(data.get("start"))
    for case in _called_in_to(session, payload.get("appointment", "")):
        if start is not None and case.task is not None:
            _put_deadline(session, case, case.task, start.at.date())


def _put_deadline(session: Session, case: Case, task: Resource, day: date) -> None:
    put_task_state(task, case.referral.state, day)
    act(session, [change(task, seen=case.task_version)])


def _called_in_to(session: Session, reference: str) -> list[Case]:
    """The referrals that this appointment is for, and that still await it."""
    key = reference.partition("/")[2]
    based_on = reading.elements(_appointment(session, reference).get("basedOn"))
    found = []
    for each in map(reading.reference_target, based_on):
        if each.startswith("ServiceRequest/"):
            case = load(session, each.partition("/")[2])
            if case.referral.state is State.CALLED_IN and appointment_of(case) == key:
                found.append(case)
    return found


def on_referral_message(session: Session, payload: Mapping[str, str]) -> None:
    """A referral came as a message: new, changed or cancelled (INV-15, INV-16).

    ``document`` is the DocumentReference that keeps the message (its XML is an attachment of type
    application/xml), ``patient``, ``unit`` and ``sender`` (Organization) whom it is about, to and
    from; ``service`` the one it was addressed to, if it was. A message of another kind changes
    nothing.
    """
    for data in _attached(session, payload["document"], "application/xml"):
        try:
            message = message_of(
                data,
                patient=payload["patient"],
                service=payload.get("service") or _service_of(session, payload["unit"]),
                office=payload["unit"],
                sender=payload["sender"],
                document=payload["document"],
            )
        except (NoReferral, Refused):
            continue  # taken in by others, and answered by its receipt
        receive_referral(session, message)


def on_status_message(session: Session, payload: Mapping[str, str]) -> None:
    """A receiver on another system tells where a referral stands (9148): ``referral``, ``code``,
    and ``document`` with its words.
    """
    words = b"\n".join(_attached(session, payload["document"], "text/plain")).decode()
    receive_status(
        session,
        referral_id=payload["referral"].partition("/")[2],
        code=payload["code"],
        text=words,
        document=payload["document"],
    )


def on_answer_message(session: Session, payload: Mapping[str, str]) -> None:
    """Who referred answers what the office asked: ``referral``, ``question``, ``document``."""
    words = b"\n".join(_attached(session, payload["document"], "text/plain")).decode()
    receive_answer(
        session,
        referral_id=payload["referral"].partition("/")[2],
        question=payload["question"].partition("/")[2],
        text=words,
    )


def _attached(session: Session, reference: str, kind: str) -> list[bytes]:
    """The files of a document that are of one type."""
    document, _ = acts.read(session, "DocumentReference", reference.partition("/")[2])
    files = [each.get("attachment") or {} for each in reading.elements(document.get("content"))]
    return [
        base64.b64decode(file["data"])
        for file in files
        if reading.string(file.get("contentType")).startswith(kind) and file.get("data")
    ]


def _service_of(session: Session, unit: str) -> str:
    """The one service of a unit that takes referrals in, else the unit itself."""
    kind = f"{codes.SERVICE_KIND}|{codes.RECEIVES_REFERRALS}"
    query = [("organization", unit), ("service-type", kind)]
    found = search_all(session, "HealthcareService", query)
    return f"HealthcareService/{found[0][0]['id']}" if len(found) == 1 else unit


def _appointment(session: Session, reference: str) -> Resource:
    try:
        return acts.read(session, "Appointment", reference.partition("/")[2])[0]
    except FhirError:
        return {}


__all__ = [
    "adopt_unowned",
    "find_breaches",
    "keep_owned",
    "on_answer_message",
    "on_appointment_lost",
    "on_appointment_moved",
    "on_referral_message",
    "on_status_message",
]
