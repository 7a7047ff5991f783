"""Figures for a leader: of her own unit and all below it, and how her own has moved.

Whose duty it is sees counts; nobody's record is opened, and no row of a table leaves here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from fellesjournal.access.directory import units as directory
from fellesjournal.access.directory.units import Unit
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.bodies import seq_time
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.indicators.asking import Asked, Group, Side
from fellesjournal.leadership.indicators.assumptions import ASSUMPTIONS
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.handovers import UNIT_SYSTEM
from fellesjournal.leadership.indicators.measuring import Measured
from fellesjournal.leadership.indicators.pairs import NONE, Sums, Told, pairs
from fellesjournal.leadership.indicators.publishing import locked, looked_at, published
from fellesjournal.leadership.indicators.trees import groups_of, organisation_of

_ABOVE = "select unit, above, outside from figures.unit_system"
_POSITIONS = "select view, position from figures.flattened where view = any(%s) and stands"


@dataclass(frozen=True, slots=True)
class Units:
    """The unit of who asks and all below, each after its parent. ``groups``: what each one's figure
    sums, for all units of the whole organisation they are part of: what must be held back is decided of
    all of them together, so that it is the same whoever asks. ``above``: the unit that each unit there
    is is part of; ``inside``: those on the platform. Units stand as numbers.
    """

    tree: tuple[Unit, ...]
    groups: tuple[Group, ...]
    organisation: int
    above: Mapping[int, int | None]
    inside: frozenset[int]


def own_units(session: Session, *, is_made: bool = False) -> Units:
    """The units a leader may see figures of. ``is_made``: the table of units is known to be there. Raises
    NotFound for who has no such duty.
    """
    if not may_see(session):
        raise NotFound("there is no such page")
    tree = tuple(directory.tree(session))
    numbers = directory.numbers(session, tree)
    known = tuple(each for each in tree if each.reference in numbers)
    rows = all_units(session, is_made=is_made)
    above: dict[int, int | None] = {unit: parent for unit, parent, _ in rows}
    for each in known:  # what the table has not seen yet
        above.setdefault(numbers[each.reference], numbers.get(each.parent))
    names = {numbers[each.reference]: each.reference for each in known}
    top = organisation_of(numbers[known[0].reference], above)
    inside = frozenset(unit for unit, _, is_outside in rows if not is_outside)
    return Units(known, tuple(groups_of(top, above, names)), top, above, inside)


def may_see(session: Session) -> bool:
    """Whether her role of today sees figures, by the pages or through an app of hers."""
    role = role_of(session.role) if session.kind == "staff" else None
    return role is not None and Duty.SEE_FIGURES in role.duties


def all_units(session: Session, *, is_made: bool = False) -> list[tuple[int, int | None, bool]]:
    """Every unit as a number, the one it is part of, and whether it is outside the platform; none as long
    as the table is being made. ``is_made``: it is known to be there.
    """
    database = session.connection()
    if not is_made and database.execute(_POSITIONS, [[UNIT_SYSTEM.name]]).fetchone() is None:
        return []
    return database.execute(_ABOVE).fetchall()


def seen_until(session: Session, indicators: Sequence[Indicator]) -> dict[str, datetime]:
    """The moment up to which all tables of each indicator have seen the record, by its id; none for
    one of which a table is being made.
    """
    names = {UNIT_SYSTEM.name, *(table.name for each in indicators for table in each.tables)}
    rows = dict(session.connection().execute(_POSITIONS, [sorted(names)]).fetchall())
    return {
        each.id: min(clock.now(), *(seq_time(rows[table.name]) for table in each.tables))
        for each in indicators
        if all(table.name in rows for table in (UNIT_SYSTEM, *each.tables))
    }


def period_of(indicator: Indicator, day: date) -> Period:
    """What one value that holds on a day is of: the month of it, or so many days that end with it."""
    if indicator.window_days:
        after = day + timedelta(days=1)
        return Period(after - timedelta(days=indicator.window_days), after)
    return month_of(day)


def values(session: Session) -> Mapping[str, Decimal]:
    """What the assumptions of indicators are today, for whose role sees figures."""
    if not may_see(session):
        raise NotFound("there is no such page")
    return values_on(session, ASSUMPTIONS, clock.today())


def figures(
    session: Session, asked: Sequence[Asked], groups: Sequence[Group], seen: Mapping[str, datetime]
) -> list[dict[str, Measured]]:
    """The figures of some of :func:`own_units`, by unit, for each question. ``seen`` is what
    :func:`seen_until` says of all their indicators.

    All groups of a tree together, always: what is held back of one depends on the others.
    """
    return published(
        session.connection(), asked, groups, cut=clock.now(),
        seen=[seen[each.indicator.id] for each in asked],
    )  # fmt: skip


def pairs_of(session: Session, asked: Asked, own: Units) -> tuple[list[Told], Mapping[int, str]]:
    """What was handed over between the organisation of who asks and others, from and to it, and the names
    of those others. ``asked``: an indicator that has sides; at which one is asked tells nothing here.
    """
    database, cut = session.connection(), clock.now()
    tops = sorted({organisation_of(unit, own.above) for unit in own.above})
    groups = [group for top in tops for group in groups_of(top, own.above, {})]
    whole = {top: next(group for group in groups if group.number == top) for top in tops}
    with locked(database):
        sides = [replace(asked, side=side) for side in Side]
        looks = looked_at(database, sides, groups, cut=cut, also=[NONE])
        sums = {
            question.side: {
                top: Sums(look.counted[group.unit], look.shown[group.unit])
                for top, group in whole.items()
            }
            for question, look in zip(sides, looks, strict=True)
        }
        found = pairs(database, sides[0], list(whole.values()), sums, looks[0].before, cut=cut)
    mine = [
        each.at(own.organisation)
        for each in found
        if own.organisation in {each.sender, each.receiver}
    ]
    others = {number for each in mine for number in (each.sender, each.receiver)}
    return mine, directory.names_of(session, others)


def course(last: Asked, count: int = 6) -> list[Asked]:
    """The same question of so many periods up to the last, oldest first."""
    periods = [last.period]
    while len(periods) < count:
        periods.insert(0, previous(periods[0]))
    return [replace(last, period=each) for each in periods]


__all__ = [
    "Side",
    "Units",
    "all_units",
    "course",
    "figures",
    "may_see",
    "own_units",
    "period_of",
    "seen_until",
    "values",
]
