"""What if this slips: one function from a scenario to everything it changes, before and after. Dates,
deadlines, gates, courses, money and contradictions are drawn again together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from fellesjournal.leadership.rollout import training
from fellesjournal.leadership.rollout.assumptions import ASSUMED, Assumptions
from fellesjournal.leadership.rollout.deadlines import Deadline, months_after
from fellesjournal.leadership.rollout.findings import Code, Finding, Severity, finding
from fellesjournal.leadership.rollout.plans import Plan
from fellesjournal.leadership.rollout.programme import Programme, contradictions
from fellesjournal.leadership.rollout.readiness import GATES, due
from fellesjournal.leadership.rollout.shifting import MovedWave, moved_plan, shifted
from fellesjournal.leadership.rollout.training import Training

Money = TypeVar("Money")
Price = Callable[[str, date, date], Money]
"""What it costs an organisation (id) that its go-live moves from one day to another."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A wave that comes so many months later; negative ones come earlier."""

    wave: str
    months: int


@dataclass(frozen=True, slots=True)
class Move:
    """An organisation whose own go-live is another day, in the wave it is in or in another."""

    actor: str
    go_live: date
    wave: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed to happen: waves slip first, then organisations move."""

    slips: tuple[Slip, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedDeadline:
    """A deadline before and after."""

    before: Deadline
    after: Deadline

    @property
    def days(self) -> int:
        """By how many days it moved; never fewer than 0 while told deadlines hold."""
        return (self.after.due - self.before.due).days


@dataclass(frozen=True, slots=True)
class ChangedGate:
    """The day of a gate before and after."""

    gate: int
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class ChangedPlan(Generic[Money]):
    """All that changes for an organisation whose go-live moves."""

    actor: str
    name: str
    before: date
    after: date
    deadlines: tuple[ChangedDeadline, ...]
    gates: tuple[ChangedGate, ...]
    expiring: tuple[Training, ...]
    money: Money

    @property
    def months(self) -> int:
        """By how many months go-live moves, begun ones counted; negative when it comes earlier."""
        if self.after >= self.before:
            return months_after(self.before, self.after)
        return -months_after(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Consequences(Generic[Money]):
    """Everything a scenario changes, and the programme as it would be."""

    after: Programme
    waves: tuple[MovedWave, ...]
    plans: tuple[ChangedPlan[Money], ...]
    findings_before: tuple[Finding, ...]
    findings_after: tuple[Finding, ...]

    @property
    def moved_waves(self) -> tuple[MovedWave, ...]:
        """The waves that are not as before."""
        return tuple(wave for wave in self.waves if wave.before != wave.after)

    @property
    def new(self) -> tuple[Finding, ...]:
        """Contradictions that were not there."""
        return _without(self.findings_after, self.findings_before)

    @property
    def gone(self) -> tuple[Finding, ...]:
        """Contradictions that the scenario ends."""
        return _without(self.findings_before, self.findings_after)

    @property
    def staying(self) -> tuple[Finding, ...]:
        """Contradictions that were there of other dates, as they would be."""
        before = {each.is_of for each in self.findings_before}
        return tuple(
            each
            for each in self.findings_after
            if each.is_of in before and each not in self.findings_before
        )


def consequences(
    programme: Programme,
    scenario: Scenario,
    *,
    today: date,
    price: Price[Money],
    passed: Iterable[Training] = (),
    assumed: Assumptions = ASSUMED,
) -> Consequences[Money]:
    """Everything that changes. ``passed``: courses of all organisations. Raises ValueError for a slip or
    a move of what isn't there.
    """
    moved = shifted(programme.waves, _slips(programme, scenario), assumed)
    by_id = {each.before.id: each for each in moved}
    carried = tuple(
        moved_plan(plan, by_id[programme.wave(plan.wave).id]) for plan in programme.plans
    )
    after = replace(
        programme,
        waves=tuple(each.after for each in moved),
        plans=_with_moves(programme, carried, scenario.moves),
    )
    told = _told(programme) if assumed.deadlines_never_earlier else {}
    held = tuple(passed)
    plans = tuple(
        _changed(programme, after, plan, told.get(plan.actor, ()), price, held)
        for plan in programme.plans
        if _go_live(programme, plan) != _go_live(after, _same(after, plan))
    )
    return Consequences(
        after,
        moved,
        plans,
        contradictions(programme, today, assumed=assumed),
        (*contradictions(after, today, told, assumed), *_expired(plans)),
    )


def _slips(programme: Programme, scenario: Scenario) -> dict[str, int]:
    slips: dict[str, int] = {}
    for slip in scenario.slips:
        wave = programme.wave(slip.wave).id
        slips[wave] = slips.get(wave, 0) + slip.months
    return slips


def _with_moves(
    programme: Programme, plans: tuple[Plan, ...], moves: tuple[Move, ...]
) -> tuple[Plan, ...]:
    by_actor = {move.actor: move for move in moves}
    if unknown := set(by_actor) - {plan.actor for plan in plans}:
        raise ValueError(f"no plan of {', '.join(sorted(unknown))}")
    return tuple(
        replace(plan, own_date=move.go_live, wave=programme.wave(move.wave or plan.wave).id)
        if (move := by_actor.get(plan.actor))
        else plan
        for plan in plans
    )


def _told(programme: Programme) -> dict[str, tuple[Deadline, ...]]:
    return {plan.actor: programme.deadlines(plan) for plan in programme.plans}


def _same(programme: Programme, plan: Plan) -> Plan:
    return next(each for each in programme.plans if each.actor == plan.actor)


def _go_live(programme: Programme, plan: Plan) -> date:
    return plan.go_live(programme.wave(plan.wave))


def _changed(
    before: Programme,
    after: Programme,
    plan: Plan,
    told: tuple[Deadline, ...],
    price: Price[Money],
    passed: tuple[Training, ...],
) -> ChangedPlan[Money]:
    new = _same(after, plan)
    old_day, new_day = _go_live(before, plan), _go_live(after, new)
    of_actor = (each for each in passed if each.actor == plan.actor)
    return ChangedPlan(
        plan.actor,
        before.actor(plan.actor).name,
        old_day,
        new_day,
        tuple(
            ChangedDeadline(old, later)
            for old, later in zip(before.deadlines(plan), after.deadlines(new, told), strict=True)
        ),
        tuple(ChangedGate(gate, due(old_day, gate), due(new_day, gate)) for gate in GATES),
        training.expiring(of_actor, old_day, new_day),
        price(plan.actor, old_day, new_day),
    )


def _expired(plans: tuple[ChangedPlan[Money], ...]) -> Iterable[Finding]:
    return (
        finding(
            Code.TRAINING_EXPIRES,
            plan.name,
            Severity.LOOK,
            count=len({each.person for each in plan.expiring}),
            go_live=plan.after,
        )
        for plan in plans
        if plan.expiring
    )


def _without(some: tuple[Finding, ...], others: tuple[Finding, ...]) -> tuple[Finding, ...]:
    known = {each.is_of for each in others}
    return tuple(each for each in some if each.is_of not in known)


__all__ = [
    "ChangedDeadline",
    "ChangedGate",
    "ChangedPlan",
    "Consequences",
    "Move",
    "Price",
    "Scenario",
    "Slip",
    "consequences",
]
