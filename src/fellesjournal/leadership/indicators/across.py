"""Figures of whole organisations beside each other: what leaders of all of them may see.

Of another organisation there is its whole alone. What is held back is decided of all its units together,
as everywhere, and remembered: it is the same figure that its own leaders see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access.directory import units as directory
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.leadership.indicators.measuring import Measured
from fellesjournal.leadership.indicators.publishing import published
from fellesjournal.leadership.indicators.reading import all_units, may_see
from fellesjournal.leadership.indicators.trees import Above, groups_of, organisation_of


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations on the platform, by reference, in the order of their names: the number of each and
    what it is called. ``above``: the unit that each unit there is is part of.
    """

    above: Above
    numbers: Mapping[str, int]
    names: Mapping[str, str]


def organisations(session: Session) -> Organisations:
    """The organisations on the platform. Raises NotFound for who has no duty to see figures; none as long
    as the table of units is being made.
    """
    if not may_see(session):
        raise NotFound("there is no such page")
    rows = all_units(session)
    above: dict[int, int | None] = {unit: parent for unit, parent, _ in rows}
    inside = {organisation_of(unit, above) for unit, _, is_outside in rows if not is_outside}
    known = directory.known_by(session, inside)
    by_name = sorted(known.items(), key=lambda each: (each[1].name.casefold(), each[1].id))
    return Organisations(
        above, {each.reference: number for number, each in by_name},
        {each.reference: each.name for _, each in by_name},
    )  # fmt: skip


def figures_of(
    session: Session,
    asked: Sequence[Asked],
    found: Organisations,
    references: Sequence[str],
    seen: Mapping[str, datetime],
) -> list[dict[str, Measured]]:
    """The figure of each whole organisation, by reference, for each question; those not known are missing.
    ``seen`` is what ``reading.seen_until`` says of all their indicators.
    """
    wanted = {each: found.numbers[each] for each in references if each in found.numbers}
    groups = [group for top in wanted.values() for group in groups_of(top, found.above, {})]
    if not asked or not groups:
        return [{} for _ in asked]
    whole = {group.number: group.unit for group in groups if group.number == group.top}
    shown = published(
        session.connection(), asked, groups, cut=clock.now(),
        seen=[seen[each.indicator.id] for each in asked],
    )  # fmt: skip
    return [
        {reference: units[whole[number]] for reference, number in wanted.items()} for units in shown
    ]


__all__ = ["Organisations", "figures_of", "organisations"]
