"""Baselines, ambitions and measurements: figures of the record as they were told, kept for good.

The figure itself comes from the indicators, by way of the page: packages of leadership do not know
each other.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits.actions.changing import changed, line_of, must_be_in
from fellesjournal.leadership.benefits.attainment import (
    Ambition,
    Baseline,
    Measured,
    NotComparable,
    comparable,
)
from fellesjournal.leadership.benefits.plan import Phase, Plan
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.figures.result import Figure, Status

FROM_RECORD = "record"


def freeze(
    session: Session,
    unit: str,
    figure: Figure,
    *,
    seen: int,
    reason: str,
    method: str = FROM_RECORD,
) -> Document[Plan]:
    """Freeze what an indicator was, as the baseline of its line. One that was frozen before stays
    among the earlier ones.

    Raises Refused for a figure that is held back, empty, of another unit or of a period that is not
    over, for any phase but that of measurement, and for the same period under the same definition
    once more; and as ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        must_be_in(plan, Phase.MEASUREMENT)
        line = line_of(plan, figure.definition.indicator)
        frozen = _baseline(session, plan, figure, method)
        if line.baseline is not None and _is_of_same(line.baseline, frozen):
            raise Refused(Why.FROZEN, "this period is frozen already")
        earlier = line.earlier if line.baseline is None else (*line.earlier, line.baseline)
        # an ambition is a distance from a baseline: another baseline needs it said anew
        return plan.with_line(replace(line, baseline=frozen, earlier=earlier, ambition=None))

    return changed(session, unit, change, seen=seen, reason=reason)


def aim(
    session: Session, unit: str, ambition: Ambition, *, seen: int, reason: str
) -> Document[Plan]:
    """Say what is wanted of a line, by when, with steps on the way. Raises Refused before there is a
    baseline, and for days that do not lie after it and in order; and as ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        must_be_in(plan, Phase.MEASUREMENT, Phase.REALISE)
        line = line_of(plan, ambition.indicator)
        if line.baseline is None:
            raise Refused(Why.BASELINE_FIRST, "freeze the baseline first")
        days = [line.baseline.end, *(each.day for each in ambition.trajectory), ambition.day]
        if any(after <= before for before, after in itertools.pairwise(days)):
            raise Refused(Why.DATES, "steps lie between the baseline and the day of the ambition")
        return plan.with_line(replace(line, ambition=ambition))

    return changed(session, unit, change, seen=seen, reason=reason)


def register(session: Session, unit: str, figure: Figure, *, seen: int) -> Document[Plan]:
    """Register what an indicator is now, to be compared with its baseline.

    Raises Refused without a baseline, for a figure that follows another definition than it (the
    comparison is refused), for one that :func:`freeze` would not take, and for a period that is
    registered or does not lie after the baseline's; and as ``changing.changed``.
    """

    def change(plan: Plan) -> Plan:
        line = line_of(plan, figure.definition.indicator)
        if line.baseline is None:
            raise Refused(Why.BASELINE_FIRST, "freeze the baseline first")
        found = _measured(session, plan, figure)
        try:
            comparable(found.now, line.baseline)
        except NotComparable as error:
            raise Refused(Why.ANOTHER_DEFINITION, str(error)) from None
        latest = line.followed[-1].end if line.followed else line.baseline.end
        if found.start < line.baseline.end or found.end <= latest:
            raise Refused(Why.SAME_PERIOD, "the period is registered, or no later one")
        return plan.with_line(replace(line, measured=(*line.measured, found)))

    return changed(session, unit, change, seen=seen, reason="measurement-registered")


def _measured(session: Session, plan: Plan, figure: Figure) -> Measured:
    if figure.unit != plan.unit:
        raise Refused(Why.ELSEWHERE, "the figure is another unit's")
    if figure.value is None or figure.denominator is None:
        raise Refused(Why.NO_FIGURE, f"there is no figure: {figure.status}")
    is_seen_whole = figure.period.elapsed_share(figure.data_cut) >= 1
    if figure.status is not Status.FINAL or not figure.is_complete or not is_seen_whole:
        raise Refused(Why.NOT_COMPLETE, "the period is not over")
    return Measured(
        figure.definition.hash, figure.period.start, figure.period.end, figure.numerator,
        figure.denominator, figure.value, figure.data_cut, clock.now(), session.person,
        figure.interval,
    )  # fmt: skip


def _baseline(session: Session, plan: Plan, figure: Figure, method: str) -> Baseline:
    found = _measured(session, plan, figure)
    return Baseline(
        figure.definition.indicator, found.definition_hash, figure.unit, found.start, found.end,
        found.numerator, found.denominator, found.value, method, found.registered_at,
        found.registered_by, found.interval, found.data_cut,
    )  # fmt: skip


def _is_of_same(one: Baseline, other: Baseline) -> bool:
    """Whether two would say the same: then the one that is frozen stays."""
    return (one.definition_hash, one.start, one.end) == (
        other.definition_hash, other.start, other.end,
    )  # fmt: skip


__all__ = ["FROM_RECORD", "aim", "freeze", "register"]
