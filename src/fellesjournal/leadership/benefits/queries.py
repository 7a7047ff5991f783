"""Reading benefits for pages: plans, maturity, and the selection list as it is weighed today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits.assumptions import (
    ASSUMPTIONS,
    DISCUSS_FROM,
    LEAST_FIT,
    LOW_HANGING_DIFFICULTY,
    LOW_HANGING_SIZE,
    SMALLEST_BLOCK,
)
from fellesjournal.leadership.benefits.maturity import Maturity
from fellesjournal.leadership.benefits.network import Practice
from fellesjournal.leadership.benefits.plan import (
    Finding,
    Phase,
    Plan,
    before_approval,
    before_leaving,
)
from fellesjournal.leadership.benefits.resources import (
    ITEM,
    MATURITY,
    PLAN,
    PRACTICE,
    ROW,
    WORKSHOP,
)
from fellesjournal.leadership.benefits.selection import Candidate, Item, Limits, considered, front
from fellesjournal.leadership.benefits.worksheet import PLAN_PREFIX, Rates
from fellesjournal.leadership.benefits.workshops import SheetRow, Workshop, row_key
from fellesjournal.leadership.documents.policies import must_read
from fellesjournal.leadership.documents.queries import all_standing, find, standing_below, versions
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.assumptions import COST_OF_HOUR, HOURS_PER_FTE


def plan(session: Session, unit: str) -> Document[Plan] | None:
    """The plan of a unit, by its id."""
    return find(session, PLAN, unit)


def plan_versions(session: Session, unit: str) -> list[Document[Plan]]:
    """All versions of a unit's plan, newest first; none for a unit without one."""
    try:
        return versions(session, PLAN, unit)
    except NotFound:
        must_read(session, PLAN)  # who may not read it is told the same and learns nothing
        return []


def plans(session: Session) -> list[Document[Plan]]:
    """The plan of each unit that has one."""
    return all_standing(session, PLAN)


def maturity(session: Session, unit: str) -> tuple[Maturity, int]:
    """What a unit says of its maturity, and the version; 0 while nobody has said anything."""
    found = find(session, MATURITY, unit)
    return (Maturity(), 0) if found is None else (found.body, found.version)


def items(session: Session) -> list[Document[Item]]:
    """All items of the selection list, retired ones too, by service group and indicator."""
    found = all_standing(session, ITEM)
    return sorted(found, key=lambda each: (each.body.service_group.casefold(), each.body.indicator))


def limits(session: Session, day: date) -> Limits:
    """What is considered, low-hanging and to be discussed, as it is set on a day."""
    now = values_on(session, ASSUMPTIONS, day)
    return Limits(
        Fraction(now[LEAST_FIT.key]), Fraction(now[LOW_HANGING_SIZE.key]),
        Fraction(now[LOW_HANGING_DIFFICULTY.key]), Fraction(now[DISCUSS_FROM.key]),
    )  # fmt: skip


def workshops(session: Session) -> list[Document[Workshop]]:
    """All workshops, newest first."""
    return sorted(all_standing(session, WORKSHOP), key=lambda each: each.body.day, reverse=True)


def row_documents(session: Session, workshop: str) -> list[Document[SheetRow]]:
    """The rows of a workshop with their versions, by service and task; those taken away too."""
    found = standing_below(session, ROW, row_key(workshop, ""))
    return sorted(
        found,
        key=lambda each: (
            each.body.row.service_area.casefold(), each.body.row.task.casefold(), each.key,
        ),
    )  # fmt: skip


def rows(session: Session, workshop: str) -> list[SheetRow]:
    """The rows of a workshop that stand."""
    return [each.body for each in row_documents(session, workshop) if not each.body.is_removed]


def claimed_rows(session: Session, unit: str) -> list[SheetRow]:
    """All rows, of whatever workshop, that a unit's plan has counted."""
    return claimed_among(all_standing(session, ROW), unit)


def claimed_among(rows: Iterable[Document[SheetRow]], unit: str) -> list[SheetRow]:
    """As :func:`claimed_rows`, of documents that were read already."""
    start = f"{PLAN_PREFIX}{unit}/"
    return [
        each.body
        for each in rows
        if not each.body.is_removed and each.body.row.claimed_by.startswith(start)
    ]


def counted_rows(session: Session) -> list[SheetRow]:
    """All rows, of whatever workshop, that any plan has counted."""
    return [
        each.body
        for each in all_standing(session, ROW)
        if not each.body.is_removed and each.body.row.is_in_plan
    ]


def practices(session: Session) -> list[Document[Practice]]:
    """All practices, by title."""
    return sorted(all_standing(session, PRACTICE), key=lambda each: each.body.title.casefold())


@dataclass(frozen=True, slots=True)
class Worths:
    """What hours are worth, as it is set today: ``block`` is the shortest time in one piece, in minutes,
    that can be moved to other work.
    """

    rates: Rates
    block: Fraction


def worths(session: Session) -> Worths:
    """What hours are worth today."""
    known = (HOURS_PER_FTE, COST_OF_HOUR, SMALLEST_BLOCK)
    now = values_on(session, known, clock.today())
    hours, cost, block = (Fraction(now[each.key]) for each in known)
    return Worths(Rates(hours, cost), block)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The list as it is offered: ``order`` are the candidates that are let through, best first;
    ``front`` the ids that no other beats; ``version`` grows with each change of any item.
    """

    items: tuple[Document[Item], ...]
    order: tuple[Candidate, ...]
    front: frozenset[str]
    limits: Limits
    version: int

    @property
    def active(self) -> tuple[Document[Item], ...]:
        """Items that are not retired."""
        return tuple(each for each in self.items if not each.body.is_retired)

    @property
    def retired(self) -> tuple[Document[Item], ...]:
        """Items that are."""
        return tuple(each for each in self.items if each.body.is_retired)


def weighed(session: Session, day: date) -> Weighed:
    """The selection list of a day's limits."""
    found, held = items(session), limits(session, day)
    candidates = [one for each in found if (one := each.body.candidate) is not None]
    return Weighed(
        tuple(found),
        tuple(considered(candidates, held)),
        frozenset(each.id for each in front(candidates, held)),
        held,
        sum(each.version for each in found),
    )


def missing(plan: Plan, listed: list[Document[Item]]) -> list[Finding]:
    """What holds a plan in its phase, with its warnings, and those of its roles in any phase. An
    indicator counts as chosen as long as it is on the list; to realise, the plan must be one that can
    be approved.
    """
    known = {each.body.indicator for each in listed if each.body.is_listed}
    now = replace(plan, listed=tuple(each for each in plan.listed if each in known))
    found = before_leaving(now)
    if plan.phase is Phase.MEASUREMENT:
        found += before_approval(now)
    if plan.phase is not Phase.OWNERSHIP:
        roles = before_leaving(replace(plan, phase=Phase.OWNERSHIP))
        found += [each for each in roles if each.is_warning]
    return found


__all__ = [
    "Weighed", "Worths", "claimed_rows", "counted_rows", "items", "limits", "maturity", "missing",
    "plan", "plan_versions", "plans",
    "practices",    "row_documents", "rows", "weighed", "workshops", "worths",
]  # fmt: skip
