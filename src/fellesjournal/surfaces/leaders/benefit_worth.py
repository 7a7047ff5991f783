"""What a benefits plan is worth beside what has to be gained: costs and benefits, joined on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.resources import ROW
from fellesjournal.leadership.benefits.workshops import SheetRow
from fellesjournal.leadership.costs import queries as costs
from fellesjournal.leadership.costs.assumptions import Assumptions
from fellesjournal.leadership.costs.breakeven import break_even, gap
from fellesjournal.leadership.costs.lines import CostModel, Kind, total
from fellesjournal.leadership.costs.resources import COST_MODEL
from fellesjournal.leadership.documents.queries import Together
from fellesjournal.leadership.documents.settings import SETTINGS
from fellesjournal.surfaces.leaders.amounts import kroner, plain

KINDS = (ROW, COST_MODEL, SETTINGS)
"""What the worth of a plan is made of."""
ONCE = (Kind.INVESTMENT, Kind.ONE_OFF)
_UNIT = "org-"
"""How units of municipalities are told: ``org-`` and the number of the municipality."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Hours of a plan's worksheet rows, with how many rows, and the gap to what has to be gained; "" where
    nothing is known.
    """

    hours: str
    fte: str
    money: str
    rows: int
    needed: str
    short_by: str
    has_enough: bool
    actor: str


def unit_of(actor: str) -> str:
    """The unit of an organisation that costs and rollout know by its number."""
    return f"{_UNIT}{actor}"


def actor_of(unit: str) -> str:
    """The number of an organisation by its unit; "" for a unit that is none."""
    number = unit.removeprefix(_UNIT)
    return number if number != unit and number.isdigit() else ""


def planned_hours(session: Session, actor: str) -> Fraction | None:
    """The hours a year that an organisation's plan has counted; None while it has counted none."""
    rows = queries.claimed_rows(session, unit_of(actor))
    return sum((each.row.hours for each in rows), Fraction(0)) if rows else None


def worth_of(session: Session, unit: str, rows: list[SheetRow]) -> Worth:
    """What the plan of a unit is worth, by the rows it has counted, beside what has to be gained for the cost."""
    return _worth(unit, rows, costs.models(session), costs.assumptions(session, clock.today()))


def worth_among(kept: Together, unit: str) -> Worth | None:
    """The same of the documents of :data:`KINDS`, read already; None for a plan that has counted nothing."""
    rows = queries.claimed_among(kept.of(ROW), unit)
    if not rows:
        return None
    models = costs.models_among(kept.of(COST_MODEL))
    return _worth(unit, rows, models, costs.assumptions_among(kept.of(SETTINGS), clock.today()))


def _worth(
    unit: str, rows: list[SheetRow], models: Mapping[str, CostModel], assumed: Assumptions
) -> Worth:
    hours = sum((each.row.hours for each in rows), Fraction(0))
    actor = actor_of(unit)
    model = models.get(actor)
    needed = short = ""
    has_enough = False
    if model is not None:
        more = total(model.of(Kind.ANNUAL)) - model.legacy_annual
        target = break_even(once=total(model.of(*ONCE)), annual_change=more, assumed=assumed)
        found = gap(target, planned=hours, attained=None).plan_short_by
        assert found is not None  # planned hours are known
        needed, short, has_enough = plain(target.hours), plain(abs(found)), found <= 0
    return Worth(
        plain(hours, 1), plain(hours / Fraction(assumed.hours_per_fte), 2),
        kroner(hours * Fraction(assumed.hourly_rate)), len(rows), needed, short, has_enough,
        actor if model is not None else "",
    )  # fmt: skip


__all__ = ["KINDS", "Worth", "actor_of", "planned_hours", "unit_of", "worth_among", "worth_of"]
