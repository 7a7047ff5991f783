"""What a carer does at a visit: begins and ends it, says of each item what became of it.

INV-23: a dose is given at most once: its administration has a number that is unique in the
store. INV-20: a dose of a prescription that does not stand any more is refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, Stored, act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.codes import coded, first, number, reference
from fellesjournal.care.homecare.measuring import NotMeasured, is_measured
from fellesjournal.care.homecare.planned import (
    Item,
    State,
    Wanted,
    WantedVisit,
    is_in_force,
    medicine_name,
)
from fellesjournal.care.homecare.plans import measured_by
from fellesjournal.care.homecare.reading_days import items
from fellesjournal.care.homecare.timing import window
from fellesjournal.care.homecare.visits import (
    LATE_AFTER,
    Visit,
    item_resource,
    made_by,
    read_item,
    read_visit_of,
    visit_resource,
    with_state,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, Conflict, Gone, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.foundation.outbox.events import Event

MOST_WORDS = 2000
# Assumption (configurable): so far from when it was planned a dose was given at most. A slip of the
# finger on the day is likelier, and a dose a day late is another dose.
FARTHEST = timedelta(hours=24)


class AlreadyAccounted(Conflict):
    """Somebody has said already what became of it."""


class NotYet(Conflict):
    """It belongs to a day that has not come."""


class DosesLeft(Conflict):
    """Medicines were given only when each dose of the visit has its answer; ``doses``: the rest."""

    def __init__(self, doses: Sequence[Item]) -> None:
        super().__init__("doses of this visit have no answer yet")
        self.doses = tuple(doses)


class NotThen(BadRequest):
    """A dose can't have been given then: that time has not come, or lies too far from the planned."""


class OrderGone(Conflict):
    """The prescription behind a dose does not stand any more, or says something else."""


def start_visit(session: Session, *, patient: str, visit_id: str, seen: int) -> None:
    """Begin a visit: it is hers from now on. Raises Conflict unless it is planned, NotYet."""
    data, visit = read_visit_of(session, patient, visit_id)
    if visit.status != "planned":
        raise Conflict("this visit has been begun or cancelled")
    if is_ahead(visit.starts, clock.now()):
        raise NotYet("this visit is of a day that has not come")
    now = _now()
    planned = {"status": "planned", "period": data["period"]}
    begun = data | {
        "status": "in-progress",
        "statusHistory": [*data.get("statusHistory", ()), planned],
        "participant": made_by(session.person, ""),
        "period": {"start": now},
    }
    act(session, [change(begun, seen=seen)])


def end_visit(session: Session, *, patient: str, visit_id: str, seen: int) -> None:
    """End a visit under way. What is left open in it stays on the list until somebody says."""
    data, visit = read_visit_of(session, patient, visit_id)
    if visit.status != "in-progress":
        raise Conflict("this visit is not under way")
    ended = data | {
        "status": "finished",
        "period": {"start": data["period"]["start"], "end": _now()},
    }
    act(session, [change(ended, seen=seen)], lambda _: [events.visit_done(patient, visit_id)])


def assign_visit(
    session: Session, *, patient: str, visit_id: str, seen: int, practitioner: str, name: str
) -> None:
    """Give a planned visit to somebody by name (Practitioner/1)."""
    data, visit = read_visit_of(session, patient, visit_id)
    if visit.status != "planned":
        raise Conflict("this visit has been begun or cancelled")
    act(session, [change(data | {"participant": made_by(practitioner, name)}, seen=seen)])


def action_done(session: Session, *, patient: str, item_id: str, seen: int) -> None:
    """A planned action was done.

    Raises AlreadyAccounted; DosesLeft for one that gives medicines while a dose of its visit has
    no answer: green must not be read as "she has had her medicines"; NotMeasured for one that
    measures, while nothing of this visit was written down.
    """
    task, item = _open_item(session, patient, item_id, dose=False)
    planned = _activity_of(session, item)
    left = [each for each in items(session, [item.visit]) if each.is_dose and _is_open(each)]
    if left and _gives_medicines(planned):
        raise DosesLeft(left)
    if wanted := measured_by(planned or {}):
        _, visit = read_visit_of(session, patient, item.visit)
        if not is_measured(session, patient, wanted, visit.measured_from):
            raise NotMeasured(wanted)
    act(session, [change(_ended(session, task, State.DONE, item), seen=seen)])


def _is_open(item: Item) -> bool:
    return item.state is State.OPEN


def gives_medicines(session: Session, item: Item) -> bool:
    """Whether medicines are given by an action (one round trip); one that the plan has no more counts as if so."""
    return _gives_medicines(_activity_of(session, item))


def _gives_medicines(planned: Resource | None) -> bool:
    if planned is None:
        return True
    return reading.has_code([planned.get("detail", {}).get("code")], [codes.GIVES_MEDICINES])


def _activity_of(session: Session, item: Item) -> Resource | None:
    """What the plan says of an action; None for one that it has no more, or when it is gone itself."""
    try:
        plan, _ = acts.read(session, *_split(item.focus))
    except (Gone, NotFound):
        return None
    key = item.source.rpartition(".")[2]
    return next((each for each in plan.get("activity", ()) if each.get("id") == key), None)


def not_done(session: Session, *, patient: str, item_id: str, seen: int, reason: str) -> None:
    """An action was not done, or a dose not given, for a reason in words.

    Raises BadRequest without a reason, AlreadyAccounted.
    """
    words = reason.strip()[:MOST_WORDS]
    if not words:
        raise BadRequest("what is not done has a reason", code="required")
    task, item = _open_item(session, patient, item_id, dose=None)
    operations = [change(_ended(session, task, State.NOT_DONE, item, words), seen=seen)]
    if item.is_dose:
        order, _ = acts.read(session, *_split(item.focus))
        body = _administration(session, item, order, clock.now(), words)
        operations.append(create(body))
    act(session, operations)


@dataclass(frozen=True, slots=True)
class Dose:
    """A planned dose (the id of its Task) as it stood on a page: its version, and that of its prescription."""

    item_id: str
    seen: int
    order_seen: int


def give_dose(
    session: Session,
    *,
    patient: str,
    item_id: str,
    seen: int,
    order_seen: int,
    why_then: str = "",
    at: datetime | None = None,
) -> None:
    """A planned dose is given now, or was given ``at`` another time (an instant); outside its time
    when that is more than an hour away. Before its time only as :func:`is_early` says.

    What is recorded, and what the figure "medication on time" counts, is when it was given; when
    that was said stands in the history of the record.

    ``order_seen`` is the version of the prescription that stood on the page. Raises OrderGone
    when another stands, NotThen for a time that has not come or is more than a day from the planned
    one, BadRequest for a dose outside its time without a word, AlreadyAccounted, and Conflict when
    another device was first (INV-23).
    """
    act(session, _given(session, patient, Dose(item_id, seen, order_seen), why_then, at))


def give_doses(
    session: Session,
    *,
    patient: str,
    doses: Sequence[Dose],
    why_then: str = "",
    at: datetime | None = None,
) -> None:
    """Several doses are given now, or were given ``at`` another time, for one reason if that is outside
    the time of any: all of them are written down or none. Raises as :func:`give_dose`, BadRequest
    without a dose.
    """
    each_once = {dose.item_id: dose for dose in doses}
    if not each_once:
        raise BadRequest("which doses were given", code="required")
    operations = [_given(session, patient, dose, why_then, at) for dose in each_once.values()]
    act(session, [operation for both in operations for operation in both])


def _given(
    session: Session, patient: str, dose: Dose, why_then: str, at: datetime | None
) -> list[Operation]:
    task, item = _open_item(session, patient, dose.item_id, dose=True)
    order, version = acts.read(session, *_split(item.focus))
    if not is_in_force(order) or version != dose.order_seen:
        raise OrderGone("the prescription was changed; look at the list again")
    then = clock.now() if at is None else at
    if then > clock.now() or (at is not None and abs(at - item.at) > FARTHEST):
        raise NotThen("the dose can't have been given then")
    _, visit = read_visit_of(session, patient, item.visit)
    if (is_late(item, then) or is_early(item, visit, then)) and not why_then.strip():
        raise BadRequest("a dose outside its time has a word on why", code="required")
    why = why_then.strip()[:MOST_WORDS]
    given = _administration(session, item, order, then, "", why)
    ended = _ended(session, task, State.DONE, item, why, late=is_late(item, then), at=then)
    return [create(given), change(ended, seen=dose.seen)]


def is_late(item: Item, now: datetime) -> bool:
    """Whether a dose given now would be late."""
    return item.is_dose and now > item.at + LATE_AFTER


def is_early(item: Item, visit: Visit, now: datetime) -> bool:
    """Whether a dose of a visit given now would be given before its time.

    Not one that is planned within the window of the visit, while that window is open: the plan
    says that it is given there. The figure "medication on time" does not ask here: it counts
    from when it was planned and when it was given, as before.
    """
    if not item.is_dose or now >= item.at - LATE_AFTER:
        return False
    return not (visit.starts <= now <= visit.ends and visit.starts <= item.at <= visit.ends)


def is_ahead(at: datetime, now: datetime) -> bool:
    """Whether something planned belongs to a day that has not come.

    Just after midnight is not: who is there a little before twelve may begin (LATE_AFTER).
    """
    return now.astimezone(NORWAY).date() < at.astimezone(NORWAY).date() and now < at - LATE_AFTER


def move_visit(
    session: Session,
    *,
    patient: str,
    visit_id: str,
    seen: int,
    day: date,
    begins: time,
    ends: time,
    reason: str,
) -> str:
    """Move a planned visit: its open items end as moved, and stand again at the new time.

    Answers the id of the new visit. Raises Conflict unless it is planned, BadRequest for a time
    that is over or no reason.
    """
    data, visit = read_visit_of(session, patient, visit_id)
    target = window(day, begins, ends)
    if visit.status != "planned":
        raise Conflict("this visit has been begun or cancelled")
    if target.ends <= clock.now() or not reason.strip():
        raise BadRequest("a visit is moved to a time ahead, for a reason", code="required")
    known = f"urn:uuid:{uuid.uuid4()}"
    where = WantedVisit(visit.key, visit.plan.rpartition("/")[2], target)
    moved = visit_resource(
        where, patient=patient, unit=visit.unit, key=f"{visit.key}~{seen}",
        moved_from=f"Encounter/{visit.id}",
    )  # fmt: skip
    if "participant" in data:
        moved["participant"] = data["participant"]
    operations = [
        create(moved, known_as=known), change(data | {"status": "cancelled"}, seen=seen)
    ]  # fmt: skip
    shift = target.starts - visit.starts
    for item in items(session, [visit.id]):
        if item.state.is_end:
            continue
        task, item_seen = acts.read(session, "Task", item.id)
        ended = with_state(task, State.MOVED, words=reason.strip()[:MOST_WORDS])
        operations.append(change(ended, seen=item_seen))
        again = replace(
            _wanted(item),
            key=f"{item.key}~{item_seen}",
            at=item.at + shift if item.is_dose else target.starts,
            ends=max(target.ends, item.at + shift) if item.is_dose else target.ends,
        )
        operations.append(
            create(
                item_resource(
                    again, patient=patient, visit=known, unit=visit.unit, made=clock.now(),
                    paused=item.state is State.PAUSED,
                )
            )
        )  # fmt: skip

    def tell(_: Sequence[Stored]) -> list[Event]:
        return [events.plan_changed(patient)]

    return act(session, operations, tell)[0].id


def _wanted(item: Item) -> Wanted:
    return Wanted(item.key, item.source, item.is_dose, item.focus, item.text, item.at, item.ends)


def _open_item(
    session: Session, patient: str, item_id: str, *, dose: bool | None
) -> tuple[Resource, Item]:
    task, version = acts.read(session, "Task", item_id)
    item = read_item(task, version)
    if item.patient != patient or (dose is not None and item.is_dose is not dose):
        raise NotFound(f"Task/{item_id} is not known")
    if item.state.is_end:
        raise AlreadyAccounted("somebody has said already what became of it")
    if item.state is State.PAUSED:
        raise Conflict("this service is paused")
    if is_ahead(item.at, clock.now()):
        raise NotYet("this is planned for a day that has not come")
    return task, item


def _ended(
    session: Session,
    task: Resource,
    state: State,
    item: Item,
    words: str = "",
    *,
    late: bool = False,
    at: datetime | None = None,
) -> Resource:
    del item
    ended = with_state(task, state, words=words)
    then = _now() if at is None else at.isoformat(timespec="seconds")
    ended["executionPeriod"] = {"start": then, "end": then}
    who = {"type": coded(codes.OUTCOME, "by"), "valueReference": reference(session.person)}
    ended["output"] = [who]
    if late:
        ended["output"] = [
            who, {"type": coded(codes.OUTCOME, "late"), "valueBoolean": True}
        ]  # fmt: skip
    return ended


def _administration(
    session: Session, item: Item, order: Resource, at: datetime, why_not: str, note: str = ""
) -> Resource:
    """The one administration of a planned dose: given, or not given with a reason."""
    medicine: dict[str, Any] = {
        name: order[name]
        for name in ("medicationCodeableConcept", "medicationReference")
        if name in order
    }
    body: Resource = {
        "resourceType": "MedicationAdministration",
        "extension": [{"url": codes.PLANNED_AT, "valueDateTime": item.at.isoformat()}],
        "identifier": number(codes.DOSE_NUMBER, item.root),
        "status": "not-done" if why_not else "completed",
        **medicine,
        "subject": reference(item.patient),
        "context": reference(f"Encounter/{item.visit}"),
        "effectiveDateTime": at.isoformat(timespec="seconds"),
        "performer": [{"actor": reference(session.person)}],
        "request": reference(item.focus),
    }
    if why_not:
        body["statusReason"] = [{"text": why_not}]
    elif dosage := _dosage(item, order):
        body["dosage"] = dosage
    if note:
        body["note"] = [{"text": note}]
    return body


def _dosage(item: Item, order: Resource) -> Resource:
    """How much was given; nothing where the prescription says it in words alone: R4 has no dosage without an
    amount (mad-1), and the words stand on the prescription.
    """
    turn = int(item.root.split(".")[-2]) if item.root.count(".") >= 2 else 1
    lines = order.get("dosageInstruction", [])
    line: Resource = lines[turn - 1] if 0 < turn <= len(lines) else {}
    amount = first(line.get("doseAndRate")).get("doseQuantity")
    if not amount:
        return {}
    return {"text": item.text or medicine_name(order), "dose": amount}


def _split(target: str) -> tuple[str, str]:
    kind, _, key = target.partition("/")
    return kind, key


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")


__all__ = [
    "FARTHEST", "AlreadyAccounted", "Dose", "DosesLeft", "NotThen", "NotYet", "OrderGone", "action_done",
    "assign_visit", "end_visit", "give_dose", "give_doses", "is_ahead", "is_early", "is_late", "move_visit",
    "not_done", "start_visit",
]  # fmt: skip
