"""The course of a unit's figure for the platform itself, which waits for something to come back in it.

It goes by what is published: held back here is what is held back on every page.
"""

from __future__ import annotations

from datetime import timedelta

from fellesjournal.access.directory import units as directory
from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.courses import Course
from fellesjournal.leadership.figures.periods import month_of
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.leadership.indicators.assumptions import ASSUMPTIONS
from fellesjournal.leadership.indicators.catalogue import called
from fellesjournal.leadership.indicators.definition import Direction
from fellesjournal.leadership.indicators.measuring import Measured
from fellesjournal.leadership.indicators.reading import course, figures, period_of, seen_until
from fellesjournal.leadership.indicators.trees import groups_of, organisation_of

_ABOVE = "select unit, above from figures.unit_system"


def course_of(session: Session, indicator_id: str, unit: str, months: int) -> Course | None:
    """So many whole months of a unit (``Organization/x``) up to the last that is over; None for an
    indicator or a unit that is not known, and while tables are being made.
    """
    found = called(indicator_id)
    told = _whole_months(session, indicator_id, unit, months)
    if found is None or told is None:
        return None
    return Course([each.figure for each in told], found.direction is Direction.UP)


def last_of(session: Session, indicator_id: str, unit: str) -> Measured | None:
    """The last whole month of a unit; None as :func:`course_of`."""
    told = _whole_months(session, indicator_id, unit, 1)
    return None if told is None else told[-1]


def _whole_months(
    session: Session, indicator_id: str, unit: str, months: int
) -> list[Measured] | None:
    found = called(indicator_id)
    number = directory.numbers_of(session, [unit]).get(unit)
    if found is None or number is None:
        return None
    seen = seen_until(session, [found])
    if found.id not in seen:
        return None
    above = dict(session.connection().execute(_ABOVE).fetchall())
    above.setdefault(number, None)
    groups = list(groups_of(organisation_of(number, above), above, {number: unit}))
    last_day = month_of(clock.today()).start - timedelta(days=1)
    values = values_on(session, ASSUMPTIONS, clock.today())
    asked = course(Asked(found, period_of(found, last_day), values=values), months)
    return [of[unit] for of in figures(session, asked, groups, seen)]


def definition_now(session: Session, indicator_id: str) -> str:
    """The hash of the definition that its figures follow today; "" for one that is not known."""
    found = called(indicator_id)
    if found is None:
        return ""
    values = values_on(session, ASSUMPTIONS, clock.today())
    return Asked(found, month_of(clock.today()), values=values).definition.hash


__all__ = ["course_of", "definition_now", "last_of"]
