"""Making the visits of a day, and holding them to plan, prescriptions and pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest

from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.jobs import make_all_days
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.planned import State
from fellesjournal.care.homecare.reading_days import PLANNED_VISITS
from fellesjournal.care.homecare.visiting import end_visit, start_visit
from fellesjournal.foundation import clock
from tests.care.homecare.cast import (
    CARE,
    MEDICINES,
    MORNING,
    PATIENT,
    UNIT,
    citizen,
    made,
    plan,
    prescription,
    service,
    standing,
    work_at_home_care,
)
from tests.staff import SYSTEM, put, staff


@pytest.fixture(autouse=True)
def home_care(db: None) -> Iterator[None]:
    """A citizen with a service and a plan, early in the morning."""
    del db
    with clock.at(MORNING):
        work_at_home_care()
        citizen()
        service()
        plan(CARE, MEDICINES)
        prescription()
        yield


def test_a_day_has_one_visit_with_its_actions_and_the_doses_due_in_it() -> None:
    (visit,), items = made()
    assert [(item.text, item.is_dose, item.state) for item in items] == [
        ("Medisiner", False, State.OPEN),
        ("Stell", False, State.OPEN),
        ("Metoprolol: 1 tablett", True, State.OPEN),
    ]
    assert visit.starts.hour == 8
    assert {item.visit for item in items} == {visit.id}


def test_making_it_again_changes_nothing() -> None:
    first = made()
    assert make_days(SYSTEM, PATIENT) == 0
    assert standing() == first


def test_an_action_taken_from_the_plan_is_cancelled_by_that_decision() -> None:
    made()
    plan(MEDICINES)
    _, items = made()
    # the actions are told apart by their number: the first says something else now
    assert {(i.source, i.text, i.state, i.reason) for i in items if not i.is_dose} == {
        ("plan.a1", "Medisiner", State.OPEN, ""),
        ("plan.a2", "Medisiner", State.CANCELLED, "plan-changed"),
    }


def test_inv_20_a_stopped_order_takes_its_dose_off_the_list_and_says_why() -> None:
    made()
    prescription(status="stopped")
    _, items = made()
    (dose,) = [item for item in items if item.is_dose]
    assert (dose.state, dose.reason) == (State.CANCELLED, "order-changed")


def test_inv_20_what_has_come_due_stays_to_be_accounted_for_when_the_order_stops() -> None:
    made()
    with clock.at(MORNING + timedelta(hours=5)):
        prescription(status="stopped")
        _, items = made()
        assert [item.state for item in items if item.is_dose] == [State.OPEN]


def test_another_window_cancels_the_item_of_the_old_and_makes_that_of_the_new() -> None:
    plan(CARE)
    made()
    plan(replace(CARE, begins=time(11), ends=time(12)))
    found, items = made()
    assert [(visit.starts.hour, visit.status) for visit in found] == [
        (8, "cancelled"), (11, "planned"),
    ]  # fmt: skip
    assert {(item.visit, item.state) for item in items} == {
        (found[0].id, State.CANCELLED), (found[1].id, State.OPEN),
    }  # fmt: skip


def test_a_dose_follows_the_visit_that_gives_medicines() -> None:
    made()
    plan(CARE, replace(MEDICINES, begins=time(9), ends=time(11)))
    found, items = made()
    (dose,) = [item for item in items if item.is_dose]
    assert dose.visit == found[1].id
    assert dose.state is State.OPEN


def test_items_of_a_paused_service_are_shown_as_paused_and_end_with_their_time() -> None:
    service("onhold")
    _, items = made()
    assert {item.state for item in items} == {State.PAUSED}
    with clock.at(MORNING + timedelta(hours=15)):
        _, items = made()
        assert {(item.state, item.reason) for item in items} == {(State.CANCELLED, "admitted")}


def test_a_service_that_has_ended_gives_no_visits() -> None:
    made()
    service("finished")
    (visit,), items = made()
    assert {item.state for item in items} == {State.CANCELLED}
    assert visit.status == "cancelled"


def test_one_citizen_s_odd_plan_leaves_nobody_else_without_visits() -> None:
    citizen("anna")
    service(name="anna-service", patient="Patient/anna")
    put(
        "CarePlan", "odd", status="active", intent="plan",
        category=[{"coding": [{"system": codes.PLAN_TYPE, "code": PLANNED_VISITS}]}],
        subject={"reference": "Patient/anna"},
        activity=[
            {
                "id": "a1",
                "detail": {
                    "status": "in-progress",
                    "performer": [{"reference": UNIT}],
                    "scheduledTiming": {
                        "repeat": {
                            "extension": [{"url": codes.ENDS_AT, "valueString": "noon"}],
                            "timeOfDay": ["08:00:00"],
                        }
                    },
                },
            }
        ],
    )  # fmt: skip
    with pytest.raises(ExceptionGroup):
        make_all_days(SYSTEM)
    assert len(standing()[1]) == 3


def test_inv_20_a_visit_under_way_is_of_its_own_day_and_keeps_what_is_left_to_do() -> None:
    """While it lasts it has no end, and touches tomorrow, whose plan has none of its items."""
    visit, items = made()[0][0], made()[1]
    start_visit(
        staff("carer", "carer", "home"), patient=PATIENT, visit_id=visit.id, seen=visit.version
    )
    assert make_days(SYSTEM, PATIENT) == 0
    assert make_days(SYSTEM, PATIENT) == 0
    assert [(each.key, each.state) for each in standing()[1]] == [
        (each.key, State.OPEN) for each in items
    ]


def test_inv_24_a_dose_that_comes_after_a_visit_was_made_belongs_to_the_next_one() -> None:
    later = replace(MEDICINES, begins=time(9), ends=time(11))
    plan(MEDICINES, later)
    visit = made()[0][0]
    carer = staff("carer", "carer", "home")
    with clock.at(MORNING + timedelta(hours=2, minutes=30)):
        start_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
        end_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version + 1)
        prescription("antibiotic", frequency=1, period=1, periodUnit="d", timeOfDay=["08:45:00"])
        for _ in range(2):  # and it stays there
            (_, after), items = made()
            assert {each.text: each.visit for each in items if each.is_dose} == {
                "Metoprolol: 1 tablett": visit.id, "Antibiotic: 1 tablett": after.id,
            }  # fmt: skip


def test_inv_24_a_dose_that_comes_after_the_last_visit_stays_open_at_it() -> None:
    visit = made()[0][0]
    carer = staff("carer", "carer", "home")
    with clock.at(MORNING + timedelta(hours=2, minutes=30)):
        start_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
        end_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version + 1)
        prescription("antibiotic", frequency=1, period=1, periodUnit="d", timeOfDay=["08:45:00"])
        _, items = made()
        assert {each.text: (each.visit, each.state) for each in items if each.is_dose} == {
            "Metoprolol: 1 tablett": (visit.id, State.OPEN),
            "Antibiotic: 1 tablett": (visit.id, State.OPEN),
        }


def test_inv_20_a_new_dose_at_noon_is_at_the_visit_that_is_there_and_not_at_one_that_is_over() -> (
    None
):
    carer = staff("carer", "carer", "home")
    dinner = replace(CARE, text="Middag", begins=time(11), ends=time(13))
    plan(CARE, MEDICINES, dinner)
    morning = made()[0][0]
    with clock.at(MORNING + timedelta(hours=3)):
        start_visit(carer, patient=PATIENT, visit_id=morning.id, seen=morning.version)
        end_visit(carer, patient=PATIENT, visit_id=morning.id, seen=morning.version + 1)
        prescription("furosemid", timeOfDay=["12:00:00"], frequency=1, period=1, periodUnit="d")
        visits_now, items_now = made()
    at_noon = next(each for each in visits_now if each.starts.hour == 11)
    (dose,) = [each for each in items_now if each.text.startswith("Furosemid")]
    assert dose.visit == at_noon.id


def test_what_a_new_prescription_plans_before_it_was_written_is_not_due() -> None:
    written = (MORNING + timedelta(hours=3)).isoformat()  # nine o'clock
    prescription("doksysyklin", authored=written, timeOfDay=["08:00:00", "10:00:00"])
    doses = [each for each in made()[1] if each.text.startswith("Doksysyklin")]
    assert [each.at.hour for each in doses] == [10]


def test_a_change_of_dose_loses_no_dose_that_was_not_given_yet() -> None:
    written = (MORNING + timedelta(hours=3)).isoformat()
    prescription("ny", authored=written, prior="metoprolol", timeOfDay=["08:00:00"])
    prescription(status="stopped")
    doses = [each for each in made()[1] if each.is_dose and each.state is State.OPEN]
    assert [each.text for each in doses] == ["Ny: 1 tablett"]
