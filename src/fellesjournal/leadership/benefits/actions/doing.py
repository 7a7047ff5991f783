"""What is done to secure the benefits of a plan: its measures (Norwegian: tiltak)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.benefits.actions.changing import (
    WORKING,
    changed,
    line_of,
    must_be_in,
)
from fellesjournal.leadership.benefits.plan import Benefit, Measure, MeasureStatus, Phase, Plan
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.documents.resources import Document


def add_measure(
    session: Session, unit: str, indicator: str, measure: Measure, *, seen: int
) -> Document[Plan]:
    """Something that is done for the benefit of a line. Raises Refused when the benefit has a measure
    with this title or the dates are the wrong way round, and as ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        return measure_added(plan, indicator, measure)

    return changed(session, unit, change, seen=seen, reason="measure-added")


def measure_added(plan: Plan, indicator: str, measure: Measure) -> Plan:
    """The plan with a measure more. Raises Refused as :func:`add_measure`."""
    must_be_in(plan, *WORKING)
    benefit = _benefit_of(plan, indicator)
    _must_fit(measure, benefit.measures)
    after = plan.with_benefit(replace(benefit, measures=(*benefit.measures, measure)))
    line = line_of(plan, indicator)
    return after.with_line(replace(line, measures=(*line.measures, measure.title)))


def set_measure_status(
    session: Session, unit: str, indicator: str, title: str, status: MeasureStatus, *, seen: int
) -> Document[Plan]:
    """How far a measure has come. Raises as ``changing.changed``."""

    def change(plan: Plan) -> Plan:
        was = measure_of(plan, indicator, title)
        return _with(plan, indicator, was, replace(was, status=status))

    return changed(session, unit, change, seen=seen, reason="measure-status")


def change_measure(
    session: Session, unit: str, indicator: str, title: str, measure: Measure, *, seen: int
) -> Document[Plan]:
    """Write a measure anew, in place of the one with ``title``: how far it has come and whose practice it
    copies stay. Raises as :func:`add_measure`.
    """

    def change(plan: Plan) -> Plan:
        must_be_in(plan, *WORKING)
        was = measure_of(plan, indicator, title)
        others = [each for each in _benefit_of(plan, indicator).measures if each != was]
        _must_fit(measure, others)
        return _with(
            plan, indicator, was, replace(measure, status=was.status, practice=was.practice)
        )

    return changed(session, unit, change, seen=seen, reason="measure-changed")


def drop_measure(
    session: Session, unit: str, indicator: str, title: str, *, seen: int, reason: str
) -> Document[Plan]:
    """Take away a measure that should not stand there; the history of the plan keeps it. What was begun
    and given up is stopped instead. Raises Refused for the last one of a line whose benefits are
    being realised, and as ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        must_be_in(plan, *WORKING)
        after = _with(plan, indicator, measure_of(plan, indicator, title), None)
        lines = [each for each in after.lines if each.benefit == line_of(plan, indicator).benefit]
        if plan.phase is Phase.REALISE and not all(each.measures for each in lines):
            raise Refused(Why.LAST_MEASURE, "a line that is being realised needs a measure")
        return after

    return changed(session, unit, change, seen=seen, reason=reason)


def measure_of(plan: Plan, indicator: str, title: str) -> Measure:
    """The measure with a title. Raises Refused when the benefit of the line has none."""
    for each in _benefit_of(plan, indicator).measures:
        if each.title == title:
            return each
    raise Refused(Why.NOT_IN_PLAN, "there is no such measure")


def _benefit_of(plan: Plan, indicator: str) -> Benefit:
    benefit = plan.benefit(line_of(plan, indicator).benefit)
    if benefit is None:
        raise Refused(Why.NOT_IN_PLAN, "there is no such benefit")
    return benefit


def _must_fit(measure: Measure, others: Sequence[Measure]) -> None:
    if measure.start and measure.due and measure.due < measure.start:
        raise Refused(Why.DATES, "it ends before it starts")
    if any(each.title == measure.title for each in others):
        raise Refused(Why.SAME_MEASURE, "the benefit has such a measure")


def _with(plan: Plan, indicator: str, was: Measure, now: Measure | None) -> Plan:
    """The plan with a measure in place of another, or without it: in its benefit and, by its title, in
    each line of that.
    """
    benefit = _benefit_of(plan, indicator)
    measures = tuple(now if each == was else each for each in benefit.measures)
    after = plan.with_benefit(replace(benefit, measures=tuple(filter(None, measures))))
    title = None if now is None else now.title
    for line in plan.lines:
        if line.benefit == benefit.id:
            titles = tuple(title if each == was.title else each for each in line.measures)
            after = after.with_line(replace(line, measures=tuple(filter(None, titles))))
    return after


__all__ = [
    "add_measure", "change_measure", "drop_measure", "measure_added", "measure_of",
    "set_measure_status",
]  # fmt: skip
