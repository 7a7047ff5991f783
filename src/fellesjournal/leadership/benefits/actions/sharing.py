"""Practices: written down by who has them, copied by others into their own plans."""

from __future__ import annotations

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.benefits.actions.changing import changed, line_of
from fellesjournal.leadership.benefits.actions.doing import measure_added
from fellesjournal.leadership.benefits.network import Adoption, Practice
from fellesjournal.leadership.benefits.plan import Measure, Plan
from fellesjournal.leadership.benefits.policies import must_plan
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.benefits.resources import PRACTICE
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document


def share(session: Session, key: str, practice: Practice, *, reason: str) -> Document[Practice]:
    """Write down what a unit of one's own does, for others to copy. Raises NotAllowed for another
    unit's, PreconditionFailed when it was sent before, and as ``documents.actions.save``.
    """
    must_plan(session, practice.unit)
    return save(session, PRACTICE, key=key, body=practice, seen=0, reason=reason)


def copy(
    session: Session, unit: str, practice: str, *, responsible: str, seen: int
) -> Document[Plan]:
    """Take a practice over: it becomes a measure of the plan's line of its indicator, and the practice
    remembers who has it since when. Both are saved, or neither. ``seen`` is the version of the plan.

    Raises Refused for a plan without the indicator, for one's own practice and for one that is copied
    already; and as ``changing.changed``.
    """
    must_plan(session, f"Organization/{unit}")
    stands = standing(session, PRACTICE, practice)
    taken = Adoption(f"Organization/{unit}", clock.today())
    try:
        after = stands.body.adopted_by(taken)
    except ValueError as error:
        raise Refused(Why.CLAIMED, str(error)) from None
    measure = Measure(
        stands.body.title, responsible.strip(), start=taken.day, hypothesis=stands.body.what,
        practice=practice,
    )  # fmt: skip

    def change(plan: Plan) -> Plan:
        line_of(plan, stands.body.indicator)
        return measure_added(plan, stands.body.indicator, measure)

    with transaction():
        made = changed(session, unit, change, seen=seen, reason="practice-copied")
        _remember(session, practice, taken, stands, after)
    return made


def _remember(
    session: Session,
    practice: str,
    taken: Adoption,
    stands: Document[Practice],
    after: Practice,
) -> None:
    """Several may copy in the same moment: who comes second remembers it beside the first."""
    try:
        with transaction():
            save(session, PRACTICE, key=practice, body=after, seen=stands.version, reason="copied")
    except PreconditionFailed:
        again = standing(session, PRACTICE, practice)
        body = again.body.adopted_by(taken)
        save(session, PRACTICE, key=practice, body=body, seen=again.version, reason="copied")


__all__ = ["copy", "share"]
