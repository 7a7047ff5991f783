"""What referrer and office do, each with its refusals."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import (
    Missing,
    NotYours,
    Seen,
    accept_referral,
    allocate_appointment,
    answer_question,
    ask_referrer,
    cancel_referral,
    change_referral,
    draft_referral,
    end_wait,
    postpone_appointment,
    reject_referral,
    send_referral,
)
from fellesjournal.care.referrals.queries import (
    my_drafts,
    referral_of,
    referrals_of,
    sent_by_my_unit,
    worklist,
)
from fellesjournal.care.referrals.resources import Content
from fellesjournal.care.referrals.states import NotPossible, State
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from tests.care.referrals.world import (
    ASSESS_BY,
    CARE_BY,
    KNEE,
    ORTHO,
    World,
    later,
    notices,
    read,
    seen,
    stands,
    tasks,
    told,
)
from tests.staff import SYSTEM, employ

HIP = Content(what="Assessment of the hip", diagnosis="Hip pain", urgency="urgent")


def test_a_draft_is_saved_changed_and_sent_by_the_same_person(world: World) -> None:
    draft = draft_referral(world.gp, patient="Patient/kari", content=Content(what="Knee"))
    assert [each.id for each in my_drafts(world.gp)] == [draft]
    assert worklist(world.doctor).rows == ()
    draft_referral(
        world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO, draft=draft, seen=1
    )
    sent = send_referral(
        world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO, draft=draft, seen=2
    )
    world.again()
    assert sent == draft
    assert my_drafts(world.gp) == ()
    (row,) = worklist(world.doctor).to_assess
    assert row.referral is not None
    assert row.referral.content == KNEE
    assert row.work.deadline == row.referral.assess_by == ASSESS_BY


def test_a_draft_opens_the_record_to_nobody(world: World) -> None:
    draft_referral(world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO)
    world.again()
    with pytest.raises(NotFound):
        read("Patient", "kari", world.doctor)


def test_a_draft_of_another_patient_is_not_sent(world: World) -> None:
    draft = draft_referral(world.gp, patient="Patient/kari", content=KNEE)
    with pytest.raises(NotFound):
        send_referral(
            world.gp, patient="Patient/ola", content=KNEE, receiver=ORTHO, draft=draft, seen=1
        )
    assert stands(draft).referral.state is State.DRAFT


def test_what_was_changed_meanwhile_is_not_overwritten(world: World) -> None:
    draft = draft_referral(world.gp, patient="Patient/kari", content=KNEE)
    draft_referral(world.gp, patient="Patient/kari", content=HIP, draft=draft, seen=1)
    with pytest.raises(PreconditionFailed):
        send_referral(
            world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO, draft=draft, seen=1
        )
    assert tasks(codes.REFERRAL_TASK) == []


@pytest.mark.parametrize("content", [Content(what=""), Content(what="Knee")])
def test_a_referral_without_what_or_why_is_not_sent(world: World, content: Content) -> None:
    with pytest.raises(Missing):
        send_referral(world.gp, patient="Patient/kari", content=content, receiver=ORTHO)


def test_only_a_doctor_signs_a_referral(world: World) -> None:
    secretary = employ("mona", "secretary", unit="gp-office")
    with pytest.raises(NotYours):
        send_referral(secretary, patient="Patient/kari", content=KNEE, receiver=ORTHO)


def test_accepted_patient_waits_until_the_deadline_and_both_are_told(world: World) -> None:
    sent = world.waiting()
    case = stands(sent)
    assert case.referral.state is case.work.state is State.WAITING
    assert case.referral.care_by == case.work.deadline == CARE_BY
    assert case.referral.assessed == date(2026, 3, 23)
    assert told() == ["Organization/gp-office", "Patient/kari"]
    assert all("30.06.2026" in each["payload"][0]["contentString"] for each in notices())
    outcome = next(
        each["valueCodeableConcept"]["coding"][0]
        for each in read("Task", case.work.id)["output"]
        if "valueCodeableConcept" in each
    )
    assert (outcome["system"], outcome["code"]) == (codes.OUTCOME, "2")
    assert [row.referral.id for row in worklist(world.secretary).waiting if row.referral] == [sent]


def test_assessing_is_for_doctors_of_the_office(world: World) -> None:
    sent = world.sent()
    for session in (world.secretary, world.gp):
        with pytest.raises(NotYours):
            reject_referral(session, referral_id=sent, seen=seen(sent), reason="No")
    assert stands(sent).referral.state is State.TO_ASSESS
    assert told() == []


def test_a_deadline_that_is_past_is_refused(world: World) -> None:
    sent = world.sent()
    with pytest.raises(Missing):
        accept_referral(
            world.doctor, referral_id=sent, seen=seen(sent), outcome="2",
            care_by=date(2026, 3, 22), urgency="routine",
        )  # fmt: skip


def test_a_rejection_has_its_reason_and_closes_the_record_to_the_office(world: World) -> None:
    sent = world.sent()
    with pytest.raises(Missing):
        reject_referral(world.doctor, referral_id=sent, seen=seen(sent), reason="")
    reject_referral(world.doctor, referral_id=sent, seen=seen(sent), reason="Try exercise first")
    world.again()
    assert told() == ["Organization/gp-office", "Patient/kari"]
    (own,) = referrals_of(world.gp, "kari")
    assert (own.state, own.reason) == (State.REJECTED, "Try exercise first")
    assert worklist(world.doctor).rows == ()
    with pytest.raises(NotFound):
        read("Patient", "kari", world.doctor)


def test_a_question_goes_to_the_referrers_unit_and_the_answer_returns_it(world: World) -> None:
    sent = world.sent()
    ask_referrer(world.secretary, referral_id=sent, seen=seen(sent), text="Any X-ray?")
    world.again()
    (asked,) = worklist(world.gp).questions
    assert asked.work.asks == "Any X-ray?"
    assert asked.work.deadline == date(2026, 3, 30)
    (row,) = worklist(world.doctor).to_assess
    assert (row.work.state, row.work.deadline) == (State.ASKED, ASSESS_BY)
    with pytest.raises(NotYours):
        answer_question(
            world.doctor,
            referral_id=sent,
            question=asked.work.id,
            seen=asked.work.version,
            text="Yes",
        )
    answer_question(
        world.gp,
        referral_id=sent,
        question=asked.work.id,
        seen=asked.work.version,
        text="Yes, in May",
    )
    whole = referral_of(world.doctor, "kari", sent)
    assert whole.referral.state is State.TO_ASSESS
    assert [each.text for each in whole.referral.additions] == ["Yes, in May"]
    assert worklist(world.gp).rows == ()


def test_questions_are_closed_when_the_office_decides_without_an_answer(world: World) -> None:
    sent = world.sent()
    ask_referrer(world.doctor, referral_id=sent, seen=seen(sent), text="Any X-ray?")
    reject_referral(world.doctor, referral_id=sent, seen=seen(sent), reason="No need")
    assert [each["status"] for each in tasks(codes.QUESTION_TASK)] == ["cancelled"]


def test_a_change_is_seen_by_the_office_and_keeps_what_was_said(world: World) -> None:
    sent = world.sent()
    change_referral(world.gp, referral_id=sent, seen=seen(sent), content=HIP)
    (row,) = worklist(world.doctor).to_assess
    assert row.referral is not None
    assert row.referral.content == HIP
    assert row.work.changed
    assert row.work.urgency == "urgent"
    with pytest.raises(NotYours):
        change_referral(world.doctor, referral_id=sent, seen=seen(sent), content=KNEE)


def test_a_cancelled_referral_leaves_the_list_with_its_reason(world: World) -> None:
    sent = world.waiting()
    cancel_referral(world.gp, referral_id=sent, seen=seen(sent), reason="Moved abroad")
    world.again()
    assert worklist(world.secretary).rows == ()
    assert stands(sent).referral.reason == "Moved abroad"
    with pytest.raises(NotPossible):
        change_referral(world.gp, referral_id=sent, seen=seen(sent), content=HIP)


def test_a_patient_is_called_in_postponed_and_waits_on(world: World) -> None:
    sent = world.waiting()
    allocate_appointment(
        world.secretary, referral_id=sent, seen=seen(sent), start=later(40), minutes=30
    )
    whole = referral_of(world.gp, "kari", sent)
    assert whole.appointment is not None
    assert whole.appointment.start == later(40)
    assert whole.referral.state is State.CALLED_IN
    booked = read("Appointment", whole.appointment.id)
    assert booked["basedOn"] == [{"reference": f"ServiceRequest/{sent}"}]
    assert stands(sent).work.deadline == later(40).date()
    postpone_appointment(world.secretary, referral_id=sent, seen=seen(sent), code="1")
    case = stands(sent)
    assert (case.referral.state, case.work.deadline) == (State.WAITING, CARE_BY)
    assert read("Appointment", whole.appointment.id)["status"] == "cancelled"


def test_nobody_is_called_in_to_a_time_that_is_past(world: World) -> None:
    sent = world.waiting()
    with pytest.raises(Missing):
        allocate_appointment(
            world.secretary, referral_id=sent, seen=seen(sent), start=later(-1), minutes=30
        )


def test_waiting_ends_by_a_code_of_8445_alone(world: World) -> None:
    sent = world.waiting()
    with pytest.raises(Missing):
        end_wait(world.secretary, referral_id=sent, seen=seen(sent), code="time")
    end_wait(world.secretary, referral_id=sent, seen=seen(sent), code="2")
    case = stands(sent)
    assert (case.referral.state, case.work.is_open) == (State.ENDED, False)
    with pytest.raises(NotPossible):
        end_wait(SYSTEM, referral_id=sent, seen=seen(sent), code="1")


def test_two_who_decide_at_once_do_not_both_decide(world: World) -> None:
    sent = world.sent()
    looked = seen(sent)
    reject_referral(world.doctor, referral_id=sent, seen=looked, reason="No need")
    with pytest.raises(NotPossible):
        accept_referral(
            SYSTEM, referral_id=sent, seen=looked, outcome="2", care_by=CARE_BY,
            urgency="routine",
        )  # fmt: skip
    other = world.sent()
    with pytest.raises(PreconditionFailed):
        ask_referrer(world.doctor, referral_id=other, seen=Seen(1, 99), text="Any X-ray?")
    stale = Seen(99, seen(other).task)
    with pytest.raises(PreconditionFailed):
        ask_referrer(world.doctor, referral_id=other, seen=stale, text="Any X-ray?")
    assert tasks(codes.QUESTION_TASK) == []


def test_the_referring_unit_follows_what_it_has_sent(world: World) -> None:
    first = world.sent()
    second = world.sent(HIP)
    cancel_referral(world.gp, referral_id=first, seen=seen(first), reason="Wrong patient")
    rows = sent_by_my_unit(world.gp)
    assert {row.work.referral for row in rows} == {first, second}
    assert [row.work.referral for row in sent_by_my_unit(world.gp, open_only=True)] == [second]


def test_what_is_sent_today_is_assessed_within_ten_working_days(world: World) -> None:
    sent = world.sent()
    referral = stands(sent).referral
    assert referral.assess_by is not None
    # Maundy Thursday, Good Friday and Easter Monday are no working days
    assert referral.assess_by - date(2026, 3, 23) == timedelta(days=17)


ONE = "11111111-1111-4111-8111-111111111111"


def test_inv_8_a_referral_that_is_sent_again_is_one(world: World) -> None:
    ask = partial(send_referral, world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO)
    first = ask(form=ONE)
    assert ask(form=ONE) == first
    world.again()
    (row,) = worklist(world.doctor).to_assess
    assert row.work.referral == first


def test_inv_8_what_the_page_saved_while_she_wrote_is_the_referral_she_sends(world: World) -> None:
    save = partial(draft_referral, world.gp, patient="Patient/kari")
    draft = save(content=Content(what="Knee"), form=ONE)
    assert save(content=KNEE, form=ONE) == draft
    sent = send_referral(world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO, form=ONE)
    assert sent == draft
    assert my_drafts(world.gp) == ()
    assert save(content=HIP, form=ONE) == sent  # a copy that comes late changes nothing
    world.again()
    (row,) = worklist(world.doctor).to_assess
    assert row.referral is not None
    assert row.referral.content == KNEE
