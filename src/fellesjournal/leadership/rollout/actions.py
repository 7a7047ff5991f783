"""Changing the rollout: each change is a new version with its reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.rollout import queries
from fellesjournal.leadership.rollout.fixtures import readiness_data
from fellesjournal.leadership.rollout.migration import Job
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import GATES, Check, Waiver
from fellesjournal.leadership.rollout.resources import (
    CONCERNS,
    MIGRATION,
    PROGRAMME,
    READINESS,
    THE_PROGRAMME,
    TICKETS,
    Concerns,
    Migration,
    Readiness,
    TicketDay,
    TicketLog,
)
from fellesjournal.leadership.rollout.risks import Risk, Stakeholder
from fellesjournal.leadership.rollout.trials import CaseRun


def save_programme(
    session: Session, programme: Programme, *, seen: int, reason: str
) -> Document[Programme]:
    """Let another programme stand. Raises as ``documents.actions.save``."""
    return save(session, PROGRAMME, key=THE_PROGRAMME, body=programme, seen=seen, reason=reason)


def show_check(
    session: Session,
    actor: str,
    *,
    criterion: str,
    gate: int,
    value: Decimal | None,
    stage: str,
    evidence: str,
    owner: str,
    seen: int,
    reason: str,
) -> Document[Readiness]:
    """Write down what is shown for a criterion at a gate. A waiver that was signed for it stays.

    Raises NotFound for a criterion or gate that isn't there, Unprocessable for a stage it doesn't
    have, and as ``documents.actions.save``.
    """
    before = _checked(session, actor, criterion, gate, stage)
    made = replace(
        before.at(criterion, gate) or Check(criterion, gate),
        value=value,
        stage=stage,
        evidence=evidence.strip(),
        owner=owner.strip(),
    )
    return save(
        session, READINESS, key=actor, body=before.with_check(made), seen=seen, reason=reason
    )


def sign_waiver(
    session: Session,
    actor: str,
    *,
    criterion: str,
    gate: int,
    reason: str,
    risk: str,
    seen: int,
) -> Document[Readiness]:
    """Sign that the gate may pass without a criterion, and the risk that is taken. Who signs is who is
    signed in. Raises as ``show_check``, and Unprocessable without a reason or a risk.
    """
    before = _checked(session, actor, criterion, gate, "")
    try:
        waiver = Waiver(reason.strip(), risk.strip(), session.person, clock.now())
    except ValueError as error:
        raise Unprocessable(str(error), code="required") from None
    check = before.at(criterion, gate) or Check(criterion, gate)
    body = before.with_check(replace(check, waiver=waiver))
    return save(session, READINESS, key=actor, body=body, seen=seen, reason=reason)


def record_run(
    session: Session, actor: str, run: CaseRun, *, seen: int, reason: str
) -> Document[Readiness]:
    """Write down a test run. Raises NotFound for an organisation without a plan, Unprocessable for a
    retest of a defect that no run has found, and as ``documents.actions.save``.
    """
    _known(session, actor)
    before = queries.readiness(session, actor).body
    found = {each.defect.id for each in before.runs if each.defect}
    if run.retest_of and run.retest_of not in found:
        raise Unprocessable(f"no run has found the defect {run.retest_of!r}", code="value")
    return save(session, READINESS, key=actor, body=before.with_run(run), seen=seen, reason=reason)


def weigh_risk(
    session: Session, actor: str, risk: Risk, *, seen: int, reason: str
) -> Document[Concerns]:
    """Write a risk down, or weigh one anew. Raises NotFound for an organisation that isn't there, and
    as ``documents.actions.save``.
    """
    _known(session, actor)
    body = queries.concerns(session, actor).body.with_risk(risk)
    return save(session, CONCERNS, key=actor, body=body, seen=seen, reason=reason)


def note_stakeholder(
    session: Session, actor: str, stakeholder: Stakeholder, *, seen: int, reason: str
) -> Document[Concerns]:
    """Write down whom the plan concerns, or anew how they stand to it. Raises as ``weigh_risk``."""
    _known(session, actor)
    body = queries.concerns(session, actor).body.with_stakeholder(stakeholder)
    return save(session, CONCERNS, key=actor, body=body, seen=seen, reason=reason)


def write_job(
    session: Session, actor: str, job: Job, *, seen: int, reason: str
) -> Document[Migration]:
    """Write down what was moved. Raises NotFound for an organisation that isn't there, and as
    ``documents.actions.save``.
    """
    _known(session, actor)
    body = queries.migration(session, actor).body.with_job(job)
    return save(session, MIGRATION, key=actor, body=body, seen=seen, reason=reason)


def count_tickets(
    session: Session, actor: str, day: TicketDay, *, users: int, seen: int, reason: str
) -> Document[TicketLog]:
    """Write down the tickets of a day. Raises as ``write_job``, and Unprocessable without users."""
    _known(session, actor)
    before = queries.tickets(session, actor).body
    try:
        body = (before or TicketLog(users)).with_day(day, users)
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, TICKETS, key=actor, body=body, seen=seen, reason=reason)


def count_users(session: Session, actor: str, users: int, *, seen: int) -> Document[TicketLog]:
    """Say how many use the platform there. Raises as ``count_tickets``."""
    _known(session, actor)
    before = queries.tickets(session, actor).body
    try:
        body = TicketLog(users, before.days if before else ())
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, TICKETS, key=actor, body=body, seen=seen, reason="users counted")


def _known(session: Session, actor: str) -> None:
    if queries.programme(session).body.plan(actor) is None:
        raise NotFound("there is no such organisation with a plan")


def _checked(session: Session, actor: str, criterion: str, gate: int, stage: str) -> Readiness:
    """What stands for the organisation, when there is such a criterion, gate and stage."""
    found = next((each for each in readiness_data().criteria if each.id == criterion), None)
    known = {each.id for each in queries.programme(session).body.actors}
    if found is None or gate not in GATES or actor not in known:
        raise NotFound("there is no such criterion, gate or organisation")
    if stage and stage not in found.stages:
        raise Unprocessable(f"{criterion} has no stage {stage!r}", code="value")
    return queries.readiness(session, actor).body


__all__ = [
    "count_tickets",
    "count_users",
    "record_run",
    "save_programme",
    "show_check",
    "sign_waiver",
    "write_job",
]
