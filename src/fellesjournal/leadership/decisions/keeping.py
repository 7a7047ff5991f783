"""What people do with communities and their meetings, the queue of usability, and findings: a rule,
then a new version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions import findings, usability
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.committees import (
    COMMUNITIES as DELIVERED,
)
from fellesjournal.leadership.decisions.committees import (
    Body,
    Community,
    Meeting,
    with_body,
)
from fellesjournal.leadership.decisions.findings import Finding, Review, Watch
from fellesjournal.leadership.decisions.structure import (
    COMMUNITIES,
    ISSUES,
    LEADING,
    MEETINGS,
    REVIEWS,
)
from fellesjournal.leadership.decisions.usability import Measured, UsabilityIssue
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.documents.queries import find, standing
from fellesjournal.leadership.documents.resources import Document


def change_body(
    session: Session, key: str, body: Body, *, seen: int, reason: str
) -> Document[Community]:
    """Say how often a body meets and who takes part. Raises NotFound for a community that is not
    known, Unprocessable for a body that is not, and as ``documents.actions.save``.
    """
    found = find(session, COMMUNITIES, key)
    before = DELIVERED.get(key) if found is None else found.body
    if before is None:
        raise NotFound("there is no such community")
    try:
        after = with_body(before, body)
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, COMMUNITIES, key=key, body=after, seen=seen, reason=reason)


def call_meeting(session: Session, *, key: str, meeting: Meeting) -> Document[Meeting]:
    """Call a meeting with its agenda. Raises as ``documents.actions.save``."""
    return save(session, MEETINGS, key=key, body=meeting, seen=0, reason="called")


def write_minutes(session: Session, key: str, *, minutes: str, seen: int) -> Document[Meeting]:
    """Write what was said. Raises Unprocessable before the day, and as ``documents.actions.save``."""
    stands = standing(session, MEETINGS, key).body
    if stands.day > clock.today():
        raise Unprocessable("nothing has been said yet", code="value")
    after = replace(stands, minutes=minutes.strip())
    return save(session, MEETINGS, key=key, body=after, seen=seen, reason="minutes")


def report_issue(session: Session, issue: UsabilityIssue) -> Document[UsabilityIssue]:
    """Put something into the queue of usability, under its key."""
    return save(session, ISSUES, key=issue.key, body=issue, seen=0, reason="reported")


def close_issue(
    session: Session, key: str, *, measured: Measured | None, seen: int
) -> Document[UsabilityIssue]:
    """Say that it is solved, as measured before and after. Raises Refused without a measurement or
    when nothing is better, and as ``documents.actions.save``.
    """
    after = usability.closed(standing(session, ISSUES, key).body, measured)
    return save(session, ISSUES, key=key, body=after, seen=seen, reason="closed")


def add_review(session: Session, *, key: str, review: Review) -> Document[Review]:
    """Write down a review. Raises NotAllowed for who does not lead the work."""
    _must_lead(session)
    return save(session, REVIEWS, key=key, body=review, seen=0, reason="written down")


def add_finding(session: Session, key: str, finding: Finding, *, seen: int) -> Document[Review]:
    """Write down what a review found. Raises Unprocessable for one that is only announced, and as
    :func:`add_review`.
    """
    _must_lead(session)
    review = standing(session, REVIEWS, key).body
    try:
        after = replace(review, findings=(*review.findings, finding))
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, REVIEWS, key=key, body=after, seen=seen, reason="finding added")


def answer_finding(
    session: Session, key: str, place: int, *, text: str, seen: int
) -> Document[Review]:
    """Answer for the organisation that her unit belongs to. Raises NotAllowed when the finding is not
    addressed to it, Refused, and as ``documents.actions.save``.
    """

    def step(finding: Finding) -> Finding:
        _must_be_addressed(session, finding)
        return findings.answered(finding, text=text, by=session.person, at=clock.now())

    return _finding_changed(session, key, place, seen, step, "answered")


def close_finding(
    session: Session,
    key: str,
    place: int,
    *,
    evidence: tuple[str, ...],
    text: str,
    seen: int,
    watch: Watch | None = None,
) -> Document[Review]:
    """Say that it is put right, as a second person who has seen the evidence; ``watch``: which figure
    opens it again by itself. Raises Refused without evidence and for whoever gave the answer; NotAllowed
    for who neither leads the work nor belongs to an organisation it is addressed to; Unprocessable for a
    figure that is not linked to it.
    """

    def step(finding: Finding) -> Finding:
        if not has_duty(session, LEADING):
            _must_be_addressed(session, finding)
        try:
            return findings.closed(
                finding,
                evidence=evidence,
                by=session.person,
                at=clock.now(),
                text=text,
                watch=watch,
            )
        except ValueError as error:
            raise Unprocessable(str(error), code="value") from None

    return _finding_changed(session, key, place, seen, step, "closed")


def recur(session: Session, key: str, place: int, *, indicator: str, seen: int) -> Document[Review]:
    """What an indicator that is linked to a finding shows again opens it. Raises Unprocessable when
    it changes nothing: it is not closed, or not linked to that indicator.
    """
    _must_lead(session)

    def step(finding: Finding) -> Finding:
        after = findings.recurred(finding, indicator=indicator, at=clock.now())
        if after == finding:
            raise Unprocessable("a closed finding opens by an indicator that is linked to it",
                                code="value")  # fmt: skip
        return after

    return _finding_changed(session, key, place, seen, step, "recurred")


def _finding_changed(
    session: Session,
    key: str,
    place: int,
    seen: int,
    step: Callable[[Finding], Finding],
    reason: str,
) -> Document[Review]:
    review = standing(session, REVIEWS, key).body
    if not 1 <= place <= len(review.findings):
        raise NotFound("there is no such finding")
    changed = step(review.findings[place - 1])
    several = (*review.findings[: place - 1], changed, *review.findings[place:])
    body = replace(review, findings=several)
    return save(session, REVIEWS, key=key, body=body, seen=seen, reason=reason)


def _must_be_addressed(session: Session, finding: Finding) -> None:
    if session.is_unbounded:
        return
    names = {each.reference: each.name for each in actors(session)}
    if speaks_for(session, names) not in finding.addressed_to:
        raise NotAllowed("those it is addressed to answer it", code="forbidden")


def _must_lead(session: Session) -> None:
    if not has_duty(session, LEADING):
        raise NotAllowed("who leads the work of the structure does this", code="forbidden")


__all__ = [
    "add_finding", "add_review", "answer_finding", "call_meeting", "change_body", "close_finding",
    "close_issue", "recur", "report_issue", "write_minutes",
]  # fmt: skip
