"""Who is in the ward, in which bed, and who answers for her."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fellesjournal.care.stays import queries
from fellesjournal.care.stays.actions import place, take_back
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import NOBODY, Person, Placing
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from tests.care.stays.world import DOCTOR, NURSE, World, encounter
from tests.staff import employ, put, register


def test_admitted_patient_stands_on_the_board_of_the_ward(ward: World) -> None:
    stay = ward.admit(referral="anna-referral", is_acute=False)
    ward.admit("bo", placing=Placing("101-2", DOCTOR, NOBODY))
    board = queries.ward(ward.nurse)
    assert [each.placing.bed for each in board] == ["101-2", "201-1"]
    anna = board[1]
    assert anna.placing.doctor.name == "iselin"
    assert (anna.reason, anna.is_acute, anna.referral) == ("Tung pust", False, "anna-referral")
    assert queries.ward(ward.gp) == ()
    assert encounter(stay)[0]["class"]["code"] == "IMP"


def test_inv_8_form_sent_twice_admits_once(ward: World) -> None:
    first = ward.admit(number="5d3f5b7c")
    assert ward.admit(number="5d3f5b7c").id == first.id
    with pytest.raises(StayRefused) as refused:
        ward.admit(number="another")
    assert refused.value.why is Why.ALREADY_IN
    assert len(queries.ward(ward.nurse)) == 1


def test_inv_8_a_copy_of_the_form_that_comes_after_her_discharge_admits_nobody(ward: World) -> None:
    first = ward.admit(number="5d3f5b7c")
    ward.discharge(first)
    assert ward.admit(number="5d3f5b7c").id == first.id
    assert queries.ward(ward.nurse) == ()


def test_admission_needs_a_reason_and_a_doctor_and_a_time_that_was(ward: World) -> None:
    for more, fields in (
        ({"reason": "  "}, ("reason",)),
        ({"placing": Placing("1", NOBODY, NURSE)}, ("doctor",)),
    ):
        with pytest.raises(StayRefused) as refused:
            ward.admit(**more)
        assert (refused.value.why, refused.value.fields) == (Why.MISSING, fields)
    for days in (-3, 1):
        with pytest.raises(StayRefused) as refused:
            ward.admit(at=clock.now() + timedelta(days=days))
        assert refused.value.why is Why.NOT_THEN


def test_admission_opens_the_record_to_the_ward_and_nobody_admits_a_closed_one(
    ward: World,
) -> None:
    register("cecilie", "Practitioner/ragna", name=[{"text": "Cecilie"}])
    with pytest.raises((NotAllowed, NotFound)):
        ward.admit("cecilie")


def test_other_bed_and_other_people_keep_what_was(ward: World) -> None:
    stay = ward.admit()
    employ("other", "doctor", "ward")
    moved = place(
        ward.nurse, patient="anna", stay_id=stay.id, seen=stay.version,
        placing=Placing("202", Person("Practitioner/other", ""), NURSE),
    )  # fmt: skip
    assert (moved.placing.bed, moved.placing.doctor.name) == ("202", "other")
    assert moved.placing.nurse.reference == NURSE.reference
    data, _ = encounter(stay)
    assert [each["status"] for each in data["location"]] == ["completed", "active"]
    left = [each for each in data["participant"] if each["period"].get("end")]
    assert [each["individual"]["reference"] for each in left] == [DOCTOR.reference]
    assert len(data["participant"]) == 3
    with pytest.raises(PreconditionFailed):
        place(
            ward.nurse, patient="anna", stay_id=stay.id, seen=stay.version,
            placing=Placing("203", DOCTOR, NURSE),
        )  # fmt: skip


def test_stay_registered_by_mistake_is_taken_back_with_a_reason(ward: World) -> None:
    stay = ward.admit()
    with pytest.raises(StayRefused):
        take_back(ward.nurse, patient="anna", stay_id=stay.id, seen=stay.version, words="feil")
    take_back(
        ward.nurse, patient="anna", stay_id=stay.id, seen=stay.version,
        words="Skulle vært en annen pasient.",
    )  # fmt: skip
    assert queries.ward(ward.nurse) == ()
    assert queries.stays_of(ward.nurse, "anna") == ()


def test_tasks_of_the_ward_and_of_those_who_answer_are_counted_by_patient(ward: World) -> None:
    stay = ward.admit()
    soon = (clock.now() + timedelta(hours=2)).isoformat()
    past = (clock.now() - timedelta(hours=2)).isoformat()
    for key, owner, end, status in (
        ("t1", "Organization/ward", soon, "requested"),
        ("t2", "Practitioner/iselin", past, "accepted"),
        ("t3", "Organization/office", past, "requested"),
        ("t4", "Organization/ward", past, "completed"),
    ):
        put(
            "Task", key, status=status, intent="order", owner={"reference": owner},
            **{"for": {"reference": "Patient/anna"}},
            restriction={"period": {"end": end}},
        )  # fmt: skip
    due = queries.tasks_due(ward.nurse, [stay])["Patient/anna"]
    assert (due.count, due.is_late) == (2, True)


def test_colleagues_are_the_doctors_and_nurses_who_work_here_now(ward: World) -> None:
    employ("left", "doctor", "ward", period={"end": "2020-01-01"})
    employ("secretary", "secretary", "ward")
    assert [(each.name, each.role) for each in queries.colleagues(ward.nurse)] == [
        ("benedikte", "nurse"),
        ("iselin", "doctor"),
    ]
