"""Making the visits and items of a day, and holding them to plan, prescriptions and pauses.

Run by the clock and after each change, as often as it likes: a second run finds nothing to do
(each visit and item has a number that is unique in the store). See planned.py for the rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, act, change, create, meanwhile
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.planned import Day, Item, State, Step, day_of, sources, steps
from fellesjournal.care.homecare.reading_days import (
    items,
    plans,
    prescriptions,
    services,
    unit_of,
    visits,
)
from fellesjournal.care.homecare.visits import (
    Visit,
    item_resource,
    visit_resource,
    with_facts,
    with_state,
)
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

# Assumption (configurable): visits are made for today and the day after.
DAYS_AHEAD = 1
_ROUNDS = 4


def make_days(session: Session, patient: str) -> int:
    """Make what is planned for a citizen (Patient/1) from now on; how many changes it took.

    Looks at yesterday too, for a night that is not over and for pauses that ended with the day.
    """
    today = clock.today()
    days = [today + timedelta(days=step) for step in range(-1, DAYS_AHEAD + 1)]
    return sum(_until_it_stands(session, patient, day) for day in days)


def _until_it_stands(session: Session, patient: str, day: date) -> int:
    """A visit made in one round can take over items in the next."""
    total = 0
    for _ in range(_ROUNDS):
        changed = meanwhile(lambda: make_day(session, patient, day))
        total += changed
        if changed == 0:
            break
    return total


def make_day(session: Session, patient: str, day: date) -> int:
    """Make what is planned for a citizen on one day, in one transaction. See :func:`make_days`."""
    now = clock.now()
    plan_data = [plan for plan, _ in plans(session, patient)]
    units = {str(plan["id"]): unit_of(plan) for plan in plan_data}
    granted = [each for each in services(session, patient) if each.holds_on(day)]
    given = {each.unit for each in granted}
    in_force = [plan for plan in plan_data if units[str(plan["id"])] in given]
    orders = prescriptions(session, patient) if in_force else []
    paused = any(each.status == "onhold" for each in granted)
    standing = _planned_for(session, patient, day)
    existing = items(session, [each.id for each in standing])
    planned = day_of(in_force, orders, day, _ended(standing, existing))
    alive = sources(in_force, orders)
    visit_ids = {visit.key: visit.id for visit in standing}
    todo = [
        *_new(
            _not_given_before(planned, existing, orders),
            standing,
            existing,
            units,
            patient=patient,
            paused=paused,
            now=now,
        ),
        *_changed(
            session,
            steps(planned, existing, alive, visit_ids, paused=paused, now=now),
        ),
    ]
    if todo:
        act(session, todo)
    emptied = _emptied(session, patient, day)
    if emptied:
        act(session, emptied)
    return len(todo) + len(emptied)


def _planned_for(session: Session, patient: str, day: date) -> list[Visit]:
    """The visits of a day, by the window they were planned for, whenever they were made.

    A visit under way has no end and touches all days to come; it is of none of them, or what is
    left to do in it would be given up as something their plan does not have.
    """
    near = visits(session, day - timedelta(days=1), day + timedelta(days=1), patient=patient)
    return [each for each in near if each.starts.astimezone(clock.NORWAY).date() == day]


def _ended(standing: list[Visit], existing: list[Item]) -> dict[str, frozenset[str]]:
    """The visits that have been made, with what stands at them. See :func:`planned.day_of`."""
    return {
        visit.key: frozenset(item.key for item in existing if item.visit == visit.id)
        for visit in standing
        if visit.status == "finished"
    }


def _not_given_before(planned: Day, existing: list[Item], orders: list[Resource]) -> Day:
    """The day without the doses that were given by the prescription that another took the place of:
    the dose of eight o'clock is not due again because it was renewed at nine.
    """
    given = {each.key for each in existing if each.state is State.DONE}
    before = {
        str(order["id"]): reading.reference_target(order.get("priorPrescription")).partition("/")[2]
        for order in orders
    }
    for visit in planned.visits:
        visit.items[:] = [
            each
            for each in visit.items
            if not each.is_dose
            or f"{before.get(each.source)}{each.key.removeprefix(each.source)}" not in given
        ]
    return planned


def _new(
    planned: Day,
    standing: list[Visit],
    existing: list[Item],
    units: Mapping[str, str],
    *,
    patient: str,
    paused: bool,
    now: datetime,
) -> Iterator[Operation]:
    at = {visit.key: f"Encounter/{visit.id}" for visit in standing}
    known = {item.key for item in existing}
    for wanted in planned.visits:
        missing = [each for each in wanted.items if each.key not in known and each.ends > now]
        unit = units[wanted.plan]
        if not missing:
            continue
        target = at.get(wanted.key)
        if target is None:
            target = f"urn:uuid:{uuid.uuid4()}"
            yield create(
                visit_resource(wanted, patient=patient, unit=unit),
                known_as=target,
                unless=f"identifier={codes.VISIT_NUMBER}|{wanted.key}",
            )
        for each in missing:
            task = item_resource(
                each, patient=patient, visit=target, unit=unit, made=now, paused=paused
            )
            yield create(task, unless=f"identifier={codes.ITEM_NUMBER}|{each.key}")


def _changed(session: Session, todo: Iterator[Step]) -> Iterator[Operation]:
    for step in todo:
        task, seen = acts.read(session, "Task", step.item.id)
        if seen != step.item.version:
            continue  # somebody has just said what became of it; the next run looks again
        task = with_state(task, step.to, step.reason)
        if step.wanted is not None:
            task = with_facts(task, step.wanted)
            task["encounter"] = {"reference": f"Encounter/{step.visit}"}
        yield change(task, seen=seen)


def _emptied(session: Session, patient: str, day: date) -> list[Operation]:
    """Visits in which nothing is left to do are cancelled; those with work again stand again."""
    standing = _planned_for(session, patient, day)
    left: dict[str, list[Item]] = {}
    for item in items(session, [visit.id for visit in standing]):
        left.setdefault(item.visit, []).append(item)
    found = []
    for visit in standing:
        has_open = any(not item.state.is_end for item in left.get(visit.id, ()))
        all_undone = all(item.state.value in _UNDONE for item in left.get(visit.id, ()))
        if visit.status == "planned" and all_undone:
            found.append(_visit_as(session, visit, "cancelled"))
        elif visit.status == "cancelled" and has_open:
            found.append(_visit_as(session, visit, "planned"))
    return found


_UNDONE = frozenset({"cancelled-by-decision", "moved"})


def _visit_as(session: Session, visit: Visit, status: str) -> Operation:
    data, seen = acts.read(session, "Encounter", visit.id)
    return change(data | {"status": status}, seen=seen)


__all__ = ["DAYS_AHEAD", "make_day", "make_days"]
