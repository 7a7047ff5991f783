"""Figures for a leader: of her own unit and all below it, and how her own has moved.

Whose duty it is sees counts; nobody's record is opened, and no row of a table leaves here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fellesjournal.access.directory import units as directory
from fellesjournal.access.directory.units import Unit
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.bodies import seq_time
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.measuring import Group, Measured, measured

_POSITIONS = "select view, position from figures.flattened where view = any(%s) and stands"


@dataclass(frozen=True, slots=True)
class Units:
    """The unit of who asks and all below, each after its parent, and what each one's figure sums."""

    tree: tuple[Unit, ...]
    groups: tuple[Group, ...]

    @property
    def own(self) -> Group:
        """The group of the unit she works at."""
        return self.groups[0]


def own_units(session: Session) -> Units:
    """The units a leader may see figures of. Raises NotFound for who has no such duty."""
    if not has_duty(session, {Duty.SEE_FIGURES}):
        raise NotFound("there is no such page")
    tree = tuple(directory.tree(session))
    numbers = directory.numbers(session, tree)
    known = [each for each in tree if each.reference in numbers]
    below: dict[str, list[int]] = {each.reference: [numbers[each.reference]] for each in known}
    for each in reversed(known):  # children come after their parents
        if each.parent in below and each is not known[0]:
            below[each.parent] += below[each.reference]
    groups = [
        Group(
            numbers[each.reference], each.reference, tuple(below[each.reference]),
            parent="" if each is known[0] else each.parent,
        )
        for each in known
    ]  # fmt: skip
    return Units(tuple(known), tuple(groups))


def seen_until(session: Session, indicator: Indicator) -> datetime | None:
    """The moment up to which all tables of an indicator have seen the record; None while one of
    them is being made.
    """
    names = [table.name for table in indicator.tables]
    rows = dict(session.connection().execute(_POSITIONS, [names]).fetchall())
    if len(rows) < len(names):
        return None
    return min(clock.now(), *(seq_time(position) for position in rows.values()))


def period_of(indicator: Indicator, day: date) -> Period:
    """What one value that holds on a day is of: the month of it, or so many days that end with it."""
    if indicator.window_days:
        after = day + timedelta(days=1)
        return Period(after - timedelta(days=indicator.window_days), after)
    return month_of(day)


def figures(
    session: Session, indicator: Indicator, period: Period, groups: Sequence[Group], seen: datetime
) -> dict[str, Measured]:
    """The figures of some of :func:`own_units`, by unit. ``seen`` is what :func:`seen_until` says."""
    database = session.connection()
    return measured(database, indicator, period, groups, cut=clock.now(), seen=seen)


def course(
    session: Session, indicator: Indicator, own: Group, last: Period, seen: datetime, count: int = 6
) -> list[Measured]:
    """The figure of one's own unit over so many periods up to the last, oldest first."""
    periods = [last]
    while len(periods) < count:
        periods.insert(0, previous(periods[0]))
    return [figures(session, indicator, each, [own], seen)[own.unit] for each in periods]


__all__ = ["Units", "course", "figures", "own_units", "period_of", "seen_until"]
