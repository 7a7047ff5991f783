"""What the referral office does before a patient waits: accept, ask, reject, end a Helfo step."""

from __future__ import annotations

from datetime import date

from fellesjournal.access.acts import act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes, events
from fellesjournal.care.referrals.actions.case import (
    Case,
    Missing,
    Seen,
    load,
    must_be,
    must_be_at,
    must_be_office,
)
from fellesjournal.care.referrals.limits import LIMITS
from fellesjournal.care.referrals.notices import Notice, both_told
from fellesjournal.care.referrals.resources import (
    ASSESSED,
    CARE_BY,
    named,
    new_task,
    put_day,
    put_input,
    put_modified,
    put_output,
    read_work,
)
from fellesjournal.care.referrals.states import Step
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.registry.working_days import add_working_days


def accept_referral(
    session: Session,
    *,
    referral_id: str,
    seen: Seen,
    outcome: str,
    care_by: date,
    urgency: str,
) -> None:
    """Right to care: the patient waits from now on, until ``care_by`` at the latest.

    ``outcome`` is a code of 8485, ``urgency`` a request-priority. Patient and referrer are both
    told in the same act (L10, INV-14). Raises Missing, NotYours, NotPossible.
    """
    case = _to_assess(session, referral_id)
    if outcome not in codes.OUTCOMES:
        raise Missing("outcome")
    if care_by < clock.today():
        raise Missing("care_by")
    case.move(Step.ACCEPT, deadline=care_by)
    put_day(case.request, ASSESSED, clock.today())
    put_day(case.request, CARE_BY, care_by)
    case.request["priority"] = urgency
    assert case.task is not None  # what was sent has one
    case.task["priority"] = urgency
    decided = codes.concept(codes.OUTCOME, outcome, codes.OUTCOMES[outcome])
    put_output(case.task, codes.TASK_CODE, "outcome", valueCodeableConcept=decided)
    put_output(case.task, codes.TASK_CODE, "right-to-care", valueBoolean=True)
    put_output(case.task, codes.TASK_CODE, "assessed-by", valueReference=named(session.person))
    case.close_questions()
    case.more += both_told(Notice.ACCEPTED, case.referral, case.work.owner, day=care_by)
    case.write(session, seen, events.ACCEPTED)


def reject_referral(session: Session, *, referral_id: str, seen: Seen, reason: str) -> None:
    """No right to care, with the reason; patient and referrer are both told.

    Raises Missing, NotYours, NotPossible.
    """
    case = _to_assess(session, referral_id)
    if not reason:
        raise Missing("reason")
    case.move(Step.REJECT, reason=reason)
    put_day(case.request, ASSESSED, clock.today())
    assert case.task is not None  # what was sent has one
    put_output(case.task, codes.TASK_CODE, "right-to-care", valueBoolean=False)
    put_output(case.task, codes.TASK_CODE, "assessed-by", valueReference=named(session.person))
    case.close_questions()
    case.more += both_told(Notice.REJECTED, case.referral, case.work.owner, why=reason)
    case.write(session, seen, events.REJECTED)


def ask_referrer(session: Session, *, referral_id: str, seen: Seen, text: str) -> None:
    """Ask the referrer something: a Task for her unit. The days to assess go on being counted.

    Raises Missing, NotYours, NotPossible.
    """
    case = load(session, referral_id)
    must_be_office(session, case)
    if not text:
        raise Missing("text")
    case.move(Step.ASK)
    referral, work = case.referral, case.work
    question = new_task(
        codes.QUESTION_TASK,
        focus=referral.reference,
        patient=referral.patient,
        owner=named(referral.referring_unit or work.owner, referral.referring_unit_name),
        requester=named(work.owner, work.owner_name),
        deadline=add_working_days(clock.today(), LIMITS.answer_within),
    )
    put_input(question, codes.QUESTION_TASK, text)
    case.more.append(create(question))
    case.more += both_told(Notice.ASKED, referral, work.owner)
    case.write(session, seen, events.RETURNED)


def close_helfo_step(
    session: Session, *, referral_id: str, task_id: str, seen: int, text: str
) -> None:
    """Helfo has been told: the step ends with what came of it.

    Raises Missing, NotFound, NotYours.
    """
    case = load(session, referral_id)
    for task, version in case.others:
        work = read_work(task, version)
        if work.id == task_id and work.code == codes.HELFO_TASK:
            break
    else:
        raise NotFound(f"Task/{task_id} is not known")
    must_be_at(session, work.owner)
    if not text:
        raise Missing("text")
    task["status"] = "completed"
    put_modified(task)
    put_output(task, codes.TASK_CODE, codes.HELFO_TASK, valueString=text)
    act(session, [change(task, seen=seen)])


def _to_assess(session: Session, referral_id: str) -> Case:
    case = load(session, referral_id)
    must_be_office(session, case)
    must_be(session, LIMITS.assessors)
    return case


__all__ = ["accept_referral", "ask_referrer", "close_helfo_step", "reject_referral"]
