"""INV-24: whatever becomes of plan, prescriptions, staff and stays, nothing planned is lost.

A planned item that was made is there for ever, in one of its states; and what the rules give for
a time that is not over is made. Nobody's clock, edit or absence takes an item away.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.acts import content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.correcting import take_back
from fellesjournal.care.homecare.jobs import make_all_days, pause_or_review
from fellesjournal.care.homecare.pauses import Restart, decide_restart, reviews
from fellesjournal.care.homecare.planned import Item, State, day_of
from fellesjournal.care.homecare.plans import Rule
from fellesjournal.care.homecare.reading_days import everything, plans, prescriptions, services
from fellesjournal.care.homecare.shifts import Part, shift
from fellesjournal.care.homecare.tasks import LEFT_OPEN_AFTER, unit_work
from fellesjournal.care.homecare.visiting import action_done, move_visit, not_done, start_visit
from fellesjournal.care.homecare.visits import is_item, item_of
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from tests.care.homecare.cast import (
    CARE,
    MEDICINES,
    MORNING,
    PATIENT,
    citizen,
    nothing_stays,
    plan,
    prescription,
    service,
    standing,
    work_at_home_care,
)
from tests.staff import SYSTEM, put
from tests.tries import tries

pytestmark = pytest.mark.django_db

RULES: tuple[tuple[Rule, ...], ...] = (
    (CARE, MEDICINES),
    (CARE,),
    (MEDICINES, CARE),
    (replace(CARE, begins=time(18), ends=time(20)), MEDICINES),
    (replace(MEDICINES, begins=time(17), ends=time(19)),),
    (),
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("plan"), st.integers(0, len(RULES) - 1)),
        st.tuples(st.just("order"), st.integers(0, 1)),
        st.tuples(st.just("stay"), st.integers(0, 2)),
        st.tuples(st.just("decide"), st.integers(0, 1)),
        st.tuples(st.just("later"), st.integers(1, 14)),
        st.tuples(st.just("tick"), st.integers(0, 5)),
        st.tuples(st.just("refuse"), st.integers(0, 5)),
        st.tuples(st.just("take-back"), st.integers(0, 5)),
        st.tuples(st.just("start"), st.integers(0, 2)),
        st.tuples(st.just("move"), st.integers(0, 2)),
        st.tuples(st.just("service"), st.integers(0, 1)),
        st.tuples(st.just("leave"), st.just(0)),
    ),
    max_size=10,
)


@dataclass
class World:
    """What stands around the citizen, and every item ever seen."""

    carer: Session
    nurse: Session
    now: datetime = MORNING
    seen: dict[str, State] = field(default_factory=dict)


@settings(
    max_examples=tries(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edits=EDITS)
def test_inv_24_over_any_edits_every_planned_item_is_accounted_for(
    edits: list[tuple[str, int]],
) -> None:
    with nothing_stays():
        with clock.at(MORNING):
            nurse, carer, _ = work_at_home_care()
            citizen()
            service()
            plan(CARE, MEDICINES)
            prescription()
            make_all_days(SYSTEM)
            world = World(carer, nurse)
            _ask(world)
        for what, number in edits:
            with clock.at(world.now):
                _edit(world, what, number)
            with clock.at(world.now):
                make_all_days(SYSTEM)
                _ask(world)


def _edit(world: World, what: str, number: int) -> None:
    if what == "plan":
        if RULES[number]:
            plan(*RULES[number])
        else:
            plan(CARE, status="revoked")
    elif what == "order":
        prescription(status=("active", "stopped")[number])
    elif what == "service":
        service(("active", "finished")[number])
    elif what == "later":
        world.now += timedelta(hours=number)
    elif what == "stay":
        _stay(("in-progress", "finished", "cancelled")[number])
    elif what == "leave":
        put("Practitioner", "carer", active=False)  # her role goes with her
        world.carer = world.nurse
    else:
        with suppress(FhirError):  # refused: what is asked afterwards is asked all the same
            _work(world, what, number)


def _stay(status: str) -> None:
    put(
        "Encounter", "stay", status=status,
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}},
        subject={"reference": PATIENT}, period={"start": MORNING.isoformat()},
    )  # fmt: skip
    pause_or_review(SYSTEM, {"patient": PATIENT, "encounter": "Encounter/stay"})


def _work(world: World, what: str, number: int) -> None:
    visits, items = standing()
    open_items = [item for item in items if item.state is State.OPEN and not item.is_dose]
    if what in {"tick", "refuse"} and open_items:
        item = open_items[number % len(open_items)]
        if what == "tick":
            action_done(world.carer, patient=PATIENT, item_id=item.id, seen=item.version)
        else:
            not_done(world.carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="Sov")
    elif what == "take-back":
        ended = [item for item in items if item.state in {State.DONE, State.NOT_DONE}]
        for item in ended[number : number + 1]:
            take_back(
                world.carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="Feil rad"
            )
            world.seen[item.id] = State.OPEN
    elif what in {"start", "move"} and visits:
        visit = visits[number % len(visits)]
        if what == "start":
            start_visit(world.carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
        else:
            move_visit(
                world.carer, patient=PATIENT, visit_id=visit.id, seen=visit.version,
                day=clock.today() + timedelta(days=number), begins=time(20), ends=time(22),
                reason="Legetime",
            )  # fmt: skip
    elif what == "decide":
        for review in reviews(world.nurse):
            decide_restart(
                world.nurse, patient=PATIENT, review_id=review.id, seen=review.version,
                restart=(Restart.AS_BEFORE, Restart.ENDED)[number], words="Avtalt",
            )  # fmt: skip


def _ask(world: World) -> None:
    items = {
        item.id: item
        for each in everything(SYSTEM, "Task", [("patient", PATIENT)])
        if is_item(content(each))
        for item in [item_of(each)]
    }
    assert world.seen.keys() <= items.keys(), "an item is gone"
    for key, before in world.seen.items():
        if before in {State.DONE, State.NOT_DONE, State.MOVED}:
            assert items[key].state is before, "what had ended has changed"
    world.seen = {key: item.state for key, item in items.items()}
    _what_is_due_is_made(list(items.values()))
    _what_is_open_is_on_a_list(world, list(items.values()))


def _what_is_due_is_made(items: list[Item]) -> None:
    keys = {item.root for item in items}
    granted = [each for each in services(SYSTEM, PATIENT) if each.holds_on(clock.today())]
    standing_plans = [data for data, _ in plans(SYSTEM, PATIENT)] if granted else []
    for wanted in day_of(standing_plans, prescriptions(SYSTEM, PATIENT), clock.today()).items:
        assert wanted.key in keys or wanted.ends <= clock.now(), "due, and never made"


def _what_is_open_is_on_a_list(world: World, items: list[Item]) -> None:
    today = clock.today()
    listed: set[str] = set()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        for part in Part:
            found = shift(world.nurse, day, part)
            listed |= {item.id for item in (*found.open_items, *found.paused)}
    escalated = {work.words for work in unit_work(world.nurse)}
    for item in items:
        if item.state.is_end or item.ends > clock.now() + timedelta(days=1):
            continue
        old = item.ends + LEFT_OPEN_AFTER <= clock.now()
        assert item.id in listed or (old and any(item.text in words for words in escalated))
