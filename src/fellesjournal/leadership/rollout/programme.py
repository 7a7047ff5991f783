"""The whole programme of a day: its waves, rules, organisations, regions and plans, and every
contradiction in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fellesjournal.leadership.rollout import waves as waves_
from fellesjournal.leadership.rollout.assumptions import ASSUMED, Assumptions
from fellesjournal.leadership.rollout.deadlines import (
    DateRule,
    Deadline,
    deadlines_of,
    violations,
)
from fellesjournal.leadership.rollout.findings import Code, Finding, finding
from fellesjournal.leadership.rollout.plans import MilestoneType, Plan
from fellesjournal.leadership.rollout.waves import Actor, UnknownWave, Wave, named


class NotEligible(ValueError):
    """An organisation was put into a wave that does not take it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(f"{each.subject}: {each.code}" for each in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Programme:
    """What leaders plan by. Raises ValueError when two waves or organisations have one id, or an
    organisation has two plans.
    """

    waves: tuple[Wave, ...]
    rules: tuple[DateRule, ...]
    actors: tuple[Actor, ...]
    plans: tuple[Plan, ...] = ()

    def __post_init__(self) -> None:
        for what, ids in (
            ("wave", [wave.id for wave in self.waves]),
            ("organisation", [actor.id for actor in self.actors]),
            ("plan for", [plan.actor for plan in self.plans]),
        ):
            if twice := {each for each in ids if ids.count(each) > 1}:
                raise ValueError(f"more than one {what} {', '.join(sorted(twice))}")

    def wave(self, name: str) -> Wave:
        """The wave of this id or alias. Raises UnknownWave."""
        return named(self.waves, name)

    def actor(self, actor: str) -> Actor:
        """The organisation of this id. Raises KeyError."""
        return next((each for each in self.actors if each.id == actor), None) or _unknown(actor)

    def plan(self, actor: str) -> Plan | None:
        """The plan of an organisation, if it has one."""
        return next((plan for plan in self.plans if plan.actor == actor), None)

    def deadlines(self, plan: Plan, told: tuple[Deadline, ...] = ()) -> tuple[Deadline, ...]:
        """The deadlines of a plan, by the rules for its kind of organisation. Raises UnknownWave."""
        kind = self.actor(plan.actor).kind
        rules = tuple(rule for rule in self.rules if kind in rule.applies_to)
        return deadlines_of(plan, self.wave(plan.wave), rules, told)


def assigned(programme: Programme, plan: Plan) -> Programme:
    """The programme with this plan in place of the one its organisation had. Raises NotEligible with
    every reason, UnknownWave, or KeyError for an organisation that isn't there.
    """
    if refused := _refusals(programme, plan):
        raise NotEligible(refused)
    others = tuple(each for each in programme.plans if each.actor != plan.actor)
    return replace(programme, plans=(*others, plan))


def contradictions(
    programme: Programme,
    today: date,
    told: dict[str, tuple[Deadline, ...]] | None = None,
    assumed: Assumptions = ASSUMED,
) -> tuple[Finding, ...]:
    """Everything that breaks a rule or can't be true on this day: of the waves, then of each plan.
    ``told``: deadlines told earlier, by organisation.
    """
    found = list(waves_.problems(programme.waves, assumed.promise))
    for plan in programme.plans:
        found += _of_plan(programme, plan, today, (told or {}).get(plan.actor, ()))
    return tuple(found)


def _of_plan(
    programme: Programme, plan: Plan, today: date, told: tuple[Deadline, ...]
) -> tuple[Finding, ...]:
    name = programme.actor(plan.actor).name
    try:
        wave = programme.wave(plan.wave)
    except UnknownWave:
        return (finding(Code.UNKNOWN_WAVE, name, wave=plan.wave),)
    go_live = plan.go_live(wave)
    found = list(_refusals(programme, plan))
    if go_live not in wave.window.period:
        found.append(finding(Code.OUTSIDE_WINDOW, name, go_live=go_live, window=str(wave.window)))
    found += (
        finding(Code.START_AFTER_GO_LIVE, name, milestone=each.value, done=done, go_live=go_live)
        for each in MilestoneType
        if (done := plan.done(each)) and done >= go_live
    )
    return (*found, *violations(name, programme.deadlines(plan, told), today, go_live))


def _refusals(programme: Programme, plan: Plan) -> tuple[Finding, ...]:
    wave = programme.wave(plan.wave)
    due = {deadline.rule.milestone: deadline.due for deadline in programme.deadlines(plan)}.get(
        MilestoneType.OPTION_SIGNED, date.max
    )
    return waves_.refusals(
        wave,
        programme.actor(plan.actor),
        option_signed=plan.option_signed,
        option_due=due,
    )


def _unknown(actor: str) -> Actor:
    raise KeyError(f"no organisation is called {actor}")


__all__ = ["NotEligible", "Programme", "assigned", "contradictions"]
