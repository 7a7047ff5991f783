"""The plan: benefits with their goal, owner and measures, the map that leads from functionality to
goal, and the states a realisation goes through. What the goals are: goals.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from graphlib import CycleError, TopologicalSorter

from fellesjournal.leadership.benefits.attainment import Ambition, Baseline, Measured


class BenefitType(StrEnum):
    """Whose gain it is, and of what sort; a disbenefit is a loss."""

    EFFICIENCY = "efficiency"
    QUALITY = "quality"
    OTHER_ACTOR = "other-actor"
    DISBENEFIT = "disbenefit"


class Realisation(StrEnum):
    """What becomes of the gain."""

    BUDGET = "budget"
    REALLOCATED_CAPACITY = "reallocated-capacity"
    PRICED_ELSEWHERE = "priced-elsewhere"
    NON_PRICED = "non-priced"


class MeasureStatus(StrEnum):
    """How far a measure has come."""

    PLANNED = "planned"
    UNDER_WAY = "under-way"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is done to secure a benefit (Norwegian: tiltak). ``practice`` is the key of the
    practice of another unit that it copies, "" for one's own.
    """

    title: str
    responsible: str
    start: date | None = None
    due: date | None = None
    status: MeasureStatus = MeasureStatus.PLANNED
    cost: Decimal = Decimal(0)
    hypothesis: str = ""
    practice: str = ""

    def is_late(self, today: date) -> bool:
        """Whether it should have been done before today, and is neither done nor stopped."""
        ended = self.status in {MeasureStatus.DONE, MeasureStatus.STOPPED}
        return self.due is not None and self.due < today and not ended


@dataclass(frozen=True, slots=True)
class Benefit:
    """A wanted improvement, or with the type DISBENEFIT a loss that is known of: ``indicators`` are
    ids, ``owner`` is who answers for it.
    """

    id: str
    goal: str
    title: str
    type: BenefitType
    realisation: Realisation
    owner: str
    indicators: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    gaining_actor: str = ""
    paying_actor: str = ""
    assumptions: str = ""
    risks: str = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One indicator of the plan: from where, to where, by whom and how. ``measures`` are titles of
    measures of the benefit, ``earlier`` the baselines that were frozen before this one, ``measured``
    what was registered since, oldest first.
    """

    indicator: str
    benefit: str
    owner: str
    baseline: Baseline | None = None
    ambition: Ambition | None = None
    measures: tuple[str, ...] = ()
    next_measurement: date | None = None
    earlier: tuple[Baseline, ...] = ()
    measured: tuple[Measured, ...] = ()

    @property
    def followed(self) -> tuple[Measured, ...]:
        """What was registered since the baseline that stands, under its definition."""
        base = self.baseline
        return tuple(
            each
            for each in self.measured
            if base is not None
            and each.start >= base.end
            and each.definition_hash == base.definition_hash
        )


class Phase(IntEnum):
    """The states of a realisation. The fourth is read from "carry out measures, measure and
    adapt": assumption (configurable).
    """

    OWNERSHIP = 1
    INDICATORS = 2
    MEASUREMENT = 3
    REALISE = 4


@dataclass(frozen=True, slots=True)
class Confounder:
    """Something else that moves an indicator: when, what, and which way."""

    day: date
    what: str
    direction: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The realisation at one unit. ``edges`` are pairs of nodes of the map, from functionality by
    way of a changed work process and a benefit to a goal.
    """

    unit: str
    owner: str = ""
    owner_title: str = ""
    owner_is_director: bool = False
    coordinator: str = ""
    coordinator_title: str = ""
    coordinator_leads_implementation: bool = False
    phase: Phase = Phase.OWNERSHIP
    listed: tuple[str, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    lines: tuple[PlanLine, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    confounders: tuple[Confounder, ...] = ()

    def benefit(self, key: str) -> Benefit | None:
        """The benefit with this id."""
        return next((each for each in self.benefits if each.id == key), None)

    def line(self, indicator: str) -> PlanLine | None:
        """The line of an indicator."""
        return next((each for each in self.lines if each.indicator == indicator), None)

    def with_benefit(self, one: Benefit) -> Plan:
        """The same with this benefit in its place, and a line for each indicator without one."""
        known = self.benefit(one.id) is not None
        benefits = tuple(one if each.id == one.id else each for each in self.benefits)
        lines = tuple(
            PlanLine(name, one.id, one.owner) for name in one.indicators if self.line(name) is None
        )
        return replace(
            self,
            benefits=benefits if known else (*benefits, one),
            lines=(*self.lines, *lines),
        )

    def with_line(self, one: PlanLine) -> Plan:
        """The same with this line in place of the one of its indicator."""
        return replace(
            self,
            lines=tuple(one if each.indicator == one.indicator else each for each in self.lines),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands in the way, or, when ``is_warning``, only should be looked at. ``code`` is
    stable; ``about`` names what it is about.
    """

    code: str
    about: str = ""
    is_warning: bool = False


def before_leaving(plan: Plan) -> list[Finding]:
    """What must be there before the plan leaves its phase; warnings do not hold it."""
    return list(_GUARDS[plan.phase](plan))


def may_go_to(plan: Plan, phase: Phase) -> bool:
    """One step on when nothing is missing; from realising back to the indicators, with all old
    baselines kept.
    """
    if plan.phase is Phase.REALISE:
        return phase is Phase.INDICATORS
    return phase == plan.phase + 1 and all(each.is_warning for each in before_leaving(plan))


def before_approval(plan: Plan) -> list[Finding]:
    """What must be mended before a plan is approved: each benefit has an owner, an indicator and a
    measure, and the map goes in no circle.
    """
    return [*_benefits(plan.benefits), *_circle(plan.edges)]


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, however they are spaced and capitalised."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _ownership(plan: Plan) -> Iterator[Finding]:
    if not plan.owner:
        yield Finding("no-owner")
    if not plan.coordinator:
        yield Finding("no-coordinator")
    if plan.owner and is_same_person(plan.owner, plan.coordinator):
        yield Finding("owner-is-coordinator")
    if plan.coordinator_leads_implementation:
        yield Finding("coordinator-leads-implementation")
    if plan.owner and not plan.owner_is_director:
        yield Finding("owner-is-no-director", is_warning=True)


def _indicators(plan: Plan) -> Iterator[Finding]:
    if not plan.listed:
        yield Finding("no-indicator-meets-the-criteria")


def _measurement(plan: Plan) -> Iterator[Finding]:
    if not plan.lines:
        yield Finding("no-lines")
    for line in plan.lines:
        missing = {
            "no-baseline": line.baseline is None,
            "no-ambition": line.ambition is None,
            "no-line-owner": not line.owner,
            "no-measure": not line.measures,
        }
        yield from (Finding(code, line.indicator) for code, is_so in missing.items() if is_so)


def _benefits(benefits: Iterable[Benefit]) -> Iterator[Finding]:
    for each in benefits:
        missing = {
            "benefit-without-owner": not each.owner,
            "benefit-without-indicator": not each.indicators,
            "benefit-without-measure": not each.measures,
        }
        yield from (Finding(code, each.id) for code, is_so in missing.items() if is_so)


_GUARDS: Mapping[Phase, Callable[[Plan], Iterable[Finding]]] = {
    Phase.OWNERSHIP: _ownership,
    Phase.INDICATORS: _indicators,
    Phase.MEASUREMENT: _measurement,
    Phase.REALISE: lambda _: (),
}


def _circle(edges: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    leads_to: dict[str, set[str]] = {}
    for before, after in edges:
        leads_to.setdefault(after, set()).add(before)
    try:
        TopologicalSorter(leads_to).prepare()
    except CycleError as error:
        yield Finding("map-goes-in-a-circle", " → ".join(reversed(error.args[1])))


__all__ = [
    "Benefit", "BenefitType", "Confounder", "Finding", "Measure", "MeasureStatus", "Phase", "Plan",
    "PlanLine", "Realisation", "before_approval", "before_leaving", "is_same_person", "may_go_to",
]  # fmt: skip
