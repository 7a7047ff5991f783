"""The plan itself: who answers, the phases, benefits and their map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions.changing import (
    PLANNING,
    changed,
    line_of,
    must_be_in,
)
from fellesjournal.leadership.benefits.benefit_map import chain, circle
from fellesjournal.leadership.benefits.maturity import Maturity, Reached
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    Confounder,
    Finding,
    Phase,
    Plan,
    before_leaving,
    may_go_to,
)
from fellesjournal.leadership.benefits.policies import must_plan
from fellesjournal.leadership.benefits.refusals import Held, Refused, Why
from fellesjournal.leadership.benefits.resources import MATURITY, PLAN
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.resources import Document


@dataclass(frozen=True, slots=True)
class Roles:
    """Who answers for the benefits of a unit, and who coordinates them."""

    owner: str
    owner_title: str
    owner_is_director: bool
    coordinator: str
    coordinator_title: str
    coordinator_leads_implementation: bool


def fill_roles(
    session: Session, unit: str, roles: Roles, *, seen: int, reason: str
) -> Document[Plan]:
    """Say who answers and who coordinates; the first time this begins the plan. Once ownership is
    established it is not given up: raises Held for roles that would not have let the plan leave it.
    Raises NotAllowed for another unit's plan, and as ``documents.actions.save``.
    """
    reference = f"Organization/{unit}"
    must_plan(session, reference)
    stands = queries.plan(session, unit)
    before = Plan(reference) if stands is None else stands.body
    after = replace(
        before, owner=roles.owner.strip(), owner_title=roles.owner_title.strip(),
        owner_is_director=roles.owner_is_director, coordinator=roles.coordinator.strip(),
        coordinator_title=roles.coordinator_title.strip(),
        coordinator_leads_implementation=roles.coordinator_leads_implementation,
    )  # fmt: skip
    if before.phase > Phase.OWNERSHIP:
        _must_hold(before_leaving(replace(after, phase=Phase.OWNERSHIP)))
    return save(session, PLAN, key=unit, body=after, seen=seen, reason=reason)


def go_to(session: Session, unit: str, phase: Phase, *, seen: int, reason: str) -> Document[Plan]:
    """Leave a phase for the next, or go from realising back to the indicators. Raises Held with all
    that is missing, Refused for a step that is not the next, and as ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        if phase > plan.phase:
            _must_hold(queries.missing(plan, queries.items(session)))
        if not may_go_to(plan, phase):
            raise Refused(Why.PHASE, f"from phase {plan.phase} it does not go to {phase}")
        return replace(plan, phase=phase)

    return changed(session, unit, change, seen=seen, reason=reason)


def pick(session: Session, unit: str, indicator: str, *, seen: int) -> Document[Plan]:
    """Take an indicator of the selection list into the plan. Raises Refused for one that is not
    listed or not in this phase, and as ``changing.changed``.
    """
    known = {each.body.indicator for each in queries.items(session) if each.body.is_listed}

    def change(plan: Plan) -> Plan:
        must_be_in(plan, *PLANNING)
        if indicator not in known:
            raise Refused(Why.NOT_LISTED, f"{indicator} is not on the list")
        return replace(plan, listed=tuple(dict.fromkeys((*plan.listed, indicator))))

    return changed(session, unit, change, seen=seen, reason="indicator-picked")


def keep_benefit(session: Session, unit: str, benefit: Benefit, *, seen: int) -> Document[Plan]:
    """A benefit, new or in place of the one with its id; each of its indicators gets a line. Raises
    Refused for an indicator that was not picked, and as ``changing.changed``. Its measures stay.
    """

    def change(plan: Plan) -> Plan:
        must_be_in(plan, *PLANNING)
        if not set(benefit.indicators) <= set(plan.listed):
            raise Refused(Why.NOT_LISTED, "an indicator has not been picked")
        before = plan.benefit(benefit.id)
        measures = () if before is None else before.measures
        return plan.with_benefit(replace(benefit, measures=measures))

    return changed(session, unit, change, seen=seen, reason="benefit-kept")


def connect(
    session: Session,
    unit: str,
    *,
    functionality: str,
    process: str,
    benefit: str,
    onward: str,
    seen: int,
) -> Document[Plan]:
    """Draw a way on the map: from a functionality and a changed work process to a benefit, and on to
    another. Raises Refused for a way in a circle or a benefit that isn't there, and as
    ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        if any(each and plan.benefit(each) is None for each in (benefit, onward)):
            raise Refused(Why.NOT_IN_PLAN, "there is no such benefit")
        edges = tuple(dict.fromkeys((*plan.edges, *chain(functionality, process, benefit, onward))))
        found = circle(edges)
        if found:
            raise Refused(Why.CIRCLE, " → ".join(found))
        return replace(plan, edges=edges)

    return changed(session, unit, change, seen=seen, reason="map-drawn")


def disconnect(session: Session, unit: str, edge: tuple[str, str], *, seen: int) -> Document[Plan]:
    """Take a way off the map. Raises as ``changing.changed``."""

    def change(plan: Plan) -> Plan:
        return replace(plan, edges=tuple(each for each in plan.edges if each != edge))

    return changed(session, unit, change, seen=seen, reason="map-drawn")


def set_line(
    session: Session,
    unit: str,
    indicator: str,
    *,
    owner: str,
    next_measurement: date | None,
    seen: int,
) -> Document[Plan]:
    """Who answers for a line, and when it is measured next. Raises as ``changing.changed``."""

    def change(plan: Plan) -> Plan:
        line = line_of(plan, indicator)
        return plan.with_line(replace(line, owner=owner.strip(), next_measurement=next_measurement))

    return changed(session, unit, change, seen=seen, reason="line-kept")


def note_confounder(
    session: Session, unit: str, confounder: Confounder, *, seen: int
) -> Document[Plan]:
    """Write down something else that moves indicators of the plan. Raises as ``changing.changed``."""

    def change(plan: Plan) -> Plan:
        for each in confounder.indicators:
            line_of(plan, each)
        return replace(plan, confounders=(*plan.confounders, confounder))

    return changed(session, unit, change, seen=seen, reason="confounder-noted")


def correct_confounder(
    session: Session, unit: str, number: int, now: Confounder | None, *, seen: int
) -> Document[Plan]:
    """Write something else in its place, or None: take it out. ``number`` counts from 0 in the version that
    was ``seen``; earlier versions keep what stood. Raises Refused for a number that isn't there, and as
    ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        if not 0 <= number < len(plan.confounders):
            raise Refused(Why.NOT_IN_PLAN, "nothing of this number is written down")
        for each in now.indicators if now else ():
            line_of(plan, each)
        listed = list(plan.confounders)
        listed[number : number + 1] = [now] if now else []
        return replace(plan, confounders=tuple(listed))

    return changed(session, unit, change, seen=seen, reason="confounder-corrected")


def reach(session: Session, unit: str, reached: Reached, *, seen: int) -> Document[Maturity]:
    """Say that a rung of the ladder is reached, and by what it can be seen. Raises NotAllowed for
    another unit's, and as ``documents.actions.save``.
    """
    must_plan(session, f"Organization/{unit}")
    before, _ = queries.maturity(session, unit)
    return save(
        session, MATURITY, key=unit, body=before.having(reached), seen=seen, reason="rung-reached"
    )


def _must_hold(findings: list[Finding]) -> None:
    blocks = [each for each in findings if not each.is_warning]
    if blocks:
        raise Held(blocks)


__all__ = [
    "Roles", "connect", "correct_confounder", "disconnect", "fill_roles", "go_to", "keep_benefit", "note_confounder",
    "pick", "reach", "set_line",
]  # fmt: skip
