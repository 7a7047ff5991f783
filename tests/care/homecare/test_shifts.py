"""INV-26: a shift is not closed with open items unless they are handed over by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.shifts import (
    LeftOpen,
    Part,
    close_shift,
    colleagues,
    shift,
    shift_at,
)
from fellesjournal.care.homecare.tasks import escalate_left_open, unit_work
from fellesjournal.care.homecare.visiting import (
    action_done,
    assign_visit,
    end_visit,
    start_visit,
)
from fellesjournal.foundation import clock
from tests.care.homecare.cast import (
    CARE,
    MEDICINES,
    MORNING,
    PATIENT,
    citizen,
    made,
    nothing_stays,
    plan,
    service,
    standing,
    work_at_home_care,
)
from tests.staff import SYSTEM, staff

pytestmark = pytest.mark.django_db
NOON = MORNING + timedelta(hours=6)
TO = {"to": "Practitioner/nurse", "to_name": "nurse"}


@pytest.fixture
def carer() -> Iterator[Session]:
    with clock.at(MORNING):
        found = _world()
    with clock.at(NOON):
        yield found


def _world() -> Session:
    _, found, _ = work_at_home_care()
    citizen()
    service()
    plan(CARE, MEDICINES, replace(CARE, text="Kveldsstell", begins=time(18), ends=time(20)))
    made()
    return found


def _close(session: Session, part: Part = Part.DAY, /, *, to: str = "", to_name: str = "") -> None:
    day = clock.today()
    seen = [item.id for item in shift(session, day, part).open_items]
    close_shift(session, day, part, seen=seen, to=to, to_name=to_name)


def _all_done(session: Session, part: Part) -> None:
    for item in shift(session, clock.today(), part).open_items:
        action_done(session, patient=PATIENT, item_id=item.id, seen=item.version)


def test_who_takes_over_makes_the_visit_though_it_was_given_to_somebody_else(
    carer: Session,
) -> None:
    """Nobody has to ask who goes: the visit and what is open in it have one name."""
    (visit,) = shift(carer, clock.today(), Part.DAY).unmade
    assign_visit(
        carer, patient=PATIENT, visit_id=visit.id, seen=visit.version,
        practitioner="Practitioner/carer", name="carer",
    )  # fmt: skip
    _close(carer, **TO)
    (visit,) = (each for each in standing()[0] if each.id == visit.id)
    assert (visit.carer, visit.signed_off) == (TO["to"], True)
    assert {item.owner for item in shift(carer, clock.today(), Part.DAY).open_items} == {TO["to"]}
    _, evening = standing()[0]
    assert evening.carer == ""  # it is of another shift
    assert not evening.signed_off


def test_what_was_carried_to_the_next_shift_is_made_by_who_takes_it_over_there(
    carer: Session,
) -> None:
    _close(carer, **TO)
    with clock.at(NOON + timedelta(hours=9)):
        other = {"to": "Practitioner/carer", "to_name": "carer"}
        _close(carer, Part.EVENING, **other)
    assert {visit.carer for visit in standing()[0]} == {"Practitioner/carer"}


def test_who_has_begun_a_visit_stays_its_maker(carer: Session) -> None:
    visit = standing()[0][0]
    start_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
    visit = standing()[0][0]
    end_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
    assert shift(carer, clock.today(), Part.DAY).unmade == ()
    _close(carer, **TO)
    assert standing()[0][0].carer == "Practitioner/carer"


def test_inv_26_a_shift_with_something_open_is_not_closed_without_a_name(carer: Session) -> None:
    with pytest.raises(LeftOpen):
        _close(carer)
    with pytest.raises(LeftOpen):
        _close(carer, to="", to_name="somebody")
    assert not shift(carer, clock.today(), Part.DAY).is_closed


def test_inv_26_what_is_open_is_handed_over_by_name_and_shows_in_the_next_shift(
    carer: Session,
) -> None:
    _close(carer, **TO)
    assert shift(carer, clock.today(), Part.DAY).is_closed
    evening = shift(carer, clock.today(), Part.EVENING)
    assert {item.owner for item in evening.carried} == {"Practitioner/nurse"}
    assert len(evening.carried) == 2
    with pytest.raises(LeftOpen):
        _close(carer, Part.EVENING)


def test_a_shift_whose_items_have_ended_is_closed(carer: Session) -> None:
    _all_done(carer, Part.DAY)
    _close(carer)
    assert shift(carer, clock.today(), Part.DAY).is_closed


def test_a_shift_is_not_closed_over_a_visit_under_way(carer: Session) -> None:
    visit = standing()[0][0]
    start_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
    _all_done(carer, Part.DAY)
    with pytest.raises(LeftOpen):
        _close(carer, **TO)


def test_a_shift_is_not_closed_over_what_was_not_on_the_page(carer: Session) -> None:
    with pytest.raises(LeftOpen):
        close_shift(carer, clock.today(), Part.DAY, seen=[], to=TO["to"], to_name=TO["to_name"])


def test_a_visit_that_comes_into_a_closed_shift_opens_it_again(carer: Session) -> None:
    _close(carer, **TO)
    plan(
        CARE, MEDICINES, replace(CARE, text="Kveldsstell", begins=time(18), ends=time(20)),
        replace(CARE, text="Nytt", begins=time(13), ends=time(14)),
    )  # fmt: skip
    made()
    assert not shift(carer, clock.today(), Part.DAY).is_closed


def test_colleagues_are_those_who_give_care_at_the_unit(carer: Session) -> None:
    assert [each.practitioner for each in colleagues(carer)] == [
        "Practitioner/carer", "Practitioner/nurse",
    ]  # fmt: skip


def test_shifts_follow_the_clock_in_norway() -> None:
    assert shift_at(MORNING)[1] is Part.NIGHT
    assert shift_at(NOON) == (NOON.date(), Part.DAY)
    assert shift_at(MORNING + timedelta(hours=12))[1] is Part.EVENING


def test_what_nobody_has_accounted_for_becomes_a_task_of_the_leader_once(carer: Session) -> None:
    del carer
    with clock.at(MORNING + timedelta(hours=17)):
        assert escalate_left_open(SYSTEM) == 1
        assert escalate_left_open(SYSTEM) == 1
        (work,) = unit_work(staff("leader", "unit-leader", "home"))
        assert work.kind == "left-open-in-home-care"
        assert "Stell" in work.words


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["tick", "close", "close-named", "later"]),
        st.sampled_from([Part.DAY, Part.EVENING]),
    ),
    max_size=8,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_inv_26_over_any_work_a_closed_shift_has_nothing_open_without_a_name(
    steps: list[tuple[str, Part]],
) -> None:
    with nothing_stays():
        with clock.at(MORNING):
            carer = _world()
        _play(carer, steps)


def _play(carer: Session, steps: list[tuple[str, Part]]) -> None:
    now = NOON
    for what, part in steps:
        with clock.at(now):
            if what == "later":
                now += timedelta(hours=1)
            elif what == "tick":
                for item in shift(carer, clock.today(), part).open_items[:1]:
                    action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
            else:
                try:
                    _close(carer, part, **(TO if what == "close-named" else {}))
                except LeftOpen:
                    assert what == "close"
            for each in (Part.DAY, Part.EVENING):
                found = shift(carer, clock.today(), each)
                if found.is_closed:
                    assert all(i.owner.startswith("Practitioner/") for i in found.left)


def test_inv_44_what_must_be_known_of_one_citizen_is_not_written_in_the_record_of_another(
    carer: Session,
) -> None:
    with clock.at(MORNING):
        citizen("ola")
        service(name="service-ola", patient="Patient/ola")
        plan(CARE, name="plan-ola", patient="Patient/ola")
        make_days(SYSTEM, "Patient/ola")
    open_items = shift(carer, clock.today(), Part.DAY).open_items
    assert {each.patient for each in open_items} == {PATIENT, "Patient/ola"}
    close_shift(
        carer, clock.today(), Part.DAY, seen=[each.id for each in open_items],
        words={PATIENT: "Ring dattera"}, to=TO["to"], to_name=TO["to_name"],
    )  # fmt: skip
    told = {
        each.patient: each.handed_words for each in shift(carer, clock.today(), Part.DAY).open_items
    }
    assert told[PATIENT] == "Ring dattera"
    assert "Ring" not in told["Patient/ola"]
