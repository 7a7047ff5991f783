"""A change of a plan: worked out on what stands, kept when the version that was seen still does."""

from __future__ import annotations

from collections.abc import Callable

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.benefits.plan import Phase, Plan, PlanLine
from fellesjournal.leadership.benefits.policies import must_plan
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.benefits.resources import PLAN
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document

Change = Callable[[Plan], Plan]
PLANNING = (Phase.INDICATORS, Phase.MEASUREMENT)
WORKING = (*PLANNING, Phase.REALISE)


def changed(
    session: Session, unit: str, change: Change, *, seen: int, reason: str
) -> Document[Plan]:
    """A new version of a unit's plan. Raises NotAllowed for another unit's, NotFound when there is
    none, Refused from the change, and as ``documents.actions.save``.
    """
    must_plan(session, f"Organization/{unit}")
    stands = standing(session, PLAN, unit)
    return save(session, PLAN, key=unit, body=change(stands.body), seen=seen, reason=reason)


def line_of(plan: Plan, indicator: str) -> PlanLine:
    """The line of an indicator. Raises Refused when the plan has none."""
    found = plan.line(indicator)
    if found is None:
        raise Refused(Why.NOT_IN_PLAN, f"{indicator} is in no benefit of the plan")
    return found


def must_be_in(plan: Plan, *phases: Phase) -> None:
    """Raises Refused in any other phase."""
    if plan.phase not in phases:
        raise Refused(Why.PHASE, f"not in phase {plan.phase}")


__all__ = ["PLANNING", "WORKING", "Change", "changed", "line_of", "must_be_in"]
