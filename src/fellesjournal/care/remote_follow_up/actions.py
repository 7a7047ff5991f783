"""Sending a reading and taking it back; looking at what awaits, and giving it to a colleague."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change, create
from fellesjournal.access.answering import handed_on, named, posts_of
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import ANSWERING_ROLES
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.finding import plans_of
from fellesjournal.care.remote_follow_up.measures import is_believed
from fellesjournal.care.remote_follow_up.readings import (
    group_of,
    is_own_reading,
    reading_of,
    reading_resources,
)
from fellesjournal.care.remote_follow_up.refusals import FollowUpRefused
from fellesjournal.care.remote_follow_up.tasks import Kind, Outcome, closed, work_of
from fellesjournal.fhir.issues import BadRequest, Conflict, NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock

# Assumption (configurable): the clock of a telephone may be a little fast.
AHEAD = timedelta(minutes=5)
# Assumption (configurable): older measurements belong to a conversation, not to a worklist.
LONGEST_AGO = timedelta(days=31)
MOST_WORDS = 2000
BY_PEOPLE = (Outcome.CONTACTED, Outcome.CHANGED_PLAN, Outcome.NO_ACTION)


def send_reading(
    session: Session, *, measured: Mapping[str, Decimal], at: datetime, key: str
) -> str:
    """Store what a citizen, or somebody for her, has measured; the group of the Observations.

    ``measured`` by part (of VITALS). ``key`` is that of the form: sent twice, in parallel or again,
    it is one reading. Whoever watches is told in the same transaction. Raises BadRequest for what
    can't be a measurement, or a time that can't be.
    """
    if not measured or any(not is_believed(part, value) for part, value in measured.items()):
        raise BadRequest("this is no measurement", code="value")
    if ("systolic" in measured) != ("diastolic" in measured):
        raise BadRequest("both blood pressures belong together", code="required")
    if not clock.now() - LONGEST_AGO <= at <= clock.now() + AHEAD:
        raise BadRequest("this time can't be", code="value")
    made = reading_resources(
        measured,
        patient=session.subject,
        performer=session.person,
        at=at,
        key=key,
        plans=plans_of(session, session.subject),
    )
    act(
        session,
        [
            create(each, unless=f"identifier={codes.READING_NUMBER}|{each['identifier'][0]['value']}")
            for each in made
        ],
    )  # fmt: skip
    return group_of(key, measured, at)


def take_back(session: Session, *, reading: str, seen: int) -> None:
    """A citizen says that she wrote it wrong: it stays in the record, marked as not valid.

    Raises NotFound for what she has not sent herself, Conflict when it is taken back already,
    PreconditionFailed.
    """
    data, version = acts.read(session, "Observation", reading)
    found = reading_of(data, version) if is_own_reading(data) else None
    if found is None or (found.patient, found.by) != (session.subject, session.person):
        raise NotFound(f"Observation/{reading} is not known")
    if found.is_withdrawn:
        raise Conflict("this reading is taken back already")
    act(session, [change({**data, "status": "entered-in-error"}, seen=seen)])


def close_work(
    session: Session,
    *,
    patient: str,
    tasks: Sequence[tuple[str, int]],
    outcome: Outcome,
    words: str = "",
    by_name: str = "",
) -> None:
    """Say what is done about rows of one patient (INV-29): all of ``tasks`` (id and the version on
    the page), or none.

    Raises FollowUpRefused for no rows, or doing nothing without a reason; NotAllowed for a role that
    does not answer, NotFound for another patient's, PreconditionFailed for what has changed.
    """
    said = words.strip()[:MOST_WORDS]
    if not tasks:
        raise FollowUpRefused("nothing-chosen")
    if outcome not in BY_PEOPLE:
        raise FollowUpRefused("no-outcome", "outcome")
    if outcome is Outcome.NO_ACTION and not said:
        raise FollowUpRefused("no-reason", "words")
    if session.role not in ANSWERING_ROLES:
        raise NotAllowed("this role does not answer for readings", code="forbidden")
    operations = []
    for task, seen in tasks:
        data, version = acts.read(session, "Task", task)
        if not _is_ours(data) or work_of(data, version).patient != patient:
            raise NotFound(f"Task/{task} is not known")
        if version != seen or not work_of(data, version).is_open:
            raise PreconditionFailed("the reading has changed, or somebody has closed this")
        by = codes.reference(session.person, by_name)
        operations.append(change(closed(data, outcome, said, by), seen=seen))
    act(session, operations)


def give_to(session: Session, *, task: str, seen: int, practitioner: str) -> None:
    """The leader of the unit gives a row to somebody of hers who may answer.

    Raises NotAllowed without the duty, NotFound for another unit's, FollowUpRefused for somebody
    who does not answer there now, PreconditionFailed.
    """
    role = role_of(session.role)
    if role is None or Duty.REVIEW_UNIT not in role.duties:
        raise NotAllowed("only the unit's leader gives work to others", code="forbidden")
    data, version = acts.read(session, "Task", task)
    if not _is_ours(data) or work_of(data, version).unit != session.unit:
        raise NotFound(f"Task/{task} is not known")
    now = clock.now()
    if not any(
        each.practitioner == practitioner and each.may_answer and each.at_work(now)
        for each in posts_of(session, session.unit)
    ):
        raise FollowUpRefused("no-owner", "owner")
    who = named(session, practitioner, session.unit)
    act(session, [change(handed_on(data, who.owner_pointer, who.unit_pointer), seen=seen)])


def _is_ours(data: acts.Resource) -> bool:
    return any(
        each.get("code") in set(Kind) for each in data.get("code", {}).get("coding", ())
    )  # fmt: skip


__all__ = [
    "AHEAD",
    "BY_PEOPLE",
    "LONGEST_AGO",
    "MOST_WORDS",
    "close_work",
    "give_to",
    "send_reading",
    "take_back",
]
