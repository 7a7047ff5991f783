"""Beginning, changing and ending a follow-up: what a clinician agrees with a patient."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource, act, change, create
from fellesjournal.access.answering import named, posts_of
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import ANSWERING_ROLES, Post
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.finding import plans_of
from fellesjournal.care.remote_follow_up.measures import is_believed
from fellesjournal.care.remote_follow_up.plans import (
    Agreed,
    Plan,
    Terms,
    agreed_elements,
    plan_of,
    plan_resource,
)
from fellesjournal.care.remote_follow_up.refusals import FollowUpRefused
from fellesjournal.fhir.issues import Conflict, NotAllowed, NotFound
from fellesjournal.foundation import clock

MOST_TIMES, MOST_DAYS = 10, 92
MOST_WORKING_DAYS = 10
# Assumption (configurable): an agreement is looked at again within a year.
LONGEST_DAYS = 366


def owners(session: Session) -> list[Post]:
    """Who may answer for readings at the unit of her who asks: those with a post there now."""
    now = clock.now()
    found = {
        each.practitioner: each
        for each in posts_of(session, session.unit)
        if each.may_answer and each.holds(now)
    }
    return sorted(found.values(), key=lambda each: (each.name, each.practitioner))


def start_follow_up(session: Session, *, patient: str, terms: Terms, by_name: str = "") -> str:
    """Begin to follow a patient (``Patient/1``) from today; the id of the plan.

    The unit of her who asks answers, and ``terms.owner`` for it. Raises NotAllowed for a role or a
    ground that does not plan, FollowUpRefused for terms that can't be, Conflict when the unit
    follows her already.
    """
    _check(session, terms)
    today = clock.today()
    own = [each for each in plans_of(session, patient) if each.unit == session.unit]
    if any(each.is_ongoing(today) for each in own):
        raise Conflict("this unit follows the patient already")
    for over in own:
        if over.status == "active":
            _close(session, over, reason="")
    who = named(session, terms.owner, session.unit)
    key = f"{patient.partition('/')[2]}.{session.unit.partition('/')[2]}"
    body = plan_resource(
        terms,
        patient=patient,
        unit=session.unit,
        unit_name=who.unit_name,
        by=codes.reference(session.person, by_name),
        starts=today,
        key=key,
    )
    unless = f"identifier={codes.PLAN_NUMBER}|{key}&status=active"
    (stood,) = act(session, [create(body, unless=unless)])
    return stood.id


def change_follow_up(session: Session, *, patient: str, plan: str, seen: int, terms: Terms) -> None:
    """Agree otherwise. ``seen`` is the plan's version on the page. Raises as
    :func:`start_follow_up`, NotFound for another unit's or patient's, PreconditionFailed.
    """
    _check(session, terms)
    data, found = _own(session, patient, plan)
    renewed = agreed_elements(
        terms, unit=found.unit, unit_name=found.unit_name, starts=found.starts
    )
    act(session, [change({**data, **renewed}, seen=seen)])


def end_follow_up(session: Session, *, patient: str, plan: str, seen: int, reason: str) -> None:
    """End it today, with a reason; what waits already stays until somebody closes it.

    Raises FollowUpRefused without a reason, NotAllowed, NotFound, PreconditionFailed.
    """
    if not reason.strip():
        raise FollowUpRefused("no-reason", "reason")
    _may(session)
    data, found = _own(session, patient, plan)
    act(session, [change(_ended(data, found, reason.strip()), seen=seen)])


def _close(session: Session, plan: Plan, *, reason: str) -> None:
    data, version = acts.read(session, "CarePlan", plan.id)
    act(session, [change(_ended(data, plan, reason), seen=version)])


def _ended(data: Resource, plan: Plan, reason: str) -> Resource:
    today = clock.today()
    ends = min(plan.ends, today) if plan.ends is not None else today
    notes = [*data.get("note", ()), *([{"text": reason}] if reason else [])]
    return {
        **data,
        "status": "completed",
        "period": {**data["period"], "end": max(ends, plan.starts).isoformat()},
        **({"note": notes} if notes else {}),
    }


def _own(session: Session, patient: str, plan: str) -> tuple[Resource, Plan]:
    data, version = acts.read(session, "CarePlan", plan)
    found = plan_of(data, version)
    if found is None or (found.patient, found.unit) != (patient, session.unit):
        raise NotFound(f"CarePlan/{plan} is not known")
    if found.status != "active":
        raise Conflict("this follow-up has ended")
    return data, found


def _may(session: Session) -> None:
    if session.role not in ANSWERING_ROLES:
        raise NotAllowed("this role does not follow patients at home", code="forbidden")


def _check(session: Session, terms: Terms) -> None:
    _may(session)
    if not terms.agreed:
        raise FollowUpRefused("nothing-agreed", "measures")
    _check_agreed(terms.agreed)
    if terms.owner not in {each.practitioner for each in owners(session)}:
        raise FollowUpRefused("no-owner", "owner")
    if not 1 <= terms.looked_at_within <= MOST_WORKING_DAYS:
        raise FollowUpRefused("no-deadline", "looked_at_within")
    if not 0 <= (terms.ends - clock.today()).days <= LONGEST_DAYS:
        raise FollowUpRefused("no-end", "ends")


def _check_agreed(agreed: Sequence[Agreed]) -> None:
    for each in agreed:
        if not (1 <= each.times <= MOST_TIMES and 1 <= each.days <= MOST_DAYS):
            raise FollowUpRefused("how-often", f"{each.measure.key}-often")
        limits = {part: one for part, one in each.limits.items() if part in each.measure.parts}
        if not any(one.low is not None or one.high is not None for one in limits.values()):
            # what has no limit is watched by nobody, whatever the plan is called
            raise FollowUpRefused("no-limit", f"{each.measure.parts[0]}-high")
        for part, one in limits.items():
            given = {"low": one.low, "high": one.high}
            for end, value in given.items():
                if value is not None and not is_believed(part, value):
                    raise FollowUpRefused("not-believed", f"{part}-{end}")
            if one.low is not None and one.high is not None and one.low >= one.high:
                raise FollowUpRefused("low-above-high", f"{part}-high")


__all__ = [
    "LONGEST_DAYS",
    "MOST_DAYS",
    "MOST_TIMES",
    "MOST_WORKING_DAYS",
    "change_follow_up",
    "end_follow_up",
    "owners",
    "start_follow_up",
]
